"""What a card says of trust, fitted on training images and on answers to held-out ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..evaluation.metrics import dice
from ..explain.groups import fit_groups
from ..explain.usual import fit_usual
from ..features.catalogue import KEYS
from ..features.extract import extract
from ..images.read import read_image
from ..measure.lesions import connected_regions, reaching
from ..regions.icc import to_json
from ..trust.area import fit_area, margin_needed, size_of
from ..trust.novelty import fit_novelty
from ..trust.quality import expected_dice, fit_quality
from .data import Row, Sample
from .decide import Decision
from .heldout import HeldOut
from .repeatability import repeatability

if TYPE_CHECKING:
    from ..segmenter import Segmenter

# Fewer groups of images say nothing of others.
FEWEST_GROUPS = 20
# Outlines are moved on so many training images; the interval of an intraclass correlation is narrow by then.
MOVED_OUTLINES = 120
JITTERS = 4
# So many training images are explained; a twentieth of them are enough to tell where a range ends.
EXPLAINED = 200


def fit_trust(segmenter: Segmenter, training: Sequence[Sample], validation: Sequence[Sample],
              answers: Sequence[HeldOut], decision: Decision) -> dict[str, Any]:
    """All parts of a card's trust that there are images enough for.

    Parameters
    ----------
    segmenter : Segmenter
        The trained model, drawing by the decision.
    training, validation : sequences of Sample
        What it was trained on, and what nothing is fitted on here; the latter may be empty.
    answers : sequence of HeldOut
    decision : Decision
        Temperature and thresholds with which the answers are drawn.
    """
    fitted = _fit_outlines(answers, decision)
    groups = [sample.row.group for sample in training]
    if len(set(groups)) >= FEWEST_GROUPS:
        traits = _traits(segmenter, training)
        outlined = evenly([sample.row for sample in training if sample.truth.any()])
        fitted |= {"novelty": fit_novelty(traits, groups, _traits(segmenter, validation)),
                   "groups": fit_groups(traits[:, : len(KEYS)]),
                   "repeatability": _rounded(to_json(repeatability(outlined, JITTERS)))}
        if ranges := usual_contributions(segmenter, [sample.row for sample in training]):
            fitted["contributions"] = ranges
    return fitted


def usual_contributions(segmenter: Segmenter, rows: Sequence[Row]) -> dict[str, Any] | None:
    """Ranges of contributions over at most :data:`EXPLAINED` of the images; None where too few show an outline."""
    images = (read_image(row.image) for row in evenly(rows, EXPLAINED))
    return fit_usual(segmenter.explain(segmenter.predict(image)) for image in images)


def evenly(items: Sequence[Any], count: int = MOVED_OUTLINES) -> list[Any]:
    """At most that many of the items, spread evenly over them."""
    return [items[round(place)] for place in np.linspace(0, len(items) - 1, min(count, len(items)))]


def _traits(segmenter: Segmenter, samples: Sequence[Sample]) -> np.ndarray:
    """(n, 13 + 24) of :meth:`Segmenter.traits`."""
    return np.array([segmenter.traits(sample.grid, extract(sample.grid.grey, sample.grid.mask)) for sample in samples])


def _fit_outlines(answers: Sequence[HeldOut], decision: Decision) -> dict[str, Any]:
    """Area, and quality where there are enough groups, from lesions of which something was drawn."""
    expected, reached, margins, sizes, groups = [], [], [], [], []
    for item in answers:
        logits = item.logits.astype(np.float32) / decision.temperature
        probability = 1 / (1 + np.exp(-logits))
        drawn = connected_regions(reaching(probability, decision.threshold, decision.peak_threshold)) > 0
        if not (item.truth.any() and drawn.any()) or item.presence < decision.presence_threshold:
            continue  # the product draws nothing either
        expected.append(expected_dice(probability, drawn))
        reached.append(dice(drawn, item.truth))
        margins.append(margin_needed(logits, decision.threshold, int(item.truth.sum())))
        sizes.append(size_of(drawn))
        groups.append(item.group)
    fitted: dict[str, Any] = {"area": fit_area(margins, sizes)}
    if len(set(groups)) >= FEWEST_GROUPS:
        fitted["quality"] = fit_quality(expected, reached, groups)
    return fitted


def _rounded(features: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {key: {name: round(value, 4) if isinstance(value, float) else value for name, value in item.items()}
            for key, item in features.items()}
