"""Evaluations of many trainings, as ``evaluate`` wrote them, put together by experiment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import TrainingError
from ..evaluation.calibration import BINS, counts_error, counts_interval
from ..evaluation.metrics import summarise, summarise_share

Row = dict[str, Any]
# Figures of a row with a lesion.
OF_LESION = ("dice", "iou", "hd95", "hd95_percent", "missed")


@dataclass(frozen=True)
class Evaluation:
    """One trained model on one fold: the figures that ``evaluate`` wrote."""

    experiment: str
    fold: int
    seed: int
    figures: dict[str, Any]

    @property
    def rows(self) -> list[Row]:
        return self.figures["rows"]


def load_evaluations(folder: Path) -> dict[str, list[Evaluation]]:
    """By experiment, all ``EXPERIMENT/*.json`` of a folder, in the order of fold and seed.

    Raises
    ------
    TrainingError
        Where a file is no evaluation.
    """
    found: dict[str, list[Evaluation]] = {}
    for path in sorted(folder.glob("*/*.json")):
        made = read_evaluation(path)
        found.setdefault(made.experiment, []).append(made)
    return {name: sorted(items, key=lambda item: (item.fold, item.seed)) for name, items in found.items()}


def of_one_seed(evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    """Of every fold the first, that with the lowest seed as they were loaded, so that an image counts once."""
    first: dict[int, Evaluation] = {}
    for item in evaluations:
        first.setdefault(item.fold, item)
    return list(first.values())


def read_evaluation(path: Path) -> Evaluation:
    """Read one file; the experiment is the name of its folder. Raises as :func:`load_evaluations`."""
    try:
        figures = json.loads(path.read_text(encoding="utf-8"))
        _check(figures)
        return Evaluation(path.parent.name, int(figures["fold"]), int(figures["training"]["seed"]), figures)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(f"{Path(*path.parts[-2:]).as_posix()} is no evaluation of a fold.",
                            "Write it with evaluate --data.") from error


def _check(figures: dict[str, Any]) -> None:
    """Raises KeyError, TypeError or ValueError where something is not there that page and card are made of."""
    training = figures["training"]
    # A sum fails on all but numbers.
    fsum((figures["parameters"], training["minutes"], training["epochs"], training["images"]))
    itemgetter("device", "seed")(training)
    for row in figures["rows"]:
        itemgetter("name", "group", "dataset", "label")(row)
        fsum(itemgetter("drawn_pixels", "brier")(row))
        fsum(row[key] for key in (OF_LESION if row["truth_pixels"] else ("empty",)))
    for region in ("band", "union_band"):
        counts_of(lesions(figures["rows"]), region)
    if not figures["rows"]:
        raise ValueError("no image was evaluated")


def rows_of(evaluations: Sequence[Evaluation]) -> list[Row]:
    """The rows of all of them."""
    return [row for item in evaluations for row in item.rows]


def lesions(rows: Sequence[Row], dataset: str = "", label: str = "") -> list[Row]:
    """Rows whose truth is not empty, of a data set and a label where these are given."""
    return [row for row in rows if row["truth_pixels"] and dataset in ("", row["dataset"])
            and label in ("", row["label"])]


def clean(rows: Sequence[Row], dataset: str = "") -> list[Row]:
    """Rows whose truth is empty."""
    return [row for row in rows if not row["truth_pixels"] and dataset in ("", row["dataset"])]


def mean_of(rows: Sequence[Row], key: str) -> dict[str, Any]:
    """Mean, deviation, n and interval over groups of one figure of the rows."""
    return summarise([row[key] for row in rows], _groups(rows))


def share_of(rows: Sequence[Row], key: str) -> dict[str, Any]:
    """The same of a figure that is 0 or 1."""
    return summarise_share([row[key] for row in rows], _groups(rows))


def pooled_error(rows: Sequence[Row], region: str) -> dict[str, Any]:
    """Pooled calibration error of the rows, with its interval over groups."""
    counts = counts_of(rows, region)
    groups = _groups(rows)
    interval = counts_interval(counts, groups) if len(set(groups)) > 1 else None
    return {"mean": counts_error(counts.sum(axis=0)) if len(rows) else None, "n": len(rows), "ci95": interval}


def image_errors(rows: Sequence[Row], region: str) -> dict[str, Any]:
    """The mean of the images' own calibration errors."""
    return summarise([counts_error(counts) for counts in counts_of(rows, region)], _groups(rows))


def counts_of(rows: Sequence[Row], region: str) -> np.ndarray:
    """(n, 3, BINS): number, sum of probabilities and sum of truths per bin of each row."""
    return np.array([row["reliability"][region] for row in rows], float).reshape(len(rows), 3, BINS)


def _groups(rows: Sequence[Row]) -> list[str]:
    return [row["group"] for row in rows]
