"""Contributions of the 13 features by integrated gradients (Sundararajan 2017, arXiv 1703.01365).

Explained is the mean logit over the region that was drawn, the region held fixed along the path; where nothing was
drawn, over the 1 % of pixels with the highest probability. The path leads straight from the training mean of the
features (0 once standardised) to this image's, the image itself unchanged; so the contributions share out what the
radiomics stream changed against an average image, and not the whole decision. With x the standardised features::

    c_k = x_k * integral over a in 0..1 of dF(a x) / dx_k        sum of c_k = F(x) - F(0)

A feature's contribution is that of its value in the whole scan and of its values in all tiles together; what each
tile added stands in a map beside it.

The integral is a Gauss-Legendre sum; its points are doubled until the sum of the contributions differs from the
change of F by at most 1 % of the sum of their absolute values.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from ..features.catalogue import KEYS
from ..images.grid import mask_to_grid
from ..network.radiomicnet import RadiomicNet
from ..network.views import turn
from ..results.result import Contribution, Contributions, Prediction

FEWEST_POINTS, MOST_POINTS = 16, 128
LARGEST_RESIDUAL = 0.01
# Points on the path whose gradients are computed together; more need more memory and are no faster.
BATCH = 8

Quantity = Callable[[torch.Tensor], torch.Tensor]

PREDICTED = "predicted"
MOST_PROBABLE = "most-probable-1-percent"


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
    with torch.no_grad():
        views = {view: network.encode(turn(image, view)) for view in prediction.card.views}

        def mean_logits(points: torch.Tensor) -> torch.Tensor:
            """(n, F, a, b) features to (n, S, S) logits, averaged over the views."""
            return torch.stack([
                turn(_on_grid(network.decode(maps, turn(points, view)).logits, image), view)
                for view, maps in views.items()]).mean(dim=0)

        region, name = explained_region(mean_logits(features)[0], prediction)

        def quantity(points: torch.Tensor) -> torch.Tensor:
            """(n, F, a, b) features to (n,) mean logits over the region."""
            return mean_logits(points)[:, region].mean(dim=1)

        reached, start = float(quantity(features)), float(quantity(torch.zeros_like(features)))
    points = FEWEST_POINTS
    while True:
        everywhere = features[0].numpy() * _mean_gradient(quantity, features, points)
        contributions = everywhere.sum(axis=(1, 2)).reshape(-1, len(KEYS)).sum(axis=0)
        residual = float(contributions.sum() - (reached - start))
        if abs(residual) <= LARGEST_RESIDUAL * np.abs(contributions).sum() or points >= MOST_POINTS:
            break
        points *= 2
    local = everywhere[len(KEYS) :].astype(np.float32) if len(everywhere) > len(KEYS) else None
    return Contributions(_ranked(contributions, prediction), reached, start, name, residual, points, local)


def explained_region(logits: torch.Tensor, prediction: Prediction) -> tuple[torch.Tensor, str]:
    """(S, S) bool region on the grid, and its name: what was drawn, or else the most probable 1 % of the picture."""
    drawn = mask_to_grid(prediction.labels > 0, len(logits))
    if drawn.any():
        return torch.from_numpy(drawn), PREDICTED
    rows, columns = prediction.grid.content
    inside = torch.full_like(logits, -torch.inf)
    inside[:rows, :columns] = logits[:rows, :columns]
    region = torch.zeros_like(inside, dtype=torch.bool).flatten()
    region[inside.flatten().topk(max(1, round(0.01 * rows * columns))).indices] = True
    return region.view_as(logits), MOST_PROBABLE


def _on_grid(logits: torch.Tensor, image: torch.Tensor) -> torch.Tensor:
    """(n, 1, h, w) logits without what the network padded, (n, S, S)."""
    return logits[:, 0, : image.shape[-2], : image.shape[-1]]


def _mean_gradient(quantity: Quantity, features: torch.Tensor, points: int) -> np.ndarray:
    """(F, a, b) gradient of the quantity, averaged over the path from 0 to the features."""
    nodes, weights = np.polynomial.legendre.leggauss(points)
    positions = torch.from_numpy((nodes + 1) / 2).float()[:, None, None, None]
    shares = torch.from_numpy(weights / 2).float()
    total = np.zeros(features.shape[1:])
    for start in range(0, points, BATCH):
        path = (positions[start : start + BATCH] * features).requires_grad_(True)
        with torch.enable_grad():
            weighted = (quantity(path) * shares[start : start + BATCH]).sum()
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
