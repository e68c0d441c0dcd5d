"""``docs/results.md`` and its plots, from evaluations that lie in the repository."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from ..errors import OutputError, TrainingError
from ..results.words import LITTLE
from ..results.write import reason
from ..training.config import FOLDS
from . import plots
from .ablation import comparisons, not_run, on_test_images
from .collect import load_evaluations, of_one_seed
from .knowledge import knowledge
from .plan import read_plan
from .recipes import recipe
from .tables import VALIDATION, beside, main_rows
from .words import FILTERS

TEMPLATE = "results.md.jinja"


def write_report(results: Path, plan: Path, target: Path) -> list[Path]:
    """Write the page and its plots, all of them or, where anything is amiss before the last are moved in, none.

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
        Where there is no evaluation, none of what the plan shows, or where the plan is not as it has to be.
    OutputError
        Where the page cannot be written there.
    """
    content = _content(results, plan)
    try:
        return _write(content, target)
    except OSError as error:
        problem, remedy = reason(error)
        raise OutputError(f"The page {target.name} cannot be written: {problem}.", remedy) from error


def _content(results: Path, plan: Path) -> dict[str, Any]:
    """What the template tells."""
    said = read_plan(plan)
    evaluations = load_evaluations(results)
    if not evaluations:
        raise TrainingError(f"The folder {results.resolve().name} holds no evaluation.", "Run evaluate --data first.")
    single = {name: of_one_seed(items) for name, items in evaluations.items()}
    ablation = said.get("ablation", {})
    untested = [item for item in said["table"] if item["experiment"] not in single]
    ours = beside(said.get("ours", []), single)
    shown = {
        "reference": ablation.get("title", ""), "little": LITTLE, "all_folds": FOLDS, "notes": said.get("notes", ""),
        "tables": main_rows(said["table"], single), "validation": main_rows(untested, single, VALIDATION),
        "beside": ours + said.get("other", []),
        "splits": on_test_images(said.get("split", []), evaluations),
        "before": on_test_images(said.get("before", []), evaluations),
        "comparisons": comparisons(ablation, evaluations), "not_run": not_run(ablation, evaluations),
        "knowledge": [{**item, **told} for item in said.get("beyond", [])
                      if (told := knowledge(evaluations.get(item["experiment"], [])))],
        "models": [recipe(name, single) for name in dict.fromkeys(item["experiment"] for item in said["table"])
                   if name in single or name + VALIDATION in single],
    }
    if not (ours or any(shown[part] for part in ("tables", "validation", "splits", "before", "comparisons",
                                              "knowledge"))):
        raise TrainingError(f"Nothing that the plan {plan.name} shows was evaluated. The folder "
                            f"{results.resolve().name} holds {', '.join(evaluations)}.",
                            "Check the spelling of the experiments in the plan.")
    return shown


def _write(content: dict[str, Any], target: Path) -> list[Path]:
    """Everything into a hidden folder first, then to its place, the page last."""
    import jinja2

    if target.is_dir():
        raise OutputError(f"{target.resolve().name} is a folder.", "Name the page in it, too.")
    if not target.suffix:  # its plots would go to a folder of the same name
        raise OutputError(f"{target.name} is no name for a page.", "Give one that ends in .md.")
    folder = target.with_suffix("")
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent), trim_blocks=True,
                                     lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters |= FILTERS
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".radiomicnet-", dir=target.parent) as hidden:
        made = _plots(content, Path(hidden))
        told = content | {"plots": {path.stem: f"{folder.name}/{path.name}" for path in made}}
        page = Path(hidden, target.name)
        page.write_text(environment.get_template(TEMPLATE).render(told), encoding="utf-8")
        folder.mkdir(exist_ok=True)
        plots_there = [path.replace(folder / path.name) for path in made]
        return [page.replace(target), *plots_there]


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
        for item in (item for item in place["recipes"] if item.get("diagram") and item["calibration"]):
            written.append(folder / f"{item['plot']}.svg")
            plots.reliability({content["reference"]: item["calibration"].reference_counts,
                               item["title"]: item["calibration"].counts}, written[-1])
    if models:
        plots.importance({model["name"]: model["shares"] for model in models}, folder / "importance.svg")
        written.append(folder / "importance.svg")
    return written
