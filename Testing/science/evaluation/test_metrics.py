"""Dice, IoU and their summary with an interval over groups."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import dice as scipy_dice

from radiomicnet.evaluation.metrics import dice, iou, summarise, summarise_share

MASKS = arrays(bool, (6, 7))


@given(MASKS, MASKS)
def test_dice_equals_scipys_and_iou_follows_from_it(drawn, truth):
    if drawn.any() or truth.any():
        assert dice(drawn, truth) == pytest.approx(1 - scipy_dice(drawn.ravel(), truth.ravel()))
        assert iou(drawn, truth) == pytest.approx(dice(drawn, truth) / (2 - dice(drawn, truth)))
    else:
        assert np.isnan(dice(drawn, truth)) and np.isnan(iou(drawn, truth))


def test_the_summary_has_mean_deviation_number_and_an_interval_around_the_mean():
    values = np.random.default_rng(0).normal(0.8, 0.1, 400)
    summary = summarise(values, [str(k) for k in range(400)])
    assert summary["mean"] == pytest.approx(values.mean()) and summary["std"] == pytest.approx(values.std(ddof=1))
    low, high = summary["ci95"]
    expected = 1.96 * 0.1 / 20
    assert summary["n"] == 400 and summary["mean"] - low == pytest.approx(expected, rel=0.15)
    assert high - summary["mean"] == pytest.approx(expected, rel=0.15)


def test_images_of_one_group_widen_the_interval_because_they_are_not_independent():
    values = np.repeat(np.random.default_rng(0).normal(0.8, 0.1, 40), 10)
    alone = summarise(values, [str(k) for k in range(400)])["ci95"]
    grouped = summarise(values, [str(k // 10) for k in range(400)])["ci95"]
    assert grouped[1] - grouped[0] > 2.5 * (alone[1] - alone[0])


@given(st.lists(st.floats(0, 1), max_size=5))
def test_too_little_to_tell_is_null_and_never_nan(values):
    summary = summarise(values, ["one group"] * len(values))
    assert summary["ci95"] is None
    assert all(value is None or np.isfinite(value) for value in (summary["mean"], summary["std"]))


def test_a_share_of_zero_has_the_exact_interval_of_its_groups_and_not_one_without_width():
    low, high = summarise_share([0.0] * 175, [str(k) for k in range(175)])["ci95"]
    assert low == 0 and high == pytest.approx(1 - 0.025 ** (1 / 175))
    assert summarise_share([1.0] * 20, [str(k // 2) for k in range(20)])["ci95"][0] == pytest.approx(0.025 ** 0.1)


def test_a_share_that_varies_has_the_interval_of_the_bootstrap():
    values, groups = [0.0, 1.0] * 20, [str(k) for k in range(40)]
    assert summarise_share(values, groups) == summarise(values, groups)
