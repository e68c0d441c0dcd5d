"""PyRadiomics at the image's own resolution: inside the segment, in a ring around it, and in the whole scan.

This is not the implementation check: there PyRadiomics is given the network's own small array, here the image's own
pixels. Measured are the grey levels of the image's 8-bit luma with a fixed bin width, in 2-D, neighbours at distance 1
in pixels; texture takes no heed of the spacing, shape does. Averages over angles are IBSI's aggregation BTW3, zones and
neighbourhoods 8QNN.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..features.glcm import BIN_WIDTH
from ..images.grid import to_grey
from ..images.image import Image
from ..verify.pyradiomics import execute, installed, padded_images
from .areas import box_of, count_parts, ring, scan_of
from .catalogue import FAMILIES, FEATURES, LEVELS, SHAPE, VARIATION, RegionalFeature

SEGMENT, RING, SCAN = "segment", "ring", "scan"
KINDS = (SEGMENT, RING, SCAN)

SETTING: dict[str, Any] = {"binWidth": BIN_WIDTH, "force2D": True, "force2Ddimension": 0, "distances": [1],
                           "symmetricalGLCM": True, "gldm_a": 0, "label": 1}


@dataclass(frozen=True)
class RegionalValue:
    """A feature's value in a region, or None and the reason as a sentence."""

    feature: RegionalFeature
    value: float | None
    reason: str = ""


@dataclass(frozen=True)
class Region:
    """One region and what PyRadiomics measures there.

    Attributes
    ----------
    kind : str
        ``segment``, ``ring`` or ``scan``.
    label : int or None
        The lesion; None for all lesions together and for the scan.
    pixels : int
    values : tuple of RegionalValue
        In the order of :data:`~radiomicnet.regions.catalogue.FEATURES`.
    """

    kind: str
    label: int | None
    pixels: int
    values: tuple[RegionalValue, ...]

    def __getitem__(self, key: str) -> RegionalValue:
        """The value of a feature by its key, ``family_Name``."""
        return next(value for value in self.values if value.feature.key == key)


@dataclass(frozen=True)
class RegionalRadiomics:
    """What PyRadiomics measures in the regions of one image.

    Attributes
    ----------
    made : bool
        False where PyRadiomics could not be used; ``reason`` then says why and how to get it.
    regions : tuple of Region
        All lesions together first, then each where there are several, the scan last.
    reason, version : str
        Empty where there is nothing to say.
    unit : str
        Of lengths: ``mm`` where the image is calibrated, else ``pixel``.
    spacing : tuple of float
        From one column and one row to the next, in that unit.
    bin_width : int
        Of the discretisation, in grey levels of 0..255.
    """

    made: bool
    regions: tuple[Region, ...] = ()
    reason: str = ""
    version: str = ""
    unit: str = "pixel"
    spacing: tuple[float, float] = (1.0, 1.0)
    bin_width: int = BIN_WIDTH


def regional_radiomics(
    image: Image, labels: np.ndarray, kinds: Sequence[str] = KINDS, families: Sequence[str] = FAMILIES
) -> RegionalRadiomics:
    """Measure the regions of an image.

    Parameters
    ----------
    image : Image
    labels : numpy.ndarray
        (H, W) bool, one segment, or integers, 0 background and a number for each lesion.
    kinds : sequence of str
        Which regions; the scan does not change with the segment, so it needs measuring only once.
    families : sequence of str
        Which of PyRadiomics' feature classes.

    Raises
    ------
    ValueError
        Where the labels have another shape than the image.
    """
    if labels.shape != image.shape:
        raise ValueError(f"The segment has {labels.shape} pixels, its image {image.shape}.")
    spacing, unit = spacing_of(image)
    version, reason = installed()
    if not version:
        return RegionalRadiomics(False, reason=reason, unit=unit, spacing=spacing)
    grey = to_grey(image.rgb)
    regions = tuple(
        Region(kind, label, int(mask.sum()), measure(grey, mask, spacing, families, shape=kind == SEGMENT))
        for kind, label, mask in masks_of(scan_of(image), labels, spacing, kinds))
    return RegionalRadiomics(True, regions, version=version, unit=unit, spacing=spacing)


def spacing_of(image: Image) -> tuple[tuple[float, float], str]:
    """Spacing of columns and rows with its unit: mm where the image is calibrated, else one pixel."""
    across, down, _ = image.geometry.spacing
    return ((across, down), "mm") if image.geometry.calibrated else ((1.0, 1.0), "pixel")


