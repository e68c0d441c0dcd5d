"""Whether a probability of 0.7 is right seven times in ten: pixels drawn from every image, pooled, binned.

Most of a picture is background that any network is sure of, which flatters a calibration error; hence the bands
around the lesion beside the whole picture. The band around the truth holds the truth and half its equivalent radius
around it, but punishes a confident network for being right; the band around the union of truth and prediction,
likewise, does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

BINS = 15
PIXELS_PER_IMAGE = 4000
REGIONS = ("image", "band", "union_band")


@dataclass(frozen=True)
class Pixels:
    """Pixels drawn from one region of one image: (n,) float32 probabilities and (n,) bool truths."""

    probability: np.ndarray
    truth: np.ndarray


def band(mask: np.ndarray) -> np.ndarray:
    """An (H, W) bool mask and half its equivalent radius, sqrt(area / pi) / 2, around it; empty stays empty."""
    import SimpleITK as sitk

    if not mask.any():
        return mask
    distance = sitk.SignedMaurerDistanceMap(
        sitk.GetImageFromArray(mask.astype(np.uint8)), insideIsPositive=False, squaredDistance=False,
        useImageSpacing=False)
    return sitk.GetArrayFromImage(distance) <= np.sqrt(mask.sum() / np.pi) / 2


def draw_pixels(probability: np.ndarray, truth: np.ndarray, drawn: np.ndarray, seed: int) -> dict[str, Pixels]:
    """The same number of pixels from each region of an image, with repetition, by region of :data:`REGIONS`.

    Parameters
    ----------
    probability : numpy.ndarray
        (H, W) float32 in 0..1.
    truth, drawn : numpy.ndarray
        (H, W) bool. The bands exist only where there is a truth.
    seed : int
        Makes the draw repeatable; another for every image.
    """
    regions = {"image": np.ones(truth.shape, bool)}
    if truth.any():
        regions |= {"band": band(truth), "union_band": band(truth | drawn)}
    rng = np.random.default_rng(seed)
    pixels = {}
    for name, region in regions.items():
        chosen = rng.choice(np.flatnonzero(region), PIXELS_PER_IMAGE)
        pixels[name] = Pixels(probability.ravel()[chosen], truth.ravel()[chosen])
    return pixels


def calibration_error(pixels: Sequence[Pixels]) -> float:
    """Expected calibration error (Naeini 2015) of the foreground probability, 15 equal bins, pooled, 0..1."""
    import torch
    from torchmetrics.functional.classification import binary_calibration_error

    probability = torch.from_numpy(np.concatenate([part.probability for part in pixels]))
    truth = torch.from_numpy(np.concatenate([part.truth for part in pixels])).int()
    return float(binary_calibration_error(probability, truth, n_bins=BINS, norm="l1"))


def pooled_interval(pixels: Sequence[Pixels], groups: Sequence[str], repeats: int = 500, seed: int = 0) -> list[float]:
    """95 % interval of the pooled error, groups drawn with repetition.

    An image enters the error only through its counts per bin, so these are added up instead of the pixels.
    """
    return counts_interval(np.array([bin_sums(part) for part in pixels]), groups, repeats, seed)


def counts_error(counts: np.ndarray) -> float:
    """The pooled error of (3, BINS) counts, as :func:`bin_sums` gives them, added up over images."""
    return float(np.abs(counts[1] - counts[2]).sum() / counts[0].sum())


def counts_interval(counts: np.ndarray, groups: Sequence[str], repeats: int = 500, seed: int = 0) -> list[float]:
    """:func:`pooled_interval` from the (n, 3, BINS) counts of n images."""
    return _interval(counts, groups, counts_error, repeats, seed)


def counts_difference(
    counts: np.ndarray, others: np.ndarray, groups: Sequence[str], repeats: int = 500, seed: int = 0
) -> tuple[float, list[float]]:
    """How much larger the pooled error of the first (n, 3, BINS) counts is than that of others of the same images, and
    the 95 % interval of that, groups drawn with repetition for both together."""
    def difference(totals: np.ndarray) -> float:
        return counts_error(totals[0]) - counts_error(totals[1])

    both = np.stack([counts, others], axis=1)
    return difference(both.sum(axis=0)), _interval(both, groups, difference, repeats, seed)


def _interval(
    counts: np.ndarray, groups: Sequence[str], of_total: Callable[[np.ndarray], float], repeats: int, seed: int
) -> list[float]:
    names, member = np.unique(np.asarray(groups), return_inverse=True)
    of_group = np.zeros((len(names), *counts.shape[1:]))
    np.add.at(of_group, member, counts)
    draws = np.random.default_rng(seed).integers(0, len(names), (repeats, len(names)))
    values = [of_total(of_group[draw].sum(axis=0)) for draw in draws]
    return [float(value) for value in np.percentile(values, [2.5, 97.5])]


def bin_sums(part: Pixels) -> np.ndarray:
    """(3, BINS): number, sum of probabilities and sum of truths in each bin."""
    index = np.minimum((part.probability * BINS).astype(int), BINS - 1)
    return np.array([np.bincount(index, weights, BINS) for weights in (None, part.probability, part.truth)])
