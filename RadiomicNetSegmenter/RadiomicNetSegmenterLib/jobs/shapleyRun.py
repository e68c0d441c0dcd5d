"""Shapley values of the result that is shown, in the background."""

from __future__ import annotations

from collections.abc import Callable

from radiomicnet.explain.shapley import Shapley

from ..logic import RadiomicNetSegmenterLogic
from .job import Channel, Job
from .run import Run


class ShapleyRun(Run):
    """One computation at a time; nothing is in the scene before all of it is done.

    Parameters
    ----------
    logic : RadiomicNetSegmenterLogic
    onProgress : callable()
        ``fraction`` is all that has changed.
    onEnded : callable(error or None)
        After the values are in the scene, after a failure and after a cancellation (None).
    """

    def __init__(self, logic: RadiomicNetSegmenterLogic, onProgress: Callable, onEnded: Callable) -> None:
        self._logic, self._onProgress, self._onEnded = logic, onProgress, onEnded
        self._volumeNode = None
        self.fraction = 0.0  # done, 0..1

    def start(self, volumeNode, every: bool) -> None:
        """Begin; returns at once.

        Raises
        ------
        radiomicnet.errors.ImageError
            Where the image has no result; nothing has begun then.
        """
        result = self._logic.resultToExplain(volumeNode)
        self._volumeNode, self.fraction = volumeNode, 0.0

        def work(channel: Channel) -> Shapley:
            return self._logic.computeShapley(result, every, lambda share: channel.progress("", share))

        self._job = Job(work, {"progress": self._showProgress, "done": self._show, "failed": self._end,
                               "cancelled": self._end})
        self._job.start()

    def close(self) -> None:
        """Stop and wait, calling nothing."""
        if self._job:
            self._job.close()
        self._job = self._volumeNode = None

    def _showProgress(self, _step: str, fraction: float) -> None:
        self.fraction = fraction
        self._onProgress()

    def _show(self, made: Shapley) -> None:
        try:
            self._logic.showShapley(made, self._volumeNode)
        except Exception as error:
            self._end(error)
        else:
            self._end()

    def _end(self, error: Exception | None = None) -> None:
        self.close()
        self._onEnded(error)
