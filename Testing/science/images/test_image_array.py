"""Arrays in memory become images, or a sentence says why not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from radiomicnet.errors import ImageError, RadiomicNetError
from radiomicnet.images.array import check_size, image_from_array
from radiomicnet.images.image import Geometry, Image

GREY = np.random.default_rng(1).integers(0, 256, (40, 50), dtype=np.uint8)
RGB = np.random.default_rng(2).integers(0, 256, (40, 50, 3), dtype=np.uint8)


def test_grey_and_rgb_arrays_keep_their_pixels():
    assert np.array_equal(image_from_array(GREY).pixels, GREY)
    assert np.array_equal(image_from_array(RGB).pixels, RGB)
    assert np.array_equal(image_from_array(GREY[..., None]).pixels, GREY)


def test_name_geometry_modality_and_warnings_are_handed_on():
    geometry = Geometry((0.1, 0.2, 3.0), calibrated=True)
    image = image_from_array(GREY, geometry, "scan", "US", ("before",))
    assert (image.name, image.geometry, image.modality, image.warnings) == ("scan", geometry, "US", ("before",))


def test_the_pixels_are_a_copy_that_a_change_of_the_volume_does_not_reach():
    array = RGB.copy()
    image = image_from_array(array)
    array[:] = 0
    assert np.array_equal(image.pixels, RGB)


@pytest.mark.parametrize("colours", [GREY[..., None], RGB])
def test_an_opacity_that_says_something_is_dropped_with_a_warning(colours):
    opacity = np.where(np.arange(50) < 25, 0, 255).astype(np.uint8)
    image = image_from_array(np.dstack([colours, np.tile(opacity, (40, 1))]))
    assert np.array_equal(image.pixels, colours.squeeze())
    assert "opacity" in image.warnings[0]


def test_a_uniform_opacity_is_dropped_in_silence():
    image = image_from_array(np.dstack([RGB, np.full((40, 50), 255, np.uint8)]))
    assert np.array_equal(image.pixels, RGB)
    assert image.warnings == ()


def test_opacity_does_not_set_the_intensity_scale():
    image = image_from_array(np.dstack([GREY.astype(np.uint16), np.full((40, 50), 65535, np.uint16)]))
    assert np.array_equal(image.pixels, GREY)


@pytest.mark.parametrize("array", [np.zeros((40, 50)), np.full((40, 50, 3), 7, np.uint8),
                                   np.full((40, 50, 3), [10, 200, 30], np.uint8),
                                   np.dstack([np.full((40, 50, 3), 7, np.uint8), GREY]),
                                   100 + np.random.default_rng(0).random((40, 50)) / 10])
def test_an_image_of_one_colour_is_refused_with_a_sentence(array):
    with pytest.raises(ImageError, match="flat shows the same value"):
        image_from_array(array, name="flat")


def test_nan_is_refused_with_a_sentence():
    array = GREY.astype(float)
    array[3, 4] = np.nan
    with pytest.raises(ImageError, match="NaN"):
        image_from_array(array)


@pytest.mark.parametrize(("shape", "words"), [((1, 1), "at least 16"), ((15, 400), "at least 16"),
                                              ((400, 15, 3), "at least 16"), ((0, 0), "at least 16"),
                                              ((8001, 8000), "64 megapixels"), ((30, 40, 5), "5 values per pixel"),
                                              ((3, 40, 50, 3), "not a 2-D image"), ((40,), "not a 2-D image"),
                                              ((), "not a 2-D image")])
def test_shapes_that_cannot_be_segmented_are_refused_with_a_sentence(shape, words):
    with pytest.raises(ImageError, match=words):
        image_from_array(np.broadcast_to(np.uint8(0), shape))


def test_stacks_are_refused_with_how_to_take_a_slice():
    with pytest.raises(ImageError, match=r"one 2-D image at a time.*Crop Volume"):
        check_size((512, 512, 30), "stack.nrrd")


def test_one_dimension_is_refused_with_a_sentence():
    with pytest.raises(ImageError, match="500 × 1 pixels"):
        check_size((500,), "line.nii")


def test_the_limits_themselves_are_allowed():
    check_size((16, 16), "least")
    check_size((8000, 8000, 1), "most")


ANY_DTYPE = (hnp.scalar_dtypes() | hnp.array_dtypes(max_size=2))
ANY_SHAPE = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=20) | st.tuples(
    st.integers(14, 40), st.integers(14, 40)) | st.tuples(st.integers(14, 40), st.integers(14, 40), st.integers(0, 5))


@settings(max_examples=200)
@given(st.data())
def test_any_array_gives_an_8_bit_image_or_one_of_our_errors(data):
    dtype = data.draw(ANY_DTYPE)
    array = data.draw(hnp.arrays(dtype, data.draw(ANY_SHAPE)))
    try:
        image = image_from_array(array)
    except RadiomicNetError as error:
        said = error.problem, error.remedy
        assert all(sentence.endswith(".") for sentence in said)
        return
    assert isinstance(image, Image)
    assert image.pixels.dtype == np.uint8
    assert image.shape == array.shape[:2]
    assert image.pixels.ndim == 2 or image.pixels.shape[2] == 3
