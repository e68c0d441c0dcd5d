"""What the radiomics of tiles told of the lesion beyond the network, over a set of images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..evaluation.beyond import SOURCES
from ..evaluation.metrics import summarise
from .collect import Evaluation
from .compare import NO_INTERVAL, Difference


def knowledge(evaluations: Sequence[Evaluation]) -> dict[str, Any] | None:
    """Mean log loss by source over images, each averaged over the seeds, and the paired gain of an image's own
    radiomics over another's; None without any."""
    told: dict[tuple[int, str], list[dict[str, float]]] = {}
    groups: dict[tuple[int, str], str] = {}
    gains: dict[int, list[float]] = {}
    for item in evaluations:
        for row in (row for row in item.rows if "tile_log_loss" in row):
            loss = row["tile_log_loss"]
            told.setdefault((item.fold, row["name"]), []).append(loss)
            groups[item.fold, row["name"]] = row["group"]
            gains.setdefault(item.seed, []).append(loss["other"] - loss["both"])
    if not told:
        return None
    losses = {source: np.array([np.mean([loss[source] for loss in each]) for each in told.values()])
              for source in SOURCES}
    gain = summarise((losses["other"] - losses["both"]).tolist(), list(groups.values()))
    interval = gain["ci95"] if isinstance(gain["ci95"], list) else NO_INTERVAL
    by_seed = [float(np.mean(gains[seed])) for seed in sorted(gains)]
    mean = float((losses["other"] - losses["both"]).mean())
    return {"losses": {source: float(values.mean()) for source, values in losses.items()}, "gain": gain,
            "by_seed": by_seed, "verdict": Difference(mean, interval, by_seed).verdict}
