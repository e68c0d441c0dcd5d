"""``docs/results.md`` and its plots, from evaluations that lie in the repository."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import TrainingError
from ..results.words import LITTLE
from ..training.config import FOLDS
from . import importance, plots
from .collect import (
    Evaluation,
    clean,
    counts_of,
    lesions,
    load_evaluations,
    mean_of,
    of_one_seed,
    pooled_error,
    share_of,
)
from .compare import Difference, compare, compare_calibration
from .explanations import faithfulness
from .knowledge import knowledge

TEMPLATE = "results.md.jinja"
# Evaluations on validation folds, for the ablation, lie in folders of this ending.
VALIDATION = "-validation"
# The columns of the table of others, and the data set of the manifest that each is of.
COLUMNS = {"busi": "busi", "kvasir": "kvasir-seg"}


def write_report(results: Path, plan: Path, target: Path) -> list[Path]:
    """Write the page and its plots.

    Parameters
    ----------
    results : pathlib.Path
        Folder with ``EXPERIMENT/*.json``, as ``evaluate`` writes them.
    plan : pathlib.Path
        TOML that says what is shown and in which words, see ``experiments/report.toml``.
    target : pathlib.Path
        The page; its plots go into a folder beside it that has its stem as name.

    Returns
    -------
    list of pathlib.Path
        What was written.

    Raises
    ------
    TrainingError
        Where there is no evaluation.
    """
    import jinja2

    evaluations = load_evaluations(results)
    if not evaluations:
        raise TrainingError(f"The folder {results.name} holds no evaluation.", "Run evaluate --data first.")
    single = {name: of_one_seed(items) for name, items in evaluations.items()}
    said = tomllib.loads(plan.read_text(encoding="utf-8"))
    untested = [item for item in said["table"] if item["experiment"] not in single]
    folder = target.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "little": LITTLE, "all_folds": FOLDS,
        "tables": _tables(said["table"], single), "validation": _tables(untested, single, VALIDATION),
        "beside": _beside(said.get("ours", []), single) + said.get("other", []),
        "comparisons": _comparisons(said.get("ablation", {}), evaluations),
        "knowledge": [{**item, **told} for item in said.get("beyond", [])
                      if (told := knowledge(_rows(single.get(item["experiment"], []))))],
        "models": [_model(name, single, explained) for name, explained in
                   {item["experiment"]: item.get("explained", True) for item in said["table"]}.items()
                   if name in single or name + VALIDATION in single],
    }
    written = _plots(content, folder)
    content["plots"] = {path.stem: f"{folder.name}/{path.name}" for path in written}
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent), trim_blocks=True,
                                     lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters |= {"figure": _figure, "percent": _percent, "plain": _plain, "chance": _chance,
                            "difference": _difference, "seeds": _seeds}
    target.write_text(environment.get_template(TEMPLATE).render(content), encoding="utf-8")
    return [target, *written]


def _rows(items: Sequence[Evaluation]) -> list[dict[str, Any]]:
    return [row for item in items for row in item.rows]


def _tables(
    said: list[dict[str, Any]], evaluations: dict[str, list[Evaluation]], ending: str = ""
) -> list[dict[str, Any]]:
    """A row for each table of the plan whose experiment was evaluated."""
    return [_main_row(item, evaluations[item["experiment"] + ending]) for item in said
            if item["experiment"] + ending in evaluations]


def _main_row(said: dict[str, Any], items: Sequence[Evaluation]) -> dict[str, Any]:
    rows = _rows(items)
    found, empty = lesions(rows, said["dataset"]), clean(rows, said["dataset"])
    marked = [row for row in rows if row["dataset"] == said["dataset"] and "lured" in row]
    labels = sorted({row["label"] for row in found})
    return {
        **said, "folds": sorted({item.fold for item in items}),
        "parameters": items[0].figures["parameters"] / 1e6, "dice": mean_of(found, "dice"),
        "iou": mean_of(found, "iou"), "hd95": mean_of(found, "hd95_percent"), "ece": pooled_error(found, "band"),
        "union": pooled_error(found, "union_band"), "missed": share_of(found, "missed"),
        "empty": share_of(empty, "empty") if empty else None,
        "lured": share_of(marked, "lured") if marked else None,
        "labels": {label: mean_of(lesions(rows, said["dataset"], label), "dice") for label in labels}
        if len(labels) > 1 else {},
        "values": [row["dice"] for row in found], "counts": counts_of(found, "band").sum(axis=0),
    }


def _beside(said: list[dict[str, Any]], evaluations: dict[str, list[Evaluation]]) -> list[dict[str, Any]]:
    """Our own rows of the table of others: Dice on test images of the experiments that the plan names."""
    made = []
    for item in said:
        tested = {key: evaluations[item[key]] for key in COLUMNS if item.get(key) in evaluations}
        if tested:
            figures = {key: _figure(mean_of(lesions(_rows(items), COLUMNS[key]), "dice"))
                       + f", {len(items)} of {FOLDS} folds" for key, items in tested.items()}
            parameters = next(iter(tested.values()))[0].figures["parameters"]
            made.append({**item, **dict.fromkeys(COLUMNS, ""), **figures, "parameters": _plain(parameters / 1e6)})
    return made


def _comparisons(said: dict[str, Any], evaluations: dict[str, list[Evaluation]]) -> list[dict[str, Any]]:
    """For each place of the plan, a data set under an ending of folders: each recipe against its reference, where
    both were evaluated there."""
    made = []
    for place in said.get("place", []):
        recipes = []
        for item in said.get("recipe", []):
            against = item.get("reference", said["reference"])
            ours, theirs = (evaluations.get(name + place["ending"], []) for name in (item["experiment"], against))
            result = compare(ours, theirs, place["dataset"])
            if result:
                recipes.append({**item, "reference": against, "result": result,
                                "calibration": compare_calibration(ours, theirs, place["dataset"]),
                                "plot": f"{item['experiment']}-{place['dataset']}"})
        if recipes:
            made.append({**place, "recipes": recipes, "plot": f"differences-{place['dataset']}"})
    return made


def _model(name: str, evaluations: dict[str, list[Evaluation]], explained: bool) -> dict[str, Any]:
    """What belongs to a recipe as a whole: gates and cost, and where its explanations are of interest, importance,
    reliance and faithfulness; on test images where there are any."""
    items = evaluations.get(name) or evaluations[name + VALIDATION]
    rows = _rows(items)
    training = [item.figures["training"] for item in items]
    shares = importance.shares(rows) if explained else []
    gammas = [entry["gamma"] for entry in training if entry.get("gamma")]
    return {"name": name, "on": "test" if name in evaluations else "validation",
            "folds": len(items), "minutes": float(np.mean([entry["minutes"] for entry in training])),
            "device": training[0]["device"], "epochs": training[0]["epochs"], "images": training[0]["images"],
            "gamma": np.mean(gammas, axis=0).tolist() if gammas else [],
            "shares": shares, "faithfulness": faithfulness(rows) if explained else None,
            "reliance": importance.reliance(rows) if shares else None}


def _plots(content: dict[str, Any], folder: Path) -> list[Path]:
    tables = content["tables"] or content["validation"]
    models = [model for model in content["models"] if model["shares"]]
    written = []
    if tables:
        plots.dice_distribution({row["title"]: row["values"] for row in tables}, folder / "dice.svg")
        plots.reliability({row["title"]: row["counts"] for row in tables}, folder / "reliability.svg")
        written += [folder / "dice.svg", folder / "reliability.svg"]
    for place in content["comparisons"]:
        written.append(folder / f"{place['plot']}.svg")
        plots.differences([(item["title"], item["result"]) for item in place["recipes"]], written[-1])
        for item in (item for item in place["recipes"] if item.get("diagram")):
            written.append(folder / f"{item['plot']}.svg")
            plots.reliability({"the whole recipe": item["calibration"].reference_counts,
                               item["title"]: item["calibration"].counts}, written[-1])
    if models:
        plots.importance({model["name"]: model["shares"] for model in models}, folder / "importance.svg")
        written.append(folder / "importance.svg")
    return written


def _figure(value: dict[str, Any], digits: int = 3) -> str:
    """mean ± std (low to high)."""
    if value["mean"] is None:
        return "-"
    text = f"{value['mean']:.{digits}f}"
    if value.get("std") is not None:
        text += f" ± {value['std']:.{digits}f}"
    return text + (f" ({value['ci95'][0]:.{digits}f} to {value['ci95'][1]:.{digits}f})" if value["ci95"] else "")


def _difference(value: Difference) -> str:
    """With its sign: mean (low to high)."""
    return f"{value.mean:+.3f} ({value.ci95[0]:+.3f} to {value.ci95[1]:+.3f})"


def _seeds(values: Sequence[float]) -> str:
    """Differences with their signs."""
    return ", ".join(f"{value:+.3f}" for value in values)


def _percent(value: dict[str, Any] | None) -> str:
    """A share in percent with its interval."""
    if value is None or value["mean"] is None:
        return "-"
    text = f"{100 * value['mean']:.1f} %"
    return text + (f" ({100 * value['ci95'][0]:.1f} to {100 * value['ci95'][1]:.1f})" if value["ci95"] else "")


def _plain(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}"


def _chance(p: float) -> str:
    """A p-value."""
    return f"{p:.3f}" if p >= 0.001 else "< 0.001"
