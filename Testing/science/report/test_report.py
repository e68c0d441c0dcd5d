"""The results page: figures that are those of the evaluations, and claims only where they are earned."""


import json
import re

import numpy as np
import pytest
from made_results import PLAN, evaluation, report

from radiomicnet.evaluation.calibration import BINS
from radiomicnet.report.collect import load_evaluations, pooled_error
from radiomicnet.report.importance import families


def test_the_page_gives_the_mean_of_all_test_images_and_its_plots_exist(results):
    assert report(results) == 0
    page = (results / "results.md").read_text(encoding="utf-8")
    dice = [row["dice"] for item in load_evaluations(results / "results")["ours"] if item.seed == 0
            for row in item.rows if "dice" in row]  # every image once, whatever the number of seeds
    assert f"{np.mean(dice):.3f} ± {np.std(dice, ddof=1):.3f}" in page and f"| {len(dice)} |" in page
    assert "agree with the one drawn by Dice\n0.970 ± 0.000" in page
    assert "the first matters more, but the outline hardly hangs on either" in page
    assert "| 8.3 % (" in page  # one image of twelve was lured by marks
    assert "2 of 5" in page and "2.00 M" in page and "Theirs" in page
    for name in ("dice", "reliability", "differences-made", "importance"):
        assert f"(results/{name}.svg)" in page
        assert (results / "results" / f"{name}.svg").stat().st_size > 1000


def test_an_order_is_called_better_only_where_the_interval_says_so(results):
    report(results)
    lines = (results / "results.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines
             if line.startswith(("| features, by", "| regions, by"))]
    said = {row[0]: (row[2], row[4], row[5]) for row in cells}
    assert said["features, by contribution"] == ("better", "better", "")
    assert said["regions, by the coarsest gate's attention"] == ("better", "better", "no measurable difference")
    assert said["regions, by the finest gate's attention"] == ("worse", "better", "worse")
    assert said["regions, by Grad-CAM"] == ("better", "better", "worse")
    assert said["regions, by the probability itself"] == ("better", "better", "")
    assert said["regions, by chance"] == ("", "", "")


def test_before_any_test_image_was_judged_the_page_says_so_and_shows_the_validation_images(results):
    (results / "results" / "ours").rename(results / "results" / "ours-validation")
    assert report(results) == 0
    page = (results / "results.md").read_text(encoding="utf-8")
    assert "No test image has been judged yet." in page and "## Test images" not in page
    assert "## Validation images" in page and "### ours (validation images" in page


def test_our_own_dice_stands_beside_others_for_the_data_set_of_the_column(results):
    rng = np.random.default_rng(0)
    values = {name: rng.uniform(0.5, 0.9, 12) for name in ("busi", "bus-bra")}
    for path in (results / "results" / "ours").glob("*-seed-0.json"):
        figures = json.loads(path.read_text())
        dices = {name: iter(dice) for name, dice in values.items()}
        for index, row in enumerate(figures["rows"]):
            row["dataset"] = "busi" if index % 2 else "bus-bra"
            if "dice" in row:
                row["dice"] = next(dices[row["dataset"]])
        path.write_text(json.dumps(figures))
    (results / "plan.toml").write_text(
        PLAN.partition("[ablation]")[0].replace('"made"', '"busi"')
        + '[[ours]]\ntitle = "This one"\nbusi = "ours"\nkvasir = "never-trained"\nprotocol = "folds"\n'
        '[[ours]]\ntitle = "That one"\nbusi = "never-trained"\nprotocol = "folds"\n'
        '[[ours]]\ntitle = "Pixels together"\nbusi = "ours"\npooled = 12\nprotocol = "folds"\n')
    report(results)
    page = (results / "results.md").read_text(encoding="utf-8")
    (line,) = [line for line in page.splitlines() if line.startswith("| This one")]
    first = np.tile(values["busi"][:6], 2)  # six of its lesions in each of the two folds
    assert line.startswith(f"| This one | 2.00 M | {first.mean():.3f} (")
    assert line.endswith(", 2 folds |  | folds |") and "That one" not in page
    assert f"| Pixels together | 2.00 M | {first.mean():.3f} (" in page  # lesions of one size: the mean over images


