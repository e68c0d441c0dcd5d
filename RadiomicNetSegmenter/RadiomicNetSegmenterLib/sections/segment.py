"""The button that segments and stops, how far it has come, and what was found."""

from __future__ import annotations

from slicer.i18n import tr as _

from .section import Section, Services, State


class SegmentSection(Section):
    """One button, a progress bar, a sentence, and the threshold."""

    UI = "Segment"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._running = False
        self.ui.segmentButton.connect("clicked(bool)", self._onSegmentOrCancel)

    def update(self, state: State) -> None:
        self._running = state.run.active
        self._updateButton(state)
        self._updateProgress(state.run)
        self.ui.resultLabel.text = _finding(state)
        byModel = state.parameters.useModelThreshold
        self.ui.thresholdSlider.enabled = not byModel
        self.ui.thresholdSlider.toolTip = (
            _("The model's own threshold is used") if byModel
            else _("Probability from which a pixel belongs to a lesion; click Segment to apply it"))

    def _updateButton(self, state: State) -> None:
        button, problem = self.ui.segmentButton, state.choice.problem
        if state.run.stopping:
            _show(button, _("Stopping…"), False, _("The step that is being computed is finished first"))
        elif state.run.active:
            _show(button, _("Cancel"), True, _("Stop; what is shown already stays"))
        else:
            _show(button, _("Segment"), not problem, problem or _("Outline the lesion and explain it"))

    def _updateProgress(self, run) -> None:
        bar = self.ui.progressBar
        bar.visible = run.active
        bar.setValue(round(100 * run.fraction))
        bar.setFormat(f"{run.step[:1].upper()}{run.step[1:]} … %p %")

    def _onSegmentOrCancel(self, _checked: bool = False) -> None:
        if self._running:
            self.services.cancel()
        else:
            self.services.segment()


def _show(button, text: str, enabled: bool, toolTip: str) -> None:
    button.text, button.enabled, button.toolTip = text, enabled, toolTip


def _finding(state: State) -> str:
    if state.nodes.segmentation:
        return state.nodes.segmentation.GetDescription()
    if state.outdated:
        return _("What was segmented here belongs to another frame, or to the image before it was changed, and is "
                 "hidden. Click Segment for this one.")
    return _("Nothing segmented yet.")
