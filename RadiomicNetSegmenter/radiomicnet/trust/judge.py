"""Whether to trust one result: all that a card can say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .area import AreaRange, judge_area
from .novelty import Novelty
from .quality import Quality, judge_quality


@dataclass(frozen=True)
class Trust:
    """Each None where the card cannot say it, or where nothing was drawn that it could be said of."""

    novelty: Novelty | None = None
    quality: Quality | None = None
    area: AreaRange | None = None


def judge(fitted: Mapping[str, Any], novelty: Novelty | None, probability: np.ndarray, threshold: float,
          drawn: np.ndarray) -> Trust:
    """Judge an outline by what its model's card holds.

    Parameters
    ----------
    fitted : mapping
        The card's ``trust``.
    novelty : Novelty or None
        Of the whole image, whatever part of it the outline is of.
    probability : numpy.ndarray
        (H, W) calibrated, 0..1.
    threshold : float
        Probability from which a pixel was drawn.
    drawn : numpy.ndarray
        (H, W) bool.
    """
    return Trust(
        novelty,
        judge_quality(probability, drawn, fitted["quality"]) if "quality" in fitted else None,
        judge_area(probability, threshold, drawn, fitted["area"]) if "area" in fitted else None)
