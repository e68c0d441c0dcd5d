"""All frames of a clip, or all slices of a volume: what is segmented, how far it has come, what was found over time."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from radiomicnet.clips import SMOOTHING

from ..parameters import ALL, CURRENT, RANGE
from ..scene import clipPlot, clipResult, clips, clipTable, masks, volumes
from . import clipWords
from .section import Section, Services, State


class ClipSection(Section):
    """In sight where the chosen image is a frame of a sequence, or a volume of several slices."""

    UI = "Clip"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._state: State | None = None
        self._nodes = clipResult.ClipNodes()
        self._inView: str | None = None  # ID of the volume whose outlines are drawn, of all clips and volumes
        for title, choice in ((_("All"), ALL), (_("A range"), RANGE), (_("The one shown"), CURRENT)):
            self.ui.framesComboBox.addItem(title, choice)
        for key, title in clipTable.plotted().items():
            self.ui.plotComboBox.addItem(title, key)
        self.ui.framesComboBox.connect("currentIndexChanged(int)", self._onFrames)
        self.ui.firstFrameSpinBox.connect("valueChanged(int)", self._onFirst)
        self.ui.lastFrameSpinBox.connect("valueChanged(int)", self._onLast)
        self.ui.framesButton.connect("clicked(bool)", self._onSegmentOrCancel)
        self.ui.steadiestButton.connect("clicked(bool)", self._onSteadiest)
        self.ui.plotComboBox.connect("currentIndexChanged(int)", self._onMeasure)
        self.ui.plotButton.connect("clicked(bool)", self._onPlot)

    def connectTo(self, parameters) -> None:
        self._state = None  # what the widgets are set to now is no act of the user's
        super().connectTo(parameters)

    def update(self, state: State) -> None:
        self._state = state
        volumeNode = state.parameters.inputVolume
        ofClip = clips.isClip(volumeNode)
        wanted = ofClip or volumes.sliceCount(volumeNode) > 1
        self.widget.visible = wanted  # which reads False as long as Slicer's module panel is closed
        self._updateOutlines(volumeNode)
        if not wanted:
            self._nodes = clipResult.ClipNodes()
            return
        self._nodes = clipResult.find(volumeNode)
        self.ui.clipCollapsibleButton.text = _("Clip") if ofClip else _("Volume")
        self._updateFrames(state, ofClip)
        self._updateButton(state, ofClip)
        self.showFramesProgress(state.framesRun)
        self._updateResult(volumeNode, ofClip)

    def showFramesProgress(self, run) -> None:
        bar = self.ui.framesProgressBar
        bar.visible = run.active
        bar.setMaximum(max(1, run.total))
        bar.setValue(run.done)
        bar.setFormat(clipWords.progress(run))

    def exit(self) -> None:
        self._state, self._nodes = None, clipResult.ClipNodes()

    def close(self) -> None:
        self.exit()
        self._inView = None

    def _updateFrames(self, state: State, ofClip: bool) -> None:
        """Which frames; a volume is always segmented as a whole."""
        combo, parameters = self.ui.framesComboBox, state.parameters
        for widget in (combo, self.ui.framesCaption, self.ui.smoothCheckBox):
            widget.visible = ofClip
            widget.enabled = not state.framesRun.active
        self.ui.rangeWidget.visible = ofClip and parameters.clipFrames == RANGE
        self.ui.rangeWidget.enabled = not state.framesRun.active
        if ofClip:
            count = volumes.sequenceOf(parameters.inputVolume).GetNumberOfDataNodes()
            _set(self.ui.firstFrameSpinBox, count, parameters.firstFrame)
            _set(self.ui.lastFrameSpinBox, count, parameters.lastFrame or count)
        wasBlocked = combo.blockSignals(True)
        combo.setCurrentIndex(combo.findData(parameters.clipFrames))
        combo.blockSignals(wasBlocked)

    def _updateButton(self, state: State, ofClip: bool) -> None:
        button, run = self.ui.framesButton, state.framesRun
        if run.stopping:
            _show(button, _("Stopping…"), "", _("What is being computed is finished first"))
        elif run.active:
            _show(button, _("Cancel"), "", _("Stop; the frames that are done stay") if run.ofClip
                  else _("Stop; the slices that are done stay"))
        else:
            _show(button, self._title(state, ofClip), self._whyNot(state, ofClip),
                  _("Segment frame by frame; the outlines play in step with the images") if ofClip
                  else _("Segment slice by slice; neighbours agree on one 3-D segment"))
        button.enabled = button.enabled and not run.stopping

    def _title(self, state: State, ofClip: bool) -> str:
        count = len(self._indices(state)) if ofClip else volumes.sliceCount(state.parameters.inputVolume)
        if ofClip:
            return _("Segment 1 frame") if count == 1 else _("Segment {count} frames").format(count=count)
        return _("Segment all {count} slices").format(count=count)

    def _whyNot(self, state: State, ofClip: bool) -> str:
        """Why nothing can be begun; empty where it can."""
        if state.run.active:
            return _("Wait for the run to end")
        if not ofClip and volumes.sequenceOf(state.parameters.inputVolume):
            return _("A clip of volumes cannot be segmented. Copy one of its volumes out of the sequence")
        if ofClip and not self._indices(state):
            return _("The range is empty: its first frame comes after its last")
        return state.choice.modelProblem  # a frame that cannot be segmented, black say, is no hindrance to the others

    def _indices(self, state: State) -> range:
        """The frames that are chosen, from 0 on."""
        volumeNode, parameters = state.parameters.inputVolume, state.parameters
        count = volumes.sequenceOf(volumeNode).GetNumberOfDataNodes()
        if parameters.clipFrames == CURRENT:
            shown = clips.current(volumeNode)
            return range(shown, shown + 1)
        if parameters.clipFrames == RANGE:
            return range(min(parameters.firstFrame, count) - 1, min(parameters.lastFrame or count, count))
        return range(count)

    def _updateResult(self, volumeNode, ofClip: bool) -> None:
        record = self._nodes.content
        shown = record.frame(clips.current(volumeNode)) if record and ofClip else None
        marked = record and (record.steadiest if ofClip else record.largest)
        self.ui.framesLabel.text = clipWords.finding(record, ofClip)
        self.ui.shownFrameLabel.text = clipWords.shown(shown) if record and ofClip else ""
        self.ui.shownFrameLabel.visible = bool(self.ui.shownFrameLabel.text)
        self.ui.steadiestButton.visible = marked is not None
        self.ui.steadiestButton.text = clipWords.goTo(marked, ofClip) if marked else ""
        self.ui.steadiestButton.toolTip = clipWords.why(marked, ofClip) if marked else ""
        for widget in (self.ui.plotCaption, self.ui.plotWidget):
            widget.visible = record is not None and self._nodes.chart is not None
        if record and self.parameters:
            self._plot(volumeNode, record)

    def _plot(self, volumeNode, record) -> None:
        combo, key = self.ui.plotComboBox, self.parameters.plottedMeasure
        wasBlocked = combo.blockSignals(True)
        combo.setCurrentIndex(combo.findData(key))
        combo.blockSignals(wasBlocked)
        clipPlot.choose(volumeNode, key, record)

    def _updateOutlines(self, volumeNode) -> None:
        """Where another image is chosen than before: no outlines but its own are drawn. Only then, so that the eye
        icons of the data tree are left alone afterwards."""
        chosen = volumeNode.GetID() if volumeNode else None
        if chosen == self._inView:
            return
        self._inView = chosen
        for owner, node in clipResult.segmentations():
            node.SetDisplayVisibility(owner == chosen)

    # What the user does

    def _onFrames(self, index: int) -> None:
        if self._state and self.parameters and index >= 0:
            self.parameters.clipFrames = self.ui.framesComboBox.itemData(index)

    def _onFirst(self, value: int) -> None:
        if self._state and self.parameters:
            self.parameters.firstFrame = value

    def _onLast(self, value: int) -> None:
        if self._state and self.parameters:
            self.parameters.lastFrame = value

    def _onSegmentOrCancel(self, _checked: bool = False) -> None:
        state = self._state
        if state is None:
            return
        if state.framesRun.active:
            self.services.cancelFrames()
        elif clips.isClip(state.parameters.inputVolume):
            self.services.segmentFrames(self._indices(state), SMOOTHING if state.parameters.smoothClip else 0)
        else:
            self.services.segmentFrames()

    def _onSteadiest(self, _checked: bool = False) -> None:
        record, volumeNode = self._nodes.content, self._state and self._state.parameters.inputVolume
        if record is None or volumeNode is None:
            return
        if clips.isClip(volumeNode):
            clips.goTo(volumeNode, record.steadiest.index)
        elif record.spot:
            slicer.vtkMRMLSliceNode.JumpAllSlices(
                slicer.mrmlScene, *masks.toWorld(record.spot, volumeNode), slicer.vtkMRMLSliceNode.CenteredJumpSlice)

    def _onMeasure(self, index: int) -> None:
        if self._state and self.parameters and index >= 0:
            self.parameters.plottedMeasure = self.ui.plotComboBox.itemData(index)

    def _onPlot(self, _checked: bool = False) -> None:
        if self._state:
            clipPlot.show(self._state.parameters.inputVolume)


def _set(box, count: int, value: int) -> None:
    """A spin box's last frame and value, without its signal."""
    wasBlocked = box.blockSignals(True)
    box.setMaximum(count)
    box.setValue(value)
    box.blockSignals(wasBlocked)


def _show(button, text: str, problem: str, toolTip: str) -> None:
    button.text, button.enabled, button.toolTip = text, not problem, problem or toolTip
