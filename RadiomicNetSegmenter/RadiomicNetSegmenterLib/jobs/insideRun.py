"""The features inside the segment, computed again whenever it was edited."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from slicer.i18n import tr as _

from radiomicnet.images.image import Image
from radiomicnet.prompts.box import Box, crop

from ..scene import held, prompts, table
from ..scene.edits import SegmentationWatch
from ..scene.masks import segmentMasks
from .job import Channel, Job


class InsideRun:
    """Keeps the column of a feature table that tells the values inside the segment.

    Parameters
    ----------
    onChanged : callable()
        After the table was changed.
    """

    def __init__(self, onChanged: Callable[[], None]) -> None:
        self._onChanged = onChanged
        self._watch = SegmentationWatch(self._begin)
        self._job: Job | None = None
        self._again = False  # edited while the last values were being computed
        self._state = None
        self._followed: tuple = ()

    def follow(self, state) -> None:
        """Measure in the segmentation that counts, and in the segment that is selected there, if one is."""
        self._state = state
        segmentation = state.nodes.valid
        ready = segmentation and table.columns(state.nodes.table) and not state.run.active and held.inputSize(
            state.nodes)
        if not ready:
            self.close()
            return
        self._watch.follow(segmentation)
        followed = (segmentation.GetID(), state.nodes.table.GetMTime(), state.parameters.selectedSegment,
                    state.choice.fingerprint)
        if followed != self._followed:
            self._begin()

    def close(self) -> None:
        """Stop, wait for the thread, and forget every node."""
        self._watch.drop()
        if self._job:
            self._job.close()
        self._job, self._again, self._state, self._followed = None, False, None, ()

    def _begin(self) -> None:
        if self._job:
            self._again = True
            return
        state = self._state
        self._remember()
        mask, name = _region(state)
        image, inputSize = state.choice.image, held.inputSize(state.nodes)
        part = prompts.lookedAt(state.nodes)
        if part:  # the network's values are of this part
            image, mask = crop(image, Box(**part)), mask[Box(**part).slices]
        self._job = Job(lambda channel: _measure(channel, image, mask, inputSize),
                        {"done": lambda inside: self._end(inside, name), "failed": self._fail})
        self._job.start()

    def _remember(self) -> None:
        state = self._state
        self._followed = (state.nodes.valid.GetID(), state.nodes.table.GetMTime(), state.parameters.selectedSegment,
                          state.choice.fingerprint)

    def _end(self, inside, name: str) -> None:
        said = inside.reason or _("Segment: {name}, by {program}, on the network's pixels.").format(
            name=name, program=inside.program)
        self._finish(inside.values, said)

    def _fail(self, error: Exception) -> None:
        self._finish({}, _("Inside the segment nothing could be computed ({error}).").format(error=error))

    def _finish(self, values: dict[str, float], said: str) -> None:
        self._job.close()
        self._job = None
        if self._again:
            self._again = False
            self._begin()
            return
        table.writeInside(self._state.nodes.table, values, said)
        self._remember()
        self._onChanged()


def _measure(_channel: Channel, image: Image, mask: np.ndarray, inputSize: int):
    """In the thread."""
    from radiomicnet.regions.beside import beside_whole

    return beside_whole(image, mask, inputSize)


def _region(state) -> tuple[np.ndarray, str]:
    """The selected segment, or all of them together, with what to call it."""
    masks = segmentMasks(state.nodes.valid, state.parameters.inputVolume)
    segments = state.nodes.valid.GetSegmentation()
    selected = state.parameters.selectedSegment
    if selected not in masks and len(masks) == 1:
        selected = next(iter(masks))
    if selected in masks:
        return masks[selected], segments.GetSegment(selected).GetName()
    nothing = np.zeros(state.choice.image.shape, bool)
    return (np.logical_or.reduce([nothing, *masks.values()]),
            _("all {count} segments together").format(count=len(masks)))
