"""Mirror images: turned there and back, averaged."""

import pytest
import torch

from radiomicnet.network.architecture import Architecture
from radiomicnet.network.radiomicnet import RadiomicNet
from radiomicnet.network.views import VIEWS, infer, turn


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(3)
    return RadiomicNet(Architecture(decoder=(16, 12, 8), embedding=8)).eval()


@pytest.fixture
def scene():
    return torch.rand(1, 3, 64, 96), torch.randn(1, 26, 4, 6)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_turned_twice_is_the_image_itself(view):
    maps = torch.rand(1, 2, 4, 6)
    assert torch.equal(turn(turn(maps, view), view), maps)


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
