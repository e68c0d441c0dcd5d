"""A run over the frames of a clip, or the slices of a volume: in the background; stopping it keeps what is done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from radiomicnet.errors import Cancelled

from ..logic import RadiomicNetSegmenterLogic
from ..scene import clipResult, clips, volumes
from .frameFeed import FRAMES, FrameFeed, answering
from .job import PROGRESS, Channel, Job
from .run import Run


class FramesRun(Run):
    """Drives the logic's steps: the computation in a thread; frames out of the scene and results into it here.

    Nothing is written before the end, and then all of it, so a run that is broken off leaves the scene as it was.

    Parameters
    ----------
    logic : RadiomicNetSegmenterLogic
    onProgress : callable()
        After every frame; ``done``, ``total`` and ``secondsLeft`` are all that has changed.
    onEnded : callable(error or None)
        After the last of it, when the result is in the scene; also where the run was stopped before its first frame.
    """

    def __init__(self, logic: RadiomicNetSegmenterLogic, onProgress: Callable, onEnded: Callable) -> None:
        self._logic, self._onProgress, self._onEnded = logic, onProgress, onEnded
        self._stop = threading.Event()
        self._began: float | None = None  # when the first frame was worked on
        self._nodeIDs: tuple[str, ...] = ()  # without which there is nothing to write to
        self.volumeNode = None
        self.ofClip = False  # or of a volume's slices
        self.done = self.total = 0

    @property
    def stopping(self) -> bool:
        return self.active and self._stop.is_set()

    @property
    def secondsLeft(self) -> float | None:
        """How long the rest will take if it goes on as it did; None before the first frame is done."""
        if self._began is None or not self.done:
            return None
        return (time.monotonic() - self._began) / self.done * (self.total - self.done)

    def start(self, volumeNode, modelName: str, threshold: float | None, indices: Sequence[int] | None = None,
              smoothing: int = 0) -> None:
        """Begin; returns at once.

        Parameters
        ----------
        volumeNode : vtkMRMLScalarVolumeNode
            What a sequence browser shows, or a volume of several slices.
        modelName : str
        threshold : float or None
        indices : sequence of int, optional
            Frames of the clip from 0 on; all by default. A volume is always segmented as a whole.
        smoothing : int
            Frames to either side that are averaged with each.

        Raises
        ------
        radiomicnet.errors.ImageError
            Where the volume cannot be segmented as it is; nothing has begun then.
        """
        self._stop.clear()
        self.ofClip = clips.isClip(volumeNode)
        work, handlers = (self._clipWork(volumeNode, modelName, threshold, indices, smoothing) if self.ofClip
                          else self._stackWork(volumeNode, modelName, threshold))
        needed = (volumeNode, volumes.browserOf(volumeNode), volumes.sequenceOf(volumeNode))
        self._nodeIDs = tuple(node.GetID() for node in needed if node)
        self.volumeNode, self._began, self.done, self.total = volumeNode, None, 0, 0
        self._job = Job(work, {**handlers, PROGRESS: self._showProgress, "failed": self._end, "cancelled": self._end})
        self._job.start()

    def cancel(self) -> None:
        """Ask to stop after the frame that is being done; those done by then are kept."""
        self._stop.set()

    def needs(self, node) -> bool:
        """Whether a run goes on that would have nothing to write to without this node."""
        return self.active and node.GetID() in self._nodeIDs

    def close(self) -> None:
        """Stop and wait, writing nothing and calling nothing."""
        if self._job:
            self._stop.set()
            self._job.close()
            self._forget()

    def _clipWork(self, volumeNode, modelName, threshold, indices, smoothing) -> tuple[Callable, dict[str, Callable]]:
        """What the thread does, and what the main thread does for it."""
        sequence, clip = volumes.sequenceOf(volumeNode), self._logic.readClip(volumeNode)

        def work(channel: Channel):
            def check() -> None:
                channel.check()
                self._look()

            fed = replace(clip, read=FrameFeed(channel, check).read)
            return self._logic.computeClip(fed, modelName, threshold, indices, smoothing, self._progress(channel))

        return work, {FRAMES: answering(lambda index: clips.readFrame(sequence, index)),
                      "done": lambda result: self._write(result.frames, self._logic.showClip, result)}

    def _stackWork(self, volumeNode, modelName, threshold) -> tuple[Callable, dict[str, Callable]]:
        volume = self._logic.readVolume(volumeNode)

        def work(channel: Channel):
            return self._logic.computeStack(volume, modelName, threshold, self._progress(channel))

        return work, {"done": lambda result: self._write(result.slices.frames, self._logic.showStack, result)}

    def _progress(self, channel: Channel) -> Callable[[int, int], None]:
        """In the thread, after every frame; stops it there."""
        def progress(done: int, total: int) -> None:
            self._look()
            channel.deliver(PROGRESS, done, total)

        return progress

    def _look(self) -> None:
        if self._stop.is_set():
            raise Cancelled

    def _showProgress(self, done: int, total: int) -> None:
        if self._began is None:
            self._began = time.monotonic()
        self.done, self.total = done, total
        self._onProgress()

    def _write(self, frames, show: Callable, result) -> None:
        """Write into the scene; what goes wrong there ends the run like what goes wrong in the thread, and where there
        was no result before there is none then."""
        error, earlier = None, clipResult.find(self.volumeNode).segmentation
        if frames:
            try:
                show(result, self.volumeNode)
            except Exception as failure:
                error = failure
                if not earlier:
                    clipResult.remove(self.volumeNode)
        self._end(error)

    def _end(self, error: Exception | None = None) -> None:
        self._job.close()
        self._forget()
        self._onEnded(error)

    def _forget(self) -> None:
        self._job = self.volumeNode = None
        self._nodeIDs = ()
