"""Two recipes on the same images."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..evaluation.calibration import counts_difference, counts_error
from ..evaluation.metrics import summarise
from .collect import Evaluation, Row, clean, counts_of, lesions, pooled_error

# A difference is claimed from this many seeds on.
FEWEST_SEEDS = 3
NO_INTERVAL = (float("nan"), float("nan"))
# Figures of a row that can be compared, and the rows that have them.
DICE, MISSED, EMPTY = "dice", "missed", "empty"
OF: dict[str, Callable[[Sequence[Row], str], list[Row]]] = {DICE: lesions, MISSED: lesions, EMPTY: clean}


@dataclass(frozen=True)
class Difference:
    """Recipe minus reference, paired by image: over all seeds, with its 95 % interval bootstrapped over groups of
    images, and of each seed, in the order of the seeds."""

    mean: float
    ci95: Sequence[float]
    by_seed: Sequence[float]
    less_is_better: bool = False

    @property
    def verdict(self) -> str:
        """In words. The interval knows of the images alone, so a claim needs at least three seeds of one sign, too."""
        seeds = len(self.by_seed)
        if seeds < FEWEST_SEEDS:
            return f"{seeds} seed{'s' if seeds > 1 else ''}: no claim"
        low, high = self.ci95
        if np.isnan(low):
            return "too few images"
        if not (low > 0 or high < 0):
            return "no measurable difference"
        if not (min(self.by_seed) > 0 or max(self.by_seed) < 0):
            return "seeds disagree: no claim"
        return "worse" if (low > 0) == self.less_is_better else "better"


@dataclass(frozen=True)
class Comparison:
    """Mean of a figure of recipe and reference over n images and the seeds they share; ``p`` is of Wilcoxon's
    signed-rank test (1945) over images, each averaged over the seeds."""

    n: int
    recipe: float
    reference: float
    difference: Difference
    p: float


@dataclass(frozen=True)
class CalibrationComparison:
    """Pooled calibration error in the lesion band of recipe and reference, as ``pooled_error`` gives it, over the
    images and seeds they share, and the (3, BINS) counts of both."""

    recipe: dict[str, Any]
    reference: dict[str, Any]
    difference: Difference
    counts: np.ndarray
    reference_counts: np.ndarray


def compare(recipe: Sequence[Evaluation], reference: Sequence[Evaluation], dataset: str = "", figure: str = DICE
            ) -> Comparison | None:
    """Compare two recipes on the images that both evaluated under the same folds and seeds.

    Parameters
    ----------
    recipe, reference : sequence of Evaluation
    dataset : str
        All of them by default.
    figure : str
        :data:`DICE` or :data:`MISSED`, of lesions, or :data:`EMPTY`, of images without one.

    Returns
    -------
    Comparison or None
        None where there are fewer than two such images.
    """
    pairs = _pairs(recipe, reference, dataset, figure)
    names, image = np.unique([f"{pair.fold} {pair.row['name']}" for pair in pairs], return_inverse=True)
    if len(names) < 2:
        return None
    from scipy.stats import wilcoxon

    both = np.array([[pair.row[figure], pair.other[figure]] for pair in pairs])
    made, known = (np.bincount(image, part) / np.bincount(image) for part in both.T)
    groups = dict(zip(image, (pair.row["group"] for pair in pairs)))
    interval = summarise((made - known).tolist(), [groups[index] for index in range(len(names))])["ci95"]
    by_seed = [float(np.mean(both[chosen, 0] - both[chosen, 1])) for chosen in _each_seed(pairs)]
    p = float(wilcoxon(made - known).pvalue) if (made != known).any() else 1.0
    return Comparison(len(names), float(made.mean()), float(known.mean()),
                      Difference(float((made - known).mean()), interval if isinstance(interval, list) else NO_INTERVAL,
                                 by_seed, figure == MISSED), p)


def compare_calibration(
    recipe: Sequence[Evaluation], reference: Sequence[Evaluation], dataset: str
) -> CalibrationComparison | None:
    """Compare by calibration what :func:`compare` compares by Dice; None where there is none."""
    pairs = _pairs(recipe, reference, dataset, DICE)
    groups = [pair.row["group"] for pair in pairs]
    if len(set(groups)) < 2:
        return None
    rows, others = [pair.row for pair in pairs], [pair.other for pair in pairs]
    counts, other_counts = counts_of(rows, "band"), counts_of(others, "band")
    mean, interval = counts_difference(counts, other_counts, groups)
    by_seed = [counts_error(counts[chosen].sum(axis=0)) - counts_error(other_counts[chosen].sum(axis=0))
               for chosen in _each_seed(pairs)]
    return CalibrationComparison(
        pooled_error(rows, "band"), pooled_error(others, "band"),
        Difference(mean, interval, by_seed, less_is_better=True), counts.sum(axis=0), other_counts.sum(axis=0))


@dataclass(frozen=True)
class _Pair:
    """An image under one fold and seed: the rows of recipe and reference."""

    fold: int
    seed: int
    row: Row
    other: Row


def _pairs(recipe: Sequence[Evaluation], reference: Sequence[Evaluation], dataset: str, figure: str) -> list[_Pair]:
    """Of the folds and seeds that both have, the images with that figure that both evaluated."""
    rows = OF[figure]
    theirs = {(item.fold, item.seed): {row["name"]: row for row in rows(item.rows, dataset)} for item in reference}
    return [_Pair(item.fold, item.seed, row, known[row["name"]])
            for item in recipe if (known := theirs.get((item.fold, item.seed)))
            for row in rows(item.rows, dataset) if row["name"] in known]


def _each_seed(pairs: Sequence[_Pair]) -> list[np.ndarray]:
    """For each seed in their order, which pairs are of it."""
    seeds = np.array([pair.seed for pair in pairs])
    return [np.flatnonzero(seeds == seed) for seed in np.unique(seeds)]
