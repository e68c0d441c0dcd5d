"""A training says how far augmentation moves its features from those of the images, and advises where it is far."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from radiomicnet.images.grid import mask_to_grid, to_grid
from radiomicnet.images.phantoms import breast_ultrasound
from radiomicnet.training.batches import measure_scale
from radiomicnet.training.config import Config
from radiomicnet.training.data import Row, Sample
from radiomicnet.training.shift import Shift, feature_shift

SIZE = 128
# Nothing is changed but by what a test adds.
STILL = Config("test", ("made",), ("made",), input_size=SIZE, speckle=0.0, blur=0.0)


@pytest.fixture(scope="module")
def samples():
    made = []
    for seed in range(4):
        image, truth = breast_ultrasound(seed)
        row = Row("made", f"p{seed}", Path("p.png"), Path("m.png"), "benign", f"g{seed}", 0)
        made.append(Sample(row, to_grid(image.rgb, SIZE), mask_to_grid(truth, SIZE)))
    return made


@pytest.mark.parametrize("local", [True, False], ids=["tiles", "whole scans"])
def test_noise_of_every_pixel_is_told_and_advised_against_unless_features_are_measured_without_it(samples, local):
    scale = measure_scale(samples, local)
    noisy = replace(STILL, speckle=2.0)
    shift = feature_shift(samples, scale, noisy)
    clean = feature_shift(samples, scale, replace(noisy, clean_features=True))
    assert abs(shift.mean) > 1 and "set clean_features" in str(shift)
    assert abs(clean.mean) < abs(shift.mean)


def test_images_that_are_shown_as_they_are_move_nothing(samples, monkeypatch):
    monkeypatch.setattr("radiomicnet.training.augment._move",
                        lambda sample, config, rng: (sample.grid.rgb, sample.grid.mask, sample.truth))
    monkeypatch.setattr("radiomicnet.training.exposure._response", lambda rng: np.arange(256, dtype=np.uint8))
    shift = feature_shift(samples, measure_scale(samples, False), STILL)
    assert shift.mean == pytest.approx(0, abs=1e-4) and shift.beyond == 0


def test_the_share_beyond_the_limit_is_of_the_feature_that_moved_furthest():
    assert str(Shift("lbp_Entropy", -0.64, 0.02)) == (
        "Augmentation moves lbp_Entropy furthest of the features: by -0.6 deviations on average, 2% of its values "
        "beyond 4.")
    assert Shift("lbp_Entropy", -0.6444, 0.02111).to_dict() == {"feature": "lbp_Entropy", "mean": -0.644,
                                                                  "beyond": 0.0211}
