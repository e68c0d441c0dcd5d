"""Features that say nearly the same, and what such a group contributed as a whole.

Of two features that rise and fall together a network may use either, so the credit that each gets alone is partly
chance, while that of both together is not. Groups come from the training images: features are merged, the most alike
first, as long as the mean absolute rank correlation between two groups' members is at least 0.8 (average linkage,
Sokal and Michener 1958; Spearman 1904). Integrated gradients are additive, so a group's contribution is the sum of its
members'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..features.catalogue import KEYS
from ..results.result import Contributions

ALIKE = 0.8

Groups = Sequence[Sequence[str]]


@dataclass(frozen=True)
class GroupContribution:
    """What one group moved the explained quantity by.

    Attributes
    ----------
    rank : int
        1 for the largest.
    keys : tuple of str
        Its features, the one that contributed most first.
    contribution : float
        Signed, in logits: the sum of its members'.
    share : float
        \\|contribution\\| in percent of the sum over groups.
    """

    rank: int
    keys: tuple[str, ...]
    contribution: float
    share: float


def fit_groups(training: np.ndarray) -> list[list[str]]:
    """Every feature in one group, groups and members in the catalogue's order.

    Parameters
    ----------
    training : numpy.ndarray
        (n, 13) features of whole training images.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform
    from scipy.stats import spearmanr

    unlike = 1 - np.abs(np.nan_to_num(spearmanr(training).statistic))
    np.fill_diagonal(unlike, 0)
    members = fcluster(linkage(squareform(unlike, checks=False), "average"), 1 - ALIKE, "distance")
    return [[key for key, other in zip(KEYS, members) if other == group] for group in dict.fromkeys(members)]


def grouped(contributions: Contributions, groups: Groups) -> tuple[GroupContribution, ...]:
    """The groups' contributions, the largest first; none where the model's card knows no groups."""
    by_key = {item.key: item.contribution for item in contributions.items}
    sums = [(sum(by_key[key] for key in group), sorted(group, key=lambda key: -abs(by_key[key]))) for group in groups]
    total = sum(abs(value) for value, _ in sums) or 1.0
    ordered = sorted(sums, key=lambda each: -abs(each[0]))
    return tuple(GroupContribution(rank, tuple(keys), float(value), float(100 * abs(value) / total))
                 for rank, (value, keys) in enumerate(ordered, start=1))