def test_a_recipe_is_compared_with_itself_on_another_split_image_by_image(results):
    for path in (results / "results" / "other").glob("*.json"):
        figures = json.loads(path.read_text())
        figures["fold"] = 1 - figures["fold"]  # an image lies in another fold of another split
        path.write_text(json.dumps(figures))
    (results / "plan.toml").write_text(PLAN + """
[[split]]
experiment = "other"
reference = "ours"
dataset = "made"
title = "at random"
[[split]]
experiment = "never-trained"
reference = "ours"
dataset = "made"
title = "never"
""")
    report(results)
    page = (results / "results.md").read_text(encoding="utf-8")
    assert re.search(r"\| at random \| Dice of lesions \| 24 \| 0\.\d{3} \| 0\.\d{3} \| -0\.050 \(.*\| 2 of 5 \|", page)
    assert re.search(r"\| at random \| lesions missed \| 24 \| 0\.0 % \| 0\.0 % \| \+0\.0 \(", page)
    assert re.search(r"\| at random \| images without a lesion that stayed empty \| 2 \| 100\.0 % \| 100\.0 % \|", page)
    assert "never" not in page


def test_a_recipe_that_was_tested_twice_stands_beside_what_it_was(results):
    (results / "plan.toml").write_text(PLAN + """
[[before]]
experiment = "other"
reference = "ours"
dataset = "made"
title = "mended"
reason = "for a reason."
""")
    report(results)
    page = (results / "results.md").read_text(encoding="utf-8")
    section = page.partition("## What a changed recipe did to the test figures")[2].partition("\n## ")[0]
    assert re.search(r"\| mended \| Dice of lesions \| 24 \| 0\.\d{3} \| 0\.\d{3} \| -0\.050 \(.*\| 2 of 5 \|", section)
    assert re.search(r"\| mended \| calibration error in the lesion band \| 24 \| 0\.\d{3} \| 0\.\d{3} \| \+0", section)
    assert "mended: for a reason." in section and "Some recipes were changed and tested anew" in page
    assert "so split" not in page


def test_lesions_that_a_change_misses_stand_beside_its_dice(results):
    for path in (results / "results" / "other").glob("*.json"):
        figures = json.loads(path.read_text())
        figures["rows"][0]["missed"] = 1.0  # one of twelve in each fold
        path.write_text(json.dumps(figures))
    report(results)
    page = (results / "results.md").read_text(encoding="utf-8")
    assert "| without something | 8.3 % | 0.0 % | +8.3 (" in page


def test_a_recipe_may_be_compared_with_another_than_the_whole(results):
    plan = results / "plan.toml"
    plan.write_text(PLAN + '[[ablation.recipe]]\nexperiment = "ours"\nreference = "other"\ntitle = "the other way"\n')
    report(results)
    page = (results / "results.md").read_text(encoding="utf-8")
    assert re.search(r"\| the other way \| 24 \| 0\.\d{3} \| 0\.\d{3} \| \+0\.050 \(", page)
    assert re.search(r"\| without something \| 24 \| 0\.\d{3} \| 0\.\d{3} \| -0\.050 \(", page)


def test_how_far_models_of_one_recipe_differ_stands_beside_the_shares_of_features(results):
    for path in (results / "results" / "ours").glob("*-seed-0.json"):
        figures = json.loads(path.read_text())
        for row in (row for row in figures["rows"] if "contributions" in row):
            row["contributions"] = {**dict.fromkeys(row["contributions"], 0.0), "lbp_Entropy": -1.0 - figures["fold"],
                                    "glcm_Energy": 1.0}
        path.write_text(json.dumps(figures))
    report(results)
    page = (results / "results.md").read_text(encoding="utf-8")
    assert "| lbp_Entropy | 58.3 ± " in page and "| 50.0 to 66.7 | 11.49 |" in page
    assert "with its sign by -0.50 ± " in page and "downwards on 50.0 % (" in page


