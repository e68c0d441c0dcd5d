"""One run at a time, from the click to the last row of the table."""

from __future__ import annotations

from collections.abc import Callable

import slicer
from slicer.i18n import tr as _

from radiomicnet.results.result import Prediction, Result

from ..logic import RadiomicNetSegmenterLogic
from ..scene import results
from .job import Channel, Job
from .run import Run


class SegmentationRun(Run):
    """Drives the logic's steps: the computation in a thread, the scene on the main thread.

    Parameters
    ----------
    logic : RadiomicNetSegmenterLogic
    onProgress : callable()
        After every step; ``step`` and ``fraction`` are all that has changed.
    onChanged : callable()
        After outline and maps are in the scene, and after the table is.
    onEnded : callable(error or None)
        After the last of it, also after a cancellation (None).
    """

    def __init__(self, logic: RadiomicNetSegmenterLogic, onProgress: Callable, onChanged: Callable,
                 onEnded: Callable) -> None:
        self._logic = logic
        self._onProgress, self._onChanged, self._onEnded = onProgress, onChanged, onEnded
        self._existedBefore: set[str] = set()
        self._following = False
        self.volumeNode = None
        self.step, self.fraction = "", 0.0  # what is being done, and how far the run has come (0..1)

    def start(self, volumeNode, modelName: str, threshold: float | None, following: bool = False) -> None:
        """Read the image and what was pointed at in it, and begin; returns at once.

        ``following``: whether clicks or a box began it, not the button. Of the runs that follow one another's clicks
        only the last is kept, whatever is to be kept besides.

        Raises
        ------
        radiomicnet.errors.ImageError
            Where the volume cannot be segmented as it is; nothing has begun then.
        """
        image, prompts = self._logic.readImage(volumeNode), self._logic.pointedAt(volumeNode)
        self.volumeNode = volumeNode
        self.step, self.fraction = _("starting"), 0.0
        self._existedBefore = _resultIDs(volumeNode)
        self._following = following

        def work(channel: Channel) -> Result:
            return self._logic.compute(image, modelName, threshold, channel.progress,
                                       lambda prediction: channel.deliver("prediction", prediction), prompts)

        self._job = Job(work, {"progress": self._showProgress, "prediction": self._showPrediction,
                               "done": self._showResult, "failed": self._end, "cancelled": self._end})
        self._job.start()

    def close(self, removeNodes: bool = False) -> None:
        """Stop and wait, calling nothing; ``removeNodes`` takes out what this run has put into the scene."""
        if not self._job:
            return
        self._job.close()
        self._job = None
        if removeNodes:
            for nodeId in _resultIDs(self.volumeNode) - self._existedBefore:
                slicer.mrmlScene.RemoveNode(slicer.mrmlScene.GetNodeByID(nodeId))
        self.volumeNode = None

    def _showProgress(self, step: str, fraction: float) -> None:
        self.step, self.fraction = step, fraction
        self._onProgress()

    def _showPrediction(self, prediction: Prediction) -> None:
        def write() -> None:
            replacing = self._following and results.isFollowing(self.volumeNode)
            self._logic.remember(self.volumeNode, self._logic.getParameterNode().keepEarlier and not replacing)
            self._logic.showPrediction(prediction, self.volumeNode)
            results.setFollowing(self.volumeNode, self._following)

        self._show(write)

    def _showResult(self, result: Result) -> None:
        if self._show(lambda: self._logic.showResult(result, self.volumeNode)):
            self._end()

    def _show(self, write: Callable) -> bool:
        """Write into the scene; what goes wrong there ends the run like what goes wrong in the thread."""
        try:
            write()
            self._onChanged()
            return True
        except Exception as error:
            self._job.cancel()
            self._end(error)
            return False

    def _end(self, error: Exception | None = None) -> None:
        if self._job is None:  # ended already by an error while showing
            return
        self._job.close()
        self._job = None
        self.volumeNode = None
        self._onEnded(error)


def _resultIDs(volumeNode) -> set[str]:
    return {node.GetID() for node in results.findNodes(volumeNode).ofRun}
