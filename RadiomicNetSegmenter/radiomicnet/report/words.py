"""Figures as the results page writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .compare import Difference


def figure(value: dict[str, Any], digits: int = 3) -> str:
    """mean ± std (low to high)."""
    if value["mean"] is None:
        return "-"
    text = f"{value['mean']:.{digits}f}"
    if value.get("std") is not None:
        text += f" ± {value['std']:.{digits}f}"
    return text + (f" ({value['ci95'][0]:.{digits}f} to {value['ci95'][1]:.{digits}f})" if value["ci95"] else "")


def average(value: dict[str, Any]) -> str:
    """mean (low to high), beside others whose deviation is of something else."""
    return figure({**value, "std": None})


def percent(value: dict[str, Any]) -> str:
    """A share in percent with its interval."""
    text = f"{100 * value['mean']:.1f} %"
    return text + (f" ({100 * value['ci95'][0]:.1f} to {100 * value['ci95'][1]:.1f})" if value["ci95"] else "")


def difference(value: Difference, digits: int = 3, times: float = 1) -> str:
    """With its sign: mean (low to high), the interval only where there were groups enough (otherwise NaN)."""
    low, high = (times * end for end in value.ci95)
    text = f"{times * value.mean:+.{digits}f}"
    return text + (f" ({low:+.{digits}f} to {high:+.{digits}f})" if low <= high else "")


def points(value: Difference) -> str:
    """A difference of shares, in points of percent."""
    return difference(value, 1, 100)


def seeds(values: Sequence[float], digits: int = 3, times: float = 1) -> str:
    """Differences with their signs."""
    return ", ".join(f"{times * value:+.{digits}f}" for value in values)


def span(values: Sequence[float], digits: int = 0) -> str:
    """One number, or the least and the most."""
    low, high = (f"{value:.{digits}f}" for value in (min(values), max(values)))
    return low if low == high else f"{low} to {high}"


def plain(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}"


def chance(p: float) -> str:
    """A p-value."""
    return f"{p:.3f}" if p >= 0.001 else "< 0.001"


FILTERS = {made.__name__: made for made in (figure, average, percent, difference, points, seeds, span, plain, chance)}
