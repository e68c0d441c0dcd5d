"""The 13 features inside a segment, at the image's own resolution."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from region_images import disc, textured

from radiomicnet.errors import FeatureError
from radiomicnet.features.catalogue import KEYS
from radiomicnet.features.extract import extract
from radiomicnet.images.image import Image
from radiomicnet.regions.inside import Texture, features_inside


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_they_are_the_networks_definitions_on_the_images_own_pixels(seed, coloured):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (*rng.integers(12, 40, 2), *([3] if coloured else []))).astype(np.uint8)
    image = Image(pixels)
    mask = rng.random(image.shape) < 0.9
    texture = Texture(image)
    assert texture.inside(mask) == extract(texture.grey, mask).whole


def test_all_13_are_pyradiomics_values_inside_the_segment():
    pytest.importorskip("radiomics", reason="PyRadiomics is not installed; set-up said why")
    from radiomicnet.verify.values import pyradiomics_values

    grey = textured((90, 90), 4)
    mask = disc(grey.shape, 40, 50, 22)
    assert features_inside(Image(grey), mask) == pytest.approx(pyradiomics_values(grey, mask), rel=1e-9)


def test_local_patterns_at_the_border_know_what_lies_beyond_it():
    grey = textured((60, 60))
    mask = disc(grey.shape, 30, 30, 12)
    other = np.where(mask, grey, 255).astype(np.uint8)
    one, two = features_inside(Image(grey), mask), features_inside(Image(other), mask)
    assert {key for key in KEYS if one[key] != two[key]} == {"lbp_Entropy", "lbp_Uniformity", "lbp_NonUniformShare"}


@pytest.mark.parametrize("mask", [np.zeros((60, 60), bool), disc((60, 60), 30, 30, 4), np.ones((4, 4), bool)])
def test_a_segment_too_small_or_of_another_size_is_refused_with_a_sentence(mask):
    with pytest.raises(FeatureError, match="The segment has"):
        features_inside(Image(textured((60, 60))), mask)
