"""The measures of frames or slices as a table node: a row for each that was segmented, and what a plot shows."""

from __future__ import annotations

import vtk
from slicer.i18n import tr as _

from radiomicnet.clips.frame import Frame
from radiomicnet.features.catalogue import BY_KEY, CATALOGUE

from .clipRecord import ClipRecord

FRAME, WARNING, LESIONS = "Frame", "Warning", "Lesions"
POINT = "Point"  # the frame's number in words: what a plot shows under the pointer has to be words
AREA, OWN_AREA, UNCERTAINTY, AGREEMENT, DICE = "area", "ownArea", "uncertainty", "agreement", "dice"


def plotted() -> dict[str, str]:
    """What can be plotted: its name for people by its key."""
    return {AREA: _("Area"), UNCERTAINTY: _("Uncertainty"), AGREEMENT: _("Agreement with the frames around"),
            DICE: _("Dice to expect"), **{feature.key: feature.label for feature in CATALOGUE}}


def column(key: str, record: ClipRecord) -> str:
    """Title of a measure's column."""
    if key in (AREA, OWN_AREA):
        name = "Area" if key == AREA else "Area of the frame alone"
        return f"{name} (mm²)" if record.calibrated and key == AREA else f"{name} (pixels)"
    names = {UNCERTAINTY: "Uncertainty", AGREEMENT: "Agreement", DICE: "Dice to expect"}
    return names.get(key) or BY_KEY[key].label


def place(record: ClipRecord) -> str:
    """Title of the column that frames are plotted over: their time or position where it is known, else their number."""
    return f"{record.axis} ({record.unit})" if record.unit else FRAME


def write(node, record: ClipRecord) -> None:
    """Fill a table node anew. Frames that could not be segmented have no row; the record tells of them."""
    frames = [frame for frame in record.frames if not frame.reason]
    wasModified = node.StartModify()
    node.SetLocked(False)
    node.RemoveAllColumns()
    _add(node, FRAME, vtk.vtkIntArray(), [frame.index + 1 for frame in frames])
    if record.unit:
        _add(node, place(record), vtk.vtkDoubleArray(), [float(frame.place) for frame in frames])
        _add(node, POINT, vtk.vtkStringArray(), [f"{FRAME} {frame.index + 1}" for frame in frames])
    _add(node, LESIONS, vtk.vtkIntArray(), [frame.lesions for frame in frames])
    for key in (AREA, *((OWN_AREA,) if record.smoothing else ()), UNCERTAINTY, AGREEMENT, DICE, *BY_KEY):
        values = [_value(key, frame) for frame in frames]
        if any(value is not None for value in values):
            _add(node, column(key, record), vtk.vtkDoubleArray(),
                 [float("nan") if value is None else value for value in values])
    _add(node, WARNING, vtk.vtkStringArray(), [frame.warning for frame in frames])
    node.SetUseColumnTitleAsColumnHeader(True)
    node.SetLocked(True)
    node.EndModify(wasModified)


def _value(key: str, frame: Frame) -> float | None:
    if key == AREA:
        return frame.area_pixels if frame.area_mm2 is None else frame.area_mm2
    if key == OWN_AREA:
        return frame.own_area_pixels
    if key in (UNCERTAINTY, AGREEMENT, DICE):
        value: float | None = getattr(frame, key)
        return value
    return (frame.features or {}).get(key)


def _add(node, name: str, array, values) -> None:
    array.SetName(name)
    for value in values:
        array.InsertNextValue(value)
    node.AddColumn(array)
