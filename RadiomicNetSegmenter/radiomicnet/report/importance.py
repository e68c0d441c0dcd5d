"""Contributions over a whole set of images, and how much hung on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..evaluation.metrics import summarise, summarise_share
from ..features.catalogue import KEYS
from .collect import Row

# Gradient-based importance in percent as the paper gives it (Rahman 2026, arXiv 2607.02185).
PAPER = {"glcm_Dissimilarity": 15.24, "glcm_Energy": 14.56, "lbp_Entropy": 11.49}


def shares(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Each feature's mean share of the absolute contributions in percent, largest first, with its interval."""
    items = [{"key": key, "paper": PAPER.get(key), **figure} for key, figure in _shares(rows, lambda key: key).items()]
    return sorted(items, key=lambda item: -item["mean"])


def spans(models: Sequence[Sequence[Row]]) -> dict[str, list[float]]:
    """By feature, its mean share in percent over the images of each model: what an interval over images cannot know."""
    made = [_shares(rows, lambda key: key) for rows in models]
    return {key: [float(each[key]["mean"]) for each in made if each] for key in KEYS}


def families(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """The same by family: the first part of a feature's name."""
    return _shares(rows, lambda key: key.partition("_")[0])


def _shares(rows: Sequence[Row], part: Callable[[str], str]) -> dict[str, dict[str, Any]]:
    explained = [row for row in rows if "contributions" in row]
    if not explained:
        return {}
    table = np.array([[abs(row["contributions"][key]) for key in KEYS] for row in explained])
    percent = 100 * table / np.maximum(table.sum(axis=1, keepdims=True), 1e-12)
    parts = np.array([part(key) for key in KEYS])
    groups = [row["group"] for row in explained]
    return {name: summarise(percent[:, parts == name].sum(axis=1).tolist(), groups) for name in dict.fromkeys(parts)}


def reliance(rows: Sequence[Row]) -> dict[str, Any] | None:
    """Dice to the masks with mean features and with open gates, and the change of the mean logit, with its sign and
    without, over the images on which something was outlined: where nothing was, a Dice is 0 or 1."""
    drawn = [row for row in rows if "contributions" in row and row["drawn_pixels"]]
    if not drawn:
        return None
    groups = [row["group"] for row in drawn]
    change = [sum(row["contributions"].values()) - row["residual"] for row in drawn]
    values = {
        "mean_features": [row["dice_to_mean_features"] for row in drawn],
        "open_gates": [row["dice_to_open_gates"] for row in drawn],
        "change": [abs(value) for value in change], "signed": change,
        "quantity": [abs(row["quantity"]) for row in drawn],
    }
    return {"n": len(drawn), "down": summarise_share([float(value < 0) for value in change], groups),
            **{name: summarise(column, groups) for name, column in values.items()}}
