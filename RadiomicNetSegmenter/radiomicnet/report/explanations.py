"""How faithful the explanations of a set of images are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..evaluation.metrics import summarise
from .collect import Row

ORDERS = (("features", "contributions", "features, by contribution"), ("features", "random", "features, at random"),
          ("regions", "attention", "regions, by the finest gate's attention"),
          ("regions", "grad-cam", "regions, by Grad-CAM"), ("regions", "random", "regions, at random"))


def faithfulness(rows: Sequence[Row]) -> dict[str, Any] | None:
    """Mean scores of each order, what the top feature was worth, and likeness to random weights; None without any."""
    tested = [row for row in rows if row.get("explanation")]
    if not tested:
        return None
    groups = [row["group"] for row in tested]

    def mean(*path: Any) -> dict[str, Any]:
        values = []
        for row in tested:
            value = row["explanation"]
            for key in path:
                value = value[key]
            values.append(value)
        return summarise(values, groups)

    return {"orders": [{"title": title, "deletion": mean(kind, name, 0), "insertion": mean(kind, name, 1)}
                       for kind, name, title in ORDERS],
            "top": mean("top_feature_dice"), "attention": mean("sanity", "attention"),
            "contributions": mean("sanity", "contributions"), "n": len(tested)}
