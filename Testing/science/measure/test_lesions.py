"""Sizes of lesions, against shapes with known sizes and against scikit-image and ITK."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull
from scipy.spatial.distance import pdist
from skimage.measure import find_contours, regionprops

from radiomicnet.images.image import Geometry
from radiomicnet.measure.lesions import MOST_LESIONS, diameters, find_lesions

UNCALIBRATED = Geometry()


def ellipse(long: float, short: float, angle: float, size: int = 240, spacing: tuple[float, float] = (1.0, 1.0)):
    """Mask of an ellipse of two diameters in the middle of a square picture, turned by an angle in radians."""
    rows, columns = np.indices((size, size), float) - (size - 1) / 2
    x, y = columns * spacing[0], rows * spacing[1]
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    return (2 * along / long) ** 2 + (2 * across / short) ** 2 <= 1


def blob(seed: int, size: int = 60) -> np.ndarray:
    """One irregular region, as a threshold makes it."""
    from scipy.ndimage import gaussian_filter, label

    rough = gaussian_filter(np.random.default_rng(seed).normal(size=(size, size)), 5)
    regions, _ = label(rough > np.quantile(rough, 0.7))
    return regions == np.bincount(regions.ravel())[1:].argmax() + 1


def length(ends) -> float:
    return float(np.linalg.norm(np.subtract(*ends)))


def test_a_row_of_pixels_is_as_long_as_it_has_pixels_and_one_wide():
    mask = np.zeros((9, 30), bool)
    mask[4, 3:23] = True
    size = diameters(mask)
    assert (size.longest, size.perpendicular) == pytest.approx((20, 1))
    assert sorted(size.longest_ends) == [(2.5, 4), (22.5, 4)]


def test_one_pixel_is_one_by_one():
    size = diameters(np.ones((1, 1), bool))
    assert (size.longest, size.perpendicular) == pytest.approx((1, 1))


@pytest.mark.parametrize("radius", [5, 20, 80, 110])
def test_a_circle_is_as_wide_as_it_is_long(radius):
    size = diameters(ellipse(2 * radius, 2 * radius, 0))
    assert size.longest == pytest.approx(2 * radius, abs=1.5)
    assert size.perpendicular == pytest.approx(2 * radius, abs=1.5)


@pytest.mark.parametrize("angle", np.deg2rad([0, 10, 30, 45, 77, 90, 135]))
def test_an_ellipse_has_the_lengths_of_its_axes_at_any_angle(angle):
    size = diameters(ellipse(160, 70, angle))
    assert size.longest == pytest.approx(160, abs=1.5)
    assert size.perpendicular == pytest.approx(70, abs=2)


def test_the_perpendicular_diameter_of_a_rectangle_is_a_ruler_laid_across_its_diagonal():
    mask = np.ones((100, 200), bool)
    size = diameters(mask)
    diagonal = np.hypot(100, 200)
    assert size.longest == pytest.approx(diagonal, abs=1)
    # From a corner at right angles to the diagonal, to the opposite side: b * d / a.
    assert size.perpendicular == pytest.approx(100 * diagonal / 200, abs=1)


@pytest.mark.parametrize("angle", np.deg2rad([0, 25, 60, 90]))
def test_rectangular_pixels_are_measured_in_millimetres(angle):
    spacing = (0.2, 0.5)
    mask = ellipse(40, 18, angle, size=300, spacing=spacing)
    size = diameters(mask, spacing)
    assert size.longest == pytest.approx(40, abs=0.75)
    assert size.perpendicular == pytest.approx(18, abs=1)


def test_the_longest_in_millimetres_may_be_another_line_than_in_pixels():
    mask = np.zeros((60, 100), bool)
    mask[30, 10:90] = True  # 80 pixels across
    mask[5:55, 50] = True   # 50 pixels down, 100 mm
    _, (lesion,) = find_lesions(mask.astype(np.float32), 0.5, Geometry((1.0, 2.0, 1.0), calibrated=True))
    assert lesion.longest_pixels == pytest.approx(80)
    assert lesion.longest_mm == pytest.approx(100)
    assert lesion.perpendicular_mm == pytest.approx(80 / 2 * 2, rel=0.05)
    assert {column for column, _ in lesion.longest_ends} == {50}


@pytest.mark.parametrize("seed", range(8))
def test_the_longest_diameter_is_that_of_the_outline_scikit_image_draws(seed):
    mask = np.pad(blob(seed), 1)
    outline = np.concatenate(find_contours(mask.astype(float), 0.5))
    assert diameters(mask).longest == pytest.approx(pdist(outline).max(), abs=1e-9)
    assert diameters(mask).longest == pytest.approx(regionprops(mask.astype(np.uint8))[0].feret_diameter_max, abs=0.75)


@pytest.mark.parametrize("seed", range(8))
def test_the_longest_diameter_is_within_one_pixel_of_itk_between_pixel_centres(seed):
    mask = blob(seed)
    statistics = sitk.LabelShapeStatisticsImageFilter()
    statistics.ComputeFeretDiameterOn()
    statistics.Execute(sitk.GetImageFromArray(mask.astype(np.uint8)))
    assert 0 < diameters(mask).longest - statistics.GetFeretDiameter(1) <= 1 + 1e-9


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), x=st.floats(0.05, 3), y=st.floats(0.05, 3))
def test_the_ends_lie_as_far_apart_as_the_lengths_say_and_at_right_angles(seed, x, y):
    mask, spacing = blob(seed), np.array([x, y])
    size = diameters(mask, (x, y))
    longest, across = (np.array(ends) * spacing for ends in (size.longest_ends, size.perpendicular_ends))
    assert length(longest) == pytest.approx(size.longest)
    assert length(across) == pytest.approx(size.perpendicular)
    assert abs((longest[1] - longest[0]) @ (across[1] - across[0])) < 1e-9 * size.longest * size.longest
    assert 0 < size.perpendicular <= size.longest * (1 + 1e-12)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000))
def test_turning_and_mirroring_change_no_length(seed):
    mask = blob(seed)
    expected = diameters(mask)
    for turned in (np.rot90(mask), np.rot90(mask, 2), mask[::-1], mask.T):
        assert diameters(turned).longest == pytest.approx(expected.longest)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), scale=st.integers(2, 4))
def test_finer_pixels_change_lengths_by_less_than_one_coarse_pixel(seed, scale):
    mask = blob(seed)
    fine = mask.repeat(scale, axis=0).repeat(scale, axis=1)
    assert diameters(fine, (1 / scale, 1 / scale)).longest == pytest.approx(diameters(mask).longest, abs=1)


@settings(deadline=None, max_examples=100)
@given(seed=st.integers(0, 10_000), size=st.integers(6, 60), x=st.floats(0.05, 3), y=st.floats(0.05, 3))
def test_the_perpendicular_diameter_is_the_longest_line_across_at_right_angles(seed, size, x, y):
    """Against lines clipped by the hull's half-planes: through every corner of it, and ten to a pixel between."""
    mask, spacing = np.pad(blob(seed, size), 1), (x, y)
    measured = diameters(mask, spacing)
    outline = np.concatenate(find_contours(mask.astype(float), 0.5))[:, ::-1] * spacing
    hull = ConvexHull(outline)
    sides, offsets = np.split(hull.equations, [2], axis=1)
    start, end = np.array(measured.longest_ends) * spacing
    axis = (end - start) / measured.longest
    slope = sides @ np.array([-axis[1], axis[0]])
    corners = (outline[hull.vertices] - start) @ axis
    places = np.concatenate([corners, np.arange(0, measured.longest, 0.1 * min(spacing))])
    middles = start + places[:, None] * axis
    crossing = abs(slope) > 1e-12
    reach = -(sides @ middles.T + offsets)[crossing] / slope[crossing, None]
    above = slope[crossing, None] > 0
    chords = np.where(above, reach, np.inf).min(axis=0) - np.where(above, -np.inf, reach).max(axis=0)
    assert measured.perpendicular == pytest.approx(chords.max(), rel=1e-9)