def masks_of(
    scan: np.ndarray, labels: np.ndarray, spacing: tuple[float, float], kinds: Sequence[str] = KINDS
) -> Iterator[tuple[str, int | None, np.ndarray]]:
    """Kind, lesion and (H, W) bool mask of every region.

    The ring of a lesion lies inside the scan and outside of every lesion; that of all lesions is all their rings.
    """
    free = scan & (labels == 0)
    lesions = {int(label): labels == label for label in np.unique(labels[labels != 0])}
    rings = {label: ring(mask, free, spacing) for label, mask in lesions.items()} if RING in kinds else {}
    groups: list[tuple[int | None, list[int]]] = [(None, list(lesions))]
    if len(lesions) > 1:
        groups += [(label, [label]) for label in lesions]
    nothing = np.zeros(labels.shape, bool)
    for label, members in groups:
        for kind, masks in ((SEGMENT, lesions), (RING, rings)):
            if kind in kinds:
                yield kind, label, np.logical_or.reduce([nothing, *(masks[member] for member in members)])
    if SCAN in kinds:
        yield SCAN, None, scan


def measure(
    grey: np.ndarray, mask: np.ndarray, spacing: tuple[float, float] = (1.0, 1.0),
    families: Sequence[str] = FAMILIES, shape: bool = True,
) -> tuple[RegionalValue, ...]:
    """PyRadiomics' features of one region.

    Parameters
    ----------
    grey : numpy.ndarray
        (H, W) uint8.
    mask : numpy.ndarray
        (H, W) bool.
    spacing : tuple of float
        From one column and one row to the next.
    families : sequence of str
        Which of PyRadiomics' feature classes.
    shape : bool
        Whether the region's shape means anything.
    """
    wanted = [feature for feature in FEATURES if feature.family in families]
    if not mask.any():
        return tuple(RegionalValue(feature, None, "The region is empty.") for feature in wanted)
    box = box_of(mask)
    grey, mask = grey[box], mask[box]
    refused = _refused(mask, shape)
    values, failed = _pyradiomics(grey, mask, spacing, [name for name in families if name not in refused])
    levels = grey[mask]
    undefined = {VARIATION: levels.min() == levels.max(),
                 LEVELS: levels.min() // BIN_WIDTH == levels.max() // BIN_WIDTH}
    return tuple(_value(feature, values.get(feature.key), {**refused, **failed}, undefined) for feature in wanted)


def _refused(mask: np.ndarray, shape: bool) -> dict[str, str]:
    """Families that mean nothing here, with the reason."""
    refused = {}
    if not shape:
        refused[SHAPE] = "Shape is given for segments only."
    elif (parts := count_parts(mask)) > 1:
        refused[SHAPE] = f"The region has {parts} separate parts; shape describes one."
    elif min(mask.shape) < 2:
        refused[SHAPE] = "The region is a line of pixels."
    if not any(_touches(mask, *step) for step in ((0, 1), (1, 0), (1, 1), (1, -1))):
        refused |= dict.fromkeys(("glcm", "ngtdm"), "No two pixels of the region are neighbours.")
    return refused


def _touches(mask: np.ndarray, down: int, right: int) -> bool:
    """Whether a step from a pixel of the mask leads to another one."""
    padded = np.pad(mask, 1)
    return bool((padded & np.roll(padded, (down, right), axis=(0, 1))).any())


def _pyradiomics(
    grey: np.ndarray, mask: np.ndarray, spacing: tuple[float, float], families: Sequence[str]
) -> tuple[dict[str, float], dict[str, str]]:
    """Values by feature key, and what PyRadiomics said of the families at which it failed."""
    image, region = padded_images(grey, mask, spacing)
    values: dict[str, float] = {}
    failed: dict[str, str] = {}
    for family in families:
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # means of nothing, which become reasons below
                found = execute(family, image, region, SETTING)
        except Exception as error:  # one family that fails must not take the others with it
            failed[family] = f"PyRadiomics failed here ({error})."
        else:
            values |= {f"{family}_{name}": value for name, value in found.items()}
    return values, failed


def _value(
    feature: RegionalFeature, value: float | None, without: dict[str, str], undefined: dict[str, bool]
) -> RegionalValue:
    if feature.family in without:
        return RegionalValue(feature, None, without[feature.family])
    if feature.needs and undefined[feature.needs]:
        return RegionalValue(feature, None, "The grey levels of the region do not differ.")
    if value is None:
        return RegionalValue(feature, None, "This version of PyRadiomics does not have it.")
    if not math.isfinite(value):
        return RegionalValue(feature, None, "It is not defined for this region.")
    return RegionalValue(feature, value)
