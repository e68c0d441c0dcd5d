"""The regions: where a ring lies and how wide it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from region_images import disc

from radiomicnet.regions.areas import box_of, count_parts, equivalent_radius, ring

MASKS = st.tuples(st.integers(3, 24), st.integers(3, 24)).flatmap(lambda shape: arrays(bool, shape))


@given(MASKS, MASKS.map(np.size))
def test_a_ring_lies_around_the_segment_and_inside_what_is_allowed(mask, seed):
    allowed = np.random.default_rng(seed).random(mask.shape) < 0.8
    around = ring(mask, allowed)
    assert not (around & mask).any() and not (around & ~allowed).any()
    if not mask.any():
        assert not around.any()


def test_the_ring_of_a_disc_is_half_its_radius_wide():
    mask = disc((160, 160), 80, 80, 40)
    around = ring(mask, np.ones(mask.shape, bool))
    radius = equivalent_radius(mask | around)
    assert equivalent_radius(mask) == pytest.approx(40, abs=0.3)
    assert radius - equivalent_radius(mask) == pytest.approx(20, abs=0.7)


def test_the_width_is_measured_in_the_images_own_unit_when_pixels_are_not_square():
    mask = disc((200, 200), 100, 100, 30)
    around = ring(mask, np.ones(mask.shape, bool), spacing=(0.5, 1.0))
    box = box_of(around)
    across, down = (box[1].stop - box[1].start) * 0.5, (box[0].stop - box[0].start) * 1.0
    width = equivalent_radius(mask, (0.5, 1.0)) / 2
    assert (across - 61 * 0.5) / 2 == pytest.approx(width, abs=0.5)
    assert (down - 61) / 2 == pytest.approx(width, abs=1.0)


def test_a_single_pixel_has_its_four_neighbours_as_ring():
    mask = np.zeros((5, 5), bool)
    mask[2, 2] = True
    assert ring(mask, np.ones((5, 5), bool)).sum() == 4


def test_a_segment_that_fills_the_picture_has_no_ring():
    assert not ring(np.ones((9, 9), bool), np.ones((9, 9), bool)).any()


def test_parts_that_touch_at_a_corner_are_one():
    assert count_parts(np.eye(3, dtype=bool)) == 1
    assert count_parts(np.array([[1, 0, 1]], bool)) == 2
