"""Everything the module does, without a widget: for scripts, for other modules, for the panel.

The computation is the command's own (:mod:`radiomicnet.run`). It is apart from the scene, so that it may run in any
thread::

    logic = RadiomicNetSegmenterLogic()
    nodes = logic.segment(volumeNode)                                 # or in three steps:
    image = logic.readImage(volumeNode)                               # main thread
    result = logic.compute(image, modelName="breast-ultrasound")      # any thread
    nodes = logic.show(result, volumeNode)                            # main thread
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from slicer.ScriptedLoadableModule import ScriptedLoadableModuleLogic

from radiomicnet.images.image import Image
from radiomicnet.models.card import ModelCard
from radiomicnet.results.result import Prediction, Result

from .files import segmentationFile
from .parameters import AUTOMATIC, RadiomicNetSegmenterParameterNode
from .scene import results, volumes
from .scene.results import ResultNodes


class RadiomicNetSegmenterLogic(ScriptedLoadableModuleLogic):
    """Segment a 2-D image with its explanation; see the module's docstring for the steps."""

    def __init__(self) -> None:
        ScriptedLoadableModuleLogic.__init__(self)
        self._segmenters: dict = {}  # by model name; a model is read from disk once

    def getParameterNode(self) -> RadiomicNetSegmenterParameterNode:
        return RadiomicNetSegmenterParameterNode(super().getParameterNode())

    @staticmethod
    def models() -> tuple[ModelCard, ...]:
        """Cards of the installed models; their weights are not read, torch is not imported."""
        from radiomicnet.models import store

        return store.available()

    def segment(self, volumeNode, modelName: str = AUTOMATIC, threshold: float | None = None) -> ResultNodes:
        """Segment a volume and put everything into the scene; blocks until it is done.

        Parameters
        ----------
        volumeNode : vtkMRMLScalarVolumeNode or vtkMRMLVectorVolumeNode
            One slice; grey, RGB or RGBA.
        modelName : str
            A model's name, or "auto" to choose by the image's modality.
        threshold : float, optional
            Probability from which a pixel belongs to a lesion; the model's own where not given.

        Raises
        ------
        radiomicnet.errors.RadiomicNetError
            With a sentence for the user; the scene is then as it was.
        """
        return self.show(self.compute(self.readImage(volumeNode), modelName, threshold), volumeNode)

    @staticmethod
    def readImage(volumeNode) -> Image:
        """Copy the volume's pixels and geometry; main thread only."""
        return volumes.readImage(volumeNode)

    def compute(self, image: Image, modelName: str = AUTOMATIC, threshold: float | None = None,
                progress: Callable[[str, float], None] | None = None,
                onPrediction: Callable[[Prediction], None] | None = None) -> Result:
        """Predict, explain and check; touches neither the scene nor a widget.

        ``progress(step, fraction)`` is called before every step, ``onPrediction`` as soon as there is an outline;
        either may raise :class:`radiomicnet.errors.Cancelled` to stop.
        """
        from radiomicnet.run import run

        if progress:
            progress("loading the model", 0.0)
        return run(self._segmenter(image, modelName), image, threshold, progress, onPrediction)

    @staticmethod
    def showPrediction(prediction: Prediction, volumeNode) -> ResultNodes:
        """Outline and maps into the scene; main thread only."""
        return results.showPrediction(prediction, volumeNode)

    @staticmethod
    def showResult(result: Result, volumeNode) -> ResultNodes:
        """The ranked table into the scene, once its prediction is shown; main thread only."""
        return results.showResult(result, volumeNode)

    def show(self, result: Result, volumeNode) -> ResultNodes:
        """Everything into the scene; main thread only."""
        self.showPrediction(result.prediction, volumeNode)
        return self.showResult(result, volumeNode)

    @staticmethod
    def exportSegmentation(segmentationNode, path: str | Path, overwrite: bool = False) -> Path:
        """Write a segmentation as .seg.nrrd; see :mod:`RadiomicNetSegmenterLib.files.segmentationFile`."""
        return segmentationFile.exportSegmentation(segmentationNode, path, overwrite)

    def _segmenter(self, image: Image, modelName: str):
        from radiomicnet.images.modality import choose_model
        from radiomicnet.models import store
        from radiomicnet.segmenter import Segmenter

        name = choose_model(image, store.available()).name if modelName == AUTOMATIC else modelName
        if name not in self._segmenters:
            self._segmenters[name] = Segmenter(store.load(name))
        return self._segmenters[name]
