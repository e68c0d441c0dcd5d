"""The scan's region: padding, black surroundings and burnt-in boxes are kept out, dark tissue is kept in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.draw import disk, polygon

from radiomicnet.images.scan import scan_mask


def textured(shape, seed=0):
    return np.random.default_rng(seed).integers(40, 200, shape).astype(np.uint8)


def endoscopy(seed=0, box=(60, 80), size=(200, 240)):
    """An octagon of tissue, a black box of (rows, columns) in its lower left corner, and which is which."""
    rows, columns = size
    octagon = np.zeros(size, bool)
    octagon[polygon([0, 0, 40, rows - 41, rows - 1, rows - 1, rows - 41, 40],
                    [40, columns - 41, columns - 1, columns - 1, columns - 41, 40, 0, 0])] = True
    boxed = np.zeros(size, bool)
    boxed[rows - box[0]:, :box[1]] = True
    return np.where(octagon & ~boxed, textured(size, seed), 0).astype(np.uint8), octagon & ~boxed


def test_a_picture_without_a_surround_is_scan_everywhere():
    assert scan_mask(textured((100, 120))).all()


def test_an_endoscopes_disc_is_found_and_its_corners_are_not():
    inside = np.zeros((200, 200), bool)
    inside[disk((100, 100), 90)] = True
    found = scan_mask(np.where(inside, textured((200, 200)), 3).astype(np.uint8))
    assert (found == inside).mean() > 0.98


def test_a_fan_is_found_with_the_dark_cyst_and_the_shadow_in_it():
    fan = np.zeros((200, 200), bool)
    fan[polygon([10, 10, 190, 150, 190], [80, 120, 170, 100, 30])] = True
    fan[polygon([10, 10, 190, 190], [80, 120, 190, 10])] = True
    grey = np.where(fan, textured((200, 200)), 0).astype(np.uint8)
    grey[disk((100, 100), 20)] = 0
    grey[120:, 95:105] = 0
    found = scan_mask(grey)
    assert found[disk((100, 100), 20)].all() and found[130:185, 100].all()
    assert (found == fan).mean() > 0.97


def test_a_cyst_as_wide_as_the_picture_does_not_take_what_lies_below_it_away():
    grey = textured((200, 200))
    grey[80:150] = 0
    assert scan_mask(grey).all()


def test_tissue_that_fades_out_with_depth_stays_in():
    depth = np.linspace(1, 0, 200)[:, None] ** 2
    grey = (textured((200, 160)) * depth).astype(np.uint8)
    grey[150:, :60] = 0
    assert scan_mask(grey).all()


def test_burnt_in_letters_beside_the_scan_do_not_count():
    grey = np.zeros((200, 300), np.uint8)
    grey[20:180, 20:180] = textured((160, 160))
    for column in range(220, 290, 6):
        grey[100:110, column:column + 2] = 255
    found = scan_mask(grey)
    assert not found[:, 200:].any() and found[30:170, 30:170].all()


def test_a_grey_text_panel_beside_the_scan_does_not_count():
    grey = np.full((140, 256), 16, np.uint8)
    grey[10:130, 90:220] = textured((120, 130))
    for column in range(10, 70, 6):
        grey[20:28, column:column + 2] = 200
    found = scan_mask(grey)
    assert not found[:, :80].any() and found[12:128, 92:218].all()


def test_a_black_box_in_a_corner_does_not_count():
    grey, inside = endoscopy()
    found = scan_mask(grey)
    assert (found == inside).mean() > 0.99
    assert not found[145:, :75].any()


def test_a_coloured_position_picture_does_not_count_with_what_is_drawn_in_it():
    grey, inside = endoscopy(box=(80, 70))
    grey[120:199, 0:69] = 116
    grey[150:190, 30:32] = 60
    found = scan_mask(grey)
    assert (found == inside).mean() > 0.98


@pytest.mark.parametrize("level", [30, 116, 250])
def test_a_plain_disc_or_box_amid_the_tissue_stays_in(level):
    grey = textured((200, 200))
    grey[disk((60, 60), 30)] = level
    grey[120:160, 80:140] = level
    assert scan_mask(grey).all()


@pytest.mark.parametrize("level", [0, 5, 64, 128, 255])
@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (3, 3), (60, 80), (513, 300)])
def test_a_picture_of_one_grey_level_is_taken_whole(shape, level):
    assert scan_mask(np.full(shape, level, np.uint8)).all()


def test_a_picture_that_is_almost_black_is_taken_whole():
    grey = np.zeros((100, 100), np.uint8)
    grey[:10, :10] = 100
    assert scan_mask(grey).all()


@pytest.mark.parametrize("width", [1, 2, 5])
def test_a_thin_black_border_is_left_out_at_most(width):
    grey = np.pad(textured((150, 170)), width)
    assert scan_mask(grey)[width:-width, width:-width].all()
    assert width == 1 or not scan_mask(grey)[0].any()


@pytest.mark.parametrize("size", [320, 512, 700])
def test_a_larger_picture_has_the_same_scan(size):
    scale = size // 160
    grey, inside = (np.kron(array, np.ones((scale, scale), array.dtype)) for array in endoscopy())
    assert (scan_mask(grey) == inside).mean() > 0.98


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 999), st.integers(45, 90), st.integers(45, 110), st.floats(0.6, 1.4))
def test_the_scan_hardly_depends_on_gain(seed, rows, columns, gain):
    grey, _ = endoscopy(seed, (rows, columns))
    noisy = np.maximum(grey, np.random.default_rng(seed).integers(0, 4, grey.shape))
    brighter = (noisy * gain).clip(0, 255).astype(np.uint8)
    assert (scan_mask(brighter) == scan_mask(noisy.astype(np.uint8))).mean() > 0.99


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 999), st.integers(45, 90), st.integers(45, 110), st.integers(200, 600))
def test_the_scan_of_the_mirrored_picture_is_the_mirrored_scan(seed, rows, columns, width):
    grey, _ = endoscopy(seed, (rows, columns), (200, width))
    assert (scan_mask(np.ascontiguousarray(grey[:, ::-1])) == scan_mask(grey)[:, ::-1]).mean() > 0.98


@settings(deadline=None, max_examples=100)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 999))
def test_any_tiny_picture_gets_a_region_of_its_shape(rows, columns, seed):
    grey = np.random.default_rng(seed).integers(0, 256, (rows, columns)).astype(np.uint8)
    found = scan_mask(grey)
    assert found.shape == grey.shape and found.dtype == bool and found.any()
