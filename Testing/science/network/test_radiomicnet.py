"""The network: its size, what goes in and comes out, and that the radiomics stream has a say."""

import pytest
import torch

from radiomicnet.network.encoder import SKIP_CHANNELS, Encoder
from radiomicnet.network.gate import RadiomicsAttentionGate
from radiomicnet.network.radiomicnet import LEVELS, Architecture, RadiomicNet, count_parameters

PAPER_PARAMETERS = 3_270_000


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return RadiomicNet().eval()


def test_all_streams_together_are_smaller_than_the_papers(network):
    assert 1_800_000 < count_parameters(network) <= PAPER_PARAMETERS


@pytest.mark.parametrize("size", [(256, 256), (64, 96), (33, 50), (16, 16), (300, 1)])
def test_any_input_size_gives_logits_of_that_size(network, size):
    assert network(torch.rand(2, 3, *size), torch.zeros(2, 13)).shape == (2, 1, *size)


def test_on_request_every_decoder_level_tells_its_attention(network):
    _, states = network(torch.rand(2, 3, 64, 64), torch.randn(2, 13), with_gates=True)
    assert len(states) == len(LEVELS) == 4
    for stride, state in zip(LEVELS, states):
        assert state.spatial.shape == (2, 1, 64 // stride, 64 // stride)
        assert state.channel.shape == (2, SKIP_CHANNELS[stride])
        for values in state:
            assert ((values > 0) & (values < 1)).all()


def test_evaluation_is_deterministic(network):
    image, features = torch.rand(1, 3, 64, 64), torch.randn(1, 13)
    assert torch.equal(network(image, features), network(image, features))


def test_a_batch_gives_what_its_images_give_alone(network):
    images, features = torch.rand(3, 3, 64, 64), torch.randn(3, 13)
    alone = torch.cat([network(images[k : k + 1], features[k : k + 1]) for k in range(3)])
    assert torch.allclose(network(images, features), alone, atol=1e-4)


def test_one_image_serves_many_sets_of_features(network):
    image, features = torch.rand(1, 3, 64, 64), torch.randn(5, 13)
    shared, _ = network.decode(network.encode(image), features)
    assert torch.allclose(shared, network(image.expand(5, -1, -1, -1), features), atol=1e-4)


def test_the_features_change_logits_and_attention(network):
    image = torch.rand(1, 3, 64, 64)
    here, state_here = network(image, torch.zeros(1, 13), with_gates=True)
    there, state_there = network(image, torch.full((1, 13), 2.0), with_gates=True)
    assert not torch.allclose(here, there)
    for before, after in zip(state_here, state_there):
        assert not torch.allclose(before.spatial, after.spatial)
        assert not torch.allclose(before.channel, after.channel)


def test_a_map_of_local_features_is_taken_as_well_and_a_constant_map_equals_the_vector(network):
    image, features = torch.rand(1, 3, 64, 64), torch.randn(1, 13)
    local = features[:, :, None, None].expand(-1, -1, 4, 4)
    assert torch.allclose(network(image, local), network(image, features), atol=1e-4)


def test_features_beyond_four_deviations_count_as_four(network):
    image = torch.rand(1, 3, 64, 64)
    assert torch.equal(network(image, torch.full((1, 13), 4.0)), network(image, torch.full((1, 13), 400.0)))


def test_gamma_zero_passes_the_skip_connection_untouched():
    gate = RadiomicsAttentionGate(8, 8, 4)
    with torch.no_grad():
        gate.gate.fill_(-200.0)
    skip = torch.randn(2, 8, 5, 6)
    passed, state = gate(skip, torch.randn(2, 8, 5, 6), torch.randn(2, 4, 1, 1))
    assert state.gamma.item() == 0 and torch.equal(passed, skip)


def test_gamma_one_passes_only_what_was_attended_to():
    gate = RadiomicsAttentionGate(8, 8, 4)
    with torch.no_grad():
        gate.gate.fill_(200.0)
    skip = torch.randn(2, 8, 5, 6)
    passed, state = gate(skip, torch.randn(2, 8, 5, 6), torch.randn(2, 4, 1, 1))
    assert torch.allclose(passed, skip * state.channel[:, :, None, None] * state.spatial)


def test_gamma_and_every_stream_learn(network):
    fresh = RadiomicNet().train()
    fresh(torch.rand(2, 3, 64, 64), torch.randn(2, 13)).square().mean().backward()
    assert [name for name, parameter in fresh.named_parameters() if parameter.grad is None] == []
    for level in fresh.levels:
        assert level.gate.gate.grad != 0


def test_the_encoder_has_torchvisions_names_and_mobilenets_resolutions():
    encoder = Encoder().eval()
    names = set(encoder.state_dict())
    assert {"features.0.0.weight", "features.1.conv.0.0.weight", "features.17.conv.3.running_var"} <= names
    maps = encoder(torch.rand(1, 3, 64, 96))
    assert {stride: tuple(m.shape[1:]) for stride, m in maps.items()} == {
        2: (16, 32, 48), 4: (24, 16, 24), 8: (32, 8, 12), 16: (96, 4, 6), 32: (320, 2, 3)}


def test_an_architecture_survives_its_json():
    architecture = Architecture(decoder=(32, 24, 16, 8), embedding=12)
    assert Architecture.from_dict(architecture.to_dict()) == architecture
    assert count_parameters(RadiomicNet(architecture)) < count_parameters(RadiomicNet())
