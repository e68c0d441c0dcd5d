"""Raw features to deviations from the training images: what the network takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .catalogue import KEYS
from .extract import Radiomics


@dataclass(frozen=True)
class FeatureScale:
    """Mean and standard deviation of every feature over the training images.

    Attributes
    ----------
    mean, deviation : numpy.ndarray
        (13,) float32, of the features of whole scans.
    local_mean, local_deviation : numpy.ndarray or None
        (13,) float32, of the features of tiles; None for a model that takes whole scans only.
    """

    mean: np.ndarray
    deviation: np.ndarray
    local_mean: np.ndarray | None = None
    local_deviation: np.ndarray | None = None

    @classmethod
    def measure(cls, images: Iterable[Radiomics]) -> FeatureScale:
        """The scale of a set of training images."""
        images = list(images)
        whole = np.array([[image.whole[key] for key in KEYS] for image in images], np.float64)
        tiles = np.concatenate([image.local.reshape(len(KEYS), -1) for image in images], axis=1).astype(np.float64)
        return cls(*(values.astype(np.float32) for values in (
            whole.mean(axis=0), whole.std(axis=0) + 1e-6, np.nanmean(tiles, axis=1), np.nanstd(tiles, axis=1) + 1e-6)))

    @classmethod
    def from_dicts(cls, mean: dict[str, float], deviation: dict[str, float], local_mean: dict[str, float],
                   local_deviation: dict[str, float]) -> FeatureScale:
        """From dictionaries by feature key, as a model's card has them; the local ones may be empty."""
        return cls(_array(mean), _array(deviation), *((_array(local_mean), _array(local_deviation))
                                                      if local_mean else (None, None)))

    def to_dicts(self) -> dict[str, dict[str, float]]:
        """As a model's card has them; the local ones are empty where there are none."""
        parts = {"feature_mean": self.mean, "feature_std": self.deviation,
                 "local_feature_mean": self.local_mean, "local_feature_std": self.local_deviation}
        return {name: {} if values is None else {key: float(value) for key, value in zip(KEYS, values)}
                for name, values in parts.items()}

    def standardise(self, radiomics: Radiomics) -> np.ndarray:
        """Deviations from the training means.

        Returns
        -------
        numpy.ndarray
            (26, a, b) float32: the 13 of the whole scan, the same everywhere, then the 13 of each tile, 0 (the
            training mean) where a tile has no value; or (13, 1, 1) where the scale has no local part.
        """
        raw = np.array([radiomics.whole[key] for key in KEYS], np.float32)
        whole = ((raw - self.mean) / self.deviation)[:, None, None]
        if self.local_mean is None or self.local_deviation is None:
            return whole
        local = (radiomics.local - self.local_mean[:, None, None]) / self.local_deviation[:, None, None]
        everywhere = np.broadcast_to(whole, local.shape)
        return np.concatenate([everywhere, np.nan_to_num(local, nan=0.0)]).astype(np.float32)


def _array(values: dict[str, float]) -> np.ndarray:
    return np.array([values[key] for key in KEYS], np.float32)
