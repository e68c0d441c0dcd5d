"""Shapley values: exact where they are known, complete, and approached by sampling."""

import numpy as np
import pytest
import torch

from radiomicnet.explain.quantity import Quantity
from radiomicnet.explain.shapley import agreement, exact, sampled
from radiomicnet.features.catalogue import KEYS
from radiomicnet.segmenter import image_tensor

COUNT = len(KEYS)


def linear(weights, constant=1.0):
    """A quantity that is linear in the whole scan's features, so that its Shapley values are known."""
    return lambda points: (points[:, :COUNT, 0, 0].double() @ torch.tensor(weights)) + constant


@pytest.fixture
def features():
    return torch.randn(1, 26, 2, 2, generator=torch.Generator().manual_seed(0))


def test_of_a_linear_quantity_each_feature_gets_its_own_term(features):
    weights = np.linspace(-1, 2, COUNT)
    expected = weights * features[0, :COUNT, 0, 0].numpy()
    for made in (exact(linear(weights), features), sampled(linear(weights), features, orders=4)):
        assert made.values == pytest.approx(expected, abs=1e-5)
        assert made.error == pytest.approx(np.zeros(COUNT), abs=1e-6)


def test_two_features_share_their_product_equally(features):
    made = exact(lambda points: (points[:, 0, 0, 0] * points[:, 3, 0, 0]).double(), features)
    product = float(features[0, 0, 0, 0] * features[0, 3, 0, 0])
    assert made.values[[0, 3]] == pytest.approx([product / 2, product / 2], rel=1e-5)
    assert np.abs(np.delete(made.values, [0, 3])).max() < 1e-9 and made.coalitions == 8192


def test_sampled_values_of_an_uneven_quantity_are_the_exact_ones_within_their_error(features):
    def uneven(points):
        whole = points[:, :COUNT, 0, 0].double()
        tiles = points[:, 20].double().mean((1, 2))
        return torch.tanh(whole.sum(dim=1)) + whole[:, 2] * torch.relu(whole[:, 5]) + tiles

    truth, made = exact(uneven, features), sampled(uneven, features, orders=200)
    assert truth.values.sum() == pytest.approx(float(uneven(features) - uneven(torch.zeros_like(features))), abs=1e-6)
    assert made.values.sum() == pytest.approx(truth.values.sum(), abs=1e-6)
    assert np.all(np.abs(made.values - truth.values) <= 4 * made.error + 1e-6)


def test_a_features_values_in_all_tiles_join_with_the_feature(features):
    made = exact(lambda points: points[:, COUNT + 4].double().sum((1, 2)), features)
    assert made.values[4] == pytest.approx(float(features[0, COUNT + 4].sum()), rel=1e-5)


def test_the_networks_values_add_up_and_repeat(small_segmenter, phantom):
    prediction = small_segmenter.predict(phantom[0])
    features, image = small_segmenter.feature_tensor(prediction.radiomics), image_tensor(prediction.grid)
    quantity = Quantity(small_segmenter.network, prediction, image, features)
    told = []
    made, again = (sampled(quantity, features, orders=4, progress=told.append) for _ in range(2))
    change = small_segmenter.explain(prediction).change
    assert made.values.sum() == pytest.approx(change, abs=1e-4)
    assert np.array_equal(made.values, again.values) and told[-1] == 1.0


def test_rankings_agree_with_themselves_and_not_with_their_reverse():
    values = np.arange(1.0, 14.0)
    assert agreement(values, -values) == pytest.approx(1) and agreement(values, values[::-1]) == pytest.approx(-1)
