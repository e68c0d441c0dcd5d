"""What a training shows of a picture: as it will be at use, where the experiment says so."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from radiomicnet.features.extract import extract
from radiomicnet.images.grid import mask_to_grid, to_grey, to_grid
from radiomicnet.images.phantoms import breast_ultrasound
from radiomicnet.training.augment import augment
from radiomicnet.training.config import Config
from radiomicnet.training.data import Row, Sample
from radiomicnet.training.marks import words

SIZE = 128
STILL = Config("test", ("made",), ("made",), input_size=SIZE, rotation=0.0, zoom=(1.0, 1.0), crops=0.0, speckle=0.0,
               blur=0.0)
SEEDS = range(40)


@pytest.fixture(scope="module")
def sample():
    """A phantom that is wider than high."""
    image, truth = breast_ultrasound()
    row = Row("made", "p", Path("p.png"), Path("m.png"), "benign", "g", 0)
    return Sample(row, to_grid(image.rgb, SIZE), mask_to_grid(truth, SIZE))


def drawn(sample, config):
    return [augment(sample, config, np.random.default_rng(seed)) for seed in SEEDS]


def feature(pictures, insides, key):
    return np.mean([extract(to_grey(picture), inside).whole[key] for picture, inside in zip(pictures, insides)])


def test_features_are_measured_without_the_speckle_where_the_experiment_says_so(sample):
    speckled = replace(STILL, speckle=0.5)
    noisy, clean, plain = (drawn(sample, config) for config in (
        speckled, replace(speckled, clean_features=True), STILL))
    for one, other in zip(noisy, clean):
        assert np.array_equal(one.seen, other.seen) and np.array_equal(one.measured, one.seen)
        assert not np.array_equal(other.measured, other.seen)
    insides = [variant.inside for variant in clean]
    shares = {name: feature(pictures, insides, "lbp_NonUniformShare") for name, pictures in (
        ("seen", [variant.seen for variant in clean]), ("measured", [variant.measured for variant in clean]),
        ("plain", [variant.seen for variant in plain]))}
    assert shares["seen"] > shares["plain"] + 0.05
    assert shares["measured"] == pytest.approx(shares["plain"], abs=0.02)


def test_burnt_in_marks_are_in_what_is_seen_and_in_what_is_measured(sample):
    marked = replace(STILL, callipers=1.0, speckle=0.3, clean_features=True)
    for with_marks, without in zip(drawn(sample, marked), drawn(sample, replace(marked, callipers=0.0))):
        assert (with_marks.measured != without.measured).any()
        assert np.abs(with_marks.seen.astype(int) - without.seen).max() > 20


def test_words_are_small_of_different_sizes_and_lie_all_over_the_picture():
    planes = [words(288, np.random.default_rng(seed))[0][..., 0] > 0.5 for seed in range(200)]
    written = np.mean(planes, axis=0)
    quarters = [part.mean() for half in np.split(written, 2) for part in np.split(half, 2, axis=1)]
    assert min(quarters) > 0.002 and max(quarters) < 0.02
    heights = [np.ptp(np.nonzero(plane)[0]) for plane in planes if plane.any()]
    assert min(heights) < 7 < 12 < max(heights) < 20


def test_words_are_burnt_into_what_is_seen_and_into_what_is_measured(sample):
    bright = {}
    for share in (0.0, 1.0):
        variants = drawn(sample, replace(STILL, words=share, speckle=0.1, clean_features=True))
        bright[share] = [np.mean([(getattr(variant, which)[~variant.inside] > 100).mean() for variant in variants])
                         for which in ("seen", "measured")]
    assert min(bright[1.0]) > 0.001 and max(bright[0.0]) < 0.0005


def test_contrast_spreads_grey_levels_about_the_scan_s_mean_and_leaves_black_around_it(sample):
    deviations = [variant.seen[variant.inside].std() for variant in drawn(sample, replace(STILL, contrast=1.0))]
    own = [variant.seen[variant.inside].std() for variant in drawn(sample, STILL)]
    assert np.std(deviations) > 2 * np.std(own)
    for variant in drawn(sample, replace(STILL, contrast=1.0)):
        assert not variant.seen[-1].any()  # the padding below the phantom


def middle(variants):
    """Mean (row, column) of the middle of the scan."""
    return np.mean([np.argwhere(variant.inside).mean(axis=0) for variant in variants], axis=0)


def test_a_picture_is_laid_where_it_lies_at_use_or_into_the_middle_of_the_square(sample):
    at_use = np.argwhere(sample.grid.mask).mean(axis=0)
    assert at_use[0] < SIZE / 2 - 10  # the phantom ends above the square's lower border
    assert middle(drawn(sample, replace(STILL, placement="corner"))) == pytest.approx(at_use, abs=3)
    assert middle(drawn(sample, STILL)) == pytest.approx([SIZE / 2, SIZE / 2], abs=3)


def test_a_turned_and_magnified_picture_still_lies_about_its_own_middle(sample):
    moved = replace(STILL, placement="corner", rotation=15.0, zoom=(0.7, 0.8))
    assert middle(drawn(sample, moved)) == pytest.approx(np.argwhere(sample.grid.mask).mean(axis=0), abs=3)


def test_bicubic_interpolation_leaves_more_of_the_texture(sample):
    turned = replace(STILL, rotation=15.0)
    soft, sharp = (drawn(sample, replace(turned, interpolation=name)) for name in ("bilinear", "bicubic"))
    contrast = [feature([variant.seen for variant in variants], [variant.inside for variant in variants],
                        "glcm_Contrast") for variants in (soft, sharp)]
    own = extract(sample.grid.grey, sample.grid.mask).whole["glcm_Contrast"]
    assert abs(contrast[1] - own) < abs(contrast[0] - own)
    assert all(np.array_equal(one.truth, other.truth) for one, other in zip(soft, sharp))
