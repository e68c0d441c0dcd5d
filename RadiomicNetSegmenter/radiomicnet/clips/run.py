"""A whole clip: every frame in batches, stoppable with what is done kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ..errors import Cancelled, ImageError
from ..images.image import Image
from ..models.card import ModelCard
from ..results.result import Prediction
from ..segmenter import Segmenter
from .clip import Clip
from .frame import Frame, frame_of, judged_again
from .smooth import Answer, smoothed
from .steady import steadiest, with_agreement
from .tracks import Tracks

BATCH = 8
KEEP_EVERY = 60.0  # seconds
KEEP_SHARE = 10  # times as long as keeping takes, goes by at least until the next time

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ClipResult:
    """A clip's outlines and measures.

    Attributes
    ----------
    clip : Clip
    card : ModelCard
    frames : tuple of Frame
        Those that were done, in their order.
    asked : int
        How many frames were to be done; more than there are where the run was stopped.
    threshold : float or None
        What was asked for; None for the model's own.
    smoothing : int
        Frames to either side that were averaged with each; 0 where each frame's outline is its own.
    steadiest : Frame or None
    seconds : float
    """

    clip: Clip
    card: ModelCard
    frames: tuple[Frame, ...]
    asked: int
    threshold: float | None
    smoothing: int
    steadiest: Frame | None
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether every frame that was asked for was done."""
        return len(self.frames) == self.asked


def segment_clip(segmenter: Segmenter, clip: Clip, indices: Sequence[int] | None = None,
                 threshold: float | None = None, smoothing: int = 0, batch: int = BATCH,
                 progress: Progress | None = None, keep: Callable[[ClipResult], None] | None = None) -> ClipResult:
    """Segment a clip's frames.

    Parameters
    ----------
    segmenter : Segmenter
    clip : Clip
    indices : sequence of int, optional
        Frames, from 0 on and increasing; all by default.
    threshold : float, optional
        As for :meth:`radiomicnet.segmenter.Segmenter.predict`.
    smoothing : int
        Frames to either side whose probabilities are averaged with each frame's. With 0 every outline is exactly that
        of its frame alone.
    batch : int
        Frames that go through the network together.
    progress : callable, optional
        Called with the number of frames done and to be done. May raise ``Cancelled``: then what is done is kept and
        returned.
    keep : callable, optional
        Called about once a minute with the result so far, to be stored in case that the program is ended at once.
    """
    indices = range(clip.count) if indices is None else indices
    started = time.perf_counter()
    frames: list[Frame] = []

    def so_far() -> ClipResult:
        made = with_agreement(frames)
        return ClipResult(clip, segmenter.card, made, len(indices), threshold, smoothing, steadiest(made),
                          time.perf_counter() - started)

    kept, cost = started, 0.0
    try:
        if progress is not None:
            progress(0, len(indices))
        for frame in segment_frames(segmenter, clip, indices, threshold, smoothing, batch):
            frames.append(frame)
            now = time.perf_counter()
            if keep is not None and now - kept > max(KEEP_EVERY, KEEP_SHARE * cost):
                keep(so_far())
                kept = time.perf_counter()
                cost = kept - now
            if progress is not None:
                progress(len(frames), len(indices))
    except Cancelled:
        pass  # the frames that are done stay
    return so_far()


def segment_frames(segmenter: Segmenter, clip: Clip, indices: Sequence[int], threshold: float | None, smoothing: int,
                   batch: int = BATCH) -> Iterator[Frame]:
    """The frames one after another, as soon as each is done; without agreement."""
    tracks = Tracks()
    answers = predictions(segmenter, clip.frames(indices), threshold, batch)
    for index, (shown, own) in zip(indices, smoothed(answers, smoothing, threshold)):
        place = clip.axis.values[index]
        if isinstance(shown, Prediction) and isinstance(own, Prediction):
            if smoothing:
                shown = judged_again(segmenter, shown)
            yield frame_of(shown, own, tracks.number(shown.labels), index, place)
        else:
            yield Frame(index, place, reason=str(own))


def predictions(segmenter: Segmenter, images: Iterator[Image | ImageError], threshold: float | None,
                batch: int = BATCH) -> Iterator[Answer]:
    """Each image's answer, or the reason why there is none, batch by batch."""
    while group := list(islice(images, batch)):
        answers = iter(segmenter.predict_batch([image for image in group if isinstance(image, Image)], threshold))
        yield from (next(answers) if isinstance(image, Image) else image for image in group)
