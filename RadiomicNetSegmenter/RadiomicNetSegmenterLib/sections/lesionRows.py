"""The rows of the table of lesions: what is measured in each segment, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import qt
import slicer
from slicer.i18n import tr as _

from radiomicnet.measure.lesions import measure_lesions
from radiomicnet.results.result import Lesion
from radiomicnet.results.words import diameters

from ..scene import maps, masks
from . import tableHeaders

HEADER_MARGINS = 16  # pixels, frame included
FADED = 0.35  # opacity of the outlines beside the one that is brought out


@dataclass(frozen=True)
class Row:
    """A segment and its size; ``lesion`` and ``center`` (world position) are None where it is empty."""

    segmentId: str
    name: str
    color: tuple[float, float, float]
    lesion: Lesion | None
    center: tuple[float, float, float] | None


def setUp(widget) -> None:
    """Headers and column widths; once."""
    tableHeaders.setUp(widget, {
        _("Lesion"): _("Select a row to bring its segment out and into the middle of the views"),
        _("Diameters"): _("Longest diameter × the longest line across it at right angles"),
        _("Area"): _("Area of the segment"),
        "p": _("Mean probability inside the segment, 0 to 1"),
    }, stretched=0)


def rows(state) -> list[Row]:
    """Every segment of the segmentation that counts, measured on the image's own pixels."""
    volumeNode, image = state.parameters.inputVolume, state.choice.image
    node = state.nodes.maps.get(maps.PROBABILITY)
    probability = slicer.util.arrayFromVolume(node)[0] if node and node.GetImageData() else None
    if probability is None or probability.shape != image.shape:
        probability = np.full(image.shape, np.nan, np.float32)
    segments = state.nodes.valid.GetSegmentation()
    found = []
    for segmentId, mask in masks.segmentMasks(state.nodes.valid, volumeNode).items():
        segment = segments.GetSegment(segmentId)
        measured = measure_lesions(mask.astype(np.uint8), probability, image.geometry)
        found.append(Row(segmentId, segment.GetName(), segment.GetColor(), measured[0] if measured else None,
                         masks.center(mask, volumeNode) if measured else None))
    return found


def fill(widget, found: list[Row], image) -> None:
    """Show the rows."""
    widget.setRowCount(len(found))
    for place, row in enumerate(found):
        name = qt.QTableWidgetItem(_square(row.color), row.name)
        name.setToolTip(row.name)
        widget.setItem(place, 0, name)
        for column, (text, toolTip) in enumerate(_sizes(row.lesion, image), start=1):
            item = qt.QTableWidgetItem(text)
            item.setToolTip(toolTip)
            item.setTextAlignment(qt.Qt.AlignRight | qt.Qt.AlignVCenter)
            widget.setItem(place, column, item)
    widget.resizeRowsToContents()  # now; left to itself Qt does it when the table is drawn
    # No taller than its rows: left to itself a table is at least four rows tall, and most images have one lesion.
    widget.setMaximumHeight(widget.verticalHeader().length() + widget.fontMetrics().height() + HEADER_MARGINS)


def fade(segmentationNode, segmentId: str) -> None:
    """Fade the outlines of all segments but one; of none where there is no such segment."""
    display = segmentationNode.GetDisplayNode()
    ids = segmentationNode.GetSegmentation().GetSegmentIDs()
    for each in ids if display else ():
        display.SetSegmentOpacity2DOutline(each, FADED if segmentId in ids and each != segmentId else 1.0)


def _sizes(lesion: Lesion | None, image) -> list[tuple[str, str]]:
    """Diameters, area and probability, each with its tooltip."""
    if lesion is None:
        return [(_("empty"), _("The segment has no pixel in this image")), ("–", ""), ("–", "")]
    if lesion.area_mm2 is None:
        exact = _("{area} pixels").format(area=lesion.area_pixels)
        area = f"{lesion.area_pixels} px"
    else:
        exact = _("{area:.2f} mm², {pixels} pixels").format(area=lesion.area_mm2, pixels=lesion.area_pixels)
        area = f"{lesion.area_mm2:.1f} mm²" if lesion.area_mm2 < 1000 else f"{lesion.area_mm2 / 100:.1f} cm²"
    probability = "–" if np.isnan(lesion.mean_probability) else f"{lesion.mean_probability:.2f}"
    return [(diameters(lesion).replace("pixels", "px"), _("Longest × perpendicular")), (area, exact),
            (probability, _("Mean probability"))]


def _square(color: tuple[float, float, float]):
    pixmap = qt.QPixmap(12, 12)
    pixmap.fill(qt.QColor.fromRgbF(*color))
    icon = qt.QIcon(pixmap)
    icon.addPixmap(pixmap, qt.QIcon.Selected)  # not tinted where its row is selected
    return icon
