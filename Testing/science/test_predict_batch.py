"""Several images in one pass: each gets what it would get alone."""

from __future__ import annotations

import numpy as np
import pytest

from radiomicnet.errors import FeatureError
from radiomicnet.images.image import Image
from radiomicnet.images.phantoms import breast_ultrasound


@pytest.fixture(scope="module")
def images():
    """Of different sizes and contents; of the third the file says that nothing is shown."""
    pixels = breast_ultrasound()[0].pixels
    return [Image(pixels), Image(np.ascontiguousarray(pixels[40:, 60:])),
            Image(pixels, region=np.zeros(pixels.shape, bool)),
            Image(255 - pixels)]


def test_an_image_of_a_batch_gets_the_answer_it_would_get_alone(small_segmenter, images):
    for image, made in zip(images, small_segmenter.predict_batch(images)):
        if isinstance(made, FeatureError):
            continue
        alone = small_segmenter.predict(image)
        assert np.abs(made.probability - alone.probability).max() < 1e-4
        assert made.features == alone.features and made.presence == pytest.approx(alone.presence, abs=1e-4)
        assert (made.labels != alone.labels).mean() < 1e-3
        assert [gate.level for gate in made.attention] == [gate.level for gate in alone.attention]
        assert np.abs(made.attention[-1].spatial - alone.attention[-1].spatial).max() < 1e-4


def test_an_image_that_shows_no_scan_has_its_reason_in_its_place_and_the_others_go_on(small_segmenter, images):
    made = small_segmenter.predict_batch(images)
    assert [isinstance(answer, FeatureError) for answer in made] == [False, False, True, False]


def test_a_batch_of_nothing_that_can_be_seen_is_no_fault(small_segmenter, images):
    assert len(small_segmenter.predict_batch([images[2], images[2]])) == 2
    assert small_segmenter.predict_batch([]) == ()
