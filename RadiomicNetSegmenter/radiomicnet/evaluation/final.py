"""Folds that a model may be measured on, and a test fold that is looked at once: a log of who looked."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..errors import OutputError, TrainingError
from ..models.card import ModelCard

LOG = "final-evaluations.jsonl"
KEYS = ("experiment", "seed", "fold", "datasets")


def check_fold(card: ModelCard, fold: int, datasets: Collection[str], listed: Collection[str], final: bool) -> str:
    """Hold a fold to what the card says of the training.

    Parameters
    ----------
    card : ModelCard
    fold : int
    datasets : collection of str
        Data sets of the manifest to evaluate on.
    listed : collection of str
        All data sets of the manifest.
    final : bool
        Whether this is the look at the test fold.

    Returns
    -------
    str
        A warning where the card does not tell whether the model was trained on these images; else empty.

    Raises
    ------
    TrainingError
        For the test fold without ``final``, for another with it, and for one the model was trained on.
    """
    test, validation = card.training.get("test_fold_untouched"), card.training.get("validation_fold")
    if fold == test and not final:
        raise TrainingError(f"Fold {fold} is the test fold of {card.name}, to be evaluated once, at the end.",
                            "Choose the validation fold, or add --final when the recipe is frozen.")
    if final and test is not None and fold != test:
        raise TrainingError(f"Fold {fold} is not the test fold of {card.name}; its test fold is "
                            f"{test if test >= 0 else 'none, for it was trained on all folds'}.",
                            "Leave --final out, or give the test fold." if test >= 0 else
                            "Evaluate the models of the recipe's single folds.")
    if fold in (test, validation):
        return ""
    if final:
        return f"The card of {card.name} does not tell its test fold. If it is not {fold}, these figures are no test."
    trained = sorted(set(datasets) & trained_on(card, datasets))
    if trained and test is not None:
        raise TrainingError(f"{card.name} was trained on fold {fold} of {', '.join(trained)}.",
                            f"Choose {'its validation fold, or ' if test >= 0 else ''}images that it was not trained "
                            "on.")
    if trained or not _accounts_for_all(card, listed):
        return (f"The card of {card.name} does not tell whether it was trained on fold {fold} of "
                f"{', '.join(sorted(datasets))}. If it was, these figures flatter it.")
    return ""


def trained_on(card: ModelCard, datasets: Collection[str]) -> set[str]:
    """Those of a manifest's data sets that stand under their name (in any case) among the card's training data."""
    names = {data_set["name"].casefold() for data_set in card.training_data}
    return {name for name in datasets if name.casefold() in names}


def _accounts_for_all(card: ModelCard, listed: Collection[str]) -> bool:
    """Whether the card's data sets that the manifest knows by name make up all images of the training.

    If so, no other data set of the manifest was trained on under a longer title.
    """
    known = {name.casefold() for name in listed}
    images = sum(data_set["images"] for data_set in card.training_data if data_set["name"].casefold() in known)
    return bool(images == card.training.get("images"))


def describe(card: ModelCard, fold: int, datasets: list[str]) -> dict[str, Any]:
    """What is looked at: the recipe, its seed, the fold, and the data sets."""
    return {"experiment": card.name, "seed": card.training.get("seed"), "fold": fold, "datasets": sorted(datasets),
            "weights_sha256": card.weights_sha256}


def refuse_a_second_look(folder: Path, look: dict[str, Any]) -> None:
    """Hold a look at a test fold to those that the folder's log knows.

    Raises
    ------
    TrainingError
        Where the same recipe was tested on the same fold before, or where the log cannot be read.
    """
    for line in _lines(folder / LOG):
        if all(line.get(key) == look[key] for key in KEYS):
            raise TrainingError(
                f"{look['experiment']} was tested on fold {look['fold']} before, on "
                f"{line.get('date', 'a day that is not known')}.",
                f"A test fold is for one look. If the recipe was changed for a reason that no test figure gave, remove "
                f"that line of {LOG} and say so.")


def log_look(folder: Path, look: dict[str, Any], figures: dict[str, Any]) -> None:
    """Append a look and its main figure to the folder's log.

    Raises
    ------
    OutputError
        Where the log cannot be written.
    """
    entry = {"date": datetime.now(UTC).date().isoformat(), **look, "dice": figures["dice"]["mean"],
             "n": figures["dice"]["n"]}
    try:
        with (folder / LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
    except OSError as error:
        raise OutputError(f"{LOG} cannot be written ({error.strerror}).",
                          f"Add this line to it by hand: {json.dumps(entry)}") from error


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    try:
        texts = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"{LOG}, the log of looks at test folds, cannot be read.",
                            "Restore it from an earlier copy.") from error
    return [_entry(text, number) for number, text in enumerate(texts, 1) if text.strip()]


def _entry(text: str, number: int) -> dict[str, Any]:
    try:
        entry = json.loads(text)
    except ValueError:
        entry = None
    if not isinstance(entry, dict):
        raise TrainingError(f"Line {number} of {LOG}, the log of looks at test folds, is broken.",
                            "Restore it from an earlier copy: it may be the look that this one would repeat.")
    return entry
