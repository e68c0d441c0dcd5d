"""The button that segments and stops, how far it has come, and what was found."""

from __future__ import annotations

import qt
from slicer.i18n import tr as _

from ..scene import clipResult, clips, outline
from .section import Section, Services, State

REST_MILLISECONDS = 300  # after which a slider is taken to have arrived


class SegmentSection(Section):
    """One button, a progress bar, a sentence, and the threshold."""

    UI = "Segment"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._state: State | None = None
        self._drawnAt: float | None = None
        self._toBeNoted = False  # the outline was drawn at a threshold that the record does not tell yet
        self._rest = qt.QTimer()
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MILLISECONDS)
        self._rest.connect("timeout()", self._note)
        self.ui.segmentButton.connect("clicked(bool)", self._onSegmentOrCancel)
        self.ui.thresholdSlider.connect("valueChanged(double)", self._onThreshold)
        self.ui.modelThresholdCheckBox.connect("toggled(bool)", self._onRule)

    def connectTo(self, parameters) -> None:
        self._note()
        self._state = None  # what the widgets are set to now is no act of the user's
        super().connectTo(parameters)

    def update(self, state: State) -> None:
        self._state = state
        self._updateButton(state)
        self.showProgress(state.run)
        self.ui.resultLabel.text = _finding(state)
        self._updateThreshold(state)

    def close(self) -> None:
        self._rest.stop()
        self._toBeNoted, self._state = False, None

    def _updateThreshold(self, state: State) -> None:
        byModel, slider = state.parameters.useModelThreshold, self.ui.thresholdSlider
        if byModel and state.choice.model and state.parameters.threshold != state.choice.model.threshold:
            state.parameters.threshold = state.choice.model.threshold  # where a hand would begin
        slider.enabled = not byModel
        slider.toolTip = (
            _("The model's own threshold is used; uncheck the box above to set another") if byModel
            else _("Probability from which a pixel belongs to a lesion; the outline follows at once"))

    def _updateButton(self, state: State) -> None:
        button, problem = self.ui.segmentButton, state.choice.problem
        if state.run.stopping:
            _show(button, _("Stopping…"), False, _("The step that is being computed is finished first"))
        elif state.run.active:
            _show(button, _("Cancel"), True, _("Stop; what is shown already stays"))
        elif state.framesRun.active:
            _show(button, _("Segment"), False, problem or _("Wait for the run below to end"))
        else:
            _show(button, _("Segment"), not problem, problem or _("Outline the lesion and explain it"))

    def showProgress(self, run) -> None:
        bar = self.ui.progressBar
        bar.visible = run.active
        bar.setValue(round(100 * run.fraction))
        bar.setFormat(f"{run.step[:1].upper()}{run.step[1:]} … %p %")

    def _onSegmentOrCancel(self, _checked: bool = False) -> None:
        if self._state and self._state.run.active:
            self.services.cancel()
        else:
            self.services.segment()

    def _onThreshold(self, value: float) -> None:
        if self.parameters and not self.ui.modelThresholdCheckBox.checked:
            self._draw(value)

    def _onRule(self, byModel: bool) -> None:
        if byModel:  # unchecked, the outline stays until the slider is moved
            self._draw(None)

    def _draw(self, threshold: float | None) -> None:
        """The outline from the stored probability; the record follows when the slider rests."""
        state = self._state
        if state is None or state.run.active or not state.nodes.segmentation:
            return
        self._toBeNoted = self.services.logic.drawAt(state.parameters.inputVolume, threshold, note=False)
        self._drawnAt = threshold
        self.ui.resultLabel.text = _finding(state)
        self._rest.start()

    def _note(self) -> None:
        """Once per movement: into the record, so that it is saved, exported, and known to the other sections."""
        self._rest.stop()
        state = self._state
        if self._toBeNoted and state and not state.run.active:
            self._toBeNoted = False
            self.services.logic.drawAt(state.parameters.inputVolume, self._drawnAt)
            state.parameters.parameterNode.Modified()  # for the other sections


def _show(button, text: str, enabled: bool, toolTip: str) -> None:
    button.text, button.enabled, button.toolTip = text, enabled, toolTip


def _finding(state: State) -> str:
    if state.nodes.segmentation:
        return " ".join([state.nodes.segmentation.GetDescription(), *_leftBehind(state)])
    if _outlinedWithOthers(state.parameters.inputVolume):
        return _("Outlined by the run below. Click Segment to explain it too: attention, contributions, features.")
    if state.outdated:
        return _("What was segmented here belongs to another frame, or to the image before it was changed, and is "
                 "hidden. Click Segment for this one.")
    return _("Nothing segmented yet.")


def _outlinedWithOthers(volumeNode) -> bool:
    """Whether the frame on show, or the volume, has an outline from a run over many."""
    record = clipResult.find(volumeNode).content
    return bool(record) and (not clips.isClip(volumeNode) or record.frame(clips.current(volumeNode)) is not None)


def _leftBehind(state: State) -> list[str]:
    """What still describes the outline as the run drew it."""
    explained = outline.explainedAt(state.nodes)
    if explained is None:
        return []
    return [_("The contributions describe the outline at the threshold {threshold:.2f}; click Segment to renew "
              "them.").format(threshold=explained)]
