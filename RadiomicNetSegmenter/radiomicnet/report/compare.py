"""Two recipes on the same images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..evaluation.metrics import summarise
from .collect import Evaluation, by_image

# A gain is claimed from this many seeds on.
FEWEST_SEEDS = 3


@dataclass(frozen=True)
class Comparison:
    """Mean Dice of recipe and reference, and the paired difference of the two, averaged over the seeds they share.

    ``p`` is of Wilcoxon's signed-rank test over images (1945); ``ci95`` of the mean difference, bootstrapped over
    groups.
    """

    n: int
    seeds: int
    recipe: float
    reference: float
    mean: float
    ci95: tuple[float, float]
    p: float

    @property
    def verdict(self) -> str:
        """In words, by the rule that a gain needs an interval without 0 over at least three seeds."""
        low, high = self.ci95
        if self.seeds < FEWEST_SEEDS:
            return f"{self.seeds} seed{'s' if self.seeds > 1 else ''}: no claim"
        return "better" if low > 0 else "worse" if high < 0 else "no measurable difference"


def compare(recipe: Sequence[Evaluation], reference: Sequence[Evaluation], dataset: str = "") -> Comparison | None:
    """Compare by Dice on the lesions that both evaluated under the same folds and seeds; None where there is none."""
    shared = {(item.fold, item.seed) for item in recipe} & {(item.fold, item.seed) for item in reference}
    ours, theirs = ([item for item in items if (item.fold, item.seed) in shared] for items in (recipe, reference))
    values, others = (by_image(items, lambda row: row.get("dice") if dataset in ("", row["dataset"]) else None)
                      for items in (ours, theirs))
    groups = {(item.fold, row["name"]): row["group"] for item in ours for row in item.rows}
    images = sorted(set(values) & set(others))
    if len(images) < 2:
        return None
    from scipy.stats import wilcoxon

    made, known = (np.array([dices[image] for image in images]) for dices in (values, others))
    difference = made - known
    figure = summarise(difference.tolist(), [groups[image] for image in images])
    interval = figure["ci95"]
    low, high = interval if isinstance(interval, list) else (float("nan"), float("nan"))
    p = float(wilcoxon(difference).pvalue) if difference.any() else 1.0
    return Comparison(len(images), len({seed for _, seed in shared}), float(made.mean()), float(known.mean()),
                      float(difference.mean()), (low, high), p)
