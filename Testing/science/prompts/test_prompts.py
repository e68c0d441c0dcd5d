"""Clicks and boxes: what they keep, what they look for again, and which part of the image the answer describes."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiomicnet.errors import Cancelled, ImageError
from radiomicnet.images.image import Geometry, Image
from radiomicnet.prompts.box import Box, crop, square_around
from radiomicnet.prompts.click import FOUND, KEPT, NOTHING, UNSURE, region_at
from radiomicnet.prompts.look import look_again, squares
from radiomicnet.prompts.prompted import Prompts, at_threshold, predict
from radiomicnet.run import run
from radiomicnet.steps import Steps

SHAPE = (160, 200)
FIRST, SECOND = (slice(20, 50), slice(30, 70)), (slice(90, 130), slice(20, 60))
HIDDEN = (slice(60, 90), slice(120, 160))


@pytest.fixture
def segmenter(small_segmenter, monkeypatch):
    """Draws two squares with certainty; a third only where it sees at most half of the image."""
    drawn = np.full(SHAPE, 0.01, np.float32)
    drawn[FIRST], drawn[SECOND] = 0.9, 0.8
    faint = drawn.copy()
    faint[HIDDEN] = 0.7
    whole = small_segmenter.predict(picture())

    def look(image, threshold=None, steps=None):
        from radiomicnet.measure.lesions import find_lesions

        if steps:
            steps.repeat()
        left, top = round(-image.geometry.origin[0]), round(-image.geometry.origin[1])
        rows, columns = image.shape
        part = (slice(top, top + rows), slice(left, left + columns))
        probability = (faint if columns <= SHAPE[1] / 2 + 10 else drawn)[part].copy() * model.strength
        used = 0.5 if threshold is None else threshold
        labels, lesions = find_lesions(probability, used, image.geometry)
        gates = tuple(replace(gate, spatial=np.full((rows, columns), 0.5, np.float32)) for gate in whole.attention)
        return replace(whole, image=image, probability=probability, uncertainty=probability, labels=labels,
                       lesions=lesions, attention=gates, threshold=used)

    model = SimpleNamespace(card=small_segmenter.card, predict=look, judge=small_segmenter.judge,
                            novelty=small_segmenter.novelty, strength=1.0)
    return model


def picture():
    """A picture whose origin counts pixels, so that a part of it knows where it lies."""
    pixels = np.random.default_rng(0).integers(30, 220, SHAPE).astype(np.uint8)
    return Image(pixels, Geometry(direction=(-1.0, 0, 0, 0, -1.0, 0, 0, 0, 1.0)))


def centre(place):
    rows, columns = place
    return ((columns.start + columns.stop) // 2, (rows.start + rows.stop) // 2)


def mask(*places):
    drawn = np.zeros(SHAPE, bool)
    for place in places:
        drawn[place] = True
    return drawn


def test_without_prompts_it_is_the_ordinary_prediction(segmenter):
    prediction = predict(segmenter, picture())
    assert (prediction.clicks, prediction.box, prediction.looked_at) == ((), None, None)
    assert np.array_equal(prediction.labels > 0, mask(FIRST, SECOND))
    assert prediction.seen is prediction


def test_a_click_keeps_the_region_under_it_and_takes_no_second_look(segmenter):
    prediction = predict(segmenter, picture(), prompts=Prompts((centre(SECOND),)))
    assert np.array_equal(prediction.labels > 0, mask(SECOND))
    assert [click.outcome for click in prediction.clicks] == [KEPT]
    assert prediction.looked_at is None


def test_where_nothing_was_drawn_the_network_looks_again_and_the_prediction_says_where(segmenter):
    image = picture()
    prediction = predict(segmenter, image, prompts=Prompts((centre(HIDDEN), centre(FIRST))))
    assert np.array_equal(prediction.labels > 0, mask(HIDDEN, FIRST))
    assert [click.outcome for click in prediction.clicks] == [FOUND, KEPT]
    part = prediction.looked_at
    assert part == prediction.clicks[0].looked_at
    assert not any(gate.spatial[~part.mask(SHAPE)].any() for gate in prediction.attention)
    seen = prediction.seen
    assert seen.image.shape == part.shape == seen.labels.shape == seen.attention[0].spatial.shape
    assert np.array_equal(seen.labels, prediction.labels[part.slices])
    assert seen.probability[seen.clicks[0].pixel] == pytest.approx(0.7)


def test_what_is_never_probable_grows_from_the_click_at_a_lower_threshold_and_is_called_unsure(segmenter):
    segmenter.strength = 0.3
    prediction = predict(segmenter, picture(), prompts=Prompts((centre(HIDDEN),)))
    click, = prediction.clicks
    assert click.outcome == UNSURE
    assert click.threshold < 0.5
    assert np.array_equal(prediction.labels > 0, mask(HIDDEN))


def test_a_click_outside_of_the_image_keeps_nothing(segmenter):
    prediction = predict(segmenter, picture(), prompts=Prompts(((500.0, -20.0),)))
    assert [click.outcome for click in prediction.clicks] == [NOTHING]
    assert not prediction.labels.any()


def test_a_box_keeps_out_what_lies_outside_of_it(segmenter):
    prediction = predict(segmenter, picture(), prompts=Prompts(box=Box(0, 0, 60, 200)))
    assert np.array_equal(prediction.labels > 0, mask(FIRST))
    assert not prediction.probability[60:].any()
    assert prediction.box == Box(0, 0, 60, 200)
    assert prediction.looked_at == Box(0, 0, 160, 200)


def test_a_click_outside_of_the_box_keeps_nothing(segmenter):
    prediction = predict(segmenter, picture(), prompts=Prompts((centre(SECOND),), Box(0, 0, 60, 200)))
    assert [click.outcome for click in prediction.clicks] == [NOTHING]


def test_a_box_beside_the_image_is_refused_with_a_sentence(segmenter):
    with pytest.raises(ImageError, match="Move it onto the image"):
        predict(segmenter, picture(), prompts=Prompts(box=Box(500, 500, 510, 510)))


def test_a_closer_look_can_be_stopped(segmenter):
    def stop(step, _fraction):
        if "looking again" in step:
            raise Cancelled

    with pytest.raises(Cancelled):
        predict(segmenter, picture(), prompts=Prompts((centre(HIDDEN),)), steps=Steps(stop))


def test_the_threshold_can_be_moved_and_brought_back_without_the_network(segmenter):
    image = picture()
    for prompts in (None, Prompts((centre(HIDDEN), centre(FIRST)))):
        prediction = predict(segmenter, image, prompts=prompts)
        high = at_threshold(prediction, 0.85)
        assert np.array_equal(high.labels > 0, mask(FIRST))
        assert high.threshold == 0.85
        assert np.array_equal(at_threshold(high, None).labels, prediction.labels)
        assert at_threshold(high, None).threshold == prediction.threshold


def test_the_models_rules_come_back_with_its_threshold(segmenter):
    prediction = predict(segmenter, picture())
    strict = replace(prediction, card=replace(prediction.card, peak_threshold=0.85))
    assert np.array_equal(at_threshold(strict, None).labels > 0, mask(FIRST))
    absent = replace(prediction, presence=0.1, card=replace(prediction.card, presence_threshold=0.2))
    assert not at_threshold(absent, None).labels.any()
    assert at_threshold(absent, 0.5).labels.any()


def test_a_whole_run_of_a_real_network_describes_the_part_it_looked_at(small_segmenter, phantom):
    image, _truth = phantom
    result = run(small_segmenter, image, threshold=0.999, prompts=Prompts(((100.0, 100.0),)))
    prediction = result.prediction
    assert prediction.labels[100, 100]
    assert prediction.looked_at is not None
    assert prediction.grid.shape == prediction.looked_at.shape
    assert result.contributions.region == "predicted"
    assert len(result.contributions.items) == 13


def test_a_region_that_hangs_on_a_thin_bridge_of_the_coarse_grid_is_not_believed(small_segmenter):
    """A speck at the click, and a large region to which only every second pixel leads; lower down the two are one."""
    probability = np.full((384, 384), 0.001, np.float32)
    probability[189:192, 191:202] = 0.008
    probability[150:250, 202:300] = 0.05
    probability[189:192, 191:194] = 0.03
    probability[190, 194:202:2] = 0.03
    template = small_segmenter.predict(Image(np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8)))

    def look(image, threshold=None, steps=None):
        left, top = round(-image.geometry.origin[0]), round(-image.geometry.origin[1])
        rows, columns = image.shape
        return replace(template, image=image, probability=probability[top : top + rows, left : left + columns])

    whole = Image(np.zeros((384, 384), np.uint8), picture().geometry)
    found = look_again(SimpleNamespace(predict=look), whole, 190, 192, 0.5)
    top, left = found.box.top, found.box.left
    assert region_at(found.prediction.probability >= found.threshold, 190 - top, 192 - left).mean() >= 0.005


def test_a_part_of_an_image_lies_where_it_lay():
    turned = Geometry((0.5, 0.25, 1.0), (10.0, 20.0, 30.0), (0.0, 1.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 1.0))
    part = crop(Image(np.arange(12, dtype=np.uint8).reshape(3, 4), turned), Box(1, 2, 3, 4))
    assert part.pixels.tolist() == [[6, 7], [10, 11]]
    assert part.geometry.origin == (10.0 + 0.25 * 1, 20.0 - 0.5 * 2, 30.0)


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 500), st.floats(0, 1), st.floats(0, 1))
def test_a_square_lies_in_the_image_and_holds_its_pixel(rows, columns, side, down, right):
    row, column = int(down * (rows - 1)), int(right * (columns - 1))
    box = square_around(row, column, side, (rows, columns))
    assert 0 <= box.top <= row < box.bottom <= rows
    assert 0 <= box.left <= column < box.right <= columns
    assert box.shape == (min(side, rows), min(side, columns))
    assert len(set(squares(row, column, (rows, columns)))) == len(squares(row, column, (rows, columns)))


def test_a_click_into_a_hole_holds_the_region_around_it():
    ring = np.zeros((9, 9), bool)
    ring[1:8, 1:8] = True
    ring[4, 4] = False
    assert region_at(ring, 4, 4).sum() == 49
    assert not region_at(ring, 0, 0).any()
    assert not region_at(ring, -1, 4).any()