def test_images_on_which_a_recipe_was_designed_are_left_out_beside(results):
    (results / "plan.toml").write_text(PLAN.replace("goal = 0.8", "goal = 0.8\ndesigned_on = [1]"))
    report(results)
    page = (results / "results.md").read_text(encoding="utf-8")
    (one,) = (item for item in load_evaluations(results / "results")["ours"] if (item.fold, item.seed) == (0, 0))
    dice = [row["dice"] for row in one.rows if "dice" in row]
    assert f"without folds that were looked at while the recipe was made: {np.mean(dice):.3f} ±" in page


def test_recipes_of_the_plan_that_nobody_trained_are_named(results):
    plan = results / "plan.toml"
    plan.write_text(PLAN + '[[ablation.recipe]]\nexperiment = "third"\ntitle = "without another thing"\n')
    report(results)
    assert "Not run yet: without another thing." in (results / "results.md").read_text(encoding="utf-8")


def test_reliance_is_of_images_with_an_outline_and_families_share_out_everything(results):
    for path in (results / "results" / "ours").glob("*-seed-0.json"):
        figures = json.loads(path.read_text())
        figures["rows"][0] |= {"drawn_pixels": 0, "dice_to_mean_features": 0.0, "dice_to_open_gates": 0.0}
        path.write_text(json.dumps(figures))
    report(results)
    page = (results / "results.md").read_text(encoding="utf-8")
    assert "(n = 22)" in page and "one drawn by Dice 0.900 ± 0.000" in page
    rows = [row for item in load_evaluations(results / "results")["ours"] if not item.seed for row in item.rows]
    assert sum(figure["mean"] for figure in families(rows).values()) == pytest.approx(100)


def test_calibration_is_compared_over_the_seeds_both_share_and_drawn_where_the_plan_says_so(results):
    for seed in (1, 2):
        for path in (results / "results" / "other").glob(f"*-seed-{seed}.json"):
            path.unlink()
    for path in (results / "results" / "other").glob("*.json"):
        figures = json.loads(path.read_text())
        for row in figures["rows"]:
            if "dice" in row:  # as confident as before, and never right
                row["reliability"]["band"][2] = [0] * BINS
        path.write_text(json.dumps(figures))
    plan = results / "plan.toml"
    plan.write_text(PLAN + 'diagram = "Side by side"\n')
    report(results)
    page = (results / "results.md").read_text(encoding="utf-8")
    found = load_evaluations(results / "results")
    theirs, ours = (pooled_error([row for item in found[name] if item.seed == 0 for row in item.rows if "dice" in row],
                                 "band")["mean"] for name in ("other", "ours"))
    assert re.search(rf"\| without something \| {theirs:.3f} \(.*\| {ours:.3f} \(.*"
                     rf"\| \{theirs - ours:+.3f} \(.*\| \{theirs - ours:+.3f} \| 1 seed: no claim \|", page)
    assert "![Side by side](results/other-made.svg)" in page
    assert (results / "results" / "other-made.svg").exists()


