"""The size of every lesion, measured from its segment as it is now."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from ..scene import diameters
from ..scene.edits import SegmentationWatch
from . import lesionRows
from .section import Section, Services, State


class LesionsSection(Section):
    """One row per segment; a selected row brings its segment out and into the middle of the views."""

    UI = "Lesions"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._watch = SegmentationWatch(self._measure)
        self._state: State | None = None
        self._measured: tuple = ()  # of what the rows are
        self._rows: list[lesionRows.Row] = []
        self._out: tuple = (None, "")  # segmentation and segment that are brought out
        self._drawn: tuple = ()  # the diameters in the views, and of which image
        lesionRows.setUp(self.ui.lesionTable)
        self.ui.lesionTable.connect("itemSelectionChanged()", self._onSelected)
        self.ui.allLesionsButton.connect("clicked(bool)", self._onAll)

    def update(self, state: State) -> None:
        self._state = state
        segmentation = state.nodes.valid
        self._watch.follow(segmentation)
        measured = (segmentation and segmentation.GetID(), state.choice.fingerprint, state.run.active)
        if measured != self._measured:
            self._measured = measured
            self._measure()
        self._bringOut(segmentation, state.parameters.selectedSegment if state.visible else "")
        self._drawDiameters()

    def exit(self) -> None:
        self._watch.drop()
        self._bringOut(None, "")
        if self._drawn:
            diameters.remove()
            self._drawn = ()
        self._state, self._measured = None, ()

    def close(self) -> None:
        self._watch.drop()
        self._out, self._drawn = (None, ""), ()
        self._state, self._measured, self._rows = None, (), []

    def _measure(self) -> None:
        state = self._state
        rows = lesionRows.rows(state) if state.nodes.valid and state.choice.image else []
        if rows != self._rows:
            self._rows = rows
            wasBlocked = self.ui.lesionTable.blockSignals(True)
            lesionRows.fill(self.ui.lesionTable, rows, state.choice.image)
            self.ui.lesionTable.blockSignals(wasBlocked)
        self.ui.lesionTable.visible = bool(rows)
        self.ui.lesionLabel.text = _sentence(state, rows)
        self._select(state.parameters.selectedSegment)
        self._drawDiameters()

    def _drawDiameters(self) -> None:
        """Of the lesion that is brought out, else of the largest; drawn where they were found, so never out of date."""
        state = self._state
        measured = [row for row in self._rows if row.lesion]
        chosen = [row for row in measured if row.segmentId == state.parameters.selectedSegment] or sorted(
            measured, key=lambda row: row.lesion.area_pixels)[-1:]
        self.ui.diametersCheckBox.enabled = bool(measured)
        self.ui.diametersCheckBox.toolTip = (
            _("Draw the longest and the perpendicular diameter of the selected lesion, or of the largest") if measured
            else _("No lesion is outlined"))
        wanted = ()
        if chosen and state.visible and state.parameters.showDiameters:
            lesion, volumeNode = chosen[0].lesion, state.parameters.inputVolume
            wanted = (volumeNode.GetID(), volumeNode.GetTransformNodeID(), state.choice.fingerprint,
                      lesion.longest_ends, lesion.perpendicular_ends)
        if wanted == self._drawn:
            return
        self._drawn = wanted
        if wanted:
            diameters.show(chosen[0].lesion, state.parameters.inputVolume)
        else:
            diameters.remove()

    def _select(self, segmentId: str) -> None:
        table = self.ui.lesionTable
        wasBlocked = table.blockSignals(True)
        table.clearSelection()
        places = [place for place, row in enumerate(self._rows) if row.segmentId == segmentId]
        if places:
            table.selectRow(places[0])
        table.blockSignals(wasBlocked)
        self.ui.allLesionsButton.visible = len(self._rows) > 1
        self.ui.allLesionsButton.enabled = bool(places)
        self.ui.allLesionsButton.toolTip = ("" if places else _("No lesion is brought out: select a row to do that"))

    def _bringOut(self, segmentation, segmentId: str) -> None:
        """Fade all segments but this one; none where there is no such segment."""
        if (segmentation, segmentId) == self._out:
            return
        before, _segment = self._out
        for node, out in ((before, ""), (segmentation, segmentId)):
            if node and node.GetScene():
                lesionRows.fade(node, out)
        self._out = (segmentation, segmentId)
        self._select(segmentId)

    def _onSelected(self) -> None:
        chosen = {item.row() for item in self.ui.lesionTable.selectedItems()}
        if not self.parameters or not chosen:
            return
        row = self._rows[chosen.pop()]
        self.parameters.selectedSegment = row.segmentId
        if row.center:
            mode = slicer.vtkMRMLSliceNode.CenteredJumpSlice
            slicer.vtkMRMLSliceNode.JumpAllSlices(slicer.mrmlScene, *row.center, mode)

    def _onAll(self, _checked: bool = False) -> None:
        if self.parameters:
            self.parameters.selectedSegment = ""


def _sentence(state: State, rows: list) -> str:
    if not state.nodes.valid:
        return _("One row for each lesion, as soon as one is outlined.")
    if not rows:
        return _("No lesion is outlined.")
    calibrated = not state.choice.image or state.choice.image.geometry.calibrated
    said = [_("Of the corrected outline.")] if state.nodes.corrected else []
    return " ".join([*said, _("Longest × perpendicular diameter and area, from the image's own calibration.")
                     if calibrated else _("In pixels, because the image does not say how large a pixel is.")])
