"""Lines over time for the page, as points of SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1000.0, 100.0


@dataclass(frozen=True)
class Chart:
    """One quantity over the frames.

    Attributes
    ----------
    title, unit : str
    low, high : float
        What the bottom and the top of the picture stand for.
    lines : tuple of str
        Points of a polyline each, in a box of :data:`WIDTH` by :data:`HEIGHT`; a gap is where a frame has no value.
    dots : tuple of tuple of float
        Values that stand alone between two gaps.
    """

    title: str
    unit: str
    low: float
    high: float
    lines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]


def chart(title: str, unit: str, places: Sequence[float], values: Sequence[float | None],
          fixed: tuple[float, float] | None = None) -> Chart:
    """Draw a quantity.

    Parameters
    ----------
    title, unit : str
    places : sequence of float
        Of the frames along the axis, increasing.
    values : sequence of float or None
        None, or not finite, where there is none.
    fixed : tuple of float, optional
        Range of the axis; that of the values by default, never of no height.
    """
    known = [value for value in values if value is not None and math.isfinite(value)]
    low, high = fixed or (min(known, default=0.0), max(known, default=1.0))
    if high <= low:
        half = abs(low) / 2 or 0.5
        low, high = low - half, high + half
    runs: list[list[tuple[float, float]]] = [[]]
    for place, value in zip(places, values):
        if value is None or not math.isfinite(value):
            runs.append([])
            continue
        runs[-1].append((along(place, places), HEIGHT * (1 - (value - low) / (high - low))))
    return Chart(title, unit, low, high,
                 tuple(" ".join(f"{x:.1f},{y:.2f}" for x, y in run) for run in runs if len(run) > 1),
                 tuple(run[0] for run in runs if len(run) == 1))


def along(place: float, places: Sequence[float]) -> float:
    """Where on the axis a place lies, 0 to :data:`WIDTH`."""
    span = places[-1] - places[0]
    return WIDTH * (place - places[0]) / span if span > 0 else WIDTH / 2
