"""What the chosen image and model come to: the image as it was read, the model as it was found, or why not."""

from __future__ import annotations

import vtk
from slicer.i18n import tr as _

from radiomicnet.errors import ImageError, ModelError, RadiomicNetError
from radiomicnet.images.image import Image
from radiomicnet.models.card import ModelCard

from .logic import RadiomicNetSegmenterLogic
from .parameters import AUTOMATIC
from .scene import volumes


class Choice:
    """The image and the model that a run would use now.

    Attributes
    ----------
    cards : tuple of ModelCard
        Every installed model.
    image : Image or None
        The chosen volume as it was read; where None, ``imageProblem`` says why.
    fingerprint : str
        Tells these pixels in this geometry from all others; empty without an image.
    model : ModelCard or None
        The chosen model, or that which automatic choice found; where None, ``modelProblem`` says why, unless there is
        no image to choose it by.
    """

    def __init__(self, logic: RadiomicNetSegmenterLogic) -> None:
        self._logic = logic
        self._read: tuple | None = None  # what the image was read from
        self.image: Image | None = None
        self.model: ModelCard | None = None
        self.fingerprint = self.imageProblem = self.modelProblem = ""
        self.cards: tuple[ModelCard, ...] = ()
        self._cardsProblem = ""
        try:
            self.cards = logic.models()
        except ModelError as error:
            self._cardsProblem = str(error)

    @property
    def problem(self) -> str:
        """Why nothing can be segmented; empty where it can."""
        return self.imageProblem or self.modelProblem

    def update(self, parameters) -> bool:
        """Follow the parameter node; whether the image (node, pixels or geometry) is another than before."""
        changed = self._readAgain(parameters.inputVolume)
        self.model, self.modelProblem = None, self._cardsProblem
        if not self.modelProblem:
            self._findModel(parameters.modelName)
        return changed

    def _readAgain(self, volumeNode) -> bool:
        source = _source(volumeNode)
        if source == self._read:
            return False
        self._read, self.image, self.fingerprint, self.imageProblem = source, None, "", ""
        try:
            self.image = self._logic.readImage(volumeNode)
            self.fingerprint = volumes.fingerprint(volumeNode)
        except ImageError as error:
            self.imageProblem = str(error)
        return True

    def _findModel(self, name: str) -> None:
        if name != AUTOMATIC:
            self.model = next((card for card in self.cards if card.name == name), None)
            if self.model is None:
                self.modelProblem = _("The model {name} is not installed. Choose another one.").format(name=name)
        elif self.image:
            from radiomicnet.images.modality import choose_model

            try:
                self.model = choose_model(self.image, self.cards)
            except RadiomicNetError as error:
                self.modelProblem = str(error)


def _source(volumeNode) -> tuple:
    """What an image was read from; equal as long as reading again would give the same."""
    if volumeNode is None:
        return (None,)
    image = volumeNode.GetImageData()
    matrix = vtk.vtkMatrix4x4()
    volumeNode.GetIJKToRASMatrix(matrix)
    geometry = tuple(matrix.GetElement(row, column) for row in range(3) for column in range(4))
    return volumeNode.GetID(), volumeNode.GetName(), image and image.GetMTime(), geometry
