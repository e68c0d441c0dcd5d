"""How far the features of a segment move when its outline is drawn a little differently.

A number that another reader would not have found misleads, however right its formula is. For one image that is the
coefficient of variation over the variants of :mod:`.outlines`; for a kind of images the intraclass correlation of
:mod:`.icc`, which asks the same relative to how much images differ.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import FeatureError
from ..features.catalogue import BY_KEY
from ..images.image import Image
from .areas import scan_of
from .catalogue import FAMILIES, SHAPE
from .inside import Texture
from .outlines import JITTERS, outline_variants, step_of
from .radiomics import measure, spacing_of

Measure = Callable[[np.ndarray], dict[str, float]]

# A coefficient of variation up to this is called stable. A convention, chosen here.
LARGEST_VARIATION = 0.10
# With fewer variants than this share of those drawn, nothing is said.
FEWEST_SHARE = 0.5


@dataclass(frozen=True)
class Variation:
    """One feature over the variants of an outline.

    Attributes
    ----------
    key : str
    value : float
        Inside the outline as it is.
    mean, deviation : float or None
        Over the variants; the deviation is that of a sample (n - 1). None where too few variants have a value.
    variation : float or None
        Coefficient of variation, deviation / |mean|; None where the feature takes both signs, because a share of a
        mean that may be zero says nothing, or where the mean is zero.
    reason : str
        Why there is no coefficient; empty where there is one.
    """

    key: str
    value: float
    mean: float | None
    deviation: float | None
    variation: float | None
    reason: str = ""

    @property
    def stable(self) -> bool | None:
        """Whether the coefficient is at most 10 %; None where there is none."""
        return None if self.variation is None else self.variation <= LARGEST_VARIATION


@dataclass(frozen=True)
class Stability:
    """The features of one segment under small changes of its outline.

    Attributes
    ----------
    items : dict of str to Variation
        By feature key.
    variants, used : int
        Outlines drawn, and how many of them left a region that can be measured.
    step : float
        By which outlines were moved, in pixels.
    dice : float
        Mean Dice of the variants with the segment: how small the changes are.
    seed : int
    """

    items: dict[str, Variation]
    variants: int
    used: int
    step: float
    dice: float
    seed: int


def feature_stability(image: Image, mask: np.ndarray, jitters: int = JITTERS, seed: int = 0) -> Stability:
    """Stability of the 13 features of the catalogue inside a segment, at the image's own resolution.

    Raises
    ------
    FeatureError
        Where the segment as it is has too few pixels.
    """
    texture = Texture(image)
    return stability(texture.inside, mask, scan_of(image) | mask, jitters, seed)


def regional_stability(
    image: Image, mask: np.ndarray, families: tuple[str, ...] = FAMILIES, jitters: int = 4, seed: int = 0
) -> Stability:
    """The same of PyRadiomics' features; needs PyRadiomics, and takes as many times longer as it has variants."""
    texture = Texture(image)
    spacing, _ = spacing_of(image)

    def inside(variant: np.ndarray) -> dict[str, float]:
        texture.refuse_small(variant)
        values = measure(texture.grey, variant, spacing, families, shape=SHAPE in families)
        return {value.feature.key: math.nan if value.value is None else value.value for value in values}

    return stability(inside, mask, scan_of(image) | mask, jitters, seed)


def stability(measured: Measure, mask: np.ndarray, allowed: np.ndarray, jitters: int, seed: int) -> Stability:
    """Stability of anything that is measured in an (H, W) bool mask as numbers by key.

    ``measured`` may raise FeatureError for a variant, which then does not count, and give NaN for a feature.
    """
    values = measured(mask)
    variants = outline_variants(mask, allowed, jitters, seed)
    table = measured_in(measured, variants, tuple(values))
    used = int((~np.isnan(table).all(axis=1)).sum())
    items = {key: _variation(key, values[key], table[:, column]) for column, key in enumerate(values)}
    dice = float(np.mean([_dice(mask, variant) for variant in variants]))
    return Stability(items, len(variants), used, step_of(mask), dice, seed)


def measured_in(measured: Measure, masks: np.ndarray, keys: tuple[str, ...]) -> np.ndarray:
    """(n, features) float64 of n masks; a row of NaN where a mask cannot be measured."""
    table = np.full((len(masks), len(keys)), np.nan)
    for row, mask in zip(table, masks):
        try:
            found = measured(mask)
        except FeatureError:
            continue
        row[:] = [found[key] for key in keys]
    return table


def _variation(key: str, value: float, column: np.ndarray) -> Variation:
    known = column[np.isfinite(column)]
    if len(known) < max(2, FEWEST_SHARE * len(column)):
        return Variation(key, value, None, None, None, "Too few of the changed outlines leave enough to measure.")
    mean, deviation = float(known.mean()), float(known.std(ddof=1))
    if deviation == 0:
        return Variation(key, value, mean, 0.0, 0.0)
    if _takes_both_signs(key) or known.min() < 0 < known.max():
        return Variation(key, value, mean, deviation, None, "It takes both signs, so a share of its mean says nothing.")
    if mean == 0:
        return Variation(key, value, mean, deviation, None, "Its mean is zero.")
    return Variation(key, value, mean, deviation, deviation / abs(mean))


# Of the catalogue's 13 their range says it; this is the one of PyRadiomics' others that lies around zero.
_SIGNED = {"glcm_ClusterShade"}


def _takes_both_signs(key: str) -> bool:
    feature = BY_KEY.get(key)
    return key in _SIGNED or (feature is not None and feature.low < 0)


def _dice(a: np.ndarray, b: np.ndarray) -> float:
    return float(2 * (a & b).sum() / max(1, a.sum() + b.sum()))
