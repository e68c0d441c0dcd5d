"""The plots of the results page, as SVG files that do not change unless the results do."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..features.catalogue import BY_KEY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, told apart by colour-blind readers.
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
LEGEND_LINE = 0.18  # inches


def reliability(curves: dict[str, np.ndarray], path: Path) -> None:
    """Share of lesion pixels against probability, a line per name; counts (3, BINS) as the evaluation has them."""
    figure, axes = _new(4.6, 4.2 + LEGEND_LINE * len(curves))
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1)
    for color, (name, counts) in zip(COLORS, curves.items()):
        filled = counts[0] > 0
        axes.plot(counts[1][filled] / counts[0][filled], counts[2][filled] / counts[0][filled], marker="o",
                  markersize=4, color=color, label=name)
    axes.set(xlabel="predicted probability", ylabel="share of pixels in the lesion", xlim=(0, 1), ylim=(0, 1))
    _legend_below(figure)
    _save(figure, path)


def dice_distribution(values: dict[str, Sequence[float]], path: Path) -> None:
    """How many images reach which Dice: a mean hides that most are good and a few are missed."""
    figure, axes = _new(5.6, 3.2 + LEGEND_LINE * len(values))
    for color, (name, dice) in zip(COLORS, values.items()):
        ordered = np.sort(np.asarray(dice))
        axes.step(ordered, 1 - np.arange(len(ordered)) / len(ordered), where="post", color=color,
                  label=f"{name} (n = {len(ordered)})")
    axes.set(xlabel="Dice", ylabel="share of images at least as good", xlim=(0, 1), ylim=(0, 1))
    _legend_below(figure)
    _save(figure, path)


def differences(items: Sequence[tuple[str, Any]], path: Path) -> None:
    """Paired difference of Dice with its interval, a line per comparison."""
    figure, axes = _new(6.4, 0.6 + 0.36 * max(1, len(items)))
    for row, (_, made) in enumerate(items):
        axes.plot(made.difference.ci95, [row, row], color=COLORS[0], linewidth=2)
        axes.plot([made.difference.mean], [row], marker="o", color=COLORS[0])
    axes.axvline(0, color="#999999", linewidth=1)
    axes.set_yticks(range(len(items)), [textwrap.fill(name, 36) for name, _ in items], fontsize=8)
    axes.set_ylim(len(items) - 0.5, -0.5)
    axes.set_xlabel("difference of Dice")
    _save(figure, path)


def importance(columns: dict[str, list[dict[str, Any]]], path: Path) -> None:
    """Mean share of every feature, a bar per model and a mark where the paper gives a figure."""
    first = next(iter(columns.values()))
    keys = [item["key"] for item in first]
    figure, axes = _new(6.4, 4.6)
    height = 0.8 / len(columns)
    for index, (color, (name, items)) in enumerate(zip(COLORS, columns.items())):
        by_key = {item["key"]: item for item in items}
        places = np.arange(len(keys)) + index * height
        axes.barh(places, [by_key[key]["mean"] for key in keys], height, color=color, label=name)
    paper = [(row, item["paper"]) for row, item in enumerate(first) if item["paper"]]
    axes.plot([value for _, value in paper], [row + 0.3 for row, _ in paper], "k|", markersize=14, markeredgewidth=2,
              label="paper")
    axes.set_yticks(np.arange(len(keys)) + 0.4 - height / 2, [BY_KEY[key].label for key in keys], fontsize=8)
    axes.invert_yaxis()
    axes.set_xlabel("mean share of the absolute contributions in %")
    axes.legend(frameon=False, fontsize=8)
    _save(figure, path)


def _new(width: float, height: float) -> tuple[Any, Axes]:
    from matplotlib.figure import Figure

    figure = Figure((width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _legend_below(figure: Any) -> None:
    """One name a line, under the axes: long names would hide the curves."""
    figure.legend(loc="outside lower left", frameon=False, fontsize=8, ncols=1)


def _save(figure: Any, path: Path) -> None:
    import matplotlib

    with matplotlib.rc_context({"svg.hashsalt": "radiomicnet", "svg.fonttype": "path"}):
        figure.savefig(path, format="svg", metadata={"Date": None})
