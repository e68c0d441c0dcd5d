"""What a training keeps in its folder: a checkpoint of the last whole epoch, and a log of one line per epoch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from ..errors import OutputError, TrainingError
from ..results.write import reason
from ..results.writing import check_folder, replacing
from .config import Config

CHECKPOINT, LOG = "checkpoint.pt", "log.jsonl"
# Settings that no longer are, with the value that did what is done without them.
GONE: dict[str, Any] = {"images_per_epoch": 0}
# Settings that name the weights, or say what is asked of them once they are finished, and shape none of them.
ASKED_LATER = ("name", "validation_datasets", "views")


def check_writable(folder: Path) -> None:
    """Look, without making anything, whether a folder is one or can be made.

    Raises
    ------
    OutputError
        Where it, or what it would lie in, is a file or may not be written to.
    """
    with _writing(folder):
        check_folder(folder)


def write_checkpoint(folder: Path, state: dict[str, Any]) -> None:
    """Put a checkpoint in the place of the one before, which stays where this one cannot be written.

    Raises
    ------
    OutputError
    """
    # A file's own errors are the system's; those of torch, which could open it, say nothing of a full disk.
    with _writing(folder), replacing(folder / CHECKPOINT) as draft, draft.open("wb") as file:
        torch.save(state, file)


def read_checkpoint(folder: Path, config: Config) -> dict[str, Any] | None:
    """The checkpoint of a folder, on the CPU; None where there is none.

    Raises
    ------
    TrainingError
        Where it is damaged, something else, or of another configuration.
    """
    path = folder / CHECKPOINT
    if not path.exists():
        return None
    with reading_checkpoint(folder):
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        state["epoch"] = int(state["epoch"])
        agreed = _agrees(dict(state["config"]), config)
    if not agreed:
        raise TrainingError(f"{folder.absolute().name} holds a checkpoint of another configuration.",
                            "Give another folder, or remove that one to start again.")
    return state


@contextmanager
def reading_checkpoint(folder: Path) -> Iterator[None]:
    """Turn whatever a checkpoint breaks into a sentence."""
    try:
        yield
    except Exception as error:  # a damaged or foreign file can break anything in the unpickler, and after it
        raise TrainingError(f"{CHECKPOINT} in {folder.absolute().name} is damaged or something else.",
                            "Remove it to start again.") from error


def make(folder: Path) -> None:
    """Make the folder where it is not there yet.

    Raises
    ------
    OutputError
    """
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)


def append_log(folder: Path, record: dict[str, Any]) -> None:
    """Add an epoch's line.

    Raises
    ------
    OutputError
    """
    with _writing(folder), (folder / LOG).open("a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")


def read_log(folder: Path, last: int) -> list[dict[str, Any]]:
    """One record for each epoch until ``last``, in order; of an epoch that was begun anew, the later one.

    A line that was cut off where the disk was full is left out, and so is what an earlier training left there.

    Raises
    ------
    TrainingError
        Where there is no log, or nothing in it.
    """
    try:
        lines = (folder / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    log = {record["epoch"]: record for record in map(_record, lines) if record and record["epoch"] <= last}
    if not log:
        raise TrainingError(f"{folder.absolute().name} has no {LOG} that tells of its epochs.",
                            "Put the training's log back there.")
    return [log[epoch] for epoch in sorted(log)]


def _record(line: str) -> dict[str, Any]:
    """What a line says of an epoch; nothing where it says nothing of one."""
    try:
        record = json.loads(line)
    except ValueError:
        return {}
    whole = isinstance(record, dict) and isinstance(record.get("epoch"), int) and "seconds" in record
    return record if whole else {}


def _agrees(stored: dict[str, Any], config: Config) -> bool:
    """Whether weights of these settings are what this configuration would have trained."""
    kept = {key: value for key, value in stored.items() if key not in GONE or GONE[key] != value}
    try:
        theirs = Config(**kept).to_dict()  # settings that are newer than the checkpoint have their defaults
    except TypeError:
        return False
    ours = config.to_dict()
    return all(theirs[key] == ours[key] for key in ours if key not in ASKED_LATER)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turn the system's complaints, and torch's, into sentences."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        cause = error if isinstance(error, OSError) else error.__context__
        problem, remedy = reason(cause if isinstance(cause, OSError) else error)
        raise OutputError(f"The training's folder {folder.absolute().name} cannot be written to: {problem}.",
                          f"{remedy} A training that was under way goes on after its last whole epoch.") from error
