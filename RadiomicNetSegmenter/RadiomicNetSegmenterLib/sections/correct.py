"""Correcting the outline by hand, what that changed, and taking a run back."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from ..editor import SegmentEditor
from ..scene import correction
from .section import Section, Services, State


class CorrectSection(Section):
    """Opens Segment Editor on a copy of the network's segment, and tells the two apart."""

    UI = "Correct"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._editor = SegmentEditor()
        self._volumeNode = None
        self._compared: tuple = ()  # the versions that ``_text`` tells of
        self._text = ""
        self.ui.correctButton.connect("clicked(bool)", self._onCorrect)
        self.ui.restartButton.connect("clicked(bool)", self._onRestart)
        self.ui.discardButton.connect("clicked(bool)", self._onDiscard)
        self.ui.undoButton.connect("clicked(bool)", self._onUndo)

    def update(self, state: State) -> None:
        self._volumeNode = state.parameters.inputVolume
        if state.visible:  # back again
            self._editor.left()
        self._updateButtons(state)
        self.ui.changeLabel.text = self._change(state)
        self.ui.changeLabel.visible = bool(self.ui.changeLabel.text)

    def exit(self) -> None:
        self._volumeNode = None
        self._editor.left()

    def close(self) -> None:
        self._volumeNode, self._compared, self._text = None, (), ""
        self._editor.left()

    def _updateButtons(self, state: State) -> None:
        busy = _("Wait for the run to end") if state.run.active else ""
        none = busy or ("" if state.nodes.segmentation else _("Segment an image first"))
        uncorrected = none or ("" if state.nodes.corrected else _("Nothing has been corrected"))
        corrected = state.nodes.corrected is not None
        _enable(self.ui.correctButton, none, _("Continue in Segment Editor") if corrected else
                _("Edit a copy of the outline in Segment Editor; what the network drew is kept beside it"))
        _enable(self.ui.restartButton, uncorrected, _("Replace the corrected outline by what the network drew"))
        _enable(self.ui.discardButton, uncorrected, _("Remove the corrected outline; what the network drew stays"))
        for button in (self.ui.restartButton, self.ui.discardButton):
            button.visible = corrected
        undoable = self.services.logic.canUndo(state.parameters.inputVolume)
        _enable(self.ui.undoButton, busy or ("" if undoable else _("No run on this image to take back")),
                _("Take the last run back; the results before it are shown again. What was corrected stays"))

    def _change(self, state: State) -> str:
        if not (state.nodes.corrected and state.nodes.segmentation):
            return ""
        versions = correction.version(state.nodes)
        if versions != self._compared:
            self._text = describe(correction.change(state.nodes, state.parameters.inputVolume))
            self._compared = versions
        return self._text

    def _onCorrect(self, _checked: bool = False) -> None:
        volumeNode = self._volumeNode  # forgotten when the other module opens
        correction.begin(volumeNode)
        self._editor.open(volumeNode)

    def _onRestart(self, _checked: bool = False) -> None:
        if slicer.util.confirmOkCancelDisplay(_("Replace your corrections by what the network drew?")):
            correction.restart(correction.begin(self._volumeNode))
            self.services.refresh()

    def _onDiscard(self, _checked: bool = False) -> None:
        if slicer.util.confirmOkCancelDisplay(_("Remove your corrections? What the network drew stays.")):
            correction.discard(correction.begin(self._volumeNode))

    def _onUndo(self, _checked: bool = False) -> None:
        self.services.logic.undo(self._volumeNode)
        self.services.refresh()


def describe(change: correction.Change) -> str:
    """The change as a sentence."""
    if not change.added and not change.removed:
        return _("The corrected outline is still what the network drew.")
    return _("Corrected: Dice with the network's outline (white) {dice:.3f}; area {before} → {after}, {added} added, "
             "{removed} taken away.").format(
        dice=change.dice, before=_area(change.machine, change), after=_area(change.corrected, change),
        added=_area(change.added, change), removed=_area(change.removed, change))


def _area(pixels: int, change: correction.Change) -> str:
    if change.pixelArea is None:
        return _("{count} pixels").format(count=f"{pixels:,}")
    return _("{area:.1f} mm²").format(area=pixels * change.pixelArea)


def _enable(button, problem: str, toolTip: str) -> None:
    button.enabled, button.toolTip = not problem, problem or toolTip
