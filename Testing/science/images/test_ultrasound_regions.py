"""What DICOM's ultrasound regions say: how large a pixel is, and where on the screen the body is shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radiomicnet.images.grid import to_grid
from radiomicnet.images.read import read_image

GREY = np.random.default_rng(1).integers(40, 256, (80, 100), dtype=np.uint8)
SHAPE = GREY.shape


@pytest.fixture
def image(tmp_path, write_dicom, region):
    """``image((left, top, right, bottom), ..., **elements of every region)``, or such pairs, as read."""
    def make(*boxes, pixels=GREY):
        items = []
        for box, elements in ((entry if isinstance(entry[0], tuple) else (entry, {})) for entry in boxes):
            item = region(0.005, 0.006)
            (item.RegionLocationMinX0, item.RegionLocationMinY0,
             item.RegionLocationMaxX1, item.RegionLocationMaxY1) = box
            for keyword, value in elements.items():
                setattr(item, keyword, value)
            items.append(item)
        write_dicom(tmp_path / "a.dcm", pixels, SequenceOfUltrasoundRegions=items)
        return read_image(tmp_path / "a.dcm")
    return make


LEFT, RIGHT, BELOW = (0, 10, 49, 59), (50, 10, 99, 59), (0, 60, 99, 79)
COARSER = {"PhysicalDeltaX": 0.01, "PhysicalDeltaY": 0.01}
SPECTRUM = {"RegionSpatialFormat": 3, "RegionDataType": 3, "PhysicalUnitsXDirection": 4, "PhysicalUnitsYDirection": 7}


def inside(*boxes):
    mask = np.zeros(SHAPE, bool)
    for left, top, right, bottom in boxes:
        mask[top:bottom + 1, left:right + 1] = True
    return mask


def test_one_region_gives_the_spacing_and_the_place_of_the_picture(image):
    read = image(LEFT)
    assert read.geometry.spacing == pytest.approx((0.05, 0.06, 1))
    assert read.geometry.calibrated
    assert np.array_equal(read.region, inside(LEFT))
    assert read.warnings == ()


def test_a_spectrum_below_the_picture_is_neither_the_scale_nor_the_picture(image):
    read = image(((0, 0, 99, 59), {}), (BELOW, SPECTRUM))
    assert read.geometry.spacing[:2] == pytest.approx((0.05, 0.06))
    assert np.array_equal(read.region, inside((0, 0, 99, 59)))


def test_two_pictures_of_one_scale_are_both_the_scan_and_slicers_spacing_is_told(image):
    read = image(LEFT, RIGHT)
    assert read.geometry.calibrated
    assert np.array_equal(read.region, inside(LEFT, RIGHT))
    assert "set the spacing to 0.05 × 0.06 mm" in read.warnings[0]


def test_of_pictures_of_two_scales_the_largest_counts_and_a_warning_says_so(image):
    read = image((LEFT, {}), ((50, 10, 99, 30), COARSER))
    assert read.geometry.spacing[:2] == pytest.approx((0.05, 0.06))
    assert np.array_equal(read.region, inside(LEFT))
    assert "different scales; only the largest" in read.warnings[0]


def test_two_scales_of_which_none_is_the_largest_leave_lengths_in_pixels(image):
    read = image((LEFT, {}), (RIGHT, COARSER))
    assert read.geometry.spacing == (1, 1, 1)
    assert not read.geometry.calibrated
    assert np.array_equal(read.region, inside(LEFT, RIGHT))


def test_a_region_that_does_not_belong_to_this_picture_is_kept_as_slicer_has_it_but_measures_nothing(image):
    read = image((84, 31, 595, 414))
    assert read.geometry.spacing[:2] == pytest.approx((0.05, 0.06))
    assert not read.geometry.calibrated
    assert read.region is None
    assert "lengths are given in pixels" in read.warnings[0]


@pytest.mark.parametrize("elements", [{"PhysicalUnitsXDirection": 4}, {"PhysicalDeltaX": 0.0},
                                      {"PhysicalDeltaY": -0.01}, {"PhysicalDeltaX": float("nan")}])
def test_a_region_without_a_size_in_centimetres_still_says_where_the_picture_is(image, elements):
    read = image((LEFT, elements))
    assert not read.geometry.calibrated
    assert np.array_equal(read.region, inside(LEFT))


def test_a_region_too_small_for_a_picture_is_ignored(image):
    assert image((0, 0, 10, 10)).region is None


def test_burnt_in_text_outside_the_region_is_kept_out_of_the_features(image):
    pixels = GREY.copy()
    pixels[60:, ::3] = 255
    read = image(LEFT, pixels=pixels)
    with_region, without = (to_grid(read.rgb, 100, region).mask[:80] for region in (read.region, None))
    assert without[65:].any()
    assert np.array_equal(with_region, without & read.region)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[st.integers(-5, 120)] * 4, st.sampled_from([0.0, 0.01, 0.02, -1.0]),
                          st.integers(0, 5), st.integers(0, 3)), max_size=4))
def test_no_region_whatever_it_says_breaks_the_reading_or_reaches_outside(image, regions):
    read = image(*(((max(0, left), max(0, top), max(0, right), max(0, bottom)),
                    {"PhysicalDeltaX": delta, "RegionDataType": kind, "RegionSpatialFormat": spatial})
                   for left, top, right, bottom, delta, kind, spatial in regions))
    assert read.region is None or (read.region.shape == SHAPE and read.region.any())
    assert min(read.geometry.spacing) > 0