def test_what_radiomics_know_beyond_the_network_is_a_paired_gain_with_its_interval(results):
    report(results)
    assert "beyond the network" not in (results / "results.md").read_text(encoding="utf-8")
    plan = results / "plan.toml"
    for name, gain in (("none", 0.0), ("much", 0.05)):
        plan.write_text(plan.read_text(encoding="utf-8")
                        + f'[[beyond]]\nexperiment = "{name}"\ntitle = "they know {name}"\n')
        (results / "results" / name).mkdir()
        for seed in (0, 1, 2):
            made, rng = evaluation(4, seed), np.random.default_rng(7)
            for row in made["rows"]:
                noise = float(rng.normal(0, 0.01))
                row["tile_log_loss"] = {"nothing": 0.25, "radiomics": 0.2, "network": 0.1, "both": 0.1 + noise,
                                        "other": 0.1 + gain + 0.003 * (1 - seed)}
            (results / "results" / name / f"{seed}.json").write_text(json.dumps(made))
    report(results)
    page = (results / "results.md").read_text(encoding="utf-8")
    lines = {name: next(line for line in page.splitlines() if f"they know {name}" in line) for name in ("none", "much")}
    assert lines["none"].endswith("| no measurable difference |") and lines["much"].endswith("| better |")
    assert "| 13 | 0.250 | 0.200 | 0.100 | 0.100 |" in lines["none"]
    assert "| +0.0538, +0.0508, +0.0478 |" in lines["much"]


def test_recipes_are_compared_at_every_place_where_both_were_evaluated(results):
    report(results)
    page = (results / "results.md").read_text(encoding="utf-8")
    assert "### Images of here" in page and "### Images of elsewhere" not in page
    for name in ("ours", "other"):
        (results / "results" / f"{name}-elsewhere").mkdir()
        for seed in (0, 1, 2):
            made = evaluation(4, seed, 0.02 if name == "other" else 0.0)
            made["rows"] = [{**row, "dataset": "found"} for row in made["rows"]]
            (results / "results" / f"{name}-elsewhere" / f"{seed}.json").write_text(json.dumps(made))
    report(results)
    here, elsewhere = (results / "results.md").read_text(encoding="utf-8").partition("### Images of elsewhere")[::2]
    assert re.search(r"\| without something \| 24 \| 0\.\d{3} \| 0\.\d{3} \| -0\.050 \(", here)
    assert "| -0.050, -0.050, -0.050 |" in here
    assert re.search(r"\| without something \| 12 \|.*\| \+0\.020.*\| better \|", elsewhere)
    assert (results / "results" / "differences-found.svg").exists()


def test_a_place_may_have_a_reference_of_its_own(results):
    own = 'ending = "-elsewhere"\nreference = "theirs"'
    (results / "plan.toml").write_text(PLAN.replace('ending = "-elsewhere"', own))
    for name in ("theirs", "other"):
        (results / "results" / f"{name}-elsewhere").mkdir()
        made = evaluation(4, 0, 0.02 if name == "other" else 0.0)
        made["rows"] = [{**row, "dataset": "found"} for row in made["rows"]]
        (results / "results" / f"{name}-elsewhere" / "0.json").write_text(json.dumps(made))
    report(results)
    elsewhere = (results / "results.md").read_text(encoding="utf-8").partition("### Images of elsewhere")[2]
    assert re.search(r"\| without something \| 12 \|.*\| \+0\.020 \| .*1 seed: no claim \|", elsewhere)


def test_two_runs_write_the_same_bytes(results):
    report(results)
    first = {path.name: path.read_bytes() for path in results.glob("results*/*.svg")}
    report(results)
    assert first == {path.name: path.read_bytes() for path in results.glob("results*/*.svg")}


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_of_few_images_the_page_leaves_out_what_cannot_be_told(results):
    for name in ("ours", "other"):
        for path in (results / "results" / name).glob("*.json"):
            path.unlink()
        made = evaluation(0, 0, images=2)
        for row in made["rows"][:2]:
            row["reliability"] = {region: [[9] + [0] * (BINS - 1)] * 3 for region in ("band", "union_band")}
        (results / "results" / name / "0.json").write_text(json.dumps(made))
    (results / "plan.toml").write_text(PLAN + 'diagram = "Side by side"\n')
    assert report(results) == 0
    page = (results / "results.md").read_text(encoding="utf-8")
    assert not re.search(r"\bnan\b", page, re.IGNORECASE) and "| - |" in page
