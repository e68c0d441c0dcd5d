"""Whether to trust one result: all that a card can say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .area import AreaRange, judge_area
from .novelty import Novelty, judge_novelty
from .quality import Quality, judge_quality


@dataclass(frozen=True)
class Trust:
    """Each None where the card cannot say it, or where nothing was drawn that it could be said of."""

    novelty: Novelty | None = None
    quality: Quality | None = None
    area: AreaRange | None = None


def judge(fitted: Mapping[str, Any], features: np.ndarray, probability: np.ndarray, threshold: float,
          drawn: np.ndarray) -> Trust:
    """Judge an outline by what its model's card holds.

    Parameters
    ----------
    fitted : mapping
        The card's ``trust``.
    features : numpy.ndarray
        (13,) standardised features of the whole scan.
    probability : numpy.ndarray
        (H, W) calibrated, 0..1.
    threshold : float
        Probability from which a pixel was drawn.
    drawn : numpy.ndarray
        (H, W) bool.
    """
    return Trust(
        judge_novelty(features, fitted["novelty"]) if "novelty" in fitted else None,
        judge_quality(probability, drawn, fitted["quality"]) if "quality" in fitted else None,
        judge_area(probability, threshold, drawn, fitted["area"]) if "area" in fitted else None)
