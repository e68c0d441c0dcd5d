"""The Dice to expect."""

import numpy as np
import pytest

from radiomicnet.results.trust_words import quality as words
from radiomicnet.trust.quality import BACKGROUND, Quality, expected_dice, fit_quality, judge_quality


@pytest.fixture
def blurred():
    """The probability of a disc whose edge is not sure, and nothing around it."""
    rows, columns = np.mgrid[:48, :48]
    probability = 1 / (1 + np.exp(-(12 - np.hypot(rows - 24, columns - 24)) / 2))
    return np.where(probability >= BACKGROUND, probability, 0.0)


def test_the_expected_dice_is_the_mean_dice_over_truths_drawn_from_the_probabilities(blurred):
    rng, probability = np.random.default_rng(0), blurred
    drawn = probability >= 0.5
    truths = rng.random((400, 48, 48)) < probability
    dice = [2 * (drawn & truth).sum() / (drawn.sum() + truth.sum()) for truth in truths]
    assert expected_dice(probability, drawn) == pytest.approx(np.mean(dice), abs=0.005)


def test_a_wide_background_of_small_probabilities_does_not_count(blurred):
    wide = np.pad(np.maximum(blurred, 0.05), 500, constant_values=0.05)
    assert expected_dice(wide, wide >= 0.5) == pytest.approx(expected_dice(blurred, blurred >= 0.5))


def test_a_sure_outline_expects_1_and_an_empty_one_nothing():
    mask = np.eye(8, dtype=bool)
    assert expected_dice(mask.astype(float), mask) == 1
    assert np.isnan(expected_dice(np.full((8, 8), 0.2), np.zeros((8, 8), bool)))


def test_a_known_relation_is_found_with_its_error():
    rng = np.random.default_rng(1)
    expected = rng.uniform(0.3, 1, 400)
    dice = np.clip(expected**2 + rng.normal(0, 0.05, 400), 0, 1)
    fitted = fit_quality(expected, dice, [str(k // 2) for k in range(400)])
    assert np.interp([0.5, 0.9], fitted["expected"], fitted["dice"]) == pytest.approx([0.25, 0.81], abs=0.06)
    assert fitted["error"] == pytest.approx(0.05 * np.sqrt(2 / np.pi), rel=0.3) and fitted["n"] == 400


def test_a_surer_outline_is_never_expected_to_be_worse():
    rng = np.random.default_rng(2)
    fitted = fit_quality(rng.random(50), rng.random(50), [str(k) for k in range(50)])
    assert np.all(np.diff(fitted["dice"]) >= 0)


def test_an_outline_is_judged_in_words_and_an_empty_one_is_not():
    fitted = {"expected": [0.0, 1.0], "dice": [0.0, 1.0], "error": 0.1, "n": 100}
    mask = np.zeros((16, 16), bool)
    mask[4:12, 4:12] = True
    assert judge_quality(mask.astype(float), mask, fitted).level == "likely good"
    assert judge_quality(np.where(mask, 0.6, 0.0), mask, fitted).level == "check"
    assert judge_quality(np.where(mask, 0.6, 0.3), mask, fitted).level == "poor"
    assert judge_quality(np.zeros((16, 16)), np.zeros((16, 16), bool), fitted) is None
    assert Quality(0.85, 0.1).level == "likely good"


def test_what_most_of_a_level_reached_is_told_and_lies_below_what_is_expected():
    rng = np.random.default_rng(3)
    expected = rng.uniform(0.3, 1, 600)
    dice = np.where(rng.random(600) < 0.15, 0.2, expected)  # three in twenty are sure and wrong
    fitted = fit_quality(expected, dice, [str(k) for k in range(600)])
    assert sum(level["n"] for level in fitted["levels"].values()) == 600
    mask = np.zeros((16, 16), bool)
    mask[4:12, 4:12] = True
    made = judge_quality(mask * 0.97, mask, fitted)
    assert made.reached == pytest.approx(0.2) and made.reached < made.dice - made.error
    assert made.images == fitted["levels"][made.level]["n"]
    assert f"of {made.images} outlines called so" in words(made) and "nine in ten reached 0.20." in words(made)


def test_the_error_is_that_of_the_level_and_of_poor_outlines_the_worst_is_told():
    rng = np.random.default_rng(4)
    expected = rng.uniform(0.3, 1, 900)
    spread = np.where(expected > 0.85, 0.02, 0.25)
    reached = (expected + spread * rng.choice([-1, 1], 900)).clip(0, 1)
    fitted = fit_quality(expected, reached, [str(k) for k in range(900)])
    good, poor = (fitted["levels"][level] for level in ("likely good", "poor"))
    assert good["error"] < 0.08 < fitted["error"] < poor["error"] == pytest.approx(0.25, abs=0.05)
    made = Quality(0.5, poor["error"], poor["reached"], poor["n"])
    assert words(made).endswith(f"one in ten reached no more than {poor['reached']:.2f}.")
    assert words(Quality(0.5, 0.2, 0.0, 181)).endswith(
        "of 181 outlines called so on images held out of training, one in ten was wholly wrong.")


def test_a_level_of_few_images_promises_nothing():
    fitted = fit_quality(np.linspace(0.9, 1, 9), np.linspace(0.9, 1, 9), [str(k) for k in range(9)])
    mask = np.ones((4, 4), bool)
    made = judge_quality(mask * 0.99, mask, fitted)
    assert fitted["levels"] == {} and made.reached is None
    assert "mean error" in words(made)
