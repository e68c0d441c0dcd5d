"""Training in bfloat16 where the hardware multiplies in it; what is compared and kept stays float32."""

import pytest
import torch

from radiomicnet.models.store import load
from radiomicnet.network.architecture import Architecture
from radiomicnet.network.radiomicnet import RadiomicNet
from radiomicnet.training.precision import described, exact, fast, has_bfloat16

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def passes():
    """A forward pass as training makes it, and the same in float32."""
    torch.manual_seed(0)
    network = load("polyp-endoscopy").network
    image, features = torch.rand(2, 3, 96, 96), torch.randn(2, 26, 6, 6)
    with torch.no_grad():
        with fast(CPU):
            quick = network(image, features, detailed=True)
        return exact(quick), network(image, features, detailed=True)


def test_what_the_losses_compare_is_float32(passes):
    quick, _ = passes
    compared = (quick.logits, quick.presence, quick.embedding, *quick.levels)
    assert {tensor.dtype for tensor in compared} == {torch.float32}


def test_the_fast_pass_says_what_the_exact_one_says(passes):
    quick, usual = passes
    spread = usual.logits.std()
    assert (quick.logits - usual.logits).abs().max() < 0.2 * spread
    assert (quick.gates[0].spatial - usual.gates[0].spatial).abs().mean() < 0.02


def test_a_network_without_gates_passes_too():
    network = RadiomicNet(Architecture(driver="none", presence=False)).eval()
    with torch.no_grad(), fast(CPU):
        output = exact(network(torch.rand(1, 3, 64, 64), torch.zeros(1, 13), detailed=True))
    assert output.embedding is None and output.presence is None and output.logits.dtype == torch.float32


def test_the_card_names_device_threads_and_precision():
    words = described(CPU)
    assert words.startswith(f"CPU, {torch.get_num_threads()} thread")
    assert words.endswith("bfloat16") == has_bfloat16(CPU)


@pytest.mark.parametrize(("tiles", "vectors"), [(False, False), (False, True), (True, False)])
def test_either_of_the_two_units_of_a_processor_that_multiply_bfloat16_is_enough(monkeypatch, tiles, vectors):
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: tiles)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: vectors)
    assert has_bfloat16(CPU) == (tiles or vectors)
