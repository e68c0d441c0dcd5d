"""Is this image like those the model was trained on? Judged by its 13 features and by how it looks.

The distance is Mahalanobis' (1936) from the mean of the training images, with their covariance shrunk as by Ledoit and
Wolf (2004, doi 10.1016/S0047-259X(03)00096-4), of the features together with :mod:`.appearance`. The limits are
quantiles over training images each measured from the others' folds, so that "unusual" means what only one image in
twenty, or in a hundred, of the same source would be; where held-out images are enough to have a quantile of their own
and it is larger, that one counts. A feature is out of range where it lies outside all but one in two
hundred of the training images on either side.

Cards of earlier versions hold a distance of the 13 features alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..features.catalogue import KEYS

UNUSUAL, FOREIGN = 0.95, 0.99
TAIL = 0.005
PARTS = 5
# A quantile beyond which fewer images lie is none.
FEWEST_BEYOND = 5


@dataclass(frozen=True)
class Novelty:
    """How far an image lies from the training images.

    Attributes
    ----------
    distance : float
        Mahalanobis distance, 0 or more.
    unusual, foreign : float
        Distances that 95 % and 99 % of images of the training's sources stay below.
    out_of_range : tuple of str
        Keys of features beyond what training images have, the farthest first.
    features_only : bool
        Whether the card knows the 13 features alone, and so nothing of colours and patterns.
    """

    distance: float
    unusual: float
    foreign: float
    out_of_range: tuple[str, ...]
    features_only: bool = False

    @property
    def level(self) -> str:
        """"familiar", "unusual" or "foreign"."""
        return "foreign" if self.distance > self.foreign else "unusual" if self.distance > self.unusual else "familiar"


def fit_novelty(training: np.ndarray, groups: Sequence[str], held_out: np.ndarray | None = None) -> dict[str, Any]:
    """What a card needs to judge novelty.

    Parameters
    ----------
    training : numpy.ndarray
        (n, 13 + k): standardised features of whole scans, then the k numbers of their appearance, k being 0 or more.
    groups : sequence of str
        Of the n images; a group's images are measured from images of other groups alone.
    held_out : numpy.ndarray, optional
        The same of images held out of training: the limits are raised to their quantiles where these are larger.
    """
    from sklearn.model_selection import GroupKFold

    centre, deviation = training.mean(axis=0), training.std(axis=0) + 1e-9
    distances = np.zeros(len(training))
    for seen, unseen in GroupKFold(PARTS).split(training, groups=groups):
        distances[unseen] = _distances(training[unseen], *_shrunk(training[seen], centre, deviation))
    mean, precision = _shrunk(training, centre, deviation)
    mean, precision = np.array(_short(mean)), np.array(_short(precision))
    away = _distances(held_out, mean, precision) if held_out is not None and len(held_out) else distances[:0]
    unusual, foreign = (round(_limit(distances, away, share), 3) for share in (UNUSUAL, FOREIGN))
    low, high = np.quantile(training[:, : len(KEYS)], (TAIL, 1 - TAIL), axis=0)
    fitted = {"mean": _short(mean), "precision": _short(precision), "unusual": unusual, "foreign": foreign,
              "low": _short(low), "high": _short(high), "n": len(training)}
    if len(away):
        fitted["held_out"] = {"n": len(away), "unusual": round(float((away > unusual).mean()), 4),
                              "foreign": round(float((away > foreign).mean()), 4)}
    return fitted


def judge_novelty(values: np.ndarray, fitted: dict[str, Any]) -> Novelty:
    """Judge one image.

    Parameters
    ----------
    values : numpy.ndarray
        (13 + k,): standardised features of the whole scan, then the appearance; what the card does not know is left
        out.
    fitted : dict
        What :func:`fit_novelty` gave.
    """
    mean = np.array(fitted["mean"])
    distance = float(_distances(values[None, : len(mean)], mean, np.array(fitted["precision"]))[0])
    features = values[: len(KEYS)]
    beyond = np.maximum(np.array(fitted["low"]) - features, features - np.array(fitted["high"]))
    order = np.argsort(-beyond, kind="stable")
    return Novelty(distance, fitted["unusual"], fitted["foreign"], tuple(KEYS[k] for k in order if beyond[k] > 0),
                   len(mean) == len(KEYS))


def _limit(training: np.ndarray, held_out: np.ndarray, share: float) -> float:
    """The larger quantile of both sets of distances; of the held-out ones only where enough lie beyond it."""
    told = [training] + [held_out] * (len(held_out) * (1 - share) >= FEWEST_BEYOND)
    return max(float(np.quantile(each, share)) for each in told)


def _shrunk(values: np.ndarray, centre: np.ndarray, deviation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and precision; shrunk while every column has the deviation 1, so that none counts for its unit."""
    from sklearn.covariance import LedoitWolf

    fitted = LedoitWolf().fit((values - centre) / deviation)
    return fitted.location_ * deviation + centre, fitted.precision_ / np.outer(deviation, deviation)


def _distances(values: np.ndarray, mean: np.ndarray, precision: np.ndarray) -> np.ndarray:
    away = values - mean
    return np.sqrt(np.einsum("ni,ij,nj->n", away, precision, away).clip(0))


def _short(values: np.ndarray) -> list[Any]:
    """Numbers of seven digits, as nested lists."""
    return np.vectorize(lambda value: float(f"{value:.7g}"))(values).tolist()
