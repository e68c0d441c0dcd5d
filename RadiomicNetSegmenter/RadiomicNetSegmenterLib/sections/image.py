"""Which image and which model, and what was understood of them."""

from __future__ import annotations

from slicer.i18n import tr as _

from radiomicnet.images.image import Image

from ..parameters import AUTOMATIC
from ..scene import results
from .section import Section, Services, State


class ImageSection(Section):
    """Chooses the image and the model."""

    UI = "Image"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._listed: tuple | None = None  # cards in the list of models
        self.ui.modelComboBox.connect("currentIndexChanged(int)", self._onModelChosen)

    def update(self, state: State) -> None:
        choice = state.choice
        self.ui.inputSelector.sortFilterProxyModel().hiddenNodeIDs = results.mapNodeIDs()
        self._updateModels(choice.cards, state.parameters.modelName)
        self.ui.imageLabel.text = describe(choice.image) if choice.image else choice.imageProblem
        automatic = choice.model and state.parameters.modelName == AUTOMATIC
        self.ui.modelLabel.text = (_("Chosen: {title}").format(title=choice.model.title) if automatic
                                   else choice.modelProblem)
        self.ui.modelLabel.visible = bool(self.ui.modelLabel.text)

    def _updateModels(self, cards: tuple, chosen: str) -> None:
        combo = self.ui.modelComboBox
        wasBlocked = combo.blockSignals(True)
        if cards != self._listed:
            self._listed = cards
            combo.clear()
            combo.addItem(_("Automatic (by the image's modality)"), AUTOMATIC)
            for card in cards:
                combo.addItem(card.title, card.name)
        combo.setCurrentIndex(combo.findData(chosen))
        combo.blockSignals(wasBlocked)

    def _onModelChosen(self, index: int) -> None:
        if self.parameters and index >= 0:
            self.parameters.modelName = self.ui.modelComboBox.itemData(index)


def describe(image: Image) -> str:
    """What was understood of an image: size, colour, scale, modality, and what the user should know."""
    rows, columns = image.shape
    parts = [_("{columns} × {rows} pixels").format(columns=columns, rows=rows),
             _("colour") if image.pixels.ndim == 3 else _("grey")]
    if image.geometry.calibrated:
        spacing = image.geometry.spacing
        parts.append(_("{x:.4g} × {y:.4g} mm per pixel").format(x=spacing[0], y=spacing[1]))
    else:
        parts.append(_("uncalibrated: lengths in pixels"))
    if image.modality:
        parts.append(_("DICOM {modality}").format(modality=image.modality))
    return "; ".join(parts) + "".join(f"\n{warning}" for warning in image.warnings)
