"""Selection of features by a group lasso: the proximal step, what ends at zero, and what then no longer counts."""

from __future__ import annotations

import pytest
import torch

from radiomicnet.errors import TrainingError
from radiomicnet.features.catalogue import KEYS
from radiomicnet.network.architecture import LOCAL, WHOLE, Architecture
from radiomicnet.network.radiomicnet import RadiomicNet
from radiomicnet.training.config import read_config
from radiomicnet.training.selection import kept, shrink


def networks(driver):
    plan = Architecture(decoder=(16, 12, 8), embedding=8, driver=driver)
    torch.manual_seed(3)
    return RadiomicNet(plan).eval(), RadiomicNet(plan).eval()


def groups(network):
    """(13, weights): what reads each feature, of the scan and of tiles."""
    weight = network.radiomics[0].weight.detach()[:, :, 0, 0]
    return torch.stack([weight[:, index :: len(KEYS)].flatten() for index in range(len(KEYS))])


@pytest.mark.parametrize("driver", [WHOLE, LOCAL])
def test_a_step_is_the_one_that_minimises_what_the_lasso_asks(driver):
    """argmin over W of |W - V|^2 / 2 + a |W|, group by group: no other W near it is better."""
    network, averaged = networks(driver)
    before, amount = groups(network), 0.9
    shrink(network, averaged, amount)
    after = groups(network)

    def asked(weights):
        return 0.5 * (weights - before).square().sum(dim=1) + amount * weights.norm(dim=1)

    random = torch.Generator().manual_seed(1)
    for size in (1e-3, 1e-2, 1e-1):
        for _ in range(20):
            moved = after + size * torch.randn(after.shape, generator=random)
            assert (asked(after) <= asked(moved) + 1e-6).all()


def test_a_feature_whose_weights_are_small_is_dropped_for_good_and_changes_nothing():
    network, averaged = networks(LOCAL)
    with torch.no_grad():
        network.radiomics[0].weight[:, [2, 2 + len(KEYS)]] *= 1e-3
    shrink(network, averaged, 0.01)
    left = [key for index, key in enumerate(KEYS) if index != 2]
    assert kept(network) == kept(averaged) == left
    shrink(network, averaged, 0.0)
    assert kept(network) == left
    image = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(2))
    features = torch.zeros(1, 2 * len(KEYS), 4, 4)
    other = features.clone()
    other[:, [2, 2 + len(KEYS)]] = 3.0
    with torch.inference_mode():
        assert torch.equal(averaged(image, features), averaged(image, other))
        other[:, 3] = 3.0
        assert not torch.equal(averaged(image, features), averaged(image, other))


def test_a_selection_without_features_is_refused(tmp_path):
    (tmp_path / "a.toml").write_text(
        'name = "a"\ndatasets = ["x"]\nvalidation_datasets = ["x"]\nfeature_selection = 1.0\n'
        '[architecture]\ndriver = "none"\n', encoding="utf-8")
    with pytest.raises(TrainingError, match=r"a\.toml selects features for a network that reads none"):
        read_config(tmp_path / "a.toml")
