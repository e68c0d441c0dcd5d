"""Which frame to measure in: the one whose outline holds still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .frame import Frame

# Frames to either side that an outline is compared with.
REACH = 2


def with_agreement(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """The frames with the mean Dice of each outline with those up to :data:`REACH` frames before and after it.

    Two frames of nothing agree. A frame that could not be segmented has no agreement and is compared with none.
    """
    seen = [place for place, frame in enumerate(frames) if not frame.reason]
    masks: dict[int, np.ndarray] = {}
    pairs: dict[tuple[int, int], float] = {}
    for later in seen:
        masks[later] = frames[later].labels > 0
        masks = {place: mask for place, mask in masks.items() if place >= later - REACH}
        for earlier, mask in masks.items():
            if earlier != later and mask.shape == masks[later].shape:
                pairs[earlier, later] = dice(mask, masks[later])
    made = list(frames)
    for place in seen:
        values = [value for pair, value in pairs.items() if place in pair]
        made[place] = replace(frames[place], agreement=float(np.mean(values)) if values else None)
    return tuple(made)


def dice(a: np.ndarray, b: np.ndarray) -> float:
    """Overlap of two bool masks, 0..1; 1 where both are empty."""
    total = int(a.sum()) + int(b.sum())
    return 2 * int((a & b).sum()) / total if total else 1.0


def score(frame: Frame) -> float:
    """Agreement times certainty (1 - uncertainty), 0..1."""
    return (frame.agreement or 0.0) * (1 - (frame.uncertainty or 0.0))


def steadiest(frames: Sequence[Frame]) -> Frame | None:
    """The frame with an outline whose score is the highest, the first of equals.

    Frames unlike the training images are chosen from only where there are no others. None where nothing was outlined
    or no two frames could be compared.
    """
    outlined = [frame for frame in frames if frame.area_pixels and frame.agreement is not None]
    candidates = [frame for frame in outlined if frame.in_range] or outlined
    return max(candidates, key=score, default=None)
