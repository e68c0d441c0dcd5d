"""Local binary patterns against scikit-image."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.feature import local_binary_pattern

from radiomicnet.features.lbp import lbp_codes, lbp_features

SHAPES = st.tuples(st.integers(1, 40), st.integers(1, 40))
# Few grey levels make flat areas, where the last bit of the interpolation decides.
GREY = st.tuples(SHAPES, st.sampled_from([1, 3, 255])).flatmap(
    lambda drawn: arrays(np.uint8, drawn[0], elements=st.integers(0, drawn[1])))


@given(GREY)
def test_codes_equal_those_of_scikit_image_to_the_bit(grey):
    assert np.array_equal(lbp_codes(grey), local_binary_pattern(grey, 8, 1, "uniform"))


def test_codes_equal_scikit_images_far_from_the_origin_of_a_flat_image():
    grey = np.full((300, 517), 201, np.uint8)
    assert np.array_equal(lbp_codes(grey), local_binary_pattern(grey, 8, 1, "uniform"))


def test_a_bright_spot_a_flat_area_and_a_dark_spot_have_their_own_codes():
    grey = np.full((5, 5), 100, np.uint8)
    grey[2, 2] = 200
    assert lbp_codes(grey)[2, 2] == 0
    grey[2, 2] = 50
    assert lbp_codes(grey)[2, 2] == 8


@given(GREY)
def test_features_stay_within_the_range_of_the_catalogue(grey):
    from radiomicnet.features.catalogue import BY_KEY

    for key, value in lbp_features(lbp_codes(grey), np.ones(grey.shape, bool)).items():
        assert BY_KEY[key].low - 1e-12 <= value <= BY_KEY[key].high + 1e-12


def test_only_codes_inside_the_mask_count():
    rng = np.random.default_rng(0)
    grey = rng.integers(0, 256, (32, 32)).astype(np.uint8)
    mask = np.zeros((32, 32), bool)
    mask[4:20, 4:20] = True
    codes = local_binary_pattern(grey, 8, 1, "uniform")[mask]
    share = np.array([(codes == code).mean() for code in range(10)])
    features = lbp_features(lbp_codes(grey), mask)
    assert features["lbp_Uniformity"] == pytest.approx((share**2).sum())
    assert features["lbp_NonUniformShare"] == pytest.approx(share[9])
    assert features["lbp_Entropy"] == pytest.approx(-(share[share > 0] * np.log2(share[share > 0])).sum())
