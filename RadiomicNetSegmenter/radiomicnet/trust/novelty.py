"""Is this image like those the model was trained on? Judged by its 13 features.

The distance is Mahalanobis' (1936) from the mean of the training images, with their covariance shrunk as by Ledoit and
Wolf (2004, doi 10.1016/S0047-259X(03)00096-4). The limits are quantiles over images held out of training, so that
"unusual" means what only one image in twenty, or in a hundred, of the same source would be. A feature is out of range
where it lies outside all but one in two hundred of the training images on either side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..features.catalogue import KEYS

UNUSUAL, FOREIGN = 0.95, 0.99
TAIL = 0.005


@dataclass(frozen=True)
class Novelty:
    """How far an image lies from the training images.

    Attributes
    ----------
    distance : float
        Mahalanobis distance, 0 or more.
    unusual, foreign : float
        Distances that 95 % and 99 % of held-out images stay below.
    out_of_range : tuple of str
        Keys of features beyond what training images have, the farthest first.
    """

    distance: float
    unusual: float
    foreign: float
    out_of_range: tuple[str, ...]

    @property
    def level(self) -> str:
        """"familiar", "unusual" or "foreign"."""
        return "foreign" if self.distance > self.foreign else "unusual" if self.distance > self.unusual else "familiar"


def fit_novelty(training: np.ndarray, held_out: np.ndarray) -> dict[str, Any]:
    """What a card needs to judge novelty.

    Parameters
    ----------
    training, held_out : numpy.ndarray
        (n, 13) and (m, 13) standardised features of whole scans.
    """
    from sklearn.covariance import LedoitWolf

    fitted = LedoitWolf().fit(training)
    distances = np.sqrt(fitted.mahalanobis(held_out))
    low, high = np.quantile(training, (TAIL, 1 - TAIL), axis=0)
    return {
        "mean": _rounded(fitted.location_), "precision": _rounded(fitted.precision_),
        "unusual": round(float(np.quantile(distances, UNUSUAL)), 3),
        "foreign": round(float(np.quantile(distances, FOREIGN)), 3),
        "low": _rounded(low), "high": _rounded(high), "n": len(held_out),
    }


def judge_novelty(features: np.ndarray, fitted: dict[str, Any]) -> Novelty:
    """Judge one image.

    Parameters
    ----------
    features : numpy.ndarray
        (13,) standardised features of the whole scan.
    fitted : dict
        What :func:`fit_novelty` gave.
    """
    away = features - np.array(fitted["mean"])
    distance = float(np.sqrt(away @ np.array(fitted["precision"]) @ away))
    beyond = np.maximum(np.array(fitted["low"]) - features, features - np.array(fitted["high"]))
    order = np.argsort(-beyond, kind="stable")
    return Novelty(distance, fitted["unusual"], fitted["foreign"], tuple(KEYS[k] for k in order if beyond[k] > 0))


def _rounded(values: np.ndarray) -> list[Any]:
    return np.round(values, 5).tolist()
