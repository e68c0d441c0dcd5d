"""A closer look: the network sees only a square around a click, at several sizes, and the surest answer counts.

What a network misses in a whole image it often finds in a part of it, where the lesion is larger on the grid and
less competes with it. Where no square gives a region at the threshold, the threshold is lowered until a region grows
from the click; of all such regions the one counts that stands out most from what surrounds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FeatureError
from ..images.image import Image
from ..results.result import Prediction
from ..steps import Steps
from .box import Box, crop, square_around
from .click import region_at

if TYPE_CHECKING:
    from ..segmenter import Segmenter

# Sides of the squares as shares of the image's longer side. Of 55 lesions of validation fold 1 looked at in squares
# of 1.0 to 0.2, larger ones drew in other structures, and smaller ones cut large lesions.
SCALES = (0.75, 0.55, 0.4, 0.3)
# A square of fewer pixels than this shows too little for features.
SMALLEST_SIDE = 32
# Below the threshold, levels are tried at these shares of the click's own probability ...
LEVELS = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)
# ... and a region is not believed where it covers less or more than this of the square (it is a speck, or has run
# out), or more than this of the square's edge.
LEAST_AREA, MOST_AREA = 0.01, 0.5
MOST_EDGE = 0.1
# A region found at the threshold itself may reach the edge, as a large lesion does, but not all along it.
MOST_EDGE_SURE = 0.5
# Levels are compared at about this many pixels; no finer answer is needed to choose one.
WORKING_SIZE = 128


@dataclass(frozen=True)
class Look:
    """The answer of one square: what was predicted there, and from which probability on the click's region counts."""

    box: Box
    prediction: Prediction
    threshold: float
    sure: bool


@dataclass(frozen=True)
class _Region:
    """A candidate: how much of the square and of its edge it covers, how probable it is, how far it stands out."""

    threshold: float
    area: float
    edge: float
    probability: float
    contrast: float


def look_again(segmenter: Segmenter, image: Image, row: int, column: int, threshold: float,
               steps: Steps | None = None) -> Look:
    """Look for a region that holds a pixel.

    Parameters
    ----------
    segmenter : Segmenter
    image : Image
        (row, column) must lie in it.
    threshold : float
        0..1, at which a region is sure.
    steps : Steps, optional
        Of the looks; may raise ``Cancelled``.

    Raises
    ------
    FeatureError
        Where no square shows enough of the scan.
    """
    looks: list[tuple[Look, _Region]] = []
    refusal: FeatureError | None = None
    for box in squares(row, column, image.shape):
        try:
            prediction = segmenter.predict(crop(image, box), threshold, steps)
        except FeatureError as error:
            refusal = error
            continue
        for region in _regions(prediction.probability, row - box.top, column - box.left, threshold):
            sure = region.threshold >= threshold and region.area >= LEAST_AREA and region.edge <= MOST_EDGE_SURE
            looks.append((Look(box, prediction, region.threshold, sure), region))
    if not looks:
        raise refusal or FeatureError("Nothing is to be seen at the click.", "Click on the lesion.")
    ordered = sorted(looks, key=lambda each: _rank(*each), reverse=True)
    return next((look for look, region in ordered if _holds(look, region, row, column)), ordered[0][0])


def _rank(look: Look, region: _Region) -> tuple[float, ...]:
    """The surest of the sure; else what stands out most and ends inside its square; else what comes nearest to that."""
    if look.sure:
        return 2, region.probability, 0
    if LEAST_AREA <= region.area <= MOST_AREA and region.edge <= MOST_EDGE:
        return 1, region.contrast, 0
    return float(region.area >= LEAST_AREA) - 1, -region.edge, -region.area


def _holds(look: Look, region: _Region, row: int, column: int) -> bool:
    """Whether the region is about as large on all pixels as on the few it was chosen by: a thin bridge may be lost."""
    drawn = region_at(look.prediction.probability >= look.threshold, row - look.box.top, column - look.box.left)
    return drawn.mean() >= max(LEAST_AREA, region.area) / 2


def squares(row: int, column: int, shape: tuple[int, int]) -> list[Box]:
    """The squares to look at, largest first, none twice (in small images they come to the same)."""
    sides = (max(SMALLEST_SIDE, round(scale * max(shape))) for scale in SCALES)
    return list(dict.fromkeys(square_around(row, column, side, shape) for side in sides))


def _regions(probability: np.ndarray, row: int, column: int, threshold: float) -> list[_Region]:
    """The regions that grow from a pixel, at the threshold where they reach it, and at levels below."""
    factor = max(1, round(max(probability.shape) / WORKING_SIZE))
    offset = row % factor, column % factor  # so that the pixel itself is among those that are kept
    small = probability[offset[0] :: factor, offset[1] :: factor]
    row, column = row // factor, column // factor
    own = float(small[row, column])
    levels = [level * own for level in LEVELS if level * own < threshold]
    found = (_measured(small, region_at(small >= level, row, column), level) for level in [threshold, *levels])
    return [region for region in found if region is not None]


def _measured(probability: np.ndarray, region: np.ndarray, level: float) -> _Region | None:
    from scipy.ndimage import binary_dilation

    if not region.any():
        return None
    edge = np.concatenate([region[0], region[-1], region[1:-1, 0], region[1:-1, -1]])
    width = max(1, round(0.25 * np.sqrt(region.sum() / np.pi)))
    around = binary_dilation(region, np.ones((3, 3)), iterations=width) & ~region
    logits = np.log(probability.clip(1e-4, 1 - 1e-4) / (1 - probability.clip(1e-4, 1 - 1e-4)))
    contrast = float(logits[region].mean() - logits[around].mean()) if around.any() else -np.inf
    return _Region(level, float(region.mean()), float(edge.mean()), float(probability[region].mean()), contrast)
