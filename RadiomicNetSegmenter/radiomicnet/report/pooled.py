"""Dice of several images' pixels together, as the programs of UNeXt's family take it over a batch.

A missed small lesion hardly counts beside a large one that was found, so it lies above the mean over images. Others'
figures that were made in this way are to be read beside ours made likewise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .collect import Row


def pooled_dice(rows: Sequence[Row], size: int, repeats: int = 1000, seed: int = 0) -> dict[str, Any]:
    """Mean Dice over batches in random order, each batch by the number of its images.

    Parameters
    ----------
    rows : sequence of dict
        Images with a lesion, each at its own size.
    size : int
        Images in a batch.
    repeats : int
        Of the orders, and of the bootstrap over groups.

    Returns
    -------
    dict
        ``mean`` (0..1), ``n`` (images), ``ci95`` (null where all images are of one group).
    """
    drawn = np.array([row["truth_pixels"] + row["drawn_pixels"] for row in rows], float)
    both = np.array([row["dice"] for row in rows]) * drawn
    names, member = np.unique([row["group"] for row in rows], return_inverse=True)
    members = [np.flatnonzero(member == group) for group in range(len(names))]
    rng = np.random.default_rng(seed)

    def once(chosen: np.ndarray) -> float:
        order = rng.permutation(chosen)
        starts = np.arange(0, len(order), size)
        batches = np.add.reduceat(both[order], starts) / np.add.reduceat(drawn[order], starts)
        return float(np.average(batches, weights=np.diff(starts, append=len(order))))

    orders = [once(np.arange(len(rows))) for _ in range(repeats)]
    interval = None
    if len(names) > 1:
        resampled = [once(np.concatenate([members[k] for k in rng.integers(len(names), size=len(names))]))
                     for _ in range(repeats)]
        interval = [float(x) for x in np.percentile(resampled, [2.5, 97.5])]
    return {"mean": float(np.mean(orders)), "n": len(rows), "ci95": interval}
