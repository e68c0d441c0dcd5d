"""What a card says of trust, fitted on answers to held-out images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..evaluation.metrics import dice
from ..measure.lesions import connected_regions, reaching
from .area import fit_area, margin_needed
from .novelty import fit_novelty
from .quality import expected_dice, fit_quality

if TYPE_CHECKING:
    from ..training.decide import Decision
    from ..training.heldout import HeldOut


# From fewer groups of images no curve is drawn.
FEWEST_GROUPS = 20


def fit_trust(training: np.ndarray, answers: Sequence[HeldOut], decision: Decision) -> dict[str, Any]:
    """Novelty, quality and area of a card.

    Parameters
    ----------
    training : numpy.ndarray
        (n, 13) standardised features of the training images.
    answers : sequence of HeldOut
    decision : Decision
        Temperature and thresholds with which the answers are drawn.
    """
    seen = np.stack([item.features[:13, 0, 0].astype(float) for item in answers])
    expected, reached, margins, groups = [], [], [], []
    for item in answers:
        logits = item.logits.astype(np.float32) / decision.temperature
        probability = 1 / (1 + np.exp(-logits))
        drawn = connected_regions(reaching(probability, decision.threshold, decision.peak_threshold)) > 0
        if not (item.truth.any() and drawn.any()):
            continue
        expected.append(expected_dice(probability, drawn))
        reached.append(dice(drawn, item.truth))
        margins.append(margin_needed(logits, decision.threshold, int(item.truth.sum())))
        groups.append(item.group)
    fitted = {"novelty": fit_novelty(training, seen), "area": fit_area(margins)}
    if len(set(groups)) >= FEWEST_GROUPS:
        fitted["quality"] = fit_quality(expected, reached, groups)
    return fitted
