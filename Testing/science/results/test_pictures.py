"""Pictures of the page against matplotlib's colours and scikit-image's outlines."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import colormaps
from PIL import Image
from scipy.ndimage import gaussian_filter
from skimage.draw import polygon2mask

from radiomicnet.results.pictures import colour_map, outline, palette, picture, scale


def opened(address):
    kind, _, data = address.partition(";base64,")
    return kind, Image.open(io.BytesIO(base64.b64decode(data)))


def polygons(path):
    """The closed lines of an SVG path as arrays of (x, y)."""
    return [np.array([point.split() for point in part.split("L")], float) for part in re.findall(r"M([^Z]*)Z", path)]


def filled(path, shape):
    """Pixels whose centre lies inside an odd number of the path's lines."""
    inside = np.zeros(shape, int)
    for line in polygons(path):
        inside += polygon2mask(shape, line[:, ::-1])
    return inside % 2 == 1


def smooth(seed, shape=(50, 70)):
    rough = gaussian_filter(np.random.default_rng(seed).normal(size=shape), 4)
    return ((rough - rough.min()) / np.ptp(rough)).astype(np.float32)


def test_the_colours_are_those_of_viridis():
    expected = colormaps["viridis"](np.arange(256))[:, :3] * 255
    assert np.abs(palette() - expected).max() <= 2
    assert scale()[0] == "#440154"
    assert scale()[-1] == "#fde725"


def test_a_map_is_shown_on_the_fixed_scale_and_not_stretched():
    values = np.linspace(0.2, 0.4, 256, dtype=np.float32)[None].repeat(8, axis=0)
    kind, image = opened(colour_map(values))
    assert kind == "data:image/png"
    np.testing.assert_array_equal(np.asarray(image), np.rint(values * 255))
    np.testing.assert_array_equal(np.asarray(image.convert("RGB"))[0, 0], palette()[51])


def test_values_beyond_the_scale_and_without_a_value_do_no_harm():
    _, image = opened(colour_map(np.array([[np.nan, -1.0, 0.0, 1.0, 7.0]], np.float32)))
    assert np.asarray(image).tolist() == [[0, 0, 0, 255, 255]]


@pytest.mark.parametrize(("shape", "expected"), [
    ((3000, 1500), (512, 1024)), ((40, 60), (60, 40)), ((1, 5000), (1024, 1))])
def test_pictures_are_made_smaller_but_never_larger(shape, expected):
    kind, image = opened(picture(np.zeros((*shape, 3), np.uint8)))
    assert kind == "data:image/webp"
    assert image.size == expected


def test_a_picture_keeps_its_colours():
    rgb = np.zeros((64, 64, 3), np.uint8)
    rgb[:, :32] = (200, 90, 80)
    _, image = opened(picture(rgb))
    assert np.abs(np.asarray(image.convert("RGB")).astype(int)[20, 10] - (200, 90, 80)).max() <= 6


@given(seed=st.integers(0, 500), threshold=st.sampled_from([0.35, 0.5, 0.62]))
def test_the_outline_parts_exactly_the_pixels_of_the_labels(seed, threshold):
    probability = smooth(seed)
    labels = (probability >= threshold).astype(np.uint8)
    drawn = filled(outline(labels, probability, threshold), labels.shape)
    np.testing.assert_array_equal(drawn, labels > 0)


@given(seed=st.integers(0, 500))
def test_the_outline_keeps_to_labels_that_overrule_the_probability(seed):
    labels = (smooth(seed + 1000) > 0.6).astype(np.uint8)
    drawn = filled(outline(labels, smooth(seed), 0.5), labels.shape)
    np.testing.assert_array_equal(drawn, labels > 0)


@pytest.mark.parametrize("seed", range(3))
def test_a_small_pictures_outline_has_far_fewer_points_and_runs_within_the_slack(seed):
    probability = gaussian_filter(np.random.default_rng(seed).normal(size=(140, 192)), 9)
    labels = (probability > 0).astype(np.uint8)
    whole, thin = (outline(labels, 0.5 + 20 * probability, 0.5, slack=slack) for slack in (0.0, 0.2))
    assert len(thin) < len(whole) / 3
    for before, after in zip(polygons(whole), polygons(thin), strict=True):
        start, way = after[:, None], (np.roll(after, -1, axis=0) - after)[:, None]
        along = ((before - start) * way).sum(-1) / np.maximum((way**2).sum(-1), 1e-12)
        away = np.linalg.norm(start + along.clip(0, 1)[..., None] * way - before, axis=-1)
        assert away.min(axis=0).max() < 0.21


def test_the_outline_runs_where_the_probability_crosses_the_threshold():
    probability = np.tile(np.linspace(0, 0.9, 10, dtype=np.float32), (8, 1))
    labels = (probability >= 0.53).astype(np.uint8)
    (line,) = polygons(outline(labels, probability, 0.53))
    inner = line[(line[:, 1] > 0.5) & (line[:, 1] < 6.5)]
    assert set(np.round(inner[inner[:, 0] < 8, 0], 6)) == {5.3}


def test_rows_of_high_pixels_are_drawn_high():
    labels = np.zeros((20, 20), np.uint8)
    labels[5:15, 5:15] = 1
    (square,) = polygons(outline(labels, labels.astype(np.float32), 0.5))
    (high,) = polygons(outline(labels, labels.astype(np.float32), 0.5, aspect=2))
    np.testing.assert_allclose(high, square * (1, 2), atol=0.011)


def test_no_lesion_has_no_outline():
    assert outline(np.zeros((9, 9), np.uint8), np.zeros((9, 9), np.float32), 0.5) == ""
