"""Two recipes on the same images: what is paired, and what is claimed."""



import numpy as np
import pytest
from made_results import evaluation
from scipy.stats import wilcoxon

from radiomicnet.report.collect import load_evaluations, pooled_error
from radiomicnet.report.compare import compare, compare_calibration
from radiomicnet.report.importance import shares


def test_a_better_calibration_is_a_smaller_error(results):
    found = load_evaluations(results / "results")
    for row in (row for item in found["other"] for row in item.rows if "dice" in row):
        number, _, right = row["reliability"]["band"]
        row["reliability"]["band"] = [number, right, right]  # each bin's probability is what came true
    assert compare_calibration(found["other"], found["ours"], "made").difference.verdict == "better"
    assert compare_calibration(found["ours"], found["other"], "made").difference.verdict == "worse"
    assert compare_calibration(found["ours"], found["ours"], "made").difference.verdict == "no measurable difference"


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
