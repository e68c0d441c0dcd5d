"""Between which values a feature's contribution usually lies, so that one image's can be read beside others'.

Contributions are taken against a picture whose every tile is average, which is no image's. Part of each is therefore
the same on most images, and its sign alone says little; that it is another than usual says more. What is usual is a
trait of the single model: two trainings of one recipe may lean on features in opposite ways. So it is measured on the
very model, over images of its own training.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..features.catalogue import KEYS
from ..results.result import Contributions, Prediction

# Share of images whose contribution lies in the range of a feature; texts call it nine in ten.
COVERAGE = 0.9
# Fewer images say nothing of the ends of a range.
FEWEST_IMAGES = 100
# Of contributions over what was drawn; where nothing was, they are over other pixels.
DRAWN = "predicted"

Range = tuple[float, float]


def fit_usual(explained: Iterable[Contributions]) -> dict[str, Any] | None:
    """The ranges as a model's card holds them.

    Parameters
    ----------
    explained : iterable of Contributions
        Of one model, on whole images by its own thresholds; those over a drawn outline count.

    Returns
    -------
    dict or None
        ``low`` and ``high`` by feature key in logits, and ``n``; None where there are fewer than
        :data:`FEWEST_IMAGES`.
    """
    told = [{item.key: item.contribution for item in each.items} for each in explained if each.region == DRAWN]
    if len(told) < FEWEST_IMAGES:
        return None
    values = np.array([[each[key] for key in KEYS] for each in told])
    ends = np.quantile(values, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2], axis=0).round(4).tolist()
    return {"low": dict(zip(KEYS, ends[0])), "high": dict(zip(KEYS, ends[1])), "n": len(told)}


def usual(contributions: Contributions, prediction: Prediction) -> dict[str, Range]:
    """Each feature's range, by key, for contributions such as these.

    Empty where the card does not know them, and where these are of something else than what the model outlines in a
    whole image by its own thresholds.
    """
    fitted = prediction.card.trust.get("contributions")
    by_itself = not prediction.by_hand and prediction.looked_at is None
    if not fitted or not by_itself or contributions.region != DRAWN:
        return {}
    return {key: (fitted["low"][key], fitted["high"][key]) for key in KEYS}


def unusual(contribution: float, ends: Range | None) -> bool:
    """Whether a contribution lies outside its range; not where there is none, nor where it is no number."""
    return ends is not None and (contribution < ends[0] or contribution > ends[1])
