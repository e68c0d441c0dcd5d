"""How good is this outline likely to be? A Dice predicted from the probabilities themselves.

The Dice that the probabilities expect of their own outline, 2 sum(p m) / (sum p + sum m) with m the outline, is made
the Dice to expect by a rising step-free curve fitted on held-out images with a lesion (isotonic regression, Barlow
1972). Its error is measured on groups that the curve had not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

GOOD, CHECK = 0.85, 0.7
PARTS = 5


@dataclass(frozen=True)
class Quality:
    """Dice to expect of an outline, and the mean absolute error of that expectation on held-out images."""

    dice: float
    error: float

    @property
    def level(self) -> str:
        """"likely good", "check" or "poor"."""
        shown = round(self.dice, 2)  # so that 0.85 is never called two things
        return "likely good" if shown >= GOOD else "check" if shown >= CHECK else "poor"


def expected_dice(probability: np.ndarray, drawn: np.ndarray) -> float:
    """2 sum(p m) / (sum p + sum m) of an (H, W) probability and a bool mask, 0..1; NaN where nothing is drawn."""
    if not drawn.any():
        return float("nan")
    return float(2 * probability[drawn].sum() / (probability.sum() + drawn.sum()))


def fit_quality(expected: Sequence[float], dice: Sequence[float], groups: Sequence[str]) -> dict[str, Any]:
    """What a card needs to predict the Dice: the curve's corners, its error and on how many images.

    Parameters
    ----------
    expected, dice, groups : sequences
        :func:`expected_dice`, the true Dice and the group of held-out images with a lesion on which something was
        drawn.
    """
    from sklearn.isotonic import IsotonicRegression
    from sklearn.model_selection import GroupKFold

    x, y = np.asarray(expected), np.asarray(dice)
    error = np.zeros(len(x))
    for seen, unseen in GroupKFold(PARTS).split(x, y, groups):
        curve = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(x[seen], y[seen])
        error[unseen] = np.abs(curve.predict(x[unseen]) - y[unseen])
    curve = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(x, y)
    return {"expected": np.round(curve.X_thresholds_, 4).tolist(), "dice": np.round(curve.y_thresholds_, 4).tolist(),
            "error": round(float(error.mean()), 4), "n": len(x)}


def judge_quality(probability: np.ndarray, drawn: np.ndarray, fitted: dict[str, Any]) -> Quality | None:
    """Judge one outline; None where nothing is drawn."""
    expected = expected_dice(probability, drawn)
    if np.isnan(expected):
        return None
    return Quality(float(np.interp(expected, fitted["expected"], fitted["dice"])), fitted["error"])
