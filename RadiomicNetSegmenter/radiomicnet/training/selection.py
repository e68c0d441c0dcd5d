"""Learned selection of features: a group lasso on the weights with which the radiomics stream reads each of them.

    minimise  L + lambda sum_f ||W_f||

with L the loss and W_f all weights of the stream's first layer that read feature f, be it of the scan or of tiles
(Yuan and Lin 2006, doi 10.1111/j.1467-9868.2005.00532.x). After every step of the optimiser each W_f is moved towards
zero by the rate times lambda, the proximal step of that sum; so a feature that does not pay for itself ends at exactly
zero, contributes nothing, and need not be measured.
"""

from __future__ import annotations

import torch

from ..features.catalogue import KEYS
from ..network.radiomicnet import RadiomicNet


@torch.no_grad()
def shrink(network: RadiomicNet, averaged: RadiomicNet, amount: float) -> None:
    """One proximal step.

    Parameters
    ----------
    network : RadiomicNet
        With a radiomics stream that reads features; its first layer is changed.
    averaged : RadiomicNet
        The network of averaged weights; what has reached zero in the other is zero here too.
    amount : float
        Rate times lambda, by which the norm of each feature's weights falls.
    """
    factor = (1 - amount / _norms(network).clamp(min=1e-12)).clamp(min=0)
    for each, by in ((network, factor), (averaged, (factor > 0).float())):
        weight = _first(each)
        weight.mul_(by.repeat(weight.shape[1] // len(KEYS)).view(1, -1, 1, 1))


def kept(network: RadiomicNet) -> list[str]:
    """Keys of the features that the network reads, in the catalogue's order."""
    return [key for key, norm in zip(KEYS, _norms(network)) if norm > 0]


def _norms(network: RadiomicNet) -> torch.Tensor:
    """(13,) norms of the weights that read each feature."""
    weight = _first(network)
    return weight.detach().reshape(len(weight), -1, len(KEYS)).square().sum(dim=(0, 1)).sqrt()


def _first(network: RadiomicNet) -> torch.Tensor:
    """(hidden, 13 or 26, 1, 1)."""
    return network.radiomics[0].weight  # type: ignore[index]
