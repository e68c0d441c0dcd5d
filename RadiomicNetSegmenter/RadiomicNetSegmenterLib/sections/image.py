"""Which image and which model, and what was understood of them."""

from __future__ import annotations

import qt
import slicer
from slicer.i18n import tr as _

from radiomicnet.images.image import Image
from radiomicnet.images.modality import SILENT, coloured_share

from ..choice import Choice
from ..parameters import AUTOMATIC, RadiomicNetSegmenterParameterNode
from ..scene import results, volumes
from . import modelCard
from .section import Section, Services, State

NO_COLOR = 0.005  # a share of colored pixels that would be told as 0 %


class ImageSection(Section):
    """Chooses the image and the model."""

    UI = "Image"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._listed: tuple | None = None  # cards in the list of models
        self._card = None  # of the chosen model
        self._reason: tuple = (None, "")  # fingerprint and why the model was chosen for it
        self._sceneTag: int | None = None
        self._loaded = qt.QTimer()  # until whatever loads an image has filled it
        self._loaded.setSingleShot(True)
        self._loaded.setInterval(0)
        self._loaded.connect("timeout()", self._chooseFirst)
        self.ui.modelComboBox.connect("currentIndexChanged(int)", self._onModelChosen)
        self.ui.cardButton.connect("clicked(bool)", self._onCard)

    def connectTo(self, parameters: RadiomicNetSegmenterParameterNode | None) -> None:
        if parameters is not None:
            self._hideMaps()  # before the binding: another scene's maps had the IDs that its images have now
        super().connectTo(parameters)

    def update(self, state: State) -> None:
        choice = state.choice
        if self._sceneTag is None and state.visible:
            self._sceneTag = slicer.mrmlScene.AddObserver(slicer.mrmlScene.NodeAddedEvent, self._onNodeAdded)
        self._hideMaps()
        self._updateModels(choice.cards, state.parameters.modelName)
        frame = volumes.frame(state.parameters.inputVolume)
        self.ui.imageLabel.text = describe(choice.image, frame) if choice.image else choice.imageProblem
        self.ui.modelLabel.text = self._ofModel(choice, state.parameters.modelName == AUTOMATIC)
        self.ui.modelLabel.visible = bool(self.ui.modelLabel.text)
        self._card = choice.model
        self.ui.cardButton.enabled = self._card is not None
        self.ui.cardButton.toolTip = (_("What this model was trained on, how good it is, its license and its limits")
                                      if self._card else _("Choose a model first"))

    def exit(self) -> None:
        if self._sceneTag is not None:
            slicer.mrmlScene.RemoveObserver(self._sceneTag)
            self._sceneTag = None
        self._loaded.stop()

    def _hideMaps(self) -> None:
        self.ui.inputSelector.sortFilterProxyModel().hiddenNodeIDs = results.mapNodeIDs()

    def _ofModel(self, choice: Choice, automatic: bool) -> str:
        """Why a model was chosen and what its weights may be used for; or why there is none."""
        if choice.model is None:
            return choice.modelProblem
        chosen = (_("Chosen: {title}, because {reason}.\n").format(title=choice.model.title, reason=self._why(choice))
                  if automatic else "")
        return f"{chosen}{choice.model.license}"

    def _why(self, choice: Choice) -> str:
        """Why automatic choice took this model; counting the colours takes a moment, so once per image."""
        if choice.fingerprint != self._reason[0]:
            self._reason = choice.fingerprint, reason(choice.image)
        return self._reason[1]

    def _onNodeAdded(self, _caller, _event) -> None:
        """The first image that is loaded is chosen."""
        if self.parameters and not self.parameters.inputVolume:
            self._loaded.start()

    def _chooseFirst(self) -> None:
        if self.parameters and not self.parameters.inputVolume:
            self.parameters.inputVolume = results.firstImage()

    def _onCard(self, _checked: bool = False) -> None:
        if self._card:
            modelCard.show(self._card, self.services.parent)

    def _updateModels(self, cards: tuple, chosen: str) -> None:
        combo = self.ui.modelComboBox
        wasBlocked = combo.blockSignals(True)
        if cards != self._listed:
            self._listed = cards
            combo.clear()
            combo.addItem(_("Automatic (by modality)"), AUTOMATIC)
            for card in cards:
                combo.addItem(card.title, card.name)
        combo.setCurrentIndex(combo.findData(chosen))
        combo.blockSignals(wasBlocked)

    def _onModelChosen(self, index: int) -> None:
        if self.parameters and index >= 0:
            self.parameters.modelName = self.ui.modelComboBox.itemData(index)


def describe(image: Image, frame: tuple[int, int] | None = None) -> str:
    """What was understood of an image: modality, size, colour, scale, frame, and what the user should know."""
    rows, columns = image.shape
    parts = [_("DICOM {modality}").format(modality=image.modality)] if image.modality else []
    parts += [_("{columns} × {rows} pixels").format(columns=columns, rows=rows),
              _("color") if image.pixels.ndim == 3 else _("grey")]
    if image.geometry.calibrated:
        spacing = image.geometry.spacing
        parts.append(_("{x:.4g} × {y:.4g} mm per pixel").format(x=spacing[0], y=spacing[1]))
    else:
        parts.append(_("uncalibrated: lengths in pixels"))
    if frame:
        parts.append(_("frame {number} of {count}").format(number=frame[0], count=frame[1]))
    return "; ".join(parts) + "".join(f"\n{warning}" for warning in image.warnings)


def reason(image: Image) -> str:
    """Why automatic choice took a model, as the rest of a sentence."""
    if image.modality and image.modality not in SILENT:
        return _("the image says that it is {modality}").format(modality=image.modality)
    share = coloured_share(image)
    return _("the image is grey") if share < NO_COLOR else _("{share:.0%} of the image is colored").format(share=share)
