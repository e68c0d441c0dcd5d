"""The calibration error on probabilities whose error is known, and the bands it is measured in."""

import numpy as np
import pytest

from radiomicnet.evaluation.calibration import (
    PIXELS_PER_IMAGE,
    Pixels,
    band,
    calibration_error,
    draw_pixels,
    pooled_interval,
)


def sample(rng, count, shift=0.0):
    """Pixels whose probability is too high by ``shift``."""
    probability = rng.uniform(0.2, 0.8, count)
    return Pixels((probability + shift).astype(np.float32), rng.random(count) < probability)


def test_honest_probabilities_have_almost_no_error_and_shifted_ones_have_the_shift():
    rng = np.random.default_rng(0)
    assert calibration_error([sample(rng, 200_000)]) < 0.005
    assert calibration_error([sample(rng, 200_000, 0.15)]) == pytest.approx(0.15, abs=0.005)


def test_images_are_pooled_so_that_opposite_errors_of_one_bin_cancel():
    high = Pixels(np.full(1000, 0.5, np.float32), np.arange(1000) < 250)
    low = Pixels(np.full(1000, 0.5, np.float32), np.arange(1000) < 750)
    assert calibration_error([high]) == calibration_error([low]) == pytest.approx(0.25)
    assert calibration_error([high, low]) == pytest.approx(0, abs=1e-6)


def test_the_interval_of_one_group_repeated_is_the_pooled_error_itself():
    part = sample(np.random.default_rng(1), 5000, 0.1)
    low, high = pooled_interval([part] * 4, ["a", "b", "c", "d"])
    assert low == pytest.approx(high) == pytest.approx(calibration_error([part]), abs=1e-4)


def test_the_interval_holds_the_pooled_error_and_narrows_with_more_groups():
    rng = np.random.default_rng(2)
    parts = [sample(rng, 500, rng.normal(0.1, 0.05)) for _ in range(64)]
    wide, narrow = pooled_interval(parts[:8], list("abcdefgh")), pooled_interval(parts, [str(k) for k in range(64)])
    assert narrow[0] < calibration_error(parts) < narrow[1]
    assert narrow[1] - narrow[0] < wide[1] - wide[0]


def test_the_band_of_a_disc_reaches_half_its_radius_beyond_it():
    row, column = np.indices((200, 200))
    distance = np.hypot(row - 100, column - 100)
    assert band(distance <= 40).sum() == pytest.approx(np.pi * 60**2, rel=0.03)
    assert not band(np.zeros((9, 9), bool)).any()


def test_every_image_gives_the_same_number_of_pixels_of_each_region_and_the_same_ones_each_time():
    truth = np.zeros((100, 120), bool)
    truth[40:60, 50:80] = True
    probability = np.random.default_rng(0).random(truth.shape).astype(np.float32)
    drawn = np.roll(truth, 30, axis=1)
    one, same, other = (draw_pixels(probability, truth, drawn, seed) for seed in (1, 1, 2))
    assert set(one) == {"image", "band", "union_band"}
    assert all(len(part.probability) == len(part.truth) == PIXELS_PER_IMAGE for part in one.values())
    assert all(np.array_equal(one[name].probability, same[name].probability) for name in one)
    assert not np.array_equal(one["image"].probability, other["image"].probability)
    assert one["image"].truth.mean() < one["union_band"].truth.mean() < one["band"].truth.mean()


def test_an_image_without_a_lesion_has_no_band():
    empty = np.zeros((50, 50), bool)
    assert set(draw_pixels(np.zeros(empty.shape, np.float32), empty, empty, 0)) == {"image"}
