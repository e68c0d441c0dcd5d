"""What the results page shows, and in which words: the report's plan, a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import TrainingError
from .collect import Evaluation, lesions, rows_of

# What each entry of a list in the plan has to say, and in its table [ablation].
NEEDED = {"table": ("experiment", "dataset", "title"), "ours": ("title", "protocol"),
          "other": ("title", "parameters", "busi", "kvasir", "protocol"),
          "split": ("experiment", "reference", "dataset", "title"),
          "before": ("experiment", "reference", "dataset", "title"), "beyond": ("experiment", "title")}
NEEDED_IN_ABLATION = {"place": ("ending", "dataset", "title"), "recipe": ("experiment", "title")}
NUMBERS = ("parameters", "goal")
COUNTS = ("pooled",)


def read_plan(path: Path) -> dict[str, Any]:
    """Read a plan; see ``experiments/report.toml``.

    Raises
    ------
    TrainingError
        Where it cannot be read, is no TOML, shows no table or leaves out what an entry needs.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise TrainingError(f"The plan {path.name} cannot be read.", "Check its name.") from error
    except UnicodeDecodeError as error:
        raise TrainingError(f"The plan {path.name} is not UTF-8 text.", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise TrainingError(f"The plan {path.name} is not valid TOML: {error}.") from error
    if not said.get("table"):
        raise TrainingError(f"The plan {path.name} shows no table.", "Add a [[table]] as in experiments/report.toml.")
    for name, needed in NEEDED.items():
        _check(path.name, f"[[{name}]]", said.get(name, []), needed)
    if "ablation" in said:
        _check(path.name, "[ablation]", [said["ablation"]], ("reference", "title"))
        for name, needed in NEEDED_IN_ABLATION.items():
            _check(path.name, f"[[ablation.{name}]]", said["ablation"].get(name, []), needed)
    return said


def refuse_unknown_dataset(said: dict[str, Any], evaluations: Sequence[Evaluation]) -> None:
    """Raises TrainingError where an entry of the plan names a data set of which these, if any, judged no lesion."""
    rows = rows_of(evaluations)
    if rows and not lesions(rows, said["dataset"]):
        there = ", ".join(sorted({row["dataset"] for row in lesions(rows)})) or "no data set"
        raise TrainingError(f"The plan shows “{said['title']}” on lesions of {said['dataset']}, but "
                            f"{evaluations[0].experiment} was evaluated on lesions of {there}.",
                            "Correct the data set in the plan.")


def _check(plan: str, part: str, entries: Any, needed: Sequence[str]) -> None:
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise TrainingError(f"The plan {plan} writes {part} otherwise than experiments/report.toml does.",
                            "Mind the brackets.")
    for number, entry in enumerate(entries, 1):
        asked = (*needed, *(key for key in (*NUMBERS, *COUNTS) if key in entry and key not in needed))
        wrong = [key for key in asked if not _fits(key, entry.get(key))]
        if wrong:
            raise TrainingError(f"The plan {plan} needs {' and '.join(wrong)} in {part} number {number}.",
                                "Give numbers as they are, words in quotation marks.")


def _fits(key: str, value: Any) -> bool:
    if key in COUNTS:
        return isinstance(value, int) and value > 0
    return isinstance(value, (int, float) if key in NUMBERS else str)
