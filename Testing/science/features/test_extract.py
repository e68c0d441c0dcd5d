"""The 13 features together: what they are computed of, their ranges, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from radiomicnet.errors import FeatureError
from radiomicnet.features.catalogue import BY_KEY, CATALOGUE, KEYS
from radiomicnet.features.extract import extract
from radiomicnet.features.intensity import intensity_features

IMAGES = st.tuples(st.integers(8, 32), st.integers(8, 32)).flatmap(lambda shape: arrays(np.uint8, shape))


def test_the_catalogue_has_13_features_of_three_families_with_the_papers_three_among_them():
    assert len(CATALOGUE) == len(set(KEYS)) == 13
    assert {key.split("_")[0] for key in KEYS} == {"glcm", "lbp", "firstorder"}
    assert {"glcm_Dissimilarity", "glcm_Energy", "lbp_Entropy"} <= set(KEYS)


def test_every_feature_tells_its_formula_source_counterpart_and_meaning():
    for feature in CATALOGUE:
        assert feature.formula and feature.source and feature.pyradiomics and feature.meaning.endswith(".")
        assert feature.low < feature.high


@given(IMAGES)
def test_any_image_has_finite_features_within_their_ranges(grey):
    features = extract(grey, np.ones(grey.shape, bool)).whole
    assert tuple(features) == KEYS
    for key, value in features.items():
        assert np.isfinite(value)
        assert BY_KEY[key].low - 1e-9 <= value <= BY_KEY[key].high + 1e-9, key


@given(IMAGES, st.integers(0, 2**32 - 1))
def test_what_lies_outside_the_mask_changes_only_patterns_at_its_border(grey, seed):
    mask = np.zeros((grey.shape[0] + 8, grey.shape[1] + 8), bool)
    mask[4:-4, 4:-4] = True
    quiet = np.zeros(mask.shape, np.uint8)
    loud = np.random.default_rng(seed).integers(0, 256, mask.shape).astype(np.uint8)
    quiet[mask] = loud[mask] = grey.ravel()
    for key, value in extract(quiet, mask).whole.items():
        if not key.startswith("lbp"):
            assert extract(loud, mask).whole[key] == value


def test_ibsis_digital_phantom_is_reproduced_to_the_printed_digits(ibsi):
    features = intensity_features(ibsi.phantom.reshape(16, 5).astype(np.uint8), ibsi.mask.reshape(16, 5))
    ours = {"firstorder_Mean": features["firstorder_Mean"],
            "firstorder_Variance": features["firstorder_StandardDeviation"] ** 2,
            "firstorder_Skewness": features["firstorder_Skewness"],
            "firstorder_ExcessKurtosis": features["firstorder_Kurtosis"] - 3}
    assert {key: float(f"{value:.3g}") for key, value in ours.items()} == ibsi.intensity


@given(IMAGES)
def test_moments_equal_those_of_scipy(grey):
    if grey.std() == 0:
        return
    features = intensity_features(grey, np.ones(grey.shape, bool))
    assert features["firstorder_Skewness"] == pytest.approx(stats.skew(grey, axis=None), abs=1e-6)
    assert features["firstorder_Kurtosis"] == pytest.approx(stats.kurtosis(grey, axis=None, fisher=False), rel=1e-6)


def test_a_constant_image_has_defined_features():
    features = extract(np.full((32, 32), 90, np.uint8), np.ones((32, 32), bool)).whole
    assert features["firstorder_Skewness"] == features["firstorder_Kurtosis"] == 0
    assert features["firstorder_Mean"] == 90 and features["glcm_Energy"] == 1
    assert not any(np.signbit(value) for value in features.values())  # a table would show minus zero


@pytest.mark.parametrize("pixels", [0, 1, 63])
def test_too_few_pixels_inside_the_scan_are_refused_with_a_sentence(pixels):
    mask = np.zeros((32, 32), bool)
    mask.flat[:pixels] = True
    with pytest.raises(FeatureError, match=f"Only {pixels} pixels"):
        extract(np.zeros((32, 32), np.uint8), mask)


def test_floats_are_refused_so_that_no_scale_is_guessed_here():
    with pytest.raises(FeatureError, match="uint8"):
        extract(np.full((32, 32), np.nan), np.ones((32, 32), bool))
