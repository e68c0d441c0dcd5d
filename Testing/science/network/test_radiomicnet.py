"""The network: its size, what goes in and comes out, and that the radiomics stream has a say."""

import pytest
import torch

from radiomicnet.network.architecture import Architecture
from radiomicnet.network.encoder import SKIP_CHANNELS, Encoder
from radiomicnet.network.gate import RadiomicsAttentionGate
from radiomicnet.network.radiomicnet import LEVELS, RadiomicNet, count_parameters

PAPER_PARAMETERS = 3_270_000


def features_for(size, count=1):
    """Random standardised features of the whole scan and of its tiles."""
    return torch.randn(count, 26, -(-size[0] // 16), -(-size[1] // 16))


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return RadiomicNet().eval()


def test_all_streams_together_are_smaller_than_the_papers(network):
    assert 1_800_000 < count_parameters(network) <= PAPER_PARAMETERS


@pytest.mark.parametrize("size", [(256, 256), (64, 96), (33, 50), (16, 16), (300, 1)])
def test_any_input_size_gives_logits_of_that_size(network, size):
    assert network(torch.rand(2, 3, *size), features_for(size, 2)).shape == (2, 1, *size)


def test_on_request_every_decoder_level_tells_its_attention(network):
    states = network(torch.rand(2, 3, 64, 64), features_for((64, 64), 2), detailed=True).gates
    assert len(states) == len(network.strides) == 3
    for stride, state in zip(network.strides, states):
        assert state.spatial.shape == (2, 1, 64 // stride, 64 // stride)
        assert state.channel.shape == (2, SKIP_CHANNELS[stride])
        for values in state:
            assert ((values > 0) & (values < 1)).all()


def test_evaluation_is_deterministic(network):
    image, features = torch.rand(1, 3, 64, 64), features_for((64, 64))
    assert torch.equal(network(image, features), network(image, features))


def test_a_batch_gives_what_its_images_give_alone(network):
    images, features = torch.rand(3, 3, 64, 64), features_for((64, 64), 3)
    alone = torch.cat([network(images[k : k + 1], features[k : k + 1]) for k in range(3)])
    assert torch.allclose(network(images, features), alone, atol=1e-4)


def test_one_image_serves_many_sets_of_features(network):
    image, features = torch.rand(1, 3, 64, 64), features_for((64, 64), 5)
    shared = network.decode(network.encode(image), features).logits
    assert torch.allclose(shared, network(image.expand(5, -1, -1, -1), features), atol=1e-4)


def test_the_features_change_logits_and_attention(network):
    image = torch.rand(1, 3, 64, 64)
    here = network(image, torch.zeros(1, 26, 4, 4), detailed=True)
    there = network(image, torch.full((1, 26, 4, 4), 2.0), detailed=True)
    assert not torch.allclose(here.logits, there.logits) and not torch.allclose(here.presence, there.presence)
    for before, after in zip(here.gates, there.gates):
        assert not torch.allclose(before.spatial, after.spatial)
        assert not torch.allclose(before.channel, after.channel)


def test_the_features_of_one_tile_change_the_attention_most_where_it_lies(network):
    image, features = torch.rand(1, 3, 256, 256), torch.zeros(1, 26, 16, 16)
    features[:, 13:, 3, 12] = 3.0
    with torch.no_grad():
        here, average = (network(image, values, detailed=True).gates[0].spatial for values in (features, 0 * features))
    difference = (here - average).abs()[0, 0]
    assert divmod(int(difference.argmax()), 16) == (3, 12)


def test_as_in_the_paper_a_network_may_take_13_numbers_of_the_whole_scan():
    whole = RadiomicNet(Architecture(decoder=(96, 64, 32, 16), driver="whole", presence=False)).eval()
    image, features = torch.rand(1, 3, 64, 64), torch.randn(1, 13)
    output = whole(image, features, detailed=True)
    assert whole.strides == LEVELS and len(output.gates) == 4 and output.presence is None
    assert not torch.allclose(output.logits, whole(image, -features))
    everywhere = features[:, :, None, None].expand(-1, -1, 4, 4)
    assert torch.allclose(whole(image, everywhere), output.logits, atol=1e-4)


@pytest.mark.parametrize("driver", ["image", "none"])
def test_networks_to_compare_with_do_not_read_the_features(driver):
    other = RadiomicNet(Architecture(driver=driver)).eval()
    image = torch.rand(1, 3, 64, 64)
    assert torch.equal(other(image, torch.zeros(1, 26, 4, 4)), other(image, torch.ones(1, 26, 4, 4)))


def test_the_control_that_has_no_radiomics_is_as_large_to_a_thousandth(network):
    control = RadiomicNet(Architecture(driver="image"))
    assert count_parameters(control) == pytest.approx(count_parameters(network), rel=1e-3)


def test_an_attention_left_out_is_1_everywhere_and_a_gate_that_does_not_learn_has_gamma_1():
    image, features = torch.rand(1, 3, 64, 64), features_for((64, 64))
    for left_out in ("channel", "spatial"):
        attention = tuple({"channel", "spatial"} - {left_out})
        plain = RadiomicNet(Architecture(attention=attention, learnable_gate=False)).eval()
        for state in plain(image, features, detailed=True).gates:
            assert (getattr(state, left_out) == 1).all() and not (getattr(state, attention[0]) == 1).all()
            assert state.gamma == 1


def test_features_beyond_four_deviations_count_as_four(network):
    image = torch.rand(1, 3, 64, 64)
    assert torch.equal(network(image, torch.full((1, 26, 4, 4), 4.0)), network(image, torch.full((1, 26, 4, 4), 400.0)))


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
    output = fresh(torch.rand(2, 3, 64, 64), features_for((64, 64), 2), detailed=True)
    (output.logits.square().mean() + output.presence.square().mean()).backward()
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
    architecture = Architecture(decoder=(32, 24, 16), embedding=12, attention=("spatial",))
    assert Architecture.from_dict(architecture.to_dict()) == architecture
    assert count_parameters(RadiomicNet(architecture)) < count_parameters(RadiomicNet())
