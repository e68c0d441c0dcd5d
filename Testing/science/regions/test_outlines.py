"""Changed outlines: small, repeatable, and of the size that is said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from region_images import disc
from scipy import ndimage

from radiomicnet.regions.outlines import SHIFTS, outline_variants, signed_distance, step_of

MASKS = st.tuples(st.integers(2, 24), st.integers(2, 24)).flatmap(
    lambda shape: arrays(bool, shape)).filter(np.any)


def test_one_pixel_in_or_out_is_scipys_erosion_or_dilation():
    mask = disc((60, 60), 30, 30, 12)  # a step is one pixel here
    assert step_of(mask) == 1
    _, inwards, outwards, _ = outline_variants(mask, jitters=0)
    assert (inwards == ndimage.binary_erosion(mask, np.ones((3, 3)))).all()
    assert (outwards == ndimage.binary_dilation(mask, np.ones((3, 3)))).all()


@given(MASKS, st.integers(0, 99))
def test_shifted_outlines_are_nested_and_all_variants_stay_where_they_may(mask, seed):
    allowed = np.random.default_rng(seed).random(mask.shape) < 0.9
    variants = outline_variants(mask, allowed, jitters=2, seed=seed)
    assert variants.shape == (len(SHIFTS) + 2, *mask.shape) and variants.dtype == bool
    assert not (variants & ~allowed).any()
    two_in, one_in, one_out, two_out = outline_variants(mask, jitters=0)
    for inner, outer in zip((two_in, one_in, mask, one_out), (one_in, mask, one_out, two_out)):
        assert not (inner & ~outer).any()


def test_the_same_seed_gives_the_same_outlines_and_another_seed_others():
    mask = disc((90, 90), 45, 45, 25)
    first, again, other = (outline_variants(mask, seed=seed) for seed in (1, 1, 2))
    assert (first == again).all() and (first[4:] != other[4:]).any(axis=(1, 2)).all()


@pytest.mark.parametrize("radius", [15, 60, 120])
def test_a_jittered_outline_moves_by_about_a_step_to_both_sides_and_keeps_its_area(radius):
    size = 2 * radius + 80
    mask = disc((size, size), size // 2, size // 2, radius)
    step = step_of(mask)
    assert step == pytest.approx(max(1, 0.05 * radius), rel=0.01)
    jittered = outline_variants(mask, jitters=16)[4:]
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    along = np.arange(0, size // 2 - 1, 0.25)  # in all directions from the centre outwards
    rays = [np.rint(size // 2 + along[:, None] * turn(angles)).astype(int) for turn in (np.sin, np.cos)]
    moved = jittered[:, *rays].sum(axis=1) * 0.25 - radius
    assert np.sqrt(np.mean(moved**2)) == pytest.approx(step, rel=0.25)
    assert np.abs(moved).max() <= 2.5 * step + 1.5
    assert np.mean([variant.sum() for variant in jittered]) == pytest.approx(mask.sum(), rel=0.05)
    assert all(ndimage.label(variant)[1] == 1 for variant in jittered)


def test_a_segment_that_fills_the_picture_stays_as_it_is():
    assert outline_variants(np.ones((9, 9), bool)).all()


def test_the_distance_is_half_a_pixel_on_either_side_of_the_outline():
    mask = np.zeros((5, 5), bool)
    mask[:, 2:] = True
    assert signed_distance(mask)[2].tolist() == [1.5, 0.5, -0.5, -1.5, -2.5]
