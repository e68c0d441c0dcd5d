"""How faithful the explanations of a set of images are, each order against chance and against the outline itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..evaluation.metrics import summarise
from .collect import Row

OUTLINE = "probability"
ORDERS = (("features", "contributions", "features, by contribution"), ("features", "random", "features, by chance"),
          ("regions", "coarsest", "regions, by the coarsest gate's attention"),
          ("regions", "finest", "regions, by the finest gate's attention"),
          ("regions", "grad-cam", "regions, by Grad-CAM"),
          ("regions", OUTLINE, "regions, by the probability itself"),
          ("regions", "random", "regions, by chance"))


def faithfulness(rows: Sequence[Row]) -> dict[str, Any] | None:
    """Mean scores of each order, what the top feature was worth, and likeness to random weights; None without any.

    Of each order, ``taken`` and ``put_back`` say what the intervals of the paired differences with chance tell of
    deletion and of insertion, ``than_outline`` the same of insertion - deletion against the order by the probability;
    empty where there is nothing to compare.
    """
    tested = [row["explanation"] for row in rows if row.get("explanation")]
    groups = [row["group"] for row in rows if row.get("explanation")]
    if not tested:
        return None

    def mean(values: Sequence[float]) -> dict[str, Any]:
        return summarise(list(values), groups)

    return {"orders": [_order(tested, mean, *order) for order in ORDERS if order[1] in tested[0][order[0]]],
            "top": mean([item["top_feature_dice"] for item in tested]),
            "other": mean([item["other_feature_dice"] for item in tested]),
            "top_matters": verdict(mean([item["other_feature_dice"] - item["top_feature_dice"] for item in tested])),
            "attention": mean([item["sanity"]["attention"] for item in tested]),
            "contributions": mean([item["sanity"]["contributions"] for item in tested]), "n": len(tested)}


def _order(tested: Sequence[dict[str, Any]], mean: Any, kind: str, name: str, title: str) -> dict[str, Any]:
    def scores(of: str) -> np.ndarray:
        return np.array([item[kind][of] for item in tested])

    def gain(of: str) -> np.ndarray:
        return scores(of)[:, 1] - scores(of)[:, 0]

    ours, chance = scores(name), scores("random")
    made = {"title": title, "deletion": mean(ours[:, 0]), "insertion": mean(ours[:, 1]),
            "taken": "", "put_back": "", "than_outline": ""}
    if name != "random":
        made["taken"] = verdict(mean(chance[:, 0] - ours[:, 0]))
        made["put_back"] = verdict(mean(ours[:, 1] - chance[:, 1]))
    if kind == "regions" and name not in ("random", OUTLINE):
        made["than_outline"] = verdict(mean(gain(name) - gain(OUTLINE)))
    return made


def verdict(difference: dict[str, Any]) -> str:
    """What an interval of a difference says: "better", "worse" or "no measurable difference"."""
    if not difference["ci95"]:
        return "too few images"
    low, high = difference["ci95"]
    return "better" if low > 0 else "worse" if high < 0 else "no measurable difference"
