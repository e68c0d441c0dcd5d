"""The rows of the results page that tell how good the models are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..evaluation.calibration import BINS
from .collect import (
    Evaluation,
    Row,
    clean,
    counts_of,
    image_errors,
    lesions,
    mean_of,
    pooled_error,
    rows_of,
    share_of,
)
from .plan import refuse_unknown_dataset
from .pooled import pooled_dice
from .words import average, plain

# Evaluations on validation folds, for the ablation, lie in folders of this ending.
VALIDATION = "-validation"
# The columns of the table of others, and the data set of the manifest that each is of.
COLUMNS = {"busi": "busi", "kvasir": "kvasir-seg"}
# The bins of probabilities about 0.8, which people ask about first.
ABOUT = slice(int(0.75 * BINS), int(0.9 * BINS))


def main_rows(
    said: Sequence[dict[str, Any]], evaluations: dict[str, list[Evaluation]], ending: str = ""
) -> list[dict[str, Any]]:
    """A row for each table of the plan whose experiment was evaluated."""
    return [_main_row(item, evaluations[item["experiment"] + ending]) for item in said
            if item["experiment"] + ending in evaluations]


def _main_row(said: dict[str, Any], items: Sequence[Evaluation]) -> dict[str, Any]:
    refuse_unknown_dataset(said, items)
    rows = rows_of(items)
    found, empty = lesions(rows, said["dataset"]), clean(rows, said["dataset"])
    marked = [row for row in rows if row["dataset"] == said["dataset"] and "lured" in row]
    labels = sorted({row["label"] for row in found})
    union = counts_of(found, "union_band").sum(axis=0)[:, ABOUT].sum(axis=1)
    return {
        **said, "folds": len(items), "parameters": items[0].figures["parameters"] / 1e6,
        "dice": mean_of(found, "dice"), "iou": mean_of(found, "iou"), "hd95": mean_of(found, "hd95_percent"),
        "nothing_drawn": sum(not row["drawn_pixels"] for row in found),
        "ece": pooled_error(found, "band"), "own_ece": image_errors(found, "band"),
        "union": pooled_error(found, "union_band"),
        "about": {"predicted": union[1] / union[0], "true": union[2] / union[0]} if union[0] else None,
        "missed": share_of(found, "missed"), "empty": share_of(empty, "empty") if empty else None,
        "lured": share_of(marked, "lured") if marked else None,
        "labels": {label: mean_of(lesions(rows, said["dataset"], label), "dice") for label in labels}
        if len(labels) > 1 else {},
        "unseen": _unseen(said, items),
        "values": [row["dice"] for row in found], "counts": counts_of(found, "band").sum(axis=0),
    }


def _unseen(said: dict[str, Any], items: Sequence[Evaluation]) -> dict[str, Any] | None:
    """Dice without the folds whose images were looked at while the recipe was made, where there are others."""
    others = [item for item in items if item.fold not in said.get("designed_on", [])]
    return mean_of(lesions(rows_of(others), said["dataset"]), "dice") if 0 < len(others) < len(items) else None


def beside(said: Sequence[dict[str, Any]], evaluations: dict[str, list[Evaluation]]) -> list[dict[str, Any]]:
    """Our own rows of the table of others: Dice on test images of the experiments that the plan names, over images or,
    where a row says so, over as many images' pixels together."""
    made = []
    for item in said:
        tested = {key: evaluations[item[key]] for key in COLUMNS if item.get(key) in evaluations}
        if tested:
            figures = {key: _beside(lesions(rows_of(items), COLUMNS[key]), item.get("pooled"))
                       + f", {len(items)} fold{'s' if len(items) > 1 else ''}" for key, items in tested.items()}
            parameters = next(iter(tested.values()))[0].figures["parameters"]
            made.append({**item, **dict.fromkeys(COLUMNS, ""), **figures, "parameters": plain(parameters / 1e6)})
    return made


def _beside(rows: Sequence[Row], pooled: int | None) -> str:
    return average(pooled_dice(rows, pooled) if pooled else mean_of(rows, "dice"))
