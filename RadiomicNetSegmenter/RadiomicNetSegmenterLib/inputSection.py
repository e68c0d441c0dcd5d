"""The upper half of the panel: which image, which model, and what was understood of them."""

from __future__ import annotations

import vtk
from slicer.i18n import tr as _

from radiomicnet.errors import ImageError, ModelError, RadiomicNetError
from radiomicnet.images.image import Image

from . import scene, texts
from .logic import RadiomicNetSegmenterLogic
from .parameters import AUTOMATIC


class InputSection:
    """Describes the chosen image and model; ``problem`` says why they cannot be segmented, "" where they can."""

    def __init__(self, ui, logic: RadiomicNetSegmenterLogic) -> None:
        self._ui = ui
        self._logic = logic
        self._parameterNode = None
        self._read: tuple = ()  # what the description was made from
        self._image: Image | None = None
        self._imageProblem = ""
        self.problem = ""
        self._modelProblem = ""
        self._cards = self._availableModels()
        ui.modelComboBox.addItem(_("Automatic (by the image's modality)"), AUTOMATIC)
        for card in self._cards:
            ui.modelComboBox.addItem(card.title, card.name)
        ui.modelComboBox.connect("currentIndexChanged(int)", self._onModelChosen)

    def update(self, parameterNode) -> bool:
        """Follow the parameter node; whether the image (node or pixels) is another than before."""
        self._parameterNode = parameterNode
        self._ui.inputSelector.sortFilterProxyModel().hiddenNodeIDs = scene.mapNodeIDs()
        changed = self._readAgain(parameterNode.inputVolume)
        self._selectModel(parameterNode.modelName)
        model = self._describeModel(parameterNode.modelName)
        self._ui.imageLabel.text = texts.describeImage(self._image) if self._image else self._imageProblem
        self._ui.modelLabel.text = model
        self._ui.modelLabel.visible = bool(model)
        self._ui.thresholdSlider.enabled = not parameterNode.useModelThreshold
        self._ui.thresholdSlider.toolTip = (
            _("The model's own threshold is used") if parameterNode.useModelThreshold
            else _("Probability from which a pixel belongs to a lesion; click Segment to apply it"))
        return changed

    def _availableModels(self) -> tuple:
        try:
            return self._logic.models()
        except ModelError as error:
            self._modelProblem = str(error)
            return ()

    def _readAgain(self, volumeNode) -> bool:
        """Describe the volume anew where it is another, or its pixels or its geometry are."""
        state = _state(volumeNode)
        if state == self._read:
            return False
        self._read, self._image, self._imageProblem = state, None, ""
        try:
            self._image = self._logic.readImage(volumeNode)
        except ImageError as error:
            self._imageProblem = str(error)
        return True

    def _selectModel(self, name: str) -> None:
        combo = self._ui.modelComboBox
        wasBlocked = combo.blockSignals(True)
        combo.setCurrentIndex(max(0, combo.findData(name)))
        combo.blockSignals(wasBlocked)

    def _describeModel(self, name: str) -> str:
        """What automatic choice comes to; sets ``problem``."""
        self.problem = self._imageProblem or self._modelProblem
        if self.problem:
            return self._modelProblem
        if name != AUTOMATIC:
            return ""
        from radiomicnet.images.modality import choose_model

        try:
            return _("Chosen: {title}").format(title=choose_model(self._image, self._cards).title)
        except RadiomicNetError as error:
            self.problem = str(error)
            return self.problem

    def _onModelChosen(self, index: int) -> None:
        if self._parameterNode and index >= 0:
            self._parameterNode.modelName = self._ui.modelComboBox.itemData(index)


def _state(volumeNode) -> tuple:
    """What an image was read from; equal as long as reading again would give the same."""
    if volumeNode is None:
        return (None,)
    image = volumeNode.GetImageData()
    matrix = vtk.vtkMatrix4x4()
    volumeNode.GetIJKToRASMatrix(matrix)
    geometry = tuple(matrix.GetElement(row, column) for row in range(3) for column in range(4))
    return volumeNode.GetID(), volumeNode.GetName(), image and image.GetMTime(), geometry
