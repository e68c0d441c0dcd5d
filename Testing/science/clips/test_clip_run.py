"""Frames through the network: what a frame gives alone, stopped runs, smoothing, numbers that last, the steadiest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from radiomicnet.clips.clip import Axis
from radiomicnet.clips.frame import Frame, uncertainty
from radiomicnet.clips.run import segment_clip
from radiomicnet.clips.smooth import neighbourhoods
from radiomicnet.clips.steady import steadiest, with_agreement
from radiomicnet.clips.tracks import Tracks
from radiomicnet.errors import Cancelled, ImageError
from radiomicnet.images.image import Image


@pytest.fixture
def clip(clip_of_frames, moving):
    return clip_of_frames(moving)


@pytest.fixture
def result(small_segmenter, clip):
    return segment_clip(small_segmenter, clip, batch=4)


def test_every_outline_is_that_of_its_frame_alone(small_segmenter, clip, result):
    assert result.complete and len(result.frames) == 6
    for frame, image in zip(result.frames, clip.frames(range(6))):
        if isinstance(image, ImageError):
            assert frame.reason and frame.index == 2
            continue
        alone = small_segmenter.predict(image)
        assert np.mean((frame.labels > 0) != (alone.labels > 0)) < 1e-3
        assert frame.features == alone.features
        assert frame.uncertainty == pytest.approx(uncertainty(alone.probability), abs=1e-3)
        assert frame.own_area_pixels == frame.area_pixels == (frame.labels > 0).sum()


def test_a_black_frame_is_a_row_with_its_reason(result):
    black = result.frames[2]
    assert "same value" in black.reason and black.agreement is None and black.uncertainty is None


def test_a_run_that_is_stopped_keeps_what_is_done(small_segmenter, clip, result):
    def stop(done, total):
        if done == 2:
            raise Cancelled

    stopped = segment_clip(small_segmenter, clip, progress=stop)
    assert not stopped.complete and stopped.asked == 6
    assert [frame.packed for frame in stopped.frames] == [frame.packed for frame in result.frames[:2]]


def test_a_range_of_frames_keeps_their_numbers_and_times(small_segmenter, clip):
    part = segment_clip(small_segmenter, clip, range(1, 6, 2))
    assert [(frame.index, frame.place) for frame in part.frames] == [(1, "0.040"), (3, "0.120"), (5, "0.200")]


def test_smoothing_averages_the_probabilities_of_neighbours_and_tells_the_frames_own_area(
        small_segmenter, clip, result):
    smoothed = segment_clip(small_segmenter, clip, smoothing=1)
    images = {k: image for k, image in enumerate(clip.frames(range(6))) if isinstance(image, Image)}
    alone = {k: small_segmenter.predict(image).probability for k, image in images.items()}
    expected = (alone[3] + 2 * alone[4] + alone[5]) / 4
    drawn = smoothed.frames[4].labels > 0
    clear = np.abs(expected - small_segmenter.card.threshold) > 0.01
    assert np.mean(drawn[clear] != (expected >= small_segmenter.card.threshold)[clear]) < 0.01  # specks are left out
    assert [frame.own_area_pixels for frame in smoothed.frames] == pytest.approx(
        [frame.area_pixels for frame in result.frames], abs=5)
    assert smoothed.frames[2].reason


def test_neighbourhoods_hold_no_more_than_they_need():
    made = [(before, item, after) for before, item, after in neighbourhoods(iter(range(5)), 2)]
    assert made == [([], 0, [1, 2]), ([0], 1, [2, 3]), ([0, 1], 2, [3, 4]), ([1, 2], 3, [4]), ([2, 3], 4, [])]
    assert list(neighbourhoods(iter("ab"), 0)) == [([], "a", []), ([], "b", [])]
    assert list(neighbourhoods(iter([]), 3)) == []


def square(*lesions, shape=(40, 60)):
    """Labels of squares (row, column, side), in their order."""
    labels = np.zeros(shape, np.uint8)
    for label, (row, column, side) in enumerate(lesions, 1):
        labels[row:row + side, column:column + side] = label
    return labels


def test_a_lesion_keeps_its_number_though_another_becomes_the_largest():
    tracks = Tracks()
    first = tracks.number(square((5, 5, 10), (5, 40, 8)))
    second = tracks.number(square((5, 38, 11), (6, 6, 9)))
    assert first[8, 8] == second[8, 8] == 1 and first[8, 44] == second[8, 44] == 2


def test_a_lesion_that_comes_back_has_its_number_again_and_a_new_one_a_new_number():
    tracks = Tracks()
    tracks.number(square((5, 5, 10)))
    tracks.number(square())
    again = tracks.number(square((25, 30, 12), (6, 6, 9)))
    assert again[8, 8] == 1 and again[30, 35] == 2


def test_more_lesions_over_time_than_a_label_map_holds_are_no_fault():
    tracks = Tracks()
    for column in range(300):
        labels = np.zeros((4, 1400), np.uint8)
        labels[:, 4 * column:4 * column + 2] = 1
        assert tracks.number(labels).max() == min(column + 1, 255)


def frame(index, labels, doubt=0.1, **others):
    import zlib

    return Frame(index, str(index), shape=labels.shape, packed=zlib.compress(labels.tobytes()),
                 area_pixels=int((labels > 0).sum()), uncertainty=doubt, **others)


def test_the_steadiest_frame_is_where_the_outline_stands_still():
    places = [0, 4, 8, 12, 12, 12, 12, 12, 20, 28]
    frames = with_agreement([frame(k, square((10, place, 12))) for k, place in enumerate(places)])
    assert steadiest(frames).index == 5
    assert frames[5].agreement == 1 and frames[0].agreement < 0.6


def test_of_frames_as_still_the_surest_is_suggested_and_one_unlike_the_training_images_is_not():
    labels = square((10, 10, 12))
    frames = [frame(k, labels, doubt) for k, doubt in enumerate([0.5, 0.3, 0.1, 0.4])]
    assert steadiest(with_agreement(frames)).index == 2
    frames[2] = replace(frames[2], novelty="foreign")
    assert steadiest(with_agreement(frames)).index == 1
    strange = [replace(one, novelty="foreign") for one in frames]
    assert steadiest(with_agreement(strange)).index == 2


def test_without_an_outline_or_with_a_single_frame_none_is_suggested():
    assert steadiest(with_agreement([frame(0, square()), frame(1, square())])) is None
    assert steadiest(with_agreement([frame(0, square((1, 1, 9)))])) is None
    assert steadiest(()) is None


def test_all_frames_share_one_scale_of_intensities(clip_of_frames):
    deep = np.stack([np.linspace(0, top, 400).reshape(20, 20).astype(np.uint16) for top in (900, 4000)])
    dark, bright = clip_of_frames(deep).frames(range(2))
    assert dark.pixels.max() == round(900 * 255 / 4095) and bright.pixels.max() == round(4000 * 255 / 4095)


def test_times_that_are_the_same_to_a_millisecond_are_counted_instead():
    assert Axis.of_seconds([0, 0.0001]) == Axis("frame", "", ("0", "1"))
