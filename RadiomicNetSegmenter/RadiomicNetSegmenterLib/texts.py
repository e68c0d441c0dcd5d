"""The panel's sentences about the chosen image and about the features."""

from __future__ import annotations

from html import escape

from slicer.i18n import tr as _

from radiomicnet.features.catalogue import CATALOGUE, Feature
from radiomicnet.images.image import Image


def describeImage(image: Image) -> str:
    """What was understood of an image: size, colour, scale, modality, and what the user should know."""
    rows, columns = image.shape
    parts = [_("{columns} × {rows} pixels").format(columns=columns, rows=rows),
             _("colour") if image.pixels.ndim == 3 else _("grey")]
    if image.geometry.calibrated:
        spacing = image.geometry.spacing
        parts.append(_("{x:.4g} × {y:.4g} mm per pixel").format(x=spacing[0], y=spacing[1]))
    else:
        parts.append(_("uncalibrated: lengths in pixels"))
    if image.modality:
        parts.append(_("DICOM {modality}").format(modality=image.modality))
    return "; ".join(parts) + "".join(f"\n{warning}" for warning in image.warnings)


def featureToolTip(label: str) -> str:
    """Meaning, formula and source of a feature of the catalogue, by its label."""
    feature: Feature = next(item for item in CATALOGUE if item.label == label)
    lines = (f"<b>{escape(feature.label)}</b>", escape(feature.meaning),
             _("Formula: {formula}").format(formula=escape(feature.formula)),
             _("Range: {low:g} to {high:g}").format(low=feature.low, high=feature.high),
             _("PyRadiomics: {name}").format(name=escape(feature.pyradiomics)),
             _("Source: {source}").format(source=escape(feature.source)))
    return "".join(f"<p>{line}</p>" for line in lines)

