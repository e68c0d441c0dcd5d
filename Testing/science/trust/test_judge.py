"""All that is said of trust, from a card to the sentences."""

from dataclasses import replace

import numpy as np
import pytest

from radiomicnet.images.image import Geometry
from radiomicnet.models.store import Model
from radiomicnet.prompts.box import Box
from radiomicnet.prompts.click import KEPT, NOTHING, UNSURE, Click
from radiomicnet.results.record_json import record
from radiomicnet.results.trust_words import UNKNOWN, area, novelty, trust, urgent, warning
from radiomicnet.run import run
from radiomicnet.segmenter import Segmenter
from radiomicnet.trust.area import AreaRange, fit_area
from radiomicnet.trust.novelty import fit_novelty
from radiomicnet.trust.quality import Quality


@pytest.fixture(scope="module")
def fitted():
    rng = np.random.default_rng(0)
    return {"novelty": fit_novelty(rng.normal(size=(300, 37)), [str(number) for number in range(300)]),
            "quality": {"expected": [0.0, 1.0], "dice": [0.0, 0.9], "error": 0.08, "n": 100},
            "area": fit_area([0.0005] * 50)}


@pytest.fixture(scope="module")
def trusting(small_segmenter, phantom, fitted):
    """The small model with a card that speaks of trust, and a threshold at which it draws a fifth of the phantom."""
    threshold = float(np.quantile(small_segmenter.predict(phantom[0]).probability, 0.8))
    return Segmenter(Model(replace(small_segmenter.card, trust=fitted, threshold=threshold), small_segmenter.network))


def test_a_prediction_says_how_unusual_how_good_and_between_which_areas(trusting, phantom):
    prediction = trusting.predict(phantom[0])
    made = prediction.trust
    assert made.novelty.distance > 0 and 0 < made.quality.dice <= 0.9
    inner, outer = made.area.pixels
    assert inner <= (prediction.labels > 0).sum() <= outer
    sentences = trust(prediction)
    assert len(sentences) == 3 and f"{inner:,} and {outer:,} pixels" in sentences[2] and "90 %" in sentences[2]


def test_an_image_unlike_the_training_images_is_warned_of_and_its_features_are_named(trusting, phantom):
    prediction = trusting.predict(phantom[0])  # standardised by a card that knows nothing of phantoms
    assert prediction.trust.novelty.level == "foreign"
    assert warning(prediction) == trust(prediction)[0]
    for part in ("Do not rely on the result", "Beyond what training images have"):
        assert part in warning(prediction)


@pytest.mark.parametrize(("modality", "part"), [("endoscopy", "Only 0 % of this image is coloured"),
                                                ("ultrasound", "")])
def test_an_endoscopy_image_without_its_colours_is_warned_of_however_familiar(trusting, phantom, modality, part):
    prediction = trusting.predict(phantom[0])
    familiar = replace(prediction.trust, novelty=replace(prediction.trust.novelty, distance=0.5))
    grey = replace(prediction, trust=familiar, card=replace(prediction.card, modality=modality))
    assert part in warning(grey) and bool(warning(grey)) == bool(part)
    assert any("looks like the training images" in each for each in trust(grey)) == (not part)


def test_an_ultrasound_image_that_is_coloured_all_over_is_warned_of(trusting, phantom):
    prediction = trusting.predict(phantom[0])
    tinted = (prediction.image.rgb * (1.0, 0.6, 0.2)).astype(np.uint8)
    coloured = replace(prediction, image=replace(prediction.image, pixels=tinted),
                       card=replace(prediction.card, modality="ultrasound"))
    assert "the model knows ultrasound in grey" in trust(coloured)[0] and trust(coloured)[0] in warning(coloured)


def test_a_familiar_image_is_not_warned_of(trusting, phantom):
    prediction = trusting.predict(phantom[0])
    familiar = replace(prediction.trust.novelty, distance=0.5)
    assert warning(replace(prediction, trust=replace(prediction.trust, novelty=familiar))) == ""


def test_where_nothing_is_drawn_only_the_image_is_judged(trusting, phantom):
    prediction = trusting.predict(phantom[0], threshold=0.999999)
    assert prediction.trust.novelty and prediction.trust.quality is None and prediction.trust.area is None
    assert len(trust(prediction)) == 2
    highest = prediction.probability.max()
    assert trust(prediction)[1] == (f"The highest probability of a pixel is {highest:.2f}; a lesion is "
                                    "drawn where one reaches 1.00.")


