"""How good is this outline likely to be? A Dice predicted from the probabilities themselves.

The Dice that the probabilities expect of their own outline, 2 sum(p m) / (sum p + sum m) with m the outline and p
what is not plainly background, is made the Dice to expect by a rising step-free curve fitted on held-out images with
a lesion (isotonic regression, Barlow 1972). Its error is measured on groups that the curve had not seen, and so is
what nine in ten of the images reached that were called as good as this one: a mean error alone hides the sure
failures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

GOOD, CHECK = 0.85, 0.7
PARTS = 5
# What is less probable than this is background. A picture has so many such pixels that together they would outweigh a
# small lesion: with them the error of the Dice to expect was 0.128 instead of 0.094 on breast validation images.
BACKGROUND = 0.1
# Share of the held-out images of a level that reached the Dice that is said of it, and the fewest to say it of.
MOST, FEWEST = 0.9, 10


@dataclass(frozen=True)
class Quality:
    """How good an outline is likely to be.

    Attributes
    ----------
    dice : float
        To expect, 0..1.
    error : float
        Mean absolute error of that expectation on held-out images of the same level; of all of them by a card that does
        not tell levels apart.
    reached : float or None
        Dice that nine in ten held-out images of the same level reached; None where they are too few.
    images : int
        How many held-out images had this level.
    """

    dice: float
    error: float
    reached: float | None = None
    images: int = 0

    @property
    def level(self) -> str:
        """"likely good", "check" or "poor"."""
        return level_of(self.dice)


def level_of(dice: float) -> str:
    """What an expected Dice is called: "likely good", "check" or "poor"."""
    shown = round(dice, 2)  # so that 0.85 is never called two things
    return "likely good" if shown >= GOOD else "check" if shown >= CHECK else "poor"


def expected_dice(probability: np.ndarray, drawn: np.ndarray) -> float:
    """2 sum(p m) / (sum p + sum m) of an (H, W) probability and a bool mask, 0..1; NaN where nothing is drawn."""
    if not drawn.any():
        return float("nan")
    counted = probability[drawn | (probability >= BACKGROUND)].sum()
    return float(2 * probability[drawn].sum() / (counted + drawn.sum()))


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
    predicted = np.zeros(len(x))
    for seen, unseen in GroupKFold(PARTS).split(x, y, groups):
        curve = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(x[seen], y[seen])
        predicted[unseen] = curve.predict(x[unseen])
    curve = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(x, y)
    return {"expected": np.round(curve.X_thresholds_, 4).tolist(), "dice": np.round(curve.y_thresholds_, 4).tolist(),
            "error": round(float(np.abs(predicted - y).mean()), 4), "n": len(x), "levels": _levels(predicted, y)}


def _levels(predicted: np.ndarray, dice: np.ndarray) -> dict[str, Any]:
    """By level: how many images were called so before their truth was known, what nine in ten of them reached, and how
    far off the expectation was on average."""
    called = np.array([level_of(value) for value in predicted])
    return {level: {"n": int(chosen.sum()), "reached": round(float(np.quantile(dice[chosen], 1 - MOST)), 4),
                    "error": round(float(np.abs(predicted - dice)[chosen].mean()), 4)}
            for level in np.unique(called).tolist() if (chosen := called == level).sum() >= FEWEST}


def judge_quality(probability: np.ndarray, drawn: np.ndarray, fitted: dict[str, Any]) -> Quality | None:
    """Judge one outline; None where nothing is drawn."""
    expected = expected_dice(probability, drawn)
    if np.isnan(expected):
        return None
    dice = float(np.interp(expected, fitted["expected"], fitted["dice"]))
    level = fitted.get("levels", {}).get(level_of(dice), {})
    return Quality(dice, level.get("error", fitted["error"]), level.get("reached"), level.get("n", 0))
