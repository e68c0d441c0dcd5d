"""Everything the panel does, without a widget: for scripts and for other modules.

A script, in Slicer's Python console or given to ``Slicer --python-script``::

    from RadiomicNetSegmenter import RadiomicNetSegmenterLogic
    logic = RadiomicNetSegmenterLogic()
    volume = logic.sample("RadiomicNetUltrasound")  # or slicer.util.loadVolume(path, {"singleFile": True})
    nodes = logic.segment(volume)  # or, what lies under a point: logic.segment(volume, points=[(-230, -180, 0)])
    print(nodes.segmentation.GetDescription())
    for item in logic.result(volume).contributions.items:
        print(item.rank, item.key, f"{item.share:.1f} %")
    corrected = logic.correct(volume)  # a copy to be edited; the network's own segment stays
    print(f"Dice {logic.change(volume).dice:.3f}")
    logic.export(volume, "results", "case-1")

The computation is the command's own (:mod:`radiomicnet.run`). It is apart from the scene, so that it may run in any
thread: ``readImage`` and ``show`` on the main thread, ``compute`` in any.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from slicer.ScriptedLoadableModule import ScriptedLoadableModuleLogic

from radiomicnet.errors import ImageError, ModelError
from radiomicnet.explain.shapley import Shapley
from radiomicnet.images.image import Image
from radiomicnet.models.card import ModelCard
from radiomicnet.prompts.prompted import Prompts
from radiomicnet.results.result import Prediction, Result

from . import samples
from .files import export, segmentationFile
from .framesLogic import FramesLogic
from .parameters import AUTOMATIC, RadiomicNetSegmenterParameterNode
from .scene import correction, prompts, record, results, volumes
from .scene.history import BeforeRun
from .scene.outline import Redrawing
from .scene.results import ResultNodes
from .segmenters import Segmenters


class RadiomicNetSegmenterLogic(FramesLogic, ScriptedLoadableModuleLogic):
    """Segment a 2-D image with its explanation; see the module's docstring for the steps.

    Attributes
    ----------
    segmenters : Segmenters
        The models in use; ``segmenters.device`` says where they compute.
    """

    def __init__(self) -> None:
        ScriptedLoadableModuleLogic.__init__(self)
        self.segmenters = Segmenters()
        self._before: BeforeRun | None = None
        self._redrawing = Redrawing()

    def getParameterNode(self) -> RadiomicNetSegmenterParameterNode:
        return RadiomicNetSegmenterParameterNode(super().getParameterNode())

    @staticmethod
    def sample(name: str):
        """Load one of the generated images, "RadiomicNetUltrasound" or "RadiomicNetEndoscopy"; its volume node."""
        return samples.load(name)

    @staticmethod
    def models() -> tuple[ModelCard, ...]:
        """Cards of the installed models; their weights are not read, torch is not imported."""
        from radiomicnet.models import store

        return store.available()

    def segment(self, volumeNode, modelName: str = AUTOMATIC, threshold: float | None = None,
                keepEarlier: bool = False, points=None, box=None) -> ResultNodes:
        """Segment a volume and put everything into the scene; blocks until it is done.

        Parameters
        ----------
        volumeNode : vtkMRMLScalarVolumeNode or vtkMRMLVectorVolumeNode
            One slice; grey, RGB or RGBA.
        modelName : str
            A model's name, or "auto" to choose by the image's modality.
        threshold : float, optional
            Probability from which a pixel belongs to a lesion; the model's own where not given.
        keepEarlier : bool
            Whether the results of an earlier run stay in the scene beside the new ones, instead of being replaced.
        points : vtkMRMLMarkupsFiducialNode or sequence of (r, a, s), optional
            Points on lesions, in world coordinates: only what lies under them is outlined, and where nothing does the
            network looks again at a part of the image around the point.
        box : vtkMRMLMarkupsROINode, optional
            Where lesions are searched for; the whole image where not given.

        Raises
        ------
        radiomicnet.errors.RadiomicNetError
            With a sentence for the user; the scene is then as it was.
        """
        image = self.readImage(volumeNode)
        result = self.compute(image, modelName, threshold, prompts=prompts.read(volumeNode, points, box))
        self.remember(volumeNode, keepEarlier)
        return self.show(result, volumeNode)

    @staticmethod
    def readImage(volumeNode) -> Image:
        """Copy the volume's pixels and geometry; main thread only."""
        return volumes.readImage(volumeNode)

    def compute(self, image: Image, modelName: str = AUTOMATIC, threshold: float | None = None,
                progress: Callable[[str, float], None] | None = None,
                onPrediction: Callable[[Prediction], None] | None = None, prompts: Prompts | None = None) -> Result:
        """Predict, explain and check; touches neither the scene nor a widget.

        ``progress(step, fraction)`` is called before every step, ``onPrediction`` as soon as there is an outline;
        either may raise :class:`radiomicnet.errors.Cancelled` to stop.
        """
        from radiomicnet.run import run

        if progress:
            progress("loading the model", 0.0)
        return run(self.segmenters.get(image, modelName), image, threshold, progress, onPrediction, prompts)

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
    def pointedAt(volumeNode) -> Prompts:
        """Clicks and box of the panel on this image, in its pixels; main thread only."""
        return prompts.read(volumeNode, *(prompts.find(kind, volumeNode) for kind in prompts.CLASSES))

    def drawAt(self, volumeNode, threshold: float | None, note: bool = True) -> bool:
        """Draw the outline anew from the stored probability, without asking the network; main thread only.

        Parameters
        ----------
        volumeNode : vtkMRMLScalarVolumeNode
            An image with a result of its present pixels.
        threshold : float or None
            Probability from which a pixel belongs to a lesion, 0..1; None for the model's own rules.
        note : bool
            Whether the result's record follows too, which takes longer; once is enough while a slider moves.

        Returns
        -------
        bool
            False where the scene no longer holds what it takes.
        """
        nodes = results.findNodes(volumeNode)
        drawn = self._redrawing.draw(nodes, volumeNode, threshold) if nodes.segmentation else None
        if drawn and note:
            self._redrawing.note(nodes, drawn)
        return drawn is not None

    @staticmethod
    def result(volumeNode) -> Result | None:
        """The result of an image, read from the scene; None where it is not there as a whole, or of other pixels."""
        nodes = results.findNodes(volumeNode)
        current = nodes.segmentation is not None and nodes.fingerprint == volumes.fingerprint(volumeNode)
        return record.readResult(nodes, volumeNode) if current else None

    # Explaining a second way

    def shapley(self, volumeNode, every: bool = False) -> Shapley:
        """Shapley values beside the contributions of an image's result; blocks until they are in the scene.

        Parameters
        ----------
        volumeNode : vtkMRMLScalarVolumeNode
            An image with a whole result.
        every : bool
            Whether to ask about all 8,192 combinations of features, which takes minutes, instead of sampled ones.

        Raises
        ------
        radiomicnet.errors.RadiomicNetError
            Where there is no result, or where its model is no longer there.
        """
        made = self.computeShapley(self.resultToExplain(volumeNode), every)
        self.showShapley(made, volumeNode)
        return made

    def resultToExplain(self, volumeNode) -> Result:
        """The whole result; raises ImageError where there is none. Main thread only."""
        result = self.result(volumeNode)
        if result is None:
            raise ImageError("This image has no result as a whole to explain.", "Segment it first.")
        return result

    def computeShapley(self, result: Result, every: bool = False,
                       progress: Callable[[float], None] | None = None) -> Shapley:
        """As :meth:`shapley`; touches neither the scene nor a widget. ``progress`` is told the share done, 0..1."""
        prediction = result.prediction
        segmenter = self.segmenters.get(prediction.image, prediction.card.name)
        if segmenter.card.weights_sha256 != prediction.card.weights_sha256:
            raise ModelError("The model has changed since this image was segmented.", "Segment it again.")
        return segmenter.shapley(prediction.seen, every, progress=progress)

    @staticmethod
    def showShapley(made: Shapley, volumeNode) -> None:
        """Into the record of the result, with which they are saved and exported; main thread only."""
        record.writeShapley(results.findNodes(volumeNode).record, made)

    # Undoing

    def remember(self, volumeNode, keepEarlier: bool = False) -> None:
        """Note what the image's results are, before a run writes its own; main thread only."""
        self._before = BeforeRun(volumeNode, keepEarlier)

    def forget(self) -> None:
        """Let go of what was remembered, for when the scene is closed."""
        self._before = None
        self._redrawing.forget()

    def canUndo(self, volumeNode) -> bool:
        """Whether the last run was on this image and has not been undone."""
        return self._before is not None and self._before.concerns(volumeNode)

    def undo(self, volumeNode) -> ResultNodes:
        """Take the last run back; the results of the one before are there again, or none."""
        before, self._before = self._before, None
        return before.undo(volumeNode)

    # Correcting

    @staticmethod
    def correct(volumeNode):
        """The segmentation node to be edited: a copy of the network's, made at the first call, tied to the image."""
        return correction.begin(volumeNode).corrected

    @staticmethod
    def change(volumeNode) -> correction.Change:
        """What a person changed: Dice with the network's segment, areas."""
        return correction.change(results.findNodes(volumeNode), volumeNode)

    # Exporting

    @staticmethod
    def export(volumeNode, folder: str | Path, name: str, contents: Collection[str] = export.CONTENTS,
               overwrite: bool = False) -> tuple[Path, ...]:
        """Write what was found in an image; see :func:`RadiomicNetSegmenterLib.files.export.export`."""
        return export.export(volumeNode, folder, name, contents, overwrite)

    @staticmethod
    def exportSegmentation(segmentationNode, path: str | Path, overwrite: bool = False) -> Path:
        """Write one segmentation as .seg.nrrd; see :mod:`RadiomicNetSegmenterLib.files.segmentationFile`."""
        return segmentationFile.exportSegmentation(segmentationNode, path, overwrite)