def test_lesions_come_largest_first_with_their_own_measures():
    probability = np.zeros((200, 300), np.float32)
    probability[20:40, 20:50] = 0.7
    probability[100:160, 100:200] = 0.9
    labels, (first, second) = find_lesions(probability, 0.5, UNCALIBRATED)
    assert (first.label, first.area_pixels, first.mean_probability) == (1, 6000, pytest.approx(0.9))
    assert (second.label, second.area_pixels, second.mean_probability) == (2, 600, pytest.approx(0.7))
    assert labels.dtype == np.uint8
    assert set(np.unique(labels[100:160, 100:200])) == {1}
    assert all(100 - 0.5 <= column <= 200 - 0.5 for column, _ in first.longest_ends)
    assert first.longest_mm is first.perpendicular_mm is first.area_mm2 is None


def test_a_calibrated_image_gives_square_millimetres():
    _, (lesion,) = find_lesions(np.ones((20, 30), np.float32), 0.5, Geometry((0.1, 0.2, 1.0), calibrated=True))
    assert lesion.area_mm2 == pytest.approx(20 * 30 * 0.02)


def test_pixels_that_touch_at_a_corner_are_one_lesion():
    probability = np.zeros((40, 40), np.float32)
    probability[5:15, 5:15] = probability[15:25, 15:25] = 1
    assert len(find_lesions(probability, 0.5, UNCALIBRATED)[1]) == 1


