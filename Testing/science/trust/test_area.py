"""The range of areas: covers as often as it says, on images it has not seen."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from radiomicnet.trust.area import COVERAGE, FEWEST, fit_area, judge_area, margin_needed, size_of

LOGITS = arrays(np.float32, (8, 8), elements=st.floats(-9, 9, width=16))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def holds(logits, threshold, area, margin):
    centre = math.log(threshold / (1 - threshold))
    return (logits >= centre + margin).sum() <= area <= (logits >= centre - margin).sum()


@given(LOGITS, st.floats(0.2, 0.8), st.integers(1, 64))
def test_the_margin_needed_holds_the_area_and_a_smaller_one_does_not(logits, threshold, area):
    logits = logits.astype(float)
    margin = margin_needed(logits, threshold, area)
    assert holds(logits, threshold, area, margin + 1e-9)
    if margin > 1e-3:
        assert not holds(logits, threshold, area, margin - 1e-3)


def test_the_fitted_margin_covers_new_images_as_often_as_it_says():
    rng = np.random.default_rng(0)

    def image():
        """A blob whose logits are shifted by a random error."""
        rows, columns = np.mgrid[:40, :40]
        distance = np.hypot(rows - 20, columns - 20)
        radius = rng.uniform(6, 14)
        return (radius - distance) + rng.normal(0, 2), int((distance <= radius).sum())

    def needed():
        logits, area = image()
        return margin_needed(logits, 0.5, area)

    margin = fit_area([needed() for _ in range(200)])["margin"]
    covered = np.mean([needed() <= margin for _ in range(1000)])
    assert covered == pytest.approx(COVERAGE, abs=0.05)


def test_small_and_large_outlines_are_each_covered_as_often_as_it_says():
    rng = np.random.default_rng(0)
    sizes = rng.uniform(0, 0.3, 3000)
    needed = rng.exponential(0.3 - sizes)  # the larger, the less is needed
    fitted = fit_area(needed[:1500], sizes[:1500])
    margins = np.array(fitted["by_size"]["margins"])
    assert (np.diff(margins) < 0).all() and margins[0] > fitted["margin"] > margins[2]
    thirds = np.digitize(sizes[1500:], fitted["by_size"]["edges"])
    for third in range(3):
        covered = needed[1500:][thirds == third] <= margins[third]
        assert covered.mean() == pytest.approx(COVERAGE, abs=0.04)


def test_the_margin_is_that_of_the_outlines_own_size_whatever_the_resolution():
    fitted = {"margin": 9.0, "coverage": 0.9, "n": 99, "by_size": {"edges": [0.02, 0.1], "margins": [4.0, 2.0, 1.0]}}
    for width, scale in ((64, 1), (640, 10)):
        rows, columns = np.mgrid[:width // 2, :width] / scale
        logits = 8 - np.hypot(rows - 16, columns - 30)  # 201 of 4,096
        made = judge_area(sigmoid(logits), 0.5, logits >= 0, fitted)
        assert 0.02 < size_of(logits >= 0) < 0.1
        assert made.pixels == pytest.approx(((logits >= 2).sum(), (logits >= -2).sum()), rel=0.01)


def test_too_few_images_in_a_third_leave_one_margin_for_all():
    assert "by_size" not in fit_area([0.1] * (3 * FEWEST - 1), [0.1] * (3 * FEWEST - 1))


def test_too_few_images_or_too_many_misses_give_no_range():
    assert fit_area([0.1] * 5)["margin"] is None
    assert fit_area([0.1] * 50 + [math.inf] * 50)["margin"] is None
    assert margin_needed(np.zeros((4, 4)), 0.5, 0) == math.inf


def test_inner_lies_in_the_outline_and_the_outline_in_outer():
    rows, columns = np.mgrid[:64, :64]
    logits = 12 - np.hypot(rows - 30, columns - 30)
    drawn = sigmoid(logits) >= 0.5
    made = judge_area(sigmoid(logits), 0.5, drawn, {"margin": 3.0, "coverage": 0.9, "n": 100})
    assert not (made.inner & ~drawn).any() and not (drawn & ~made.outer).any()
    assert made.pixels == (int((logits >= 3).sum()), int((logits >= -3).sum()))


def test_another_faint_region_does_not_belong_to_the_outer_outline():
    probability = np.zeros((40, 40))
    probability[5:15, 5:15] = 0.9
    probability[25:35, 25:35] = 0.4
    made = judge_area(probability, 0.5, probability > 0.5, {"margin": 2.0, "coverage": 0.9, "n": 100})
    assert made.outer[10, 10] and not made.outer[30, 30]


def test_without_an_outline_or_a_margin_there_is_no_range():
    probability = np.full((8, 8), 0.9)
    assert judge_area(probability, 0.5, np.zeros((8, 8), bool), {"margin": 1.0, "coverage": 0.9, "n": 9}) is None
    assert judge_area(probability, 0.5, probability > 0.5, {"margin": None, "coverage": 0.9, "n": 9}) is None
