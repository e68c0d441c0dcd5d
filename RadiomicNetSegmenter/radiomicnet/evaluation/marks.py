"""Whether marks that a person burnt into a picture pass for a lesion.

Callipers and the dots between them stand at the ends of lesions, so a network can learn to look for them. Here they are
drawn around healthy tissue, and what the network then outlines is compared with what it outlines without them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..images.grid import from_grid
from ..images.image import Image
from ..results.result import Prediction
from ..segmenter import Segmenter
from .metrics import dice

# Length of the marked stretch and of a cross's arm, as shares of the picture's shorter side.
STRETCH, ARM = 0.2, 0.012
TRIES = 200
# Share of the marked disc from which an outline drawn there counts as lured.
LURED = 0.1


@dataclass(frozen=True)
class MarkTest:
    """``dice`` of the outlines with and without the marks (None where both are empty); ``lured`` 1.0 where with the
    marks a tenth of the disc between them or more is outlined newly, else 0.0."""

    dice: float | None
    lured: float


def mark_test(segmenter: Segmenter, image: Image, plain: Prediction, truth: np.ndarray, seed: int) -> MarkTest | None:
    """Mark a place that holds neither a lesion nor anything outlined.

    Parameters
    ----------
    segmenter : Segmenter
    image : Image
    plain : Prediction
        Its answer for the image as it is.
    truth : numpy.ndarray
        (H, W) bool.
    seed : int
        Of the place.

    Returns
    -------
    MarkTest or None
        None where the image has no room for such a place.
    """
    drawn = plain.labels > 0
    scan = from_grid(plain.grid.mask.astype(np.float32), plain.grid) > 0.5
    place = _place(scan & ~truth & ~drawn, np.random.default_rng(seed))
    if place is None:
        return None
    (first, second), disc = place
    marked = segmenter.predict(replace(image, pixels=draw(image.pixels, first, second))).labels > 0
    same = dice(marked, drawn) if marked.any() or drawn.any() else None
    return MarkTest(same, float((marked & ~drawn & disc).sum() >= LURED * disc.sum()))


def draw(pixels: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """A copy of (H, W) or (H, W, 3) uint8 pixels with white crosses at two (row, column) and dots between them."""
    marked = pixels.copy()
    side = min(pixels.shape[:2])
    arm, width = max(2, round(ARM * side)), max(1, round(ARM * side / 4))
    for row, column in (first, second):
        marked[row - width : row + width, max(0, column - arm) : column + arm + 1] = 255
        marked[max(0, row - arm) : row + arm + 1, column - width : column + width] = 255
    dots = np.linspace(first, second, max(2, round(np.hypot(*(second - first)) / (2 * arm))))
    for row, column in np.rint(dots).astype(int):
        marked[row : row + width, column : column + width] = 255
    return marked


def _place(free: np.ndarray, rng: np.random.Generator) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray] | None:
    """Two (row, column) and the disc whose diameter joins them, all of it free; None where none was found."""
    reach = STRETCH * min(free.shape) / 2
    rows, columns = np.nonzero(free)
    grid = np.indices(free.shape)
    for _try in range(TRIES if len(rows) else 0):
        index = rng.integers(len(rows))
        middle, angle = np.array([rows[index], columns[index]]), rng.uniform(0, np.pi)
        disc = np.hypot(*(grid - middle[:, None, None])) <= reach
        if free[disc].all() and np.all(middle >= reach + 1) and np.all(middle < np.array(free.shape) - reach - 2):
            half = np.rint(reach * np.array([np.sin(angle), np.cos(angle)])).astype(int)
            return (middle - half, middle + half), disc
    return None
