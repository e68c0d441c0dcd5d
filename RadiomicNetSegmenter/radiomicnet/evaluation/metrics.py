"""Figures of merit on masks, and their summary over images with an interval that respects groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# A lesion of which less than this is found counts as missed.
MISSED_DICE = 0.1


def dice(drawn: np.ndarray, truth: np.ndarray) -> float:
    """2 \\|A and B\\| / (\\|A\\| + \\|B\\|) of two bool arrays, 0..1; not defined (NaN) where both are empty."""
    total = int(drawn.sum()) + int(truth.sum())
    return 2 * int((drawn & truth).sum()) / total if total else float("nan")


def iou(drawn: np.ndarray, truth: np.ndarray) -> float:
    """\\|A and B\\| / \\|A or B\\| of two bool arrays, 0..1; not defined (NaN) where both are empty."""
    union = int((drawn | truth).sum())
    return int((drawn & truth).sum()) / union if union else float("nan")


def hd95(drawn: np.ndarray, truth: np.ndarray) -> float:
    """The larger of the 95th percentiles of the distances from either outline to the other, in pixels, by MONAI.

    Both are (H, W) bool, the truth not empty. Where nothing was drawn, the picture's diagonal.
    """
    if not drawn.any():
        return float(np.hypot(*truth.shape))
    import warnings

    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # MONAI warns of its own deprecated arguments
        from monai.metrics import compute_hausdorff_distance

        ours, true = (torch.from_numpy(mask.astype(np.float32))[None, None] for mask in (drawn, truth))
        return float(compute_hausdorff_distance(ours, true, include_background=True, percentile=95))


def summarise(values: Sequence[float], groups: Sequence[str], repeats: int = 2000, seed: int = 0) -> dict[str, object]:
    """Mean, standard deviation, number and 95 % interval of one figure over images.

    Parameters
    ----------
    values : sequence of float
        One per image.
    groups : sequence of str
        The image's group (a patient, a cluster of near-duplicates). The bootstrap draws groups, not images, because
        images of one group are not independent.

    Returns
    -------
    dict
        ``mean``, ``std`` (n - 1), ``n`` and ``ci95`` (low, high; percentiles of the bootstrap); null where there is
        too little to tell.
    """
    array = np.asarray(values, float)
    if not len(array):
        return {"mean": None, "std": None, "n": 0, "ci95": None}
    names, member = np.unique(np.asarray(groups), return_inverse=True)
    sums, counts = np.bincount(member, array), np.bincount(member)
    draws = np.random.default_rng(seed).integers(0, len(names), (repeats, len(names)))
    means = sums[draws].sum(axis=1) / counts[draws].sum(axis=1)
    interval = [float(x) for x in np.percentile(means, [2.5, 97.5])] if len(names) > 1 else None
    deviation = float(array.std(ddof=1)) if len(array) > 1 else None
    return {"mean": float(array.mean()), "std": deviation, "n": len(array), "ci95": interval}


def summarise_share(values: Sequence[float], groups: Sequence[str]) -> dict[str, object]:
    """As :func:`summarise`, of values that are 0 or 1.

    Where all are the same, a bootstrap would give an interval without width; the exact one (Clopper and Pearson 1934)
    for as many independent trials as there are groups stands in its place.
    """
    from scipy.stats import binomtest

    figure = summarise(values, groups)
    trials = len(set(groups))
    if trials > 1 and len(set(values)) == 1:
        interval = binomtest(trials * int(values[0]), trials).proportion_ci(method="exact")
        figure["ci95"] = [float(interval.low), float(interval.high)]
    return figure
