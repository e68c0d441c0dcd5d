"""From logits to what is drawn: temperature and thresholds, fitted on held-out images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from ..errors import TrainingError
from ..evaluation.calibration import band
from ..evaluation.metrics import MISSED_DICE, dice
from .heldout import HeldOut

THRESHOLDS = tuple(round(0.3 + 0.05 * k, 2) for k in range(9))
# What may be asked for: a probability of the lesion's surest pixel, and of the image showing a lesion at all. No more
# than this, whatever the validation images say: the network is less sure where images look different.
PEAKS = (0.0, *(round(0.5 + 0.05 * k, 2) for k in range(8)))
PRESENCES = (0.0, 0.05, 0.1, 0.15, 0.2)
# Mean Dice at two thresholds that differs by less is the same; the one that misses fewer lesions is then better.
ALIKE = 0.002
# What may be given up of the lesions for images without one: of the mean Dice, and of the lesions found. Little: it is
# multiplied where images look different (docs/choices.md).
DICE_TO_GIVE = 0.005
LESIONS_TO_GIVE = 0.01
PIXELS_PER_IMAGE = 4000


@dataclass(frozen=True)
class Decision:
    """The card's fields of the same names."""

    temperature: float
    threshold: float
    peak_threshold: float
    presence_threshold: float

    def to_dict(self) -> dict[str, float]:
        return asdict(self)


def decide(answers: Sequence[HeldOut]) -> Decision:
    """Fit the temperature, then choose the thresholds.

    The threshold is that of the best mean Dice over images with a lesion, and among those as good to two thousandths
    that which misses the fewest. Where there are images without a lesion, peak and presence thresholds are then raised
    as long as the mean Dice falls by no more than five thousandths and no more than one lesion in a hundred is lost by
    it, up to a limit; of all such pairs, the one that leaves most of the images without a lesion empty.

    Raises
    ------
    TrainingError
        Where no image shows a lesion.
    """
    if not any(item.truth.any() for item in answers):
        raise TrainingError("None of the held-out images shows a lesion, so no threshold can be chosen on them.",
                            "Hold images with a lesion out, too.")
    temperature = fit_temperature(answers)
    regions = [_Regions.of(item, temperature) for item in answers]
    lesions = [item for item in regions if item.lesion]
    best = _best_threshold(lesions)
    peak, presence = _strictest(regions, best)
    return Decision(round(temperature, 4), best, peak, presence)


def fit_temperature(answers: Sequence[HeldOut]) -> float:
    """The T that minimises the negative log-likelihood of sigmoid(logit / T) (Guo 2017, arXiv 1706.04599).

    On as many pixels from around the lesions as from all of the scans. Of scans alone nearly every pixel is
    background that nobody doubts, and T would leave the outlines, which people look at, too sure; fitted around the
    lesions alone it would cast doubt on the rest. Every image gives the same number of pixels.
    """
    from scipy.optimize import minimize_scalar

    rng = np.random.default_rng(0)
    scans = [_drawn(item, item.inside, rng) for item in answers]
    around = [_drawn(item, band(item.truth) & item.inside, rng) for item in answers if item.truth.any()]
    parts = [tuple(map(torch.cat, zip(*drawn))) for drawn in (scans, around) if drawn]

    def loss(log_temperature: float) -> float:
        scale = np.exp(-log_temperature)
        return float(sum(binary_cross_entropy_with_logits(value * scale, truth) for value, truth in parts))

    return float(np.exp(minimize_scalar(loss, bounds=(-1.5, 1.5), method="bounded").x))


def _drawn(item: HeldOut, region: np.ndarray, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits and truths of pixels drawn from a region, float64; with repetition where it is small."""
    where = np.flatnonzero(region)
    chosen = rng.choice(where, PIXELS_PER_IMAGE, replace=len(where) < PIXELS_PER_IMAGE)
    logits, truth = (torch.from_numpy(values.ravel()[chosen]).double() for values in (item.logits, item.truth))
    return logits, truth


@dataclass(frozen=True)
class _Regions:
    """One image's probability, ready to be cut at any thresholds."""

    probability: np.ndarray
    truth: np.ndarray
    presence: float
    lesion: bool

    @classmethod
    def of(cls, item: HeldOut, temperature: float) -> _Regions:
        probability = 1 / (1 + np.exp(-item.logits.astype(np.float32) / temperature))
        return cls(probability, item.truth, 1.0 if np.isnan(item.presence) else item.presence, bool(item.truth.any()))

    def drawn(self, threshold: float, peak: float = 0.0) -> np.ndarray:
        from ..measure.lesions import connected_regions, reaching

        return connected_regions(reaching(self.probability, threshold, peak)) > 0

    def dice(self, threshold: float) -> float:
        return dice(self.drawn(threshold), self.truth)


def _best_threshold(lesions: Sequence[_Regions]) -> float:
    scores = {threshold: np.array([item.dice(threshold) for item in lesions]) for threshold in THRESHOLDS}
    best = max(values.mean() for values in scores.values())
    alike = [threshold for threshold in THRESHOLDS if scores[threshold].mean() > best - ALIKE]
    return min(alike, key=lambda threshold: (int((scores[threshold] < MISSED_DICE).sum()), abs(threshold - 0.5)))


def _strictest(regions: Sequence[_Regions], threshold: float) -> tuple[float, float]:
    """(peak, presence) thresholds; (0, 0) where no image is without a lesion."""
    lesions, clean = ([item for item in regions if item.lesion is wanted] for wanted in (True, False))
    if not clean:
        return 0.0, 0.0
    # For every peak: each lesion's Dice, and whether each clean image is empty; presence only switches images off.
    scores = {peak: np.array([dice(item.drawn(threshold, peak), item.truth) for item in lesions]) for peak in PEAKS}
    empty = {peak: np.array([not item.drawn(threshold, peak).any() for item in clean]) for peak in PEAKS}
    shown, seen = (np.array([item.presence for item in items]) for items in (lesions, clean))
    worst_mean = scores[0.0].mean() - DICE_TO_GIVE
    most_missed = (scores[0.0] < MISSED_DICE).mean() + LESIONS_TO_GIVE
    choices = []
    for peak in PEAKS:
        for presence in PRESENCES:
            kept = np.where(shown >= presence, scores[peak], 0.0)
            if kept.mean() >= worst_mean and (kept < MISSED_DICE).mean() <= most_missed:
                share = float((empty[peak] | (seen < presence)).mean())
                choices.append((share, float(kept.mean()), -peak, -presence))  # as good with less is better
    _share, _mean, peak, presence = max(choices)
    return -peak, -presence
