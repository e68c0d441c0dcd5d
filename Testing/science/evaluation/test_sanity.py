"""The explanation depends on the weights."""

import pytest
import torch

from radiomicnet.evaluation.sanity import randomised, sanity


def test_a_network_is_like_itself_and_unlike_one_of_other_weights(small_segmenter, phantom):
    prediction = small_segmenter.predict(phantom[0])
    made = small_segmenter.explain(prediction)
    same = sanity(small_segmenter, small_segmenter, prediction, made)
    assert same.attention == pytest.approx(1) and same.contributions == pytest.approx(1)
    other = sanity(small_segmenter, randomised(small_segmenter), prediction, made)
    assert other.contributions < 0.9


def test_random_weights_are_the_same_for_a_seed_and_leave_the_generator_alone(small_segmenter):
    state = torch.get_rng_state()
    one, two, three = (randomised(small_segmenter, seed).network.state_dict() for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert not all(torch.equal(one[name], three[name]) for name in one)
    assert not torch.equal(one["head.weight"], small_segmenter.network.state_dict()["head.weight"])
