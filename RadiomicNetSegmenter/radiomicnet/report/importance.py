"""Contributions over a whole set of images, and how much hung on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..evaluation.metrics import summarise
from ..features.catalogue import KEYS
from .collect import Row

# Gradient-based importance in percent as the paper gives it (Rahman 2026, arXiv 2607.02185).
PAPER = {"glcm_Dissimilarity": 15.24, "glcm_Energy": 14.56, "lbp_Entropy": 11.49}


def shares(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Each feature's mean share of the absolute contributions in percent, largest first, with its interval."""
    explained = [row for row in rows if "contributions" in row]
    table = np.array([[abs(row["contributions"][key]) for key in KEYS] for row in explained])
    if not len(table):
        return []
    percent = 100 * table / np.maximum(table.sum(axis=1, keepdims=True), 1e-12)
    groups = [row["group"] for row in explained]
    items = [{"key": key, "paper": PAPER.get(key), **summarise(percent[:, k].tolist(), groups)}
             for k, key in enumerate(KEYS)]
    return sorted(items, key=lambda item: -item["mean"])


def reliance(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Dice to the masks with mean features and with open gates, and |change| of the mean logit, over the images."""
    explained = [row for row in rows if "contributions" in row]
    groups = [row["group"] for row in explained]
    values = {
        "mean_features": [row["dice_to_mean_features"] for row in explained],
        "open_gates": [row["dice_to_open_gates"] for row in explained],
        "change": [abs(sum(row["contributions"].values()) - row["residual"]) for row in explained],
        "quantity": [abs(row["quantity"]) for row in explained],
    }
    return {name: summarise(column, groups) for name, column in values.items()}
