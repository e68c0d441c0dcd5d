"""What the network attended to, laid over the image in the slice views, and the layout that shows it all."""

from __future__ import annotations

import qt
import slicer
from slicer.i18n import tr as _

from ..scene import layout, localMap, maps, results
from ..scene.layout import ExplanationLayout
from ..scene.overlay import Overlay
from . import attentionRows
from .section import Section, Services, State

NONE = ""
KEYS = {"M": "_showNext", "Shift+M": "_showPrevious", "O": "_switch"}


class WhySection(Section):
    """Chooses the map over the image, and is the one that changes the views."""

    UI = "Why"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._overlay = Overlay()
        self._layout = ExplanationLayout()
        self._fitTimer = qt.QTimer()
        self._fitTimer.setSingleShot(True)
        self._fitTimer.connect("timeout()", self._fit)
        self._inView: tuple = (None, None)  # image and fingerprint whose outlines were brought into view
        self._running = False
        self._wished: str | None = None  # the map that was asked for last
        self._switchedOff = ""  # the map that the key took away
        self._listed: list[tuple[str, str]] = []  # what the list of maps offers: label and key
        self._levels: list[dict] = []  # of the table of levels
        self.ui.mapComboBox.connect("currentIndexChanged(int)", self._onMapChosen)
        self.ui.attentionTable.connect("itemSelectionChanged()", self._onLevelChosen)
        attentionRows.setUp(self.ui.attentionTable)
        self.ui.keysLabel.text = _("Keys: M next map, Shift+M previous, O overlay off and on")
        self._shortcuts = [self._shortcut(key, getattr(self, name)) for key, name in KEYS.items()]

    def update(self, state: State) -> None:
        key = _shownKey(state)
        if key == maps.LOCAL:
            state.nodes.maps[key] = localMap.show(state.nodes, state.parameters.selectedFeature,
                                                  state.parameters.inputVolume)
        self._updateMaps(state, key)
        self._updateLevels(state, key)
        state.parameters.shownVolume = state.nodes.maps.get(key)
        if (state.run.active and not self._running) or state.parameters.shownMap != self._wished:
            self._overlay.claim()
        self._running, self._wished = state.run.active, state.parameters.shownMap
        if state.visible:
            self._updateLayout(state)
            self._updateViews(state, key)

    def exit(self) -> None:
        self._overlay.restore()
        self._layout.restore()

    def close(self) -> None:
        self._overlay.forget()
        self._layout.forget()
        self._inView = (None, None)

    def _updateMaps(self, state: State, shown: str) -> None:
        combo = self.ui.mapComboBox
        choices = [(maps.label(key, node), key) for key, node in state.nodes.maps.items() if key != maps.LOCAL]
        if localMap.available(state.nodes):
            choices.append((localMap.label(state.nodes, state.parameters.selectedFeature), maps.LOCAL))
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
        for widget, explanation in ((combo, _scaleSentence(state, shown)),
                                    (self.ui.opacitySlider, _("Opacity of the map over the image"))):
            widget.enabled = not reason
            widget.toolTip = reason or explanation
        self.ui.layoutCheckBox.toolTip = _("Image, map, ranked bar plot and table in the views, as soon as there is a "
                                           "result; the layout before comes back when you leave the module")

    def _updateLevels(self, state: State, shown: str) -> None:
        table = self.ui.attentionTable
        levels = attentionRows.levels(state.nodes)
        wasBlocked = table.blockSignals(True)
        if levels != self._levels:
            self._levels = levels
            attentionRows.fill(table, levels)
        attentionRows.select(table, levels, shown)
        table.blockSignals(wasBlocked)
        table.visible = bool(levels)
        self.ui.attentionLabel.visible = bool(levels)
        self.ui.attentionLabel.text = _("What each level of the decoder let pass, on the scale 0 to 1")

    def _updateLayout(self, state: State) -> None:
        """Show the layout with the first result, and leave it alone once the user has chosen another one."""
        wanted, had = state.parameters.explanationLayout, self._layout.asked
        if had and not self._layout.shown:
            state.parameters.explanationLayout = wanted = False
        if not wanted:
            if had:
                self._layout.restore()
        elif had:
            self._layout.fill(state.nodes.table)
        elif state.nodes.segmentation and self._layout.show(state.nodes.table):
            self._fitTimer.start()  # once the new views have their size

    def _fit(self) -> None:
        if self._layout.shown:
            slicer.util.setSliceViewerLayers(fit=True)

    def _updateViews(self, state: State, key: str) -> None:
        if state.choice.image is None:
            self._overlay.restore()
            return
        another = state.parameters.inputVolume.GetID() != self._inView[0]
        if another:
            self._overlay.claim()
        self._overlay.show(state.parameters.inputVolume, state.nodes.maps.get(key), state.parameters.overlayOpacity,
                           maps.legendTitle(key) if key else "", layout.IMAGE_VIEW if self._layout.shown else None)
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
            node.SetDisplayVisibility(node in (state.nodes.segmentation, state.nodes.corrected))

    def _shortcut(self, key: str, act):
        """In the whole application for as long as the section is in sight: a hidden widget's shortcuts sleep."""
        shortcut = qt.QShortcut(qt.QKeySequence(key), self.widget)
        shortcut.setContext(qt.Qt.ApplicationShortcut)
        shortcut.connect("activated()", act)
        return shortcut

    def _onMapChosen(self, index: int) -> None:
        if self.parameters and index >= 0:
            self._show(self.ui.mapComboBox.itemData(index))

    def _onLevelChosen(self) -> None:
        chosen = {item.row() for item in self.ui.attentionTable.selectedItems()}
        if self.parameters and chosen:
            self._show(self._levels[chosen.pop()]["level"])

    def _show(self, key: str) -> None:
        self._overlay.claim()
        self.parameters.shownMap = key

    def _showNext(self) -> None:
        self._step(1)

    def _showPrevious(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        keys = [key for _label, key in self._listed if key != NONE]
        if not self.parameters or not keys:
            return
        shown = self.ui.mapComboBox.itemData(self.ui.mapComboBox.currentIndex)
        place = keys.index(shown) + by if shown in keys else 0
        self._show(keys[place % len(keys)])

    def _switch(self) -> None:
        if not self.parameters:
            return
        if self.parameters.shownMap == NONE:
            self._show(self._switchedOff or "coarsest")
        else:
            self._switchedOff = self.parameters.shownMap
            self._show(NONE)


def _shownKey(state: State) -> str:
    """Key of the map to show; the coarsest attention where the chosen map is not there (another model)."""
    chosen = state.parameters.shownMap
    if chosen == maps.LOCAL and localMap.available(state.nodes):
        return chosen
    if chosen == NONE or (chosen in state.nodes.maps and chosen != maps.LOCAL):
        return chosen
    return maps.coarsestLevel(state.nodes.maps) or NONE


def _scaleSentence(state: State, key: str) -> str:
    if key == maps.LOCAL:
        return _("What the values of this feature in each tile of the picture contributed: orange raised the score, "
                 "blue lowered it. The scale reaches from −{limit} to +{limit} logits for every feature of this image; "
                 "nothing is drawn within a tenth of it around 0").format(limit=localMap.limit(state.nodes))
    return _("Map laid over the image, on the fixed scale 0 to 1; nothing is drawn where it is below {low:g}. γ tells "
             "how much a level acts on what it attends to").format(low=maps.CLEAR_BELOW)
