"""The scan's region: padding and black surroundings are kept out, dark tissue is kept in."""

import numpy as np
from skimage.draw import disk, polygon

from radiomicnet.images.scan import scan_mask


def textured(shape, seed=0):
    return np.random.default_rng(seed).integers(40, 200, shape).astype(np.uint8)


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


def test_burnt_in_letters_beside_the_scan_do_not_count():
    grey = np.zeros((200, 300), np.uint8)
    grey[20:180, 20:180] = textured((160, 160))
    for column in range(220, 290, 6):
        grey[100:110, column:column + 2] = 255
    found = scan_mask(grey)
    assert not found[:, 200:].any() and found[30:170, 30:170].all()


def test_a_picture_that_is_almost_black_is_taken_whole():
    grey = np.zeros((100, 100), np.uint8)
    grey[:10, :10] = 100
    assert scan_mask(grey).all()
