"""Contributions of the 13 features by integrated gradients (Sundararajan 2017, arXiv 1703.01365).

Explained is the quantity of :mod:`radiomicnet.explain.quantity`. The path leads straight from the training mean of the
features (0 once standardised) to this image's, the image itself unchanged; so the contributions share out what the
radiomics stream changed against a picture whose every tile is average, and not the whole decision. With x the
standardised features::

    c_k = x_k * integral over a in 0..1 of dF(a x) / dx_k        sum of c_k = F(x) - F(0)

A feature's contribution is that of its value in the whole scan and of its values in all tiles together; what each
tile added stands in a map beside it.

The integral is a Gauss-Legendre sum. While the sum of the contributions differs from the change of F by more than 1 %
of the sum of their absolute values, one of twice as many points is added, and the mean of all sums taken, each by the
number of its points: F has kinks, of which every set of points misses others, so none is worth forgetting.
"""

from __future__ import annotations

import numpy as np
import torch

from ..features.catalogue import KEYS
from ..network.radiomicnet import RadiomicNet
from ..results.result import Contribution, Contributions, Prediction
from .quantity import Quantity

FEWEST_POINTS, MOST_POINTS = 16, 128
LARGEST_RESIDUAL = 0.01
# Passes of the decoder whose gradients are computed together; more need more memory and are no faster.
PASSES = 16


def explain(network: RadiomicNet, prediction: Prediction, image: torch.Tensor, features: torch.Tensor) -> Contributions:
    """Contributions of one prediction; the same on every call.

    Parameters
    ----------
    network : RadiomicNet
    prediction : Prediction
    image : torch.Tensor
        (1, 3, S, S) in 0..1, the prediction's grid.
    features : torch.Tensor
        (1, F, a, b), the prediction's features, standardised.
    """
    quantity = Quantity(network, prediction, image, features)
    with torch.no_grad():
        reached, start = float(quantity(features)), float(quantity(torch.zeros_like(features)))
    points, seen, summed = FEWEST_POINTS, 0, np.zeros(features.shape[1:])
    while True:
        summed += points * _mean_gradient(quantity, features, points)
        seen += points
        everywhere = features[0].numpy() * summed / seen
        contributions = everywhere.sum(axis=(1, 2)).reshape(-1, len(KEYS)).sum(axis=0)
        residual = float(contributions.sum() - (reached - start))
        if abs(residual) <= LARGEST_RESIDUAL * np.abs(contributions).sum() or points >= MOST_POINTS:
            break
        points *= 2
    local = everywhere[len(KEYS) :].astype(np.float32) if len(everywhere) > len(KEYS) else None
    return Contributions(_ranked(contributions, prediction), reached, start, quantity.name, residual, seen, local)


def _mean_gradient(quantity: Quantity, features: torch.Tensor, points: int) -> np.ndarray:
    """(F, a, b) gradient of the quantity, averaged over the path from 0 to the features."""
    nodes, weights = np.polynomial.legendre.leggauss(points)
    positions = torch.from_numpy((nodes + 1) / 2).float()[:, None, None, None]
    shares = torch.from_numpy(weights / 2).float()
    total = np.zeros(features.shape[1:])
    together = PASSES // quantity.passes
    for start in range(0, points, together):
        path = (positions[start : start + together] * features).requires_grad_(True)
        with torch.enable_grad():
            weighted = (quantity(path) * shares[start : start + together]).sum()
        total += torch.autograd.grad(weighted, path)[0].sum(dim=0).double().numpy()
    return total


def _ranked(contributions: np.ndarray, prediction: Prediction) -> tuple[Contribution, ...]:
    total = np.abs(contributions).sum() or 1.0
    order = np.argsort(-np.abs(contributions), kind="stable")
    return tuple(
        Contribution(rank, KEYS[k], prediction.features[KEYS[k]], prediction.card.feature_mean[KEYS[k]],
                     float(contributions[k]), float(100 * abs(contributions[k]) / total))
        for rank, k in enumerate(order, start=1)
    )
