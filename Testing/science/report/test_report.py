"""The results page: figures that are those of the evaluations, and claims only where they are earned."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import wilcoxon

from radiomicnet.__main__ import main
from radiomicnet.errors import TrainingError
from radiomicnet.evaluation.calibration import BINS
from radiomicnet.features.catalogue import KEYS
from radiomicnet.report.collect import load_evaluations, pooled_error, read_evaluation
from radiomicnet.report.compare import compare, compare_calibration
from radiomicnet.report.importance import families, shares

PLAN = """
[[table]]
experiment = "ours"
dataset = "made"
title = "Made lesions"
goal = 0.8
[[other]]
title = "Theirs"
parameters = 3.0
busi = "0.7"
kvasir = ""
protocol = "another"
[ablation]
reference = "ours"
[[ablation.place]]
ending = ""
dataset = "made"
title = "Images of here"
[[ablation.place]]
ending = "-elsewhere"
dataset = "found"
title = "Images of elsewhere"
[[ablation.recipe]]
experiment = "other"
title = "without something"
"""


def counts(rng):
    number = rng.integers(1, 50, BINS)
    predicted = number * (np.arange(BINS) + 0.5) / BINS
    return [number.tolist(), predicted.round(2).tolist(), rng.binomial(number, 0.5).tolist()]


def explanation(rng):
    """All but the finest gate beat chance at both, that one at insertion alone; no map beats the probability."""
    def scores(gain):
        gain += rng.normal(scale=0.02)
        return [0.5 - gain / 2, 0.5 + gain / 2]

    return {"features": {"contributions": scores(0.6), "random": [0.5, 0.5]},
            "regions": {"coarsest": scores(0.4), "finest": [0.8, 0.7],
                        "grad-cam": scores(0.2), "probability": scores(0.4), "random": [0.5, 0.5]},
            "top_feature_dice": 0.97, "other_feature_dice": 0.99, "sanity": {"attention": 0.05, "contributions": -0.1}}


def evaluation(fold, seed, shift=0.0, images=12):
    """Figures as ``evaluate`` writes them, of random rows that depend on the fold alone but for a shift of Dice."""
    rng = np.random.default_rng(fold)
    rows = []
    for index in range(images):
        dice = float(np.clip(rng.uniform(0.6, 0.9) + shift + 0.001 * seed, 0, 1))
        rows.append({
            "name": f"i{fold}-{index}", "group": f"g{fold}-{index // 2}", "dataset": "made",
            "label": "benign" if index % 3 else "malignant", "presence": 0.9, "truth_pixels": 100, "drawn_pixels": 90,
            "brier": 0.1, "dice": dice, "iou": dice / (2 - dice), "hd95": 5.0, "hd95_percent": 2.0,
            "missed": float(dice < 0.1), "lured": float(index == 0),
            "reliability": {"band": counts(rng), "union_band": counts(rng)},
            "contributions": {key: float(rng.normal()) for key in KEYS}, "quantity": 4.0, "residual": 0.0,
            "dice_to_mean_features": 0.9, "dice_to_open_gates": 0.8,
            "explanation": explanation(rng)})
    rows.append({"name": f"n{fold}", "group": f"n{fold}", "dataset": "made", "label": "normal", "presence": 0.1,
                 "truth_pixels": 0, "drawn_pixels": 0, "brier": 0.0, "empty": 1.0, "reliability": {}})
    return {"fold": fold, "parameters": 2_000_000, "rows": rows,
            "training": {"seed": seed, "minutes": 30.0, "device": "CPU, 1 thread", "epochs": 3, "images": 20,
                         "gamma": [0.5, 0.6, 0.7]}}


@pytest.fixture
def results(tmp_path):
    """Three seeds of two recipes on two folds; the other is worse by 0.05 on every image."""
    for name, shift in (("ours", 0.0), ("other", -0.05)):
        (tmp_path / "results" / name).mkdir(parents=True)
        for fold in (0, 1):
            for seed in (0, 1, 2):
                path = tmp_path / "results" / name / f"fold-{fold}-seed-{seed}.json"
                path.write_text(json.dumps(evaluation(fold, seed, shift)))
    (tmp_path / "plan.toml").write_text(PLAN)
    return tmp_path


def report(folder, page="results.md"):
    words = ["report", "--results", str(folder / "results"), "--plan", str(folder / "plan.toml"), "--out",
             str(folder / page)]
    return main(words)


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
        '[[ours]]\ntitle = "That one"\nbusi = "never-trained"\nprotocol = "folds"\n')
    report(results)
    page = (results / "results.md").read_text(encoding="utf-8")
    (line,) = [line for line in page.splitlines() if line.startswith("| This one")]
    first = np.tile(values["busi"][:6], 2)  # six of its lesions in each of the two folds
    assert line.startswith(f"| This one | 2.00 M | {first.mean():.3f} (")
    assert line.endswith(", 2 folds |  | folds |") and "That one" not in page


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
    assert re.search(r"\| at random \| 24 \| 0\.\d{3} \| 0\.\d{3} \| -0\.050 \(.*\| 2 of 5 \|", page)
    assert "never" not in page


def test_images_on_which_a_recipe_was_designed_are_left_out_beside(results):
    (results / "plan.toml").write_text(PLAN.replace("goal = 0.8", "goal = 0.8\ndesigned_on = [1]"))
    report(results)
    page = (results / "results.md").read_text(encoding="utf-8")
    (one,) = (item for item in load_evaluations(results / "results")["ours"] if (item.fold, item.seed) == (0, 0))
    dice = [row["dice"] for row in one.rows if "dice" in row]
    assert f"the fold on which the recipe was designed: {np.mean(dice):.3f} ±" in page


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


def test_a_better_calibration_is_a_smaller_error(results):
    found = load_evaluations(results / "results")
    for row in (row for item in found["other"] for row in item.rows if "dice" in row):
        number, _, right = row["reliability"]["band"]
        row["reliability"]["band"] = [number, right, right]  # each bin's probability is what came true
    assert compare_calibration(found["other"], found["ours"], "made").difference.verdict == "better"
    assert compare_calibration(found["ours"], found["other"], "made").difference.verdict == "worse"
    assert compare_calibration(found["ours"], found["ours"], "made").difference.verdict == "no measurable difference"


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


def test_two_runs_write_the_same_bytes(results):
    report(results)
    first = {path.name: path.read_bytes() for path in results.glob("results*/*.svg")}
    report(results)
    assert first == {path.name: path.read_bytes() for path in results.glob("results*/*.svg")}


def test_a_difference_is_claimed_from_three_seeds_of_one_sign_on(results):
    found = load_evaluations(results / "results")
    made = compare(found["other"], found["ours"]).difference
    assert made.mean == pytest.approx(-0.05, abs=1e-6) == pytest.approx(np.mean(made.by_seed))
    assert len(made.by_seed) == 3 and made.verdict == "worse"
    one = compare([item for item in found["other"] if item.seed == 0], found["ours"]).difference
    assert len(one.by_seed) == 1 and one.verdict == "1 seed: no claim"
    assert compare(found["ours"], found["ours"]).difference.verdict == "no measurable difference"
    for row in (row for item in found["other"] if item.seed == 2 for row in item.rows if "dice" in row):
        row["dice"] += 0.06  # one seed of three is on the other side, the interval still is not
    made = compare(found["other"], found["ours"]).difference
    assert max(made.ci95) < 0 < made.by_seed[2] and made.verdict == "seeds disagree: no claim"


def test_the_comparison_is_paired_by_image_and_equals_scipys_wilcoxon(results):
    found = load_evaluations(results / "results")
    for item in found["other"]:
        rng = np.random.default_rng(100 * item.fold + item.seed)
        for row in item.rows:
            if "dice" in row:
                row["dice"] += rng.normal(0, 0.05)
    made = compare(found["other"], found["ours"])

    def means(items):
        names = [(item.fold, row["name"]) for item in items if item.seed == 0 for row in item.rows if "dice" in row]
        value = {(item.fold, row["name"], item.seed): row["dice"] for item in items for row in item.rows
                 if "dice" in row}
        return np.array([np.mean([value[(*name, seed)] for seed in (0, 1, 2)]) for name in names])

    difference = means(found["other"]) - means(found["ours"])
    assert made.n == 24 and made.difference.mean == pytest.approx(difference.mean())
    assert made.recipe - made.reference == pytest.approx(difference.mean())
    assert made.p == pytest.approx(wilcoxon(difference).pvalue)


def test_recipes_that_share_no_fold_and_seed_are_not_compared(results):
    found = load_evaluations(results / "results")
    first, second = ([item for item in found["ours"] if item.fold == fold] for fold in (0, 1))
    assert compare(first, second) is None


def test_the_pooled_error_of_rows_is_that_of_their_pixels(results):
    rows = [row for row in evaluation(0, 0)["rows"] if "dice" in row]
    total = np.sum([row["reliability"]["band"] for row in rows], axis=0)
    assert pooled_error(rows, "band")["mean"] == pytest.approx(np.abs(total[1] - total[2]).sum() / total[0].sum())


def test_mean_shares_add_up_to_a_hundred_and_name_the_papers_three(results):
    items = shares(evaluation(0, 0)["rows"])
    assert sum(item["mean"] for item in items) == pytest.approx(100)
    assert {item["key"]: item["paper"] for item in items if item["paper"]} == {
        "glcm_Dissimilarity": 15.24, "glcm_Energy": 14.56, "lbp_Entropy": 11.49}


def test_a_folder_without_evaluations_or_with_another_file_is_refused(results, tmp_path, capsys):
    assert main(["report", "--results", str(tmp_path / "none"), "--plan", str(results / "plan.toml"), "--out",
                 str(tmp_path / "r.md")]) == 2
    assert "holds no evaluation" in capsys.readouterr().err
    (results / "results" / "ours" / "notes.json").write_text("{}")
    assert report(results) == 2
    assert "no evaluation of a fold" in capsys.readouterr().err


@pytest.mark.parametrize("spoil", [
    lambda figures: figures.pop("rows"),
    lambda figures: figures.update(rows=[]),
    lambda figures: figures.pop("parameters"),
    lambda figures: figures["training"].pop("minutes"),
    lambda figures: figures["rows"][0].pop("reliability"),
    lambda figures: figures["rows"][0].pop("group"),
    lambda figures: figures["rows"][0].update(dice=None),
    lambda figures: figures["rows"][-1].pop("empty"),
])
def test_an_evaluation_that_lacks_something_is_named(results, spoil, capsys):
    path = results / "results" / "ours" / "fold-1-seed-2.json"
    figures = json.loads(path.read_text())
    spoil(figures)
    path.write_text(json.dumps(figures))
    assert report(results) == 2
    assert "ours/fold-1-seed-2.json is no evaluation of a fold." in capsys.readouterr().err
    assert not (results / "results.md").exists()


def test_an_evaluation_is_named_without_a_folder_where_none_was_given():
    with pytest.raises(TrainingError, match=r"^none\.json is no evaluation"):
        read_evaluation(Path("none.json"))


@pytest.mark.parametrize(("old", "new", "reason"), [
    ("[[table]]", "[[table", "plan.toml is not valid TOML"),
    ("[[table]]", "[[tabel]]", "plan.toml shows no table"),
    ("[[table]]", "[table]", r"writes \[\[table\]\] otherwise"),
    ('title = "Made lesions"', "", r"needs title in \[\[table\]\] number 1"),
    ('experiment = "ours"\ndataset = "made"', "experiment = 3", "needs experiment and dataset in"),
    ("goal = 0.8", 'goal = "0.8"', "needs goal in"),
    ('reference = "ours"', "", r"needs reference in \[ablation\]"),
    ('title = "Images of elsewhere"', "", r"needs title in \[\[ablation.place\]\] number 2"),
    ('dataset = "made"\ntitle = "Made', 'dataset = "mad"\ntitle = "Made',
     "shows “Made lesions” on lesions of mad, but ours was evaluated on lesions of made"),
    ('dataset = "made"\ntitle = "Images', 'dataset = "mad"\ntitle = "Images',
     "shows “Images of here” on lesions of mad"),
    ('"ours"', '"our"', "Nothing that the plan plan.toml shows was evaluated. .* holds other, ours"),
])
def test_a_plan_that_cannot_be_followed_is_refused_and_nothing_is_written(results, old, new, reason, capsys):
    (results / "plan.toml").write_text(PLAN.replace(old, new))
    assert report(results) == 2
    assert re.search(reason, capsys.readouterr().err)
    assert not (results / "results.md").exists() and not list(results.glob("results/*.svg"))


def test_a_missing_plan_and_one_that_is_no_text_are_refused(results, capsys):
    (results / "plan.toml").write_bytes(b"\xff\xfe")
    assert report(results) == 2
    assert "not UTF-8 text" in capsys.readouterr().err
    (results / "plan.toml").unlink()
    assert report(results) == 2
    assert "plan plan.toml cannot be read" in capsys.readouterr().err


def test_a_recipe_of_the_plan_that_was_not_run_yet_keeps_no_page_from_being_made(results):
    (results / "plan.toml").write_text(PLAN + '[[table]]\nexperiment = "later"\ndataset = "x"\ntitle = "Not yet"\n')
    assert report(results) == 0


@pytest.mark.parametrize(("page", "reason"), [
    ("page", "page is no name for a page"),
    ("plan.toml/page.md", "page.md cannot be written: what was given as the folder is a file"),
    ("taken.md", "taken.md cannot be written: what was given as the folder is a file"),
    ("folder.md", "folder.md is a folder"),
])
def test_a_page_that_cannot_be_written_there_is_refused_and_nothing_is_left(results, page, reason, capsys):
    (results / "taken").write_text("a file where the plots would go")
    (results / "folder.md").mkdir()
    before = sorted(results.rglob("*"))
    assert report(results, page) == 2
    assert reason in capsys.readouterr().err
    assert sorted(results.rglob("*")) == before


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
