"""The images that RadiomicNet makes itself are repeatable, true to their physics and labelled exactly."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage, stats

from radiomicnet.images.phantoms import breast_ultrasound, polyp_endoscopy
from radiomicnet.images.phantoms.ultrasound import SHAPE, _echo

PHANTOMS = [breast_ultrasound, polyp_endoscopy]
SEEDS = range(4)


@pytest.mark.parametrize("phantom", PHANTOMS)
def test_the_same_seed_gives_the_same_image_and_another_seed_another(phantom):
    image, truth = phantom(3)
    again, truth_again = phantom(3)
    other, other_truth = phantom(4)
    assert np.array_equal(image.pixels, again.pixels)
    assert np.array_equal(truth, truth_again)
    assert not np.array_equal(image.pixels, other.pixels)
    assert not np.array_equal(truth, other_truth)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("phantom", "shape"), [(breast_ultrasound, (400, 512)), (polyp_endoscopy, (480, 560, 3))])
def test_there_is_one_whole_lesion_of_a_usual_size_inside_the_image(phantom, shape, seed):
    image, truth = phantom(seed)
    assert image.pixels.shape == shape
    assert image.pixels.dtype == np.uint8
    assert truth.dtype == bool
    assert truth.shape == image.shape
    assert ndimage.label(truth)[1] == 1
    assert not truth[[0, -1]].any()
    assert not truth[:, [0, -1]].any()
    assert 0.02 < truth.mean() < 0.15


@pytest.mark.parametrize("seed", SEEDS)
def test_the_ultrasound_lesion_is_darker_than_the_tissue_around_it(seed):
    image, truth = breast_ultrasound(seed)
    around = ndimage.binary_dilation(truth, iterations=25) & ~ndimage.binary_dilation(truth, iterations=5)
    assert np.median(image.pixels[truth]) < np.percentile(image.pixels[around], 15)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_outline_of_the_truth_is_where_the_ultrasound_lesion_ends(seed):
    image, truth = breast_ultrasound(seed)
    distance = ndimage.distance_transform_edt(truth) - ndimage.distance_transform_edt(~truth)
    rings = [image.pixels[(distance > d - 2) & (distance <= d)].mean() for d in range(-14, 16, 2)]
    step = int(np.argmin(np.diff(rings)))
    assert abs(range(-14, 16, 2)[step]) <= 4


@pytest.mark.parametrize("seed", SEEDS)
def test_the_polyp_is_redder_than_the_mucosa_and_the_corners_are_black(seed):
    image, truth = polyp_endoscopy(seed)
    pixels = image.pixels.astype(float)
    seen = pixels.max(2) > 60
    redness = pixels[..., 0] / (pixels[..., 1] + 1)
    around = ndimage.binary_dilation(truth, iterations=40) & ~truth & seen
    assert np.median(redness[truth]) > 1.05 * np.median(redness[around])
    assert pixels[[0, 0, -1, -1], [0, -1, 0, -1]].max() < 10
    assert (pixels.min(2) > 245).mean() > 2e-4, "highlights"


def test_each_look_of_the_speckle_is_fully_developed():
    random = np.random.RandomState(0)
    flat = np.ones(SHAPE)
    envelope = np.hypot(_echo(random, flat), _echo(random, flat))[::16, ::24]
    # Rayleigh's ratio of mean to deviation, and the whole distribution of samples farther apart than the beam is wide.
    assert envelope.mean() / envelope.std() == pytest.approx(np.sqrt(np.pi / (4 - np.pi)), rel=0.1)
    for rows in (slice(0, 8), slice(-8, None)):  # at the ends of the blend the power is that of white noise
        assert stats.kstest(envelope[rows].ravel(), stats.rayleigh(scale=1).cdf).pvalue > 0.01


def test_the_beam_is_wider_below_than_above():
    random = np.random.RandomState(1)
    echo = _echo(random, np.ones(SHAPE))

    def neighbours(rows):
        return np.corrcoef(echo[rows, :-3].ravel(), echo[rows, 3:].ravel())[0, 1]

    assert neighbours(slice(-80, None)) > neighbours(slice(0, 80)) + 0.15
