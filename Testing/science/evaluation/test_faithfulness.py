"""Faithfulness: orders that are known to be right score better than random ones, and Grad-CAM finds the pixels."""

import numpy as np
import pytest
import torch

from radiomicnet.evaluation.faithfulness import _both_ways, _feature_scores, _region_scores, faithfulness
from radiomicnet.explain.gradcam import grad_cam
from radiomicnet.images.grid import mask_to_grid
from radiomicnet.segmenter import image_tensor

COUNT = 13


@pytest.fixture
def features():
    return torch.ones(1, 26, 1, 1)


def linear(weights):
    return lambda points: points[:, :COUNT, 0, 0] @ torch.tensor(weights, dtype=torch.float32)


def test_for_a_linear_quantity_the_curves_are_known(features):
    weights = np.zeros(COUNT)
    weights[4] = 2.0  # one feature is everything
    first = np.array([4, *(k for k in range(COUNT) if k != 4)])
    # 14 points: deletion falls to 0 after the first, insertion rises to 1 after the first.
    assert _feature_scores(linear(weights), features, first, 2.0) == pytest.approx((1 / 14, 13 / 14))
    assert _feature_scores(linear(weights), features, first[::-1], 2.0) == pytest.approx((13 / 14, 1 / 14))


def test_contributions_that_cancel_out_leave_scores_of_their_own_size(features):
    weights = np.zeros(COUNT)
    weights[2], weights[7] = 1.001, -1.0
    deletion, insertion = _feature_scores(linear(weights), features, np.argsort(-weights), 2.001)
    assert insertion == pytest.approx(0.5, abs=0.08) and deletion == pytest.approx(-0.5, abs=0.08)


def test_the_largest_contribution_first_beats_random_orders(features):
    weights = np.linspace(0.1, 3, COUNT)
    _, best = _feature_scores(linear(weights), features, np.argsort(-weights), weights.sum())
    rng = np.random.default_rng(0)
    others = [_feature_scores(linear(weights), features, rng.permutation(COUNT), weights.sum())[1] for _ in range(20)]
    assert best > max(others)


def test_an_order_taken_backwards_too_has_the_score_of_chance(features):
    weights = np.linspace(-1, 3, COUNT)
    order = np.random.default_rng(1).permutation(COUNT)
    forwards, backwards = (_feature_scores(linear(weights), features, each, 1.0) for each in (order, order[::-1]))
    assert (forwards[0] + backwards[0]) / 2 == pytest.approx((forwards[1] + backwards[1]) / 2)
    # Half of all that there is to move, for whichever order of a linear quantity.
    assert _both_ways([forwards]) == pytest.approx((weights.sum() / 2,) * 2)


class Bright:
    """A network whose logit is the brightness of the picture itself, so that what matters is known."""

    class card:
        temperature = 1.0

    def network(self, image, features, detailed=True, gamma=None):
        from radiomicnet.network.radiomicnet import Output

        return Output(20 * image.mean(dim=1, keepdim=True) - 10, (), None, (), None)


def test_a_map_that_shows_what_matters_scores_better_than_one_that_does_not():
    image = torch.zeros(1, 3, 64, 64)
    image[..., 24:40, 24:40] = 1.0
    region = image[0, 0] > 0.5
    right, wrong = region.float().numpy(), 1 - region.float().numpy()
    inside = np.ones((64, 64), bool)
    scores = [_region_scores(Bright(), image, torch.zeros(1, 26, 4, 4), region, values, inside)
              for values in (right, wrong)]
    (deletion, insertion), (late_deletion, late_insertion) = scores
    assert deletion < late_deletion and insertion > late_insertion


def test_grad_cam_of_a_trained_network_is_brighter_where_the_lesion_is(ultrasound_result):
    from radiomicnet.models.store import load
    from radiomicnet.segmenter import Segmenter

    prediction = ultrasound_result.prediction
    segmenter = Segmenter(load(prediction.card.name))
    region = torch.from_numpy(mask_to_grid(prediction.labels > 0, prediction.card.input_size))
    features = segmenter.feature_tensor(prediction.radiomics)
    values = grad_cam(segmenter.network, image_tensor(prediction.grid), features, region)
    assert values.shape == region.shape and values.min() >= 0 and values.max() == pytest.approx(1)
    assert values[region].mean() > 2 * values[~region].mean()


def test_an_image_gets_all_scores_and_one_on_which_nothing_was_drawn_none(small_segmenter, phantom):
    threshold = float(np.quantile(small_segmenter.predict(phantom[0]).probability, 0.8))
    prediction, empty = (small_segmenter.predict(phantom[0], each) for each in (threshold, 0.999999))
    made = faithfulness(small_segmenter, prediction, small_segmenter.explain(prediction))
    assert set(made.features) == {"contributions", "random"}
    assert set(made.regions) == {"coarsest", "finest", "grad-cam", "probability", "random"}
    assert np.isfinite([*made.features.values(), *made.regions.values()]).all()
    assert 0 <= made.top_feature_dice <= 1 and 0 <= made.other_feature_dice <= 1
    assert made.features["random"][0] == made.features["random"][1]
    assert faithfulness(small_segmenter, empty, small_segmenter.explain(empty)) is None
