"""A test fold is looked at once: a log of who looked, and a refusal to look again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..errors import TrainingError
from ..models.card import ModelCard

LOG = "final-evaluations.jsonl"
KEYS = ("experiment", "seed", "fold", "datasets")


def describe(card: ModelCard, fold: int, datasets: list[str]) -> dict[str, Any]:
    """What is looked at: the recipe, its seed, the fold, and the data sets."""
    return {"experiment": card.name, "seed": card.training.get("seed"), "fold": fold, "datasets": sorted(datasets),
            "weights_sha256": card.weights_sha256}


def refuse_a_second_look(folder: Path, look: dict[str, Any]) -> None:
    """Hold a look at a test fold to those that the folder's log knows.

    Raises
    ------
    TrainingError
        Where the same recipe was tested on the same fold before.
    """
    for line in _lines(folder / LOG):
        if all(line.get(key) == look[key] for key in KEYS):
            raise TrainingError(
                f"{look['experiment']} was tested on fold {look['fold']} before, on {line['date']}.",
                f"A test fold is for one look. If the recipe was changed for a reason that no test figure gave, remove "
                f"that line of {LOG} and say so.")


def log_look(folder: Path, look: dict[str, Any], figures: dict[str, Any]) -> None:
    """Append a look and its main figure to the folder's log."""
    entry = {"date": datetime.now(UTC).date().isoformat(), **look, "dice": figures["dice"]["mean"],
             "n": figures["dice"]["n"]}
    with (folder / LOG).open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
