"""A card's figures: how good the model is, on which images."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..evaluation.evaluate import evaluate, pair_of
from ..report.collect import Evaluation, clean, lesions, mean_of, pooled_error, share_of
from ..segmenter import Segmenter
from .data import Row

TITLES = {
    "dice": "Dice", "iou": "IoU", "hd95": "95 % Hausdorff distance in pixels; nothing drawn counts as the diagonal",
    "ece_band": "Calibration error around the lesion, over the pixels of all images", "brier": "Brier score",
    "missed_share": "Share of lesions missed (Dice below 0.1)",
    "empty_share": "Share of images without a lesion on which nothing was drawn",
}


def figures(segmenter: Segmenter, rows: list[Row], names: dict[str, str]) -> dict[str, Any]:
    """The card's figures: those of :func:`radiomicnet.evaluation.evaluate.evaluate` on validation images."""
    measured = evaluate(segmenter, [pair_of(row) for row in rows])
    where = f"validation fold {rows[0].fold} of {_named((row.dataset for row in rows), names)}"
    return {name: _rounded({key: measured[name][key] for key in ("mean", "std", "n", "ci95")})
            | {"title": title, "data": where} for name, title in TITLES.items() if measured[name]["n"]}


def figures_of_folds(folds: Sequence[Evaluation], names: dict[str, str]) -> dict[str, Any]:
    """The same over the test images of the recipe's folds, each judged by the model that had not seen it.

    Of several data sets also Dice and the share of lesions missed on each alone (``dice_busi``): a mean over all hangs
    on how many images each happens to have.
    """
    rows = [row for fold in folds for row in fold.rows]
    where = (f"test images of {len(folds)} folds of {_named((row['dataset'] for row in rows), names)}, each by a model "
             "of the same recipe that had not seen it")
    measured = {name: (title, _figure(rows, name)) for name, title in TITLES.items()}
    parts = sorted({row["dataset"] for row in rows})
    for name in ("dice", "missed_share") if len(parts) > 1 else ():
        measured |= {f"{name}_{part}": (f"{TITLES[name]}, {names.get(part, part)} alone", _figure(rows, name, part))
                     for part in parts}
    return {name: _rounded(figure) | {"title": title, "data": where}
            for name, (title, figure) in measured.items() if figure["n"]}


def _figure(rows: list[dict[str, Any]], name: str, dataset: str = "") -> dict[str, Any]:
    found = lesions(rows, dataset)
    if name == "missed_share":
        return share_of(found, "missed")
    if name == "empty_share":
        return share_of(clean(rows, dataset), "empty")
    if name == "ece_band":
        return {"std": None, **pooled_error(found, "band")}
    return mean_of(rows if name == "brier" else found, name)


def _named(datasets: Iterable[str], names: dict[str, str]) -> str:
    return ", ".join(sorted({names.get(dataset, dataset) for dataset in datasets}))


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {key: [round(x, 6) for x in value] if isinstance(value, list)
            else round(value, 6) if isinstance(value, float) else value for key, value in values.items()}
