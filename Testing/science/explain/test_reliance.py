"""How much hung on the features and on the gates."""

from dataclasses import replace

import numpy as np
import torch

from radiomicnet.explain.reliance import reliance
from radiomicnet.models.store import Model
from radiomicnet.network.architecture import Architecture
from radiomicnet.network.radiomicnet import RadiomicNet
from radiomicnet.segmenter import Segmenter


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


def test_with_the_training_mean_in_every_feature_nothing_would_change(small_segmenter, phantom):
    prediction = drawing(small_segmenter, phantom[0])
    local = np.broadcast_to(np.array(list(small_segmenter.card.local_feature_mean.values()), np.float32)[:, None, None],
                            prediction.radiomics.local.shape)
    average = replace(prediction.radiomics, whole=small_segmenter.card.feature_mean, local=local)
    same = small_segmenter.redraw(prediction, small_segmenter.feature_tensor(average))
    other = small_segmenter.redraw(prediction, small_segmenter.feature_tensor(prediction.radiomics))
    assert np.array_equal(other, prediction.labels > 0)
    assert reliance(small_segmenter, replace(prediction, labels=same.astype(np.uint8))).mean_features == 1


def test_the_gates_of_the_small_model_matter(small_segmenter, phantom):
    made = reliance(small_segmenter, drawing(small_segmenter, phantom[0]))
    assert 0 <= made.open_gates < 1 and 0 <= made.mean_features < 1


def test_two_empty_masks_agree(small_segmenter, phantom):
    nothing = small_segmenter.predict(phantom[0], threshold=0.999999)
    assert reliance(small_segmenter, nothing).mean_features == 1