def test_a_model_that_doubts_that_there_is_a_lesion_says_so(trusting, phantom):
    segmenter = Segmenter(Model(replace(trusting.card, presence_threshold=0.9), trusting.network))
    prediction = replace(trusting.predict(phantom[0]), card=segmenter.card, lesions=(), presence=0.2)
    assert "gives 0.20 that the image shows a lesion at all, and asks for 0.90" in trust(prediction)[1]


def test_a_poor_outline_is_among_what_must_be_read_first(trusting, phantom):
    prediction = trusting.predict(phantom[0])
    poor = replace(prediction, trust=replace(prediction.trust, quality=Quality(0.5, 0.1)))
    assert len(urgent(poor)) == 2 and "Correct it or discard it" in urgent(poor)[1]
    assert len(urgent(replace(poor, trust=replace(poor.trust, quality=Quality(0.8, 0.1))))) == 1


def test_a_click_under_which_the_network_guessed_and_one_that_missed_the_picture_are_told_first(trusting, phantom):
    clicks = (Click(5, 5, KEPT, 0.5), Click(9, 9, UNSURE, 0.049), Click(-5, 10, NOTHING, 0.5))
    prediction = replace(trusting.predict(phantom[0]), clicks=clicks)
    guess, missed = urgent(prediction)[:2]
    assert guess.startswith("What is outlined around click 2 is a guess: it is drawn from a probability of 0.049 on.")
    assert missed == "Click 3 lies outside of the image, so nothing is outlined for it."
    boxed = replace(prediction, box=Box(20, 20, 40, 40), clicks=clicks[2:], lesions=())
    assert urgent(boxed)[0] == "Click 1 lies outside of the box, so nothing is outlined for it."
    assert not any("reaches" in sentence for sentence in trust(boxed))


def test_the_area_is_in_square_millimetres_where_the_image_is_calibrated(trusting, phantom):
    image = replace(phantom[0], geometry=Geometry(spacing=(0.2, 0.1, 1.0), calibrated=True))
    prediction = trusting.predict(image)
    assert f"{prediction.trust.area.pixels[0] * 0.02:,.1f} and" in trust(prediction)[2]


def test_a_range_that_begins_at_nothing_or_spans_a_tenfold_is_called_no_size():
    mask = np.zeros((10, 10), bool)
    one, some, most = mask.copy(), mask.copy(), mask.copy()
    one[0, :5], some[:2], most[:8] = True, True, True
    assert area(AreaRange(mask, some, 0.9), None) == (
        "How large it is, the model cannot tell: in 90 % of such images the true area lies between nothing and 20 % "
        "of the picture.")
    assert "between 5 pixels and 80 % of the picture" in area(AreaRange(one, most, 0.9), None)
    assert "between 0.1 mm² and 80 % of the picture" in area(AreaRange(one, most, 0.9), 0.01)
    assert area(AreaRange(some, most, 0.9), 0.01) .startswith("The true area lies between 0.2 and 0.8 mm² in 90 %")


def test_the_word_fits_the_figure_that_is_shown():
    assert Quality(0.8499, 0.1).level == "likely good" and Quality(0.8449, 0.1).level == "check"


def test_a_card_that_cannot_tell_says_just_that(small_segmenter, phantom):
    assert trust(small_segmenter.predict(phantom[0])) == (UNKNOWN,)


def test_a_card_of_the_features_alone_says_what_it_does_not_know(trusting, phantom):
    made = replace(trusting.predict(phantom[0]).trust.novelty, features_only=True, distance=0.5)
    assert "another kind of picture may pass" in novelty(made)


def test_an_image_that_no_single_feature_sets_apart_is_told_to_differ_otherwise(trusting, phantom):
    made = replace(trusting.predict(phantom[0]).trust.novelty, out_of_range=())
    assert "Each feature is within range; colours, patterns" in novelty(made)


def test_the_record_of_a_run_holds_numbers_and_sentences_and_keeps_to_its_schema(trusting, phantom):
    import json

    import jsonschema

    from radiomicnet.results.record_json import SCHEMA_FILE

    made = record(run(trusting, phantom[0]), ["a.json"])
    jsonschema.validate(json.loads(json.dumps(made)), json.loads(SCHEMA_FILE.read_text()))
    assert made["trust"]["novelty"]["level"] == "foreign" and len(made["trust"]["statements"]) == 3
