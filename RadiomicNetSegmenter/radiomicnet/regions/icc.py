"""Intraclass correlation ICC(A,1): how much of what differs between measurements differs between images.

McGraw and Wong 1996, doi 10.1037/1082-989X.1.1.30: two-way model, absolute agreement, single measurement (Shrout and
Fleiss' ICC(2,1), doi 10.1037/0033-2909.86.2.420), with their confidence interval. Words after Koo and Li 2016,
doi 10.1016/j.jcm.2016.02.012.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

GRADES = ((0.5, "poor"), (0.75, "moderate"), (0.9, "good"), (math.inf, "excellent"))


@dataclass(frozen=True)
class Icc:
    """An intraclass correlation with its interval of 95 %.

    Attributes
    ----------
    value : float or None
        At most 1; None where nothing differs at all, or where fewer than two images or measurements are left.
    low, high : float or None
        None where the interval is not defined (all measurements of every image agree).
    images, measurements : int
        Rows and columns that were used.
    """

    value: float | None
    low: float | None
    high: float | None
    images: int
    measurements: int

    @property
    def grade(self) -> str:
        """``poor`` below 0.5, ``moderate`` below 0.75, ``good`` below 0.9, else ``excellent``; ``unknown`` for None."""
        return "unknown" if self.value is None else next(word for limit, word in GRADES if self.value < limit)


def icc_a1(table: np.ndarray, confidence: float = 0.95) -> Icc:
    """ICC(A,1) of an (n images, k measurements) table.

    An image that lacks a measurement (NaN) is left out.
    """
    table = np.asarray(table, float)
    table = table[np.isfinite(table).all(axis=1)]
    n, k = table.shape
    if n < 2 or k < 2:
        return Icc(None, None, None, n, k)
    rows, columns, error = _mean_squares(table)
    denominator = rows + (k - 1) * error + k / n * (columns - error)
    if denominator <= 0:
        return Icc(None, None, None, n, k)
    value = float((rows - error) / denominator)
    low, high = _interval(value, rows, columns, error, n, k, confidence)
    return Icc(value, low, high, n, k)


def to_json(features: dict[str, Icc]) -> dict[str, dict[str, Any]]:
    """As plain data for a file: value, interval, word and counts of every feature."""
    return {key: {"icc": icc.value, "low": icc.low, "high": icc.high, "grade": icc.grade, "images": icc.images,
                  "measurements": icc.measurements} for key, icc in features.items()}


def from_json(data: dict[str, dict[str, Any]]) -> dict[str, Icc]:
    """What :func:`to_json` made, read back."""
    return {key: Icc(item["icc"], item["low"], item["high"], item["images"], item["measurements"])
            for key, item in data.items()}


def _mean_squares(table: np.ndarray) -> tuple[float, float, float]:
    """Mean squares between rows, between columns, and of what is left."""
    n, k = table.shape
    table = table - table.mean()  # so that large values lose no digits
    by_row, by_column = table.mean(axis=1), table.mean(axis=0)
    left = table - by_row[:, None] - by_column
    return (float(k * (by_row**2).sum() / (n - 1)), float(n * (by_column**2).sum() / (k - 1)),
            float((left**2).sum() / ((n - 1) * (k - 1))))


def _interval(
    value: float, rows: float, columns: float, error: float, n: int, k: int, confidence: float
) -> tuple[float | None, float | None]:
    """McGraw and Wong's table 7, case 2, ICC(A,1): degrees of freedom after Satterthwaite."""
    from scipy.stats import f

    if error <= 0 or value >= 1:
        return None, None
    a = k * value / (n * (1 - value))
    b = 1 + k * value * (n - 1) / (n * (1 - value))
    spread = (a * columns) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    freedom = (a * columns + b * error) ** 2 / spread
    tail = 1 - (1 - confidence) / 2
    lower, upper = f.ppf(tail, n - 1, freedom), f.ppf(tail, freedom, n - 1)
    others = k * columns + (k * n - k - n) * error
    return (float(n * (rows - lower * error) / (lower * others + n * rows)),
            float(n * (upper * rows - error) / (others + n * upper * rows)))
