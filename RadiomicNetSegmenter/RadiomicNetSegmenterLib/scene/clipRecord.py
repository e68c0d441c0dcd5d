"""What a run over a clip's frames or a volume's slices found, as text in the scene; outlines are other nodes.

With it a saved scene knows each frame's measures to the last digit, and a second run adds its frames to the first.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from radiomicnet.clips.frame import Frame
from radiomicnet.clips.steady import steadiest, with_agreement

from .packing import pack, unpack

FORMAT = "radiomicnet-clip-scene-1"


@dataclass(frozen=True)
class ClipRecord:
    """One clip's or volume's result.

    Attributes
    ----------
    model, title, weights : str
        Name and title of the model, SHA-256 of its weights.
    threshold : float or None
        What was asked for; None for the model's own.
    smoothing : int
        Frames to either side that were averaged with each.
    axis, unit : str
        What frames or slices are counted by.
    count : int
        How many there are, whether they were segmented or not.
    frames : tuple of Frame
        Those that were, in their order.
    said : tuple of str
        Sentences of the run, on a volume.
    spot : tuple of float or None
        Column, row and slice in the middle of a volume's largest section.
    """

    model: str
    title: str
    weights: str
    threshold: float | None
    smoothing: int
    axis: str
    unit: str
    count: int
    frames: tuple[Frame, ...]
    said: tuple[str, ...] = ()
    spot: tuple[float, float, float] | None = None

    @property
    def calibrated(self) -> bool:
        """Whether areas are known in mm²."""
        return any(frame.area_mm2 is not None for frame in self.frames)

    @property
    def steadiest(self) -> Frame | None:
        """The frame to measure in."""
        return steadiest(self.frames)

    @property
    def largest(self) -> Frame | None:
        """The frame, or slice, with the largest area."""
        return max((frame for frame in self.frames if frame.area_pixels), key=lambda frame: frame.area_pixels,
                   default=None)

    def frame(self, index: int) -> Frame | None:
        """What was found in a frame, from 0 on; None where it was not segmented."""
        return next((frame for frame in self.frames if frame.index == index), None)


def recordOf(result) -> ClipRecord:
    """Of a :class:`radiomicnet.clips.run.ClipResult`."""
    card, axis = result.card, result.clip.axis
    return ClipRecord(card.name, card.title, card.weights_sha256, result.threshold, result.smoothing, axis.name,
                      axis.unit, result.clip.count, result.frames)


def joined(earlier: ClipRecord | None, later: ClipRecord) -> ClipRecord:
    """A run with the frames of an earlier one that it did not do itself, where both were made in the same way."""
    if earlier is None or not later.frames or _made(earlier) != _made(later):
        return later
    frames = {frame.index: frame for frame in (*earlier.frames, *later.frames)}
    if len(frames) == len(later.frames):
        return later
    blocks: list[list[Frame]] = []
    for index in sorted(frames):  # only frames that follow each other are compared with each other
        if not blocks or blocks[-1][-1].index != index - 1:
            blocks.append([])
        blocks[-1].append(frames[index])
    return replace(later, frames=tuple(frame for block in blocks for frame in with_agreement(block)))


def write(node, record: ClipRecord) -> None:
    """Fill a text node."""
    node.SetText(json.dumps({"format": FORMAT, "record": pack(record)}, ensure_ascii=False))


def read(node) -> ClipRecord | None:
    """What a text node holds; None where there is none, or one that another version wrote. Read once as long as the
    node stays as it is."""
    if node is None:
        return None
    key = node.GetID(), node.GetMTime()
    if _last[0] != key:
        _last[:] = key, _read(node.GetText())
    return _last[1]


_last: list = [None, None]  # node and time, and the record


def _read(text: str | None) -> ClipRecord | None:
    try:
        held = json.loads(text or "{}")
        return unpack(ClipRecord, held["record"]) if held.get("format") == FORMAT else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _made(record: ClipRecord) -> tuple:
    return record.weights, record.threshold, record.smoothing, record.count, record.axis, record.unit
