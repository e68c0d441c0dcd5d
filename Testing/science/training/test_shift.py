"""A training says how far augmentation moves its features from those of the images, and advises where that is far."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from radiomicnet.features.catalogue import KEYS
from radiomicnet.images.grid import mask_to_grid, to_grid
from radiomicnet.images.phantoms import breast_ultrasound
from radiomicnet.training.batches import measure_scale
from radiomicnet.training.config import Config
from radiomicnet.training.data import Row, Sample
from radiomicnet.training.shift import TILES, WHOLE, Shift, described, feature_shifts

SIZE = 128
CALM = Config("test", ("made",), ("made",), input_size=SIZE, speckle=0.0, blur=0.0)


@pytest.fixture(scope="module")
def samples():
    made = []
    for seed in range(4):
        image, truth = breast_ultrasound(seed)
        row = Row("made", f"p{seed}", Path("p.png"), Path("m.png"), "benign", f"g{seed}", 0)
        made.append(Sample(row, to_grid(image.rgb, SIZE), mask_to_grid(truth, SIZE)))
    return made


@pytest.fixture
def as_they_are(monkeypatch):
    """No augmentation at all."""
    monkeypatch.setattr("radiomicnet.training.augment._move",
                        lambda sample, config, rng: (sample.grid.rgb, sample.grid.mask, sample.truth))
    monkeypatch.setattr("radiomicnet.training.exposure._response", lambda rng: np.arange(256, dtype=np.uint8))


def test_noise_of_every_pixel_is_told_unless_features_are_measured_without_it(samples):
    scale, noisy = measure_scale(samples, True), replace(CALM, speckle=2.0)
    for shift, clean in zip(feature_shifts(samples, scale, noisy),
                            feature_shifts(samples, scale, replace(noisy, clean_features=True)), strict=True):
        assert (shift.of, shift.feature in KEYS) == (clean.of, True)
        assert abs(clean.mean) < abs(shift.mean) and shift.beyond > 0.5


def test_images_that_are_shown_as_they_are_move_nothing(samples, as_they_are):
    whole, tiles = feature_shifts(samples, measure_scale(samples, True), CALM)
    assert (whole.of, tiles.of) == (WHOLE, TILES)
    assert whole.mean == pytest.approx(0, abs=1e-3) and whole.beyond == 0
    assert tiles.mean == pytest.approx(0, abs=1e-3) and tiles.beyond < 0.05  # tiles have long tails of their own


def test_tiles_outside_the_scan_do_not_count_as_unmoved(samples, as_they_are, monkeypatch):
    scale = measure_scale(samples, True)
    scale = replace(scale, local_mean=scale.local_mean - 3 * scale.local_deviation)  # as if all were moved by three
    masked = [replace(sample, grid=replace(sample.grid, mask=half(sample.grid.mask))) for sample in samples]
    for chosen in (samples, masked):  # half of the tiles at 0 would leave 1.5 to 2
        assert 2.5 < feature_shifts(chosen, scale, CALM)[1].mean < 4


def half(mask):
    """Only the upper half of a scan."""
    return mask & (np.arange(len(mask)) < len(mask) // 2)[:, None]


def test_a_network_of_whole_scans_is_told_of_whole_scans(samples):
    assert [shift.of for shift in feature_shifts(samples, measure_scale(samples, False), CALM)] == [WHOLE]


@pytest.mark.parametrize(("beyond", "changes", "advice"), [
    (0.1, {"speckle": 0.2}, None),
    (0.11, {"speckle": 0.2}, "set clean_features, so that they are measured without the speckle."),
    (0.11, {"speckle": 0.2, "clean_features": True}, "weaken what changes the texture."),
    (0.11, {"speckle": 0.0}, "weaken what changes the texture."),
])
def test_advice_is_given_where_much_lies_beyond_the_limit_and_fits_the_experiment(beyond, changes, advice):
    shifts = [Shift(WHOLE, "lbp_Entropy", -2.64, 0.02), Shift(TILES, "glcm_Energy", 0.31, beyond)]
    said = described(shifts, replace(CALM, **changes))
    assert said.startswith("Augmentation moves furthest: of whole scans lbp_Entropy, by -2.6 deviations on average, 2% "
                           "of its values beyond 4; of tiles glcm_Energy, by +0.3 deviations")
    assert said.endswith(advice) if advice else "learns from" not in said
    assert shifts[0].to_dict() == {"of": WHOLE, "feature": "lbp_Entropy", "mean": -2.64, "beyond": 0.02}
