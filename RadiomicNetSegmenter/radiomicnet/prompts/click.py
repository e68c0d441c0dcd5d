"""A point that a person put on a lesion, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .box import Box

# What became of a click.
KEPT = "kept"  # the first look had drawn a region there
FOUND = "found"  # a closer look drew one at the same threshold
UNSURE = "unsure"  # a closer look drew none at that threshold: this is what grows from the click at a lower one
NOTHING = "nothing"  # outside of the image or of the box


@dataclass(frozen=True)
class Click:
    """One point, (column, row) in pixels with pixel centres at whole numbers, and its answer.

    Attributes
    ----------
    column, row : float
    outcome : str
        ``kept``, ``found``, ``unsure`` or ``nothing``.
    threshold : float
        Probability from which a pixel belongs to this click's region.
    looked_at : Box or None
        The part of the image at which the network looked again for it; the region ends there. None where it did not.
    """

    column: float
    row: float
    outcome: str
    threshold: float
    looked_at: Box | None = None

    @property
    def pixel(self) -> tuple[int, int]:
        """Row and column of the pixel it lies in."""
        return nearest_pixel(self.column, self.row)

    def seen_in(self, box: Box) -> Click:
        """The same click in the pixels of a part of the image."""
        return replace(self, column=self.column - box.left, row=self.row - box.top, looked_at=None)


def nearest_pixel(column: float, row: float) -> tuple[int, int]:
    """Row and column of the pixel in which a point lies."""
    return int(np.floor(row + 0.5)), int(np.floor(column + 0.5))


def region_of(click: Click, probability: np.ndarray, threshold: float) -> np.ndarray:
    """(H, W) bool: what the click keeps of a probability map at a threshold; empty where it keeps nothing."""
    region = np.zeros(probability.shape, bool)
    if click.outcome == NOTHING:
        return region
    row, column = click.pixel
    if click.looked_at is None:
        return region_at(probability >= threshold, row, column)
    part = click.looked_at
    region[part.slices] = region_at(probability[part.slices] >= threshold, row - part.top, column - part.left)
    return region


def region_at(mask: np.ndarray, row: int, column: int) -> np.ndarray:
    """(H, W) bool: the 8-connected region of a mask that holds a pixel; with its holes where the pixel lies in one."""
    from scipy.ndimage import binary_fill_holes, label

    if not (0 <= row < mask.shape[0] and 0 <= column < mask.shape[1]):
        return np.zeros_like(mask)
    if not mask[row, column]:
        mask = binary_fill_holes(mask)
    regions, _ = label(mask, np.ones((3, 3)))
    return (regions == regions[row, column]) & (regions[row, column] > 0)


def under_clicks(probability: np.ndarray, clicks: Sequence[Click], threshold: float | None = None) -> np.ndarray:
    """(H, W) bool: what the clicks keep of a probability map at a threshold; where None, each at its own."""
    kept = np.zeros(probability.shape, bool)
    for click in clicks:
        kept |= region_of(click, probability, click.threshold if threshold is None else threshold)
    return kept
