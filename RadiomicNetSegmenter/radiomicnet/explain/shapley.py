"""Contributions a second way: Shapley values of the 13 features (Shapley 1953).

A coalition is a set of features that have this image's values, in the whole scan and in every tile, while the others
have the training mean; it is worth the explained quantity (:mod:`radiomicnet.explain.quantity`). A feature's value is
what it adds on average over all orders in which the features may join: over sampled orders (Castro 2009,
doi 10.1016/j.cor.2008.04.004), each also taken backwards, which cancels much of the noise (Mitchell 2022,
arXiv 2104.12199); or exactly, over all 8,192 coalitions. Where integrated gradients follow one straight path, this asks
every combination; rankings that agree are not an artefact of either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from ..features.catalogue import KEYS
from ..results.result import Contributions, Prediction

if TYPE_CHECKING:  # whoever reads or writes a result needs the dataclass alone
    import torch

    from ..network.radiomicnet import RadiomicNet
    from .quantity import Quantity

COUNT = len(KEYS)
BATCH = 16

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Shapley:
    """Shapley values in logits, in the catalogue's order.

    Attributes
    ----------
    values : numpy.ndarray
        (13,); they add up to the change of the quantity.
    error : numpy.ndarray
        (13,) standard error of each from the sampling; 0 where exact.
    coalitions : int
        How many were asked about.
    """

    values: np.ndarray
    error: np.ndarray
    coalitions: int

    @property
    def exact(self) -> bool:
        """Whether every coalition was asked about."""
        return self.coalitions == 2**COUNT

    @property
    def ranks(self) -> np.ndarray:
        """(13,) from 1, the largest value of either sign."""
        return np.argsort(np.argsort(-np.abs(self.values), kind="stable")) + 1


def sampled(quantity: Quantity, features: torch.Tensor, orders: int = 32, seed: int = 0,
            progress: Progress | None = None) -> Shapley:
    """Shapley values over random orders; the same for the same seed.

    Parameters
    ----------
    quantity : Quantity
    features : torch.Tensor
        (1, F, a, b), standardised.
    orders : int
        Number of orders, an even one; half of them are the others backwards.
    seed : int
    progress : callable, optional
        Told the share done; may raise ``Cancelled``.
    """
    rng = np.random.default_rng(seed)
    drawn = [rng.permutation(COUNT) for _ in range(max(2, orders // 2))]
    paths = [order for forward in drawn for order in (forward, forward[::-1])]
    members = np.zeros((len(paths), COUNT + 1, COUNT), bool)
    for path, order in enumerate(paths):
        for step, feature in enumerate(order):
            members[path, step + 1 :, feature] = True
    worth = worth_of(quantity, features, members.reshape(-1, COUNT), progress).reshape(len(paths), COUNT + 1)
    added = np.empty((len(paths), COUNT))
    for path, order in enumerate(paths):
        added[path, order] = np.diff(worth[path])
    pairs = added.reshape(-1, 2, COUNT).mean(axis=1)
    return Shapley(added.mean(axis=0), pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs)), worth.size)


def exact(quantity: Quantity, features: torch.Tensor, progress: Progress | None = None) -> Shapley:
    """Shapley values over all coalitions; minutes on a CPU."""
    codes = np.arange(2**COUNT)
    members = (codes[:, None] >> np.arange(COUNT)) & 1 == 1
    worth = worth_of(quantity, features, members, progress)
    sizes = members.sum(axis=1)
    weight = np.array([1 / (COUNT * comb(COUNT - 1, size)) for size in range(COUNT)])
    values = np.empty(COUNT)
    for feature in range(COUNT):
        without = codes[~members[:, feature]]
        values[feature] = (weight[sizes[without]] * (worth[without | (1 << feature)] - worth[without])).sum()
    return Shapley(values, np.zeros(COUNT), len(codes))


def shapley(network: RadiomicNet, prediction: Prediction, image: torch.Tensor, features: torch.Tensor,
            every: bool = False, progress: Progress | None = None) -> Shapley:
    """Shapley values of one prediction, sampled or over every coalition; arguments as of contributions.explain."""
    from .quantity import Quantity

    quantity = Quantity(network, prediction, image, features)
    return (exact if every else sampled)(quantity, features, progress=progress)


def agreement(one: np.ndarray, other: np.ndarray) -> float:
    """Kendall's tau-b (1945) of the rankings that two sets of contributions give by their size, -1..1."""
    from scipy.stats import kendalltau

    return float(kendalltau(np.abs(one), np.abs(other)).statistic)


def agreement_of(contributions: Contributions, values: Shapley) -> float:
    """:func:`agreement` of the contributions' ranking with that of Shapley values."""
    by_key = {item.key: item.contribution for item in contributions.items}
    return agreement(np.array([by_key[key] for key in KEYS]), values.values)


def worth_of(quantity: Quantity, features: torch.Tensor, members: np.ndarray,
             progress: Progress | None = None) -> np.ndarray:
    """(n,) quantity of coalitions (n, 13) bool; each distinct one is evaluated once."""
    import torch

    distinct, where = np.unique(members, axis=0, return_inverse=True)
    blocks = features.shape[1] // COUNT  # of the whole scan, and of the tiles
    values = []
    for start in range(0, len(distinct), BATCH):
        kept = torch.from_numpy(np.tile(distinct[start : start + BATCH], (1, blocks))).float()[:, :, None, None]
        with torch.inference_mode():
            values.append(quantity(features * kept).double().numpy())
        if progress is not None:
            progress(min(1.0, (start + BATCH) / len(distinct)))
    return np.concatenate(values)[where.reshape(-1)]
