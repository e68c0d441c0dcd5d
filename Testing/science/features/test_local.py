"""Features tile by tile: each tile's numbers are those of the tile alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from radiomicnet.features.catalogue import KEYS
from radiomicnet.features.extract import Radiomics, extract
from radiomicnet.features.local import LEAST_INSIDE, TILE
from radiomicnet.features.scale import FeatureScale

IMAGES = st.tuples(st.integers(17, 50), st.integers(17, 50)).flatmap(lambda shape: arrays(np.uint8, shape))


def tile(row, column):
    return slice(row * TILE, (row + 1) * TILE), slice(column * TILE, (column + 1) * TILE)


def noise(shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


@settings(max_examples=25, deadline=None)
@given(IMAGES, st.integers(0, 9))
def test_every_tile_has_the_numbers_of_a_scan_that_shows_only_this_tile(grey, seed):
    mask = np.random.default_rng(seed).uniform(size=grey.shape) < 0.9
    local = extract(grey, mask).local
    assert local.shape == (13, -(-grey.shape[0] // TILE), -(-grey.shape[1] // TILE))
    for row, column in np.ndindex(*local.shape[1:]):
        only = np.zeros_like(mask)
        only[tile(row, column)] = mask[tile(row, column)]
        if only.sum() < LEAST_INSIDE:
            assert np.isnan(local[:, row, column]).all()
        elif not np.isnan(local[0, row, column]):
            expected = list(extract(grey, only).whole.values())
            assert local[:, row, column] == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_pyradiomics_finds_the_same_in_a_tile_given_as_its_mask():
    pytest.importorskip("radiomics", reason="PyRadiomics is not installed")
    from radiomicnet.verify.values import pyradiomics_values

    grey = noise((64, 64))
    local = extract(grey, np.ones(grey.shape, bool)).local
    for place in ((0, 0), (2, 1), (3, 3)):
        mask = np.zeros(grey.shape, bool)
        mask[tile(*place)] = True
        theirs = pyradiomics_values(grey, mask)
        assert local[:, *place] == pytest.approx([theirs[key] for key in KEYS], rel=1e-5)


def test_a_tile_without_enough_of_the_scan_has_no_value():
    mask = np.ones((48, 48), bool)
    mask[16:32, 16:32] = False
    mask[:8, :9] = False
    mask[16:, 32:] = False
    mask[16:18, 32:] = True  # 32 of 256 pixels
    missing = np.isnan(extract(noise((48, 48)), mask).local).all(axis=0)
    assert missing.tolist() == [[False, False, False], [False, True, True], [False, False, True]]


def test_a_constant_tile_has_defined_values():
    values = dict(zip(KEYS, extract(np.full((32, 32), 90, np.uint8), np.ones((32, 32), bool)).local[:, 1, 0]))
    assert values["glcm_Contrast"] == 0 and values["glcm_Correlation"] == 1 and values["glcm_Energy"] == 1
    assert values["firstorder_Mean"] == 90 and values["firstorder_Kurtosis"] == values["firstorder_Skewness"] == 0


def test_the_scale_makes_training_tiles_and_scans_zero_on_average_with_deviation_1():
    images = [extract(noise((32, 48), seed), np.ones((32, 48), bool)) for seed in range(12)]
    scaled = np.stack([FeatureScale.measure(images).standardise(image) for image in images])
    assert scaled.shape == (12, 26, 2, 3) and scaled.dtype == np.float32
    assert np.abs(scaled.mean(axis=(0, 2, 3))).max() < 1e-3
    assert scaled.std(axis=(0, 2, 3)) == pytest.approx(np.ones(26), abs=0.01)


def test_a_tile_without_a_value_counts_as_average():
    image = extract(noise((32, 32)), np.ones((32, 32), bool))
    scale = FeatureScale.measure([image, extract(noise((32, 32), 1), np.ones((32, 32), bool))])
    local = image.local.copy()
    local[:, 0, 1] = np.nan
    assert not scale.standardise(Radiomics(image.whole, local))[13:, 0, 1].any()


def test_a_scale_without_tiles_gives_the_13_of_the_scan_alone():
    image = extract(noise((32, 32)), np.ones((32, 32), bool))
    zero, one = dict.fromkeys(KEYS, 0.0), dict.fromkeys(KEYS, 1.0)
    plain = FeatureScale.from_dicts(zero, one, {}, {}).standardise(image)
    assert plain.shape == (13, 1, 1) and plain[:, 0, 0] == pytest.approx(list(image.whole.values()))
