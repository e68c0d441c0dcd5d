"""Mirrored and turned images: there and back, averaged."""

import numpy as np
import pytest
import torch

from radiomicnet.features.extract import extract
from radiomicnet.network.architecture import Architecture
from radiomicnet.network.radiomicnet import RadiomicNet
from radiomicnet.network.views import VIEWS, infer, turn, turn_back


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(3)
    return RadiomicNet(Architecture(decoder=(16, 12, 8), embedding=8)).eval()


@pytest.fixture
def scene():
    return torch.rand(1, 3, 64, 96), torch.randn(1, 26, 4, 6)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_turned_back_is_the_image_itself(view):
    maps = torch.rand(1, 2, 4, 6)
    assert torch.equal(turn_back(turn(maps, view), view), maps)


def test_every_view_is_another():
    maps = torch.rand(1, 2, 4, 4)
    assert len({tuple(turn(maps, view).flatten().tolist()) for view in VIEWS}) == len(VIEWS)


def test_on_its_side_the_top_of_the_image_is_where_the_name_says():
    maps = torch.zeros(1, 1, 4, 6)
    maps[..., 0, :] = 1
    assert turn(maps, "left")[..., 0].all() and turn(maps, "right")[..., -1].all()


@pytest.mark.parametrize("view", VIEWS)
def test_the_features_of_a_view_are_the_image_s_features_as_the_view_shows_them(view):
    grey = torch.from_numpy(np.random.default_rng(5).integers(0, 256, (64, 96)).astype(np.uint8))
    turned = turn(grey, view).numpy()
    plain, seen = (extract(np.ascontiguousarray(each), np.ones(each.shape, bool)) for each in (grey.numpy(), turned))
    expected = turn(torch.from_numpy(plain.local), view).numpy()
    np.testing.assert_allclose(seen.local, expected, rtol=2e-5, atol=1e-6)
    np.testing.assert_allclose(list(seen.whole.values()), list(plain.whole.values()), rtol=1e-9, atol=1e-12)


def test_the_plain_view_alone_is_the_network_itself(network, scene):
    output, plain = infer(network, *scene, ("plain",)), network(*scene, detailed=True)
    assert torch.equal(output.logits, plain.logits) and torch.equal(output.presence, plain.presence)
    assert all(torch.equal(a.spatial, b.spatial) for a, b in zip(output.gates, plain.gates))


def test_with_both_sides_the_mirror_image_gives_the_mirrored_answer_and_attention(network, scene):
    views = ("plain", "horizontal")
    there = infer(network, *scene, views)
    mirrored = infer(network, *(part.flip(-1) for part in scene), views)
    assert torch.allclose(there.logits.flip(-1), mirrored.logits, atol=1e-5)
    assert torch.allclose(there.presence, mirrored.presence, atol=1e-5)
    for one, other in zip(there.gates, mirrored.gates):
        assert torch.allclose(one.spatial.flip(-1), other.spatial, atol=1e-5)
        assert torch.allclose(one.channel, other.channel, atol=1e-5)
    alone = network(*scene)
    assert not torch.allclose(there.logits, alone, atol=1e-5)


def test_with_the_four_turns_a_turned_image_gives_the_turned_answer_and_attention(network, scene):
    views = ("plain", "left", "both", "right")
    there = infer(network, *scene, views)
    turned = infer(network, *(part.rot90(1, (-2, -1)) for part in scene), views)
    assert torch.allclose(there.logits.rot90(1, (-2, -1)), turned.logits, atol=1e-5)
    for one, other in zip(there.gates, turned.gates):
        assert torch.allclose(one.spatial.rot90(1, (-2, -1)), other.spatial, atol=1e-5)
