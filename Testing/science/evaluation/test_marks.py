"""Callipers around healthy tissue: where they are drawn, and when a network counts as lured by them."""

from dataclasses import replace

import numpy as np
import pytest

from radiomicnet.evaluation.evaluate import Pair, score
from radiomicnet.evaluation.marks import draw, mark_test
from radiomicnet.images.phantoms import breast_ultrasound


class Drawing:
    """In place of a network: outlines what it is told to, given the image."""

    def __init__(self, prediction, answer):
        self._prediction, self._answer = prediction, answer

    def predict(self, image):
        labels = self._answer(image.pixels).astype(np.uint8)
        return replace(self._prediction, image=image, labels=labels)


@pytest.fixture(scope="module")
def phantom():
    return breast_ultrasound(1)


@pytest.fixture(scope="module")
def nothing(small_segmenter, phantom):
    """An answer for the phantom in which nothing is outlined."""
    prediction = small_segmenter.predict(phantom[0])
    return replace(prediction, labels=np.zeros_like(prediction.labels))


def changed(image):
    return lambda pixels: pixels != image.pixels


def test_marks_lie_in_the_scan_beside_the_lesion_and_change_nothing_else(phantom, nothing):
    image, truth = phantom
    seen = []
    for seed in range(5):
        mark_test(Drawing(nothing, lambda pixels: seen.append(pixels) or truth), image, nothing, truth, seed)
    assert len(seen) == 5
    for pixels in seen:
        touched = pixels != image.pixels
        assert touched.any() and not (touched & truth).any()
        assert (pixels[touched] == 255).all()
        assert touched.mean() < 0.01


def test_a_network_that_outlines_what_is_between_marks_is_lured(phantom, nothing):
    image, truth = phantom

    def between(pixels):
        rows, columns = np.nonzero(changed(image)(pixels))
        box = np.zeros(truth.shape, bool)
        box[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] = True
        return box

    assert mark_test(Drawing(nothing, between), image, nothing, truth, 3).lured == 1.0


def test_a_network_that_looks_at_nothing_else_but_tissue_is_not(phantom, nothing):
    image, truth = phantom
    drawn = replace(nothing, labels=truth.astype(np.uint8))
    made = mark_test(Drawing(nothing, lambda pixels: truth), image, drawn, truth, 3)
    assert made.lured == 0.0 and made.dice == 1.0
    made = mark_test(Drawing(nothing, lambda pixels: np.zeros(truth.shape)), image, nothing, truth, 3)
    assert made.lured == 0.0 and made.dice is None


def test_an_image_without_room_is_left_out(phantom, nothing):
    image, truth = phantom
    assert mark_test(Drawing(nothing, lambda pixels: truth), image, nothing, np.ones_like(truth), 0) is None


@pytest.mark.parametrize("shape", [(40, 60), (40, 60, 3), (900, 700)])
def test_marks_keep_size_and_type(shape):
    pixels = np.zeros(shape, np.uint8)
    marked = draw(pixels, np.array([0, 0]), np.array(shape[:2]) - 1)
    assert marked.shape == shape and marked.dtype == np.uint8 and marked.any() and not pixels.any()


def test_a_row_says_what_the_marks_did(small_segmenter, phantom, tmp_path):
    import SimpleITK as sitk

    image, truth = phantom
    sitk.WriteImage(sitk.GetImageFromArray(image.pixels), str(tmp_path / "i.png"))
    sitk.WriteImage(sitk.GetImageFromArray(255 * truth.astype(np.uint8)), str(tmp_path / "m.png"))
    pair = Pair("i", tmp_path / "i.png", tmp_path / "m.png", "i")
    assert "lured" not in score(small_segmenter, pair, 0).row
    row = score(small_segmenter, pair, 0, marked=True).row
    assert ("lured" in row) == ("dice_to_unmarked" in row)
    assert row.get("lured", 0.0) in (0.0, 1.0)
