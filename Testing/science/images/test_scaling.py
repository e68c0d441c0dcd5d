"""One rule turns any intensities into 8 bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from radiomicnet.errors import ImageError
from radiomicnet.images.scaling import to_eight_bit

NUMBERS = (hnp.boolean_dtypes() | hnp.integer_dtypes() | hnp.unsigned_integer_dtypes() | hnp.floating_dtypes())


def finite_arrays(shape=None):
    shapes = shape or hnp.array_shapes(min_dims=1, max_dims=3, max_side=20)
    return NUMBERS.flatmap(lambda dtype: hnp.arrays(dtype, shapes, elements=hnp.from_dtype(
        np.dtype(dtype), allow_nan=False, allow_infinity=False)))


def test_8_bit_values_stay_as_they_are():
    array = np.arange(256, dtype=np.uint8)
    eight, warnings = to_eight_bit(array)
    assert np.array_equal(eight, array)
    assert warnings == ()


@pytest.mark.parametrize("dtype", [np.int16, np.uint16, np.int32, np.uint64, np.float32, np.float64])
def test_the_type_of_the_array_does_not_matter(dtype):
    values = np.arange(256)
    assert np.array_equal(to_eight_bit(values.astype(dtype))[0], values)


@pytest.mark.parametrize(("highest", "full"), [(256, 1023), (1023, 1023), (1024, 4095), (4095, 4095), (4096, 16383),
                                               (16383, 16383), (16384, 65535), (65535, 65535)])
def test_10_12_14_and_16_bit_values_are_scaled_by_their_full_range(highest, full):
    array = np.array([0, highest // 2, highest], np.uint16)
    eight, warnings = to_eight_bit(array)
    assert np.array_equal(eight, np.rint(array.astype(float) * 255 / full))
    assert warnings == ()


@pytest.mark.parametrize("array", [np.array([False, True]), np.array([0, 1], np.uint8), np.array([0, 1], np.int64),
                                   np.array([0.0, 1.0]), np.array([-1e-9, 1 + 1e-6])])
def test_images_of_nothing_but_0_and_1_become_black_and_white(array):
    eight, warnings = to_eight_bit(array)
    assert eight.tolist() == [0, 255]
    assert warnings == ()


def test_float_images_between_0_and_1_are_spread_over_8_bit():
    assert to_eight_bit(np.array([0.0, 0.25, 0.5, 0.7]))[0].tolist() == [0, 64, 128, 178]


def test_a_bright_pixel_within_the_scale_changes_nothing_else():
    array = np.full((30, 30), 100, np.uint16)
    array[3, 4] = 255
    assert to_eight_bit(array)[0][0, 0] == 100


def test_negative_values_are_windowed_between_percentiles_and_a_warning_says_so():
    hounsfield = np.linspace(-1000, 1000, 2001)
    eight, warnings = to_eight_bit(hounsfield)
    low, high = np.percentile(hounsfield, [0.5, 99.5])
    assert eight[0] == 0
    assert eight[-1] == 255
    assert eight[1000] == round((0 - low) / (high - low) * 255)
    assert "-1000" in warnings[0]
    assert "percentiles" in warnings[0]


def test_one_hot_pixel_does_not_set_the_window():
    array = np.concatenate([np.linspace(-10, 10, 10000), [1e9]])
    assert len(np.unique(to_eight_bit(array)[0])) > 200


def test_a_rare_value_is_not_lost_where_the_percentiles_are_equal():
    array = np.zeros(10000)
    array[7] = -5
    eight, _ = to_eight_bit(array)
    assert eight[7] == 0
    assert eight[0] == 255


def test_small_fractional_values_keep_their_contrast_and_a_warning_says_so():
    eight, warnings = to_eight_bit(np.linspace(0, 3, 1000))
    assert len(np.unique(eight)) > 200
    assert warnings


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_nan_and_infinities_are_refused(bad, dtype):
    with pytest.raises(ImageError, match=r"NaN\) or infinite"):
        to_eight_bit(np.array([0, bad, 1], dtype))


@pytest.mark.parametrize("array", [np.array([1j, 2]), np.array(["a"]), np.array([None, 1]), np.zeros((0, 3)),
                                   np.array(["2020-01-01"], "M8[D]")])
def test_what_has_no_grey_levels_is_refused(array):
    with pytest.raises(ImageError):
        to_eight_bit(array)


@given(finite_arrays())
def test_scaling_is_monotone_and_keeps_the_shape(array):
    eight, _ = to_eight_bit(array)
    assert eight.dtype == np.uint8
    assert eight.shape == array.shape
    order = np.argsort(array, axis=None, kind="stable")
    assert np.all(np.diff(eight.ravel()[order].astype(int)) >= 0)


@given(hnp.arrays(np.int64, 50, elements=st.integers(0, 65535)))
def test_the_same_values_give_the_same_pixels_in_every_type_that_holds_them(values):
    expected = to_eight_bit(values)[0]
    for dtype in (np.uint16, np.uint32, np.float32, np.float64):
        assert np.array_equal(to_eight_bit(values.astype(dtype))[0], expected)
