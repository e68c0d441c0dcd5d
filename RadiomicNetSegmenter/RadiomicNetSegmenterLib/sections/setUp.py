"""Where the network computes, and what has to be installed for it."""

from __future__ import annotations

from slicer.i18n import tr as _

from radiomicnet.errors import RadiomicNetError

from .. import dependencies, dependenciesPage
from ..parameters import AUTOMATIC
from .section import Section, Services, State


class SetUpSection(Section):
    """Closed as long as nothing is missing and no graphics card has failed."""

    UI = "SetUp"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._told = False  # whether the page is as things are; looking packages up takes a moment
        self._notice = ""
        for title, device in ((_("Automatic (a graphics card, if any)"), AUTOMATIC),
                              (_("Graphics card (CUDA)"), "cuda"), (_("Apple graphics (MPS)"), "mps"),
                              (_("Processor (CPU)"), "cpu")):
            self.ui.deviceComboBox.addItem(title, device)
        self.ui.deviceComboBox.connect("currentIndexChanged(int)", self._onDeviceChosen)
        self.ui.installButton.connect("clicked(bool)", self._onInstall)

    def update(self, state: State) -> None:
        self._updateDevice(state)
        if not self._told:
            self._told = True
            self._tellPackages()
        self.ui.installButton.enabled = not (state.run.active or state.framesRun.active)

    def exit(self) -> None:
        self._told = False  # something may be installed meanwhile

    def _updateDevice(self, state: State) -> None:
        segmenters, combo = self.services.logic.segmenters, self.ui.deviceComboBox
        segmenters.device = state.parameters.device
        wasBlocked = combo.blockSignals(True)
        combo.setCurrentIndex(combo.findData(state.parameters.device))
        combo.blockSignals(wasBlocked)
        used = combo.itemText(combo.findData(segmenters.used)) if segmenters.used else ""
        self.ui.deviceLabel.text = segmenters.notice or (
            _("Last run: {device}").format(device=used) if used else "")
        self.ui.deviceLabel.visible = bool(self.ui.deviceLabel.text)
        if segmenters.notice != self._notice:
            self._notice = segmenters.notice
            self._open(bool(self._notice))

    def _tellPackages(self) -> None:
        complete = dependenciesPage.complete()
        self.ui.packagesLabel.text = dependenciesPage.page()
        self.ui.installButton.visible = not complete
        self._open(not complete)

    def _open(self, needed: bool) -> None:
        if needed:
            self.ui.setUpCollapsibleButton.collapsed = False

    def _onDeviceChosen(self, index: int) -> None:
        if self.parameters and index >= 0:
            self.parameters.device = self.ui.deviceComboBox.itemData(index)

    def _onInstall(self, _checked: bool = False) -> None:
        try:
            dependencies.ensure(self.services.resourcePath("requirements.txt"))
        except RadiomicNetError as error:
            self.services.report(error)
        self._tellPackages()
