"""Between which values a feature's contribution usually lies, so that one image's can be read beside others'.

Contributions are taken against a picture whose every tile is average, which is no image's. Part of each is therefore
what all images share, and its sign alone says little; whether it is another than usual says more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..features.catalogue import KEYS
from ..results.result import Contributions, Prediction

# Share of held-out images whose contribution lies in the range of a feature.
COVERAGE = 0.9
# Fewer images say nothing of the ends of a range.
FEWEST_IMAGES = 100
# Of contributions over what was drawn; where nothing was, they are over other pixels.
DRAWN = "predicted"

Range = tuple[float, float]


def fit_usual(rows: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The ranges as a model's card holds them, from rows of evaluations with explanations.

    Parameters
    ----------
    rows : sequence of dict
        Of images that the models had not seen; those with ``contributions`` over a drawn outline count.

    Returns
    -------
    dict or None
        ``low`` and ``high`` by feature key in logits, ``coverage`` 0..1, and ``n``; None where there are fewer than
        :data:`FEWEST_IMAGES`.
    """
    told = np.array([[row["contributions"][key] for key in KEYS] for row in rows
                     if row.get("contributions") and row.get("region") == DRAWN])
    if len(told) < FEWEST_IMAGES:
        return None
    low, high = np.quantile(told, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2], axis=0)
    return {**{name: {key: round(float(value), 4) for key, value in zip(KEYS, ends)}
               for name, ends in (("low", low), ("high", high))}, "coverage": COVERAGE, "n": len(told)}


def usual(contributions: Contributions, prediction: Prediction) -> dict[str, Range]:
    """Each feature's range, by key, for contributions such as these.

    Empty where the card does not know them, and where these are of something else than the outline in a whole image.
    """
    fitted = prediction.card.trust.get("contributions")
    if not fitted or contributions.region != DRAWN or prediction.looked_at is not None:
        return {}
    return {key: (fitted["low"][key], fitted["high"][key]) for key in KEYS}


def unusual(contributions: Contributions, ranges: dict[str, Range]) -> tuple[str, ...]:
    """Keys of the features whose contribution lies outside its range, in the order of their ranks."""
    return tuple(item.key for item in contributions.items
                 if item.key in ranges and not ranges[item.key][0] <= item.contribution <= ranges[item.key][1])
