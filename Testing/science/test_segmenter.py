"""From an image to a prediction: what comes out lies on the image's own pixels and within its range."""

from dataclasses import replace

import numpy as np
import pytest

from radiomicnet.errors import Cancelled, FeatureError
from radiomicnet.features.catalogue import KEYS
from radiomicnet.features.extract import extract
from radiomicnet.images.grid import content_shape, from_grid, to_grid
from radiomicnet.images.image import Geometry, Image
from radiomicnet.models.store import Model
from radiomicnet.prompts.prompted import LOOKING_AGAIN
from radiomicnet.run import run
from radiomicnet.segmenter import Segmenter
from radiomicnet.steps import STEPS

# Of a run without clicks.
ORDINARY = {step: share for step, share in STEPS.items() if step not in (LOOKING_AGAIN, "Shapley values")}


@pytest.fixture(scope="module")
def prediction(small_segmenter, phantom):
    return small_segmenter.predict(phantom[0])


def test_every_map_has_the_shape_of_the_image_and_its_range(prediction, phantom):
    shape = phantom[0].shape
    for values in (prediction.probability, prediction.uncertainty, *(gate.spatial for gate in prediction.attention)):
        assert values.shape == shape and values.dtype == np.float32
        assert values.min() >= 0 and values.max() <= 1
    assert prediction.labels.shape == shape and prediction.labels.dtype == np.uint8


def test_attention_comes_from_the_deepest_level_to_the_finest_with_channels_and_gamma(prediction):
    assert [gate.level for gate in prediction.attention] == ["stride-16", "stride-8", "stride-4", "stride-2"]
    assert [len(gate.channel) for gate in prediction.attention] == [96, 32, 24, 16]
    assert all(0 <= gate.gamma <= 1 for gate in prediction.attention)


def test_features_are_those_of_the_grid_that_is_handed_on(prediction):
    assert tuple(prediction.features) == KEYS
    assert prediction.features == extract(prediction.grid.grey, prediction.grid.mask).whole


def test_uncertainty_is_the_binary_entropy_of_the_probability(prediction):
    p = prediction.probability.astype(float)
    assert np.allclose(prediction.uncertainty, -(p * np.log2(p) + (1 - p) * np.log2(1 - p)), atol=1e-5)


def test_segmenting_twice_gives_the_same_to_the_bit(small_segmenter, phantom, prediction):
    again = small_segmenter.predict(phantom[0])
    assert np.array_equal(again.probability, prediction.probability)
    assert again.features == prediction.features


def test_a_grey_image_and_the_same_image_as_rgb_give_the_same(small_segmenter, phantom, prediction):
    colour = Image(phantom[0].rgb, phantom[0].geometry)
    assert np.array_equal(small_segmenter.predict(colour).probability, prediction.probability)


def test_a_higher_threshold_never_adds_a_pixel(small_segmenter, phantom, prediction):
    low, high = (float(np.quantile(prediction.probability, q)) for q in (0.5, 0.9))
    more, less = (small_segmenter.predict(phantom[0], threshold).labels > 0 for threshold in (low, high))
    assert more.sum() > less.sum() > 0
    assert not (less & ~more).any()


def test_an_image_that_is_black_but_for_a_corner_is_segmented_or_refused_with_a_sentence(small_segmenter):
    pixels = np.zeros((64, 64), np.uint8)
    pixels[:8, :8] = 200
    assert small_segmenter.predict(Image(pixels, Geometry())).features["firstorder_Mean"] < 10


def test_a_strip_too_thin_for_texture_is_refused_with_a_sentence(small_segmenter):
    pixels = np.random.default_rng(0).integers(60, 256, (1, 3600)).astype(np.uint8)
    pixels[:, 1800:] = 0
    assert to_grid(Image(pixels).rgb, 64).content == (1, 64)
    with pytest.raises(FeatureError, match="too few"):
        small_segmenter.predict(Image(pixels))


def test_a_run_reports_its_steps_in_order_and_times_each(small_segmenter, phantom):
    told = []
    result = run(small_segmenter, phantom[0], progress=lambda step, share: told.append((step, share)))
    assert told == list(ORDINARY.items())
    assert tuple(result.seconds) == tuple(ORDINARY) and all(value > 0 for value in result.seconds.values())
    assert [share for _, share in told] == sorted(share for _, share in told)


@pytest.mark.parametrize("stop_at", ORDINARY)
def test_a_run_can_be_cancelled_at_every_step(small_segmenter, phantom, stop_at):
    def progress(step, share):
        if step == stop_at:
            raise Cancelled

    with pytest.raises(Cancelled):
        run(small_segmenter, phantom[0], progress=progress)


@pytest.mark.parametrize("shape", [(64, 64), (100, 40), (33, 200), (1000, 777)])
def test_the_grid_keeps_the_aspect_and_its_way_back_keeps_the_place(shape):
    row, column = np.indices(shape)
    ramp = np.stack([255 * row / shape[0], 255 * column / shape[1], np.zeros(shape)], axis=2).astype(np.uint8)
    grid = to_grid(ramp, 64)
    assert max(grid.content) == 64 and grid.content == content_shape(shape, 64)
    assert not grid.mask[grid.content[0]:].any() and not grid.mask[:, grid.content[1]:].any()
    assert not grid.rgb[grid.content[0]:].any() and not grid.rgb[:, grid.content[1]:].any()
    for channel in (0, 1):
        back = from_grid(grid.rgb[..., channel].astype(np.float32), grid)
        assert back.shape == shape
        assert np.abs(back - ramp[..., channel]).max() < 255 * 2 / min(grid.content)


def test_unless_a_threshold_is_chosen_a_lesion_needs_a_peak_and_an_image_that_shows_one(small_segmenter, phantom,
                                                                                         prediction):
    surest = float(prediction.probability.max())
    low = float(np.quantile(prediction.probability, 0.8))

    def drawn(threshold=None, **card):
        other = Segmenter(Model(replace(small_segmenter.card, threshold=low, **card), small_segmenter.network))
        return other.predict(phantom[0], threshold).labels.any()

    assert drawn() and drawn(peak_threshold=surest)
    assert not drawn(peak_threshold=surest + 1e-4)
    assert drawn(presence_threshold=prediction.presence) and 0 < prediction.presence < 1
    assert not drawn(presence_threshold=prediction.presence + 1e-4)
    assert drawn(threshold=low, peak_threshold=surest + 1e-4, presence_threshold=prediction.presence + 1e-4)
