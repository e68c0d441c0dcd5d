"""``docs/results.md`` and its plots, from evaluations that lie in the repository."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from ..errors import TrainingError
from ..results.words import LITTLE
from ..training.config import FOLDS
from . import plots
from .ablation import comparisons, not_run, splits
from .collect import load_evaluations, of_one_seed
from .knowledge import knowledge
from .recipes import recipe
from .tables import VALIDATION, beside, main_rows
from .words import FILTERS

TEMPLATE = "results.md.jinja"


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
    ablation = said.get("ablation", {})
    untested = [item for item in said["table"] if item["experiment"] not in single]
    content = {
        "little": LITTLE, "all_folds": FOLDS, "notes": said.get("notes", ""),
        "tables": main_rows(said["table"], single), "validation": main_rows(untested, single, VALIDATION),
        "beside": beside(said.get("ours", []), single) + said.get("other", []),
        "splits": splits(said.get("split", []), evaluations),
        "comparisons": comparisons(ablation, evaluations), "not_run": not_run(ablation, evaluations),
        "knowledge": [{**item, **told} for item in said.get("beyond", [])
                      if (told := knowledge(evaluations.get(item["experiment"], [])))],
        "models": [recipe(name, single) for name in dict.fromkeys(item["experiment"] for item in said["table"])
                   if name in single or name + VALIDATION in single],
    }
    folder = target.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    written = _plots(content, folder)
    content["plots"] = {path.stem: f"{folder.name}/{path.name}" for path in written}
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent), trim_blocks=True,
                                     lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters |= FILTERS
    target.write_text(environment.get_template(TEMPLATE).render(content), encoding="utf-8")
    return [target, *written]


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
