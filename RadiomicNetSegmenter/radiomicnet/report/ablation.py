"""What each change to a recipe did, and what another split of the same images or an earlier recipe did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from .collect import Evaluation, rows_of
from .compare import DICE, MISSED, OF, compare, compare_calibration
from .plan import refuse_unknown_dataset


def comparisons(said: dict[str, Any], evaluations: dict[str, list[Evaluation]]) -> list[dict[str, Any]]:
    """For each place of the plan, a data set under an ending of folders: each recipe against the reference, of the
    place where it has its own, or another that it names, where both were evaluated there."""
    made = []
    for place in said.get("place", []):
        reference = place.get("reference", said["reference"])
        refuse_unknown_dataset(place, evaluations.get(reference + place["ending"], []))
        recipes = []
        for item in said.get("recipe", []):
            changed, other = (evaluations.get(name + place["ending"], [])
                              for name in (item["experiment"], item.get("reference", reference)))
            result = compare(changed, other, place["dataset"])
            if result:
                recipes.append({**item, "result": result, "plot": f"{item['experiment']}-{place['dataset']}",
                                "missed": compare(changed, other, place["dataset"], MISSED),
                                "calibration": compare_calibration(changed, other, place["dataset"])})
        if recipes:
            made.append({**place, "recipes": recipes, "plot": f"differences-{place['dataset']}"})
    return made


def not_run(said: dict[str, Any], evaluations: dict[str, list[Evaluation]]) -> list[str]:
    """Titles of the plan's recipes that were evaluated nowhere."""
    endings = [place["ending"] for place in said.get("place", [])]
    return [item["title"] for item in said.get("recipe", [])
            if not any(item["experiment"] + ending in evaluations for ending in endings)]


def on_test_images(said: Sequence[dict[str, Any]], evaluations: dict[str, list[Evaluation]]) -> list[dict[str, Any]]:
    """Each experiment of the plan against its reference, whatever folds either has, by test images that both judged."""
    made = []
    for item in said:
        refuse_unknown_dataset(item, evaluations.get(item["reference"], []))
        ours, theirs = (_whole(evaluations.get(item[name], [])) for name in ("experiment", "reference"))
        found = {figure: compare(ours, theirs, item["dataset"], figure) for figure in OF}
        if found[DICE]:
            made.append({**item, "folds": len({one.fold for one in evaluations[item["experiment"]]}), **found,
                         "calibration": compare_calibration(ours, theirs, item["dataset"])})
    return made


def _whole(evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    """All folds of a seed as one, because an image lies in another fold of another split."""
    return [replace(parts[0], fold=0, figures={"rows": rows_of(parts)})
            for seed in sorted({item.seed for item in evaluations})
            if (parts := [item for item in evaluations if item.seed == seed])]
