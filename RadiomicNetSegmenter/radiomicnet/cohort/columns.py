"""The columns of a cohort's table: their names, their types, and what fills them from a result.

Lengths and areas are in the unit that the column's name ends with; the outline's features of PyRadiomics are in mm
where ``calibrated``, else in pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ..features.catalogue import KEYS
from ..regions.catalogue import FEATURES
from ..regions.radiomics import SEGMENT
from ..results.place import pixels_sha256
from ..results.result import Prediction, Result
from .settings import PACKAGES

SEGMENTED, FAILED = "segmented", "failed"
TEXT, WHOLE, NUMBER, TRUTH = "text", "whole", "number", "truth"
SEPARATOR = " | "  # between warnings in one cell
GIVEN = "given_"  # before the names of a CSV file's own columns

FEATURE, CONTRIBUTION, PYRADIOMICS, AGREES, INSIDE = "feature_", "contribution_", "pyradiomics_", "agrees_", "segment_"

# What is known of every row, whatever came of it.
IDENTITY = {"path": TEXT, "frame": WHOLE, "id": TEXT, "batch": TEXT, "status": TEXT, "reason": TEXT,
            "file_sha256": TEXT, "segmentation": TEXT}
_IMAGE = {"name": TEXT, "pixels_sha256": TEXT, "rows": WHOLE, "columns": WHOLE, "channels": WHOLE, "modality": TEXT,
          "calibrated": TRUTH, "spacing_across_mm": NUMBER, "spacing_down_mm": NUMBER}
_MODEL = {"model": TEXT, "model_version": TEXT, "weights_sha256": TEXT, "threshold": NUMBER, "presence": NUMBER}
_LARGEST = ("longest_pixels", "perpendicular_pixels", "longest_mm", "perpendicular_mm", "mean_probability")
_FINDING = {"lesions": WHOLE, "area_pixels": WHOLE, "area_mm2": NUMBER,
            **dict.fromkeys((f"largest_{name}" for name in _LARGEST), NUMBER)}
_TRUST = {"novelty": TEXT, "novelty_distance": NUMBER, "quality": TEXT, "expected_dice": NUMBER,
          "expected_dice_error": NUMBER, "area_low_pixels": WHOLE, "area_high_pixels": WHOLE}
_EXPLAINED = {"logit": NUMBER, "reference_logit": NUMBER, "contribution_residual": NUMBER,
              "without_features_dice": NUMBER, "without_gates_dice": NUMBER}
_CHECKED = {"pyradiomics_made": TRUTH, "pyradiomics_agreeing": WHOLE}
COLUMNS: dict[str, str] = {
    **IDENTITY, **_IMAGE, **_MODEL, **_FINDING, **_TRUST,
    **{f"{FEATURE}{key}": NUMBER for key in KEYS}, **{f"{CONTRIBUTION}{key}": NUMBER for key in KEYS}, **_EXPLAINED,
    **_CHECKED, **{f"{PYRADIOMICS}{key}": NUMBER for key in KEYS}, **{f"{AGREES}{key}": TRUTH for key in KEYS},
    **{f"{INSIDE}{feature.key}": NUMBER for feature in FEATURES},
    "warnings": TEXT, **{f"version_{name}": TEXT for name in ("radiomicnet", "python", *map(str.lower, PACKAGES),
                                                              "pyradiomics")},
}
LESION_COLUMNS = {"path": TEXT, "frame": WHOLE, "lesion": WHOLE, "area_pixels": WHOLE, "area_mm2": NUMBER,
                  "longest_pixels": NUMBER, "perpendicular_pixels": NUMBER, "longest_mm": NUMBER,
                  "perpendicular_mm": NUMBER, "mean_probability": NUMBER}


def cells(result: Result) -> dict[str, Any]:
    """What a result fills in, by column; what is not defined is left out."""
    filled = dict(_cells(result))
    return {name: value for name, value in filled.items()
            if value is not None and not (isinstance(value, float) and not math.isfinite(value))}


def lesion_cells(prediction: Prediction) -> list[dict[str, Any]]:
    """A row per lesion, largest first, without path and frame."""
    shared = [name for name in LESION_COLUMNS if name not in ("path", "frame", "lesion")]
    return [{"lesion": lesion.label, **{name: getattr(lesion, name) for name in shared}}
            for lesion in prediction.lesions]


def _cells(result: Result) -> Iterator[tuple[str, Any]]:
    prediction, made = result.prediction, result.verification
    yield "status", SEGMENTED
    yield from _image(prediction)
    yield from _finding(prediction)
    yield from _trust(prediction)
    contributions = result.contributions
    for key, value in prediction.features.items():
        yield f"{FEATURE}{key}", float(value)
    for item in contributions.items:
        yield f"{CONTRIBUTION}{item.key}", float(item.contribution)
    yield "logit", contributions.quantity
    yield "reference_logit", contributions.reference_quantity
    yield "contribution_residual", contributions.residual
    if result.reliance is not None:
        yield "without_features_dice", result.reliance.mean_features
        yield "without_gates_dice", result.reliance.open_gates
    yield "pyradiomics_made", made.made
    if made.made:
        yield "pyradiomics_agreeing", sum(check.agrees for check in made.checks.values())
    for key, check in made.checks.items():
        yield f"{PYRADIOMICS}{key}", float(check.pyradiomics)
        yield f"{AGREES}{key}", bool(check.agrees)
    yield from _inside(result)
    yield "warnings", SEPARATOR.join(prediction.image.warnings)


def _image(prediction: Prediction) -> Iterator[tuple[str, Any]]:
    image, card = prediction.image, prediction.card
    yield "name", image.name
    yield "pixels_sha256", pixels_sha256(image)
    yield "rows", image.shape[0]
    yield "columns", image.shape[1]
    yield "channels", 1 if image.pixels.ndim == 2 else 3
    yield "modality", image.modality
    yield "calibrated", image.geometry.calibrated
    if image.geometry.calibrated:
        yield "spacing_across_mm", float(image.geometry.spacing[0])
        yield "spacing_down_mm", float(image.geometry.spacing[1])
    yield "model", card.name
    yield "model_version", card.version
    yield "weights_sha256", card.weights_sha256
    yield "threshold", float(prediction.threshold)
    yield "presence", prediction.presence


def _finding(prediction: Prediction) -> Iterator[tuple[str, Any]]:
    lesions = prediction.lesions
    yield "lesions", len(lesions)
    yield "area_pixels", sum(lesion.area_pixels for lesion in lesions)
    if prediction.image.geometry.calibrated:
        yield "area_mm2", float(sum(lesion.area_mm2 or 0.0 for lesion in lesions))
    for name in _LARGEST if lesions else ():
        yield f"largest_{name}", getattr(lesions[0], name)


def _trust(prediction: Prediction) -> Iterator[tuple[str, Any]]:
    novelty, quality, area = (getattr(prediction.trust, name) for name in ("novelty", "quality", "area"))
    if novelty:
        yield "novelty", novelty.level
        yield "novelty_distance", novelty.distance
    if quality:
        yield "quality", quality.level
        yield "expected_dice", quality.dice
        yield "expected_dice_error", quality.error
    if area:
        yield "area_low_pixels", area.pixels[0]
        yield "area_high_pixels", area.pixels[1]


def _inside(result: Result) -> Iterator[tuple[str, Any]]:
    """PyRadiomics inside all lesions together, at the image's own resolution."""
    for region in result.regions.regions if result.regions else ():
        if region.kind == SEGMENT and region.label is None:
            for measured in region.values:
                yield f"{INSIDE}{measured.feature.key}", measured.value
