"""What the radiomics of tiles told of the lesion beyond the network, over a set of images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..evaluation.metrics import summarise
from .collect import Row
from .explanations import verdict


def knowledge(rows: Sequence[Row]) -> dict[str, Any] | None:
    """Mean log loss by source, and the paired gain of an image's own radiomics over another's; None without any."""
    told = [(row["tile_log_loss"], row["group"]) for row in rows if "tile_log_loss" in row]
    if not told:
        return None
    groups = [group for _, group in told]
    gain = summarise([loss["other"] - loss["both"] for loss, _ in told], groups)
    return {"losses": {source: summarise([loss[source] for loss, _ in told], groups) for source in told[0][0]},
            "gain": gain, "verdict": verdict(gain)}
