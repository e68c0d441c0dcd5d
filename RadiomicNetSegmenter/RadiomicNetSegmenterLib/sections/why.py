"""What the network attended to, laid over the image in the slice views."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from ..scene import maps, results
from ..scene.overlay import Overlay
from .section import Section, Services, State

NONE = ""


class WhySection(Section):
    """Chooses the map over the image, and is the one that changes the views."""

    UI = "Why"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._overlay = Overlay()
        self._inView: tuple = (None, None)  # image and fingerprint whose outlines were brought into view
        self._running = False
        self._listed: list[tuple[str, str]] = []  # what the list of maps offers: label and key
        self.ui.mapComboBox.connect("currentIndexChanged(int)", self._onMapChosen)

    def update(self, state: State) -> None:
        key = _shownKey(state)
        self._updateMaps(state, key)
        state.parameters.shownVolume = state.nodes.maps.get(key)
        if state.run.active and not self._running:
            self._overlay.claim()
        self._running = state.run.active
        if state.visible:
            self._updateViews(state, key)

    def exit(self) -> None:
        self._overlay.restore()

    def close(self) -> None:
        self._overlay.forget()
        self._inView = (None, None)

    def _updateMaps(self, state: State, shown: str) -> None:
        combo = self.ui.mapComboBox
        choices = [(maps.label(key, node), key) for key, node in state.nodes.maps.items()]
        choices.append((_("Image and outline only"), NONE))
        wasBlocked = combo.blockSignals(True)
        if choices != self._listed:
            self._listed = choices
            combo.clear()
            for label, key in choices:
                combo.addItem(label, key)
        combo.setCurrentIndex(combo.findData(shown))
        combo.blockSignals(wasBlocked)
        reason = "" if state.nodes.maps else _("Segment an image first")
        for widget, explanation in (
                (combo, _("Map laid over the image, on the fixed scale 0 to 1; nothing is drawn where it is below "
                          "{low:g}. γ tells how much a level acts on what it attends to").format(low=maps.CLEAR_BELOW)),
                (self.ui.opacitySlider, _("Opacity of the map over the image"))):
            widget.enabled = not reason
            widget.toolTip = reason or explanation

    def _updateViews(self, state: State, key: str) -> None:
        if not state.nodes.segmentation and not state.outdated:
            self._overlay.restore()
            return
        another = state.parameters.inputVolume.GetID() != self._inView[0]
        if another:
            self._overlay.claim()
        self._overlay.show(state.parameters.inputVolume, state.nodes.maps.get(key), state.parameters.overlayOpacity,
                           maps.legendTitle(key) if key else "")
        if another:
            slicer.util.setSliceViewerLayers(fit=True)
        self._updateOutlines(state)

    def _updateOutlines(self, state: State) -> None:
        """Where another image, or another frame of it, is shown than before: no outlines but its own are drawn on it.

        Only then, so that the eye icons of the data tree are left alone afterwards.
        """
        inView = (state.parameters.inputVolume.GetID(), "" if state.outdated else state.choice.fingerprint)
        if inView == self._inView:
            return
        self._inView = inView
        for node in results.segmentations():
            node.SetDisplayVisibility(node is state.nodes.segmentation)

    def _onMapChosen(self, index: int) -> None:
        if self.parameters and index >= 0:
            self._overlay.claim()
            self.parameters.shownMap = self.ui.mapComboBox.itemData(index)


def _shownKey(state: State) -> str:
    """Key of the map to show; the coarsest attention where the chosen level is not there (another model)."""
    chosen = state.parameters.shownMap
    if chosen == NONE or chosen in state.nodes.maps:
        return chosen
    return maps.coarsestLevel(state.nodes.maps) or NONE
