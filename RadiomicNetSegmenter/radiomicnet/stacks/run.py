"""A whole volume: every slice in batches, neighbours agreeing, one segment."""

from __future__ import annotations

import time
import zlib
from dataclasses import dataclass, replace

import numpy as np

from ..clips.clip import Clip
from ..clips.frame import Frame, frame_of
from ..clips.run import BATCH, ClipResult, Progress, predictions
from ..clips.smooth import averaged, neighbourhoods
from ..clips.steady import with_agreement
from ..errors import Cancelled
from ..results.result import Prediction
from ..segmenter import Segmenter
from .agree import Part, connected
from .volume import Volume, acquisition_axis, as_clip, from_slices


@dataclass(frozen=True)
class StackResult:
    """A volume's segment and what was measured slice by slice.

    Attributes
    ----------
    volume : Volume
    axis : str
        "i", "j" or "k": across which the slices lie.
    slices : ClipResult
        The slices as frames, each with its section of the segment, and the area it outlined by itself.
    mask : numpy.ndarray
        (K, J, I) uint8, 0 or 1, on the volume's voxels.
    parts : tuple of Part
        Largest first.
    islands : int
        How many parts were left out.
    """

    volume: Volume
    axis: str
    slices: ClipResult
    mask: np.ndarray
    parts: tuple[Part, ...]
    islands: int

    @property
    def ml(self) -> float | None:
        """Millilitres of the whole segment; None where the volume is not calibrated."""
        voxel = self.volume.voxel_ml
        return None if voxel is None else int(self.mask.sum()) * voxel


class _Gathered:
    """What is needed of every slice once its neighbours are known."""

    def __init__(self, clip: Clip, shape: tuple[int, ...]) -> None:
        self.clip, self.frames = clip, list[Frame]()
        self.agreed, self.peak, self.own = (np.zeros(shape, bool) for _ in range(3))

    def add(self, before: list[Prediction | Exception], answer: Prediction | Exception,
            after: list[Prediction | Exception], peak: float) -> None:
        index = len(self.frames)
        place = self.clip.axis.values[index]
        if not isinstance(answer, Prediction):
            self.frames.append(Frame(index, place, reason=str(answer)))
            return
        weighted = [(2, answer)] + [(1, other) for other in before + after if isinstance(other, Prediction)]
        probability = averaged(answer, weighted).probability
        self.agreed[index] = probability >= answer.threshold
        self.peak[index] = probability >= peak
        self.own[index] = answer.labels > 0
        self.frames.append(frame_of(answer, answer, (answer.labels > 0).astype(np.uint8), index, place))


def segment_stack(segmenter: Segmenter, volume: Volume, axis: str | None = None, threshold: float | None = None,
                  batch: int = BATCH, progress: Progress | None = None) -> StackResult:
    """Segment a volume slice by slice.

    The probabilities of a slice are averaged with its two neighbours' (1/4, 1/2, 1/4), drawn from the threshold on,
    and joined to parts that touch in space; see :func:`radiomicnet.stacks.agree.connected` for those that stay.

    Parameters
    ----------
    segmenter : Segmenter
    volume : Volume
    axis : str, optional
        "i", "j" or "k"; :func:`radiomicnet.stacks.volume.acquisition_axis` by default.
    threshold : float, optional
        As for :meth:`radiomicnet.segmenter.Segmenter.predict`.
    batch : int
        Slices that go through the network together.
    progress : callable, optional
        Called with the number of slices done and to be done. May raise ``Cancelled``: the slices done are kept.
    """
    axis = axis or acquisition_axis(volume)
    clip = as_clip(volume, axis)
    started = time.perf_counter()
    shape = next(np.asarray(array).shape[:2] for array in clip.read([0]))
    gathered = _Gathered(clip, (clip.count, *shape))
    peak = segmenter.card.peak_threshold if threshold is None else 0.0
    try:
        if progress is not None:
            progress(0, clip.count)
        answers = predictions(segmenter, clip.frames(range(clip.count)), threshold, batch)
        for parts in neighbourhoods(answers, 1):
            gathered.add(*parts, peak)
            if progress is not None:
                progress(len(gathered.frames), clip.count)
    except Cancelled:
        pass  # the slices that are done stay
    mask, kept, islands = connected(gathered.agreed, gathered.peak, gathered.own, volume.voxel_ml)
    frames = tuple(_with_section(frame, mask[frame.index], clip) for frame in with_agreement(gathered.frames))
    largest = max((frame for frame in frames if frame.area_pixels), key=lambda frame: frame.area_pixels, default=None)
    result = ClipResult(clip, segmenter.card, frames, clip.count, threshold, 0, largest, time.perf_counter() - started)
    return StackResult(volume, axis, result, np.ascontiguousarray(from_slices(mask, axis)).astype(np.uint8), kept,
                       islands)


def _with_section(frame: Frame, mask: np.ndarray, clip: Clip) -> Frame:
    """The slice with its section of the segment for its own outline, whose area stays beside."""
    if frame.reason:
        return frame
    pixels = int(mask.sum())
    across, down, _ = clip.geometry.spacing
    return replace(frame, packed=zlib.compress(mask.astype(np.uint8).tobytes(), 1), area_pixels=pixels,
                   area_mm2=pixels * across * down if clip.geometry.calibrated else None)