@pytest.mark.parametrize(("shape", "smallest"), [((50, 50), 16), ((400, 500), 100)])
def test_specks_are_left_out(shape, smallest):
    for pixels, found in ((smallest - 1, 0), (smallest, 1)):
        probability = np.zeros(shape, np.float32)
        probability[:10, :10].flat[:pixels] = 1
        assert len(find_lesions(probability, 0.5, UNCALIBRATED)[1]) == found


def test_a_pixel_at_the_threshold_belongs_to_the_lesion():
    probability = np.full((10, 10), 0.4, np.float32)
    assert len(find_lesions(probability, float(np.float32(0.4)), UNCALIBRATED)[1]) == 1
    assert len(find_lesions(probability, 0.41, UNCALIBRATED)[1]) == 0


def test_nothing_found_is_an_empty_answer():
    labels, lesions = find_lesions(np.zeros((50, 60), np.float32), 0.5, UNCALIBRATED)
    assert lesions == ()
    assert labels.shape == (50, 60)
    assert not labels.any()


def test_pixels_that_are_not_numbers_belong_to_nothing():
    probability = np.full((40, 40), np.nan, np.float32)
    probability[10:20, 10:20] = 1
    (lesion,) = find_lesions(probability, 0.5, UNCALIBRATED)[1]
    assert lesion.area_pixels == 100


def test_no_more_lesions_than_labels():
    probability = np.zeros((400, 400), np.float32)
    for number in range(18 * 18):
        row, column = divmod(number, 18)
        probability[row * 20:row * 20 + 10, column * 20:column * 20 + 9 + (number == 300)] = 1
    labels, lesions = find_lesions(probability, 0.5, UNCALIBRATED)
    assert len(lesions) == labels.max() == MOST_LESIONS
    assert lesions[0].area_pixels == 100


def test_a_region_without_a_pixel_at_the_peak_is_no_lesion():
    probability = np.zeros((64, 64), np.float32)
    probability[5:15, 5:15] = 0.6
    probability[30:50, 30:50] = 0.6
    probability[40, 40] = 0.95
    labels, lesions = find_lesions(probability, 0.5, Geometry(), peak=0.9)
    assert len(lesions) == 1 and labels[40, 40] == 1 and not labels[:20].any() and (labels > 0).sum() == 400
    assert find_lesions(probability, 0.5, Geometry(), peak=0.96)[1] == ()
    assert len(find_lesions(probability, 0.5, Geometry(), peak=0.3)[1]) == 2
