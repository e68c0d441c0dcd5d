"""How much hung on the features and on the gates."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch

from radiomicnet.explain.reliance import reliance
from radiomicnet.models.store import Model, load
from radiomicnet.network.architecture import Architecture
from radiomicnet.network.radiomicnet import RadiomicNet
from radiomicnet.prompts.box import Box
from radiomicnet.prompts.prompted import Prompts, predict
from radiomicnet.segmenter import Segmenter


@pytest.fixture(scope="module")
def shipped():
    return Segmenter(load("breast-ultrasound"))


def drawing(segmenter, image):
    """A prediction in which about a fifth of the picture is drawn."""
    probability = segmenter.predict(image).probability
    return segmenter.predict(image, threshold=float(np.quantile(probability, 0.8)))


def test_a_network_without_radiomics_depends_on_no_feature_and_no_gate(small_segmenter, phantom):
    torch.manual_seed(1)
    plan = Architecture(decoder=(16, 12, 8), embedding=8, driver="none")
    plain = Segmenter(Model(small_segmenter.card, RadiomicNet(plan).eval()))
    made = reliance(plain, drawing(plain, phantom[0]))
    assert made.mean_features == made.open_gates == 1


def averaged(segmenter, prediction):
    """The prediction of an image in which every feature has its training mean."""
    local = np.broadcast_to(np.array(list(segmenter.card.local_feature_mean.values()), np.float32)[:, None, None],
                            prediction.radiomics.local.shape)
    return replace(prediction, radiomics=replace(prediction.radiomics, whole=segmenter.card.feature_mean, local=local))


def test_with_the_training_mean_in_every_feature_nothing_would_change(small_segmenter, phantom):
    prediction = drawing(small_segmenter, phantom[0])
    assert reliance(small_segmenter, prediction).mean_features < 1
    assert reliance(small_segmenter, averaged(small_segmenter, prediction)).mean_features == 1


def test_of_several_clicks_what_another_look_drew_is_not_taken_for_a_difference(shipped, phantom):
    prediction = predict(shipped, phantom[0], prompts=Prompts(((60.0, 60.0), (450.0, 330.0))))
    assert len({click.looked_at for click in prediction.clicks}) == 2
    assert reliance(shipped, averaged(shipped, prediction).seen).mean_features == 1


def test_the_gates_of_the_small_model_matter(small_segmenter, phantom):
    made = reliance(small_segmenter, drawing(small_segmenter, phantom[0]))
    assert 0 <= made.open_gates < 1 and 0 <= made.mean_features < 1


def test_two_empty_masks_agree(small_segmenter, phantom):
    nothing = small_segmenter.predict(phantom[0], threshold=0.999999)
    assert reliance(small_segmenter, nothing).mean_features == 1


def asking(segmenter, **thresholds):
    """The same segmenter by a card that asks for other things."""
    other = copy.copy(segmenter)
    other.card = replace(segmenter.card, **thresholds)
    return other


def lesion(truth):
    """(column, row) of the middle of the phantom's lesion."""
    rows, columns = np.nonzero(truth)
    return float(columns.mean().round()), float(rows.mean().round())


def by_the_card(segmenter, image, truth):
    return segmenter.predict(image)


def empty_by_presence(segmenter, image, truth):
    strict = asking(segmenter, presence_threshold=segmenter.predict(image).presence + 0.001)
    return strict.predict(image)


def by_hand_at_the_cards_own_threshold(segmenter, image, truth):
    return asking(segmenter, peak_threshold=0.99999).predict(image, segmenter.card.threshold)


def kept_by_a_click_below_the_cards_peak(segmenter, image, truth):
    return predict(asking(segmenter, peak_threshold=0.99999), image, prompts=Prompts((lesion(truth),)))


def looked_for_at_a_click(segmenter, image, truth):
    return predict(segmenter, image, prompts=Prompts(((60.0, 60.0),)))


def in_a_box_over_half_of_it(segmenter, image, truth):
    column, row = (int(value) for value in lesion(truth))
    return predict(segmenter, image, prompts=Prompts(box=Box(row - 90, column, row + 90, column + 120)))


@pytest.mark.parametrize("how", [
    by_the_card, empty_by_presence, by_hand_at_the_cards_own_threshold, kept_by_a_click_below_the_cards_peak,
    looked_for_at_a_click, in_a_box_over_half_of_it])
def test_with_its_own_features_the_same_is_drawn_again(shipped, phantom, how):
    made = how(shipped, *phantom)
    segmenter = asking(shipped, **{name: getattr(made.card, name) for name in ("peak_threshold", "presence_threshold")})
    again = segmenter.redraw(made.seen, segmenter.feature_tensor(made.radiomics))
    assert np.array_equal(again, made.seen.labels > 0)
    assert again.any() == (how is not empty_by_presence)
