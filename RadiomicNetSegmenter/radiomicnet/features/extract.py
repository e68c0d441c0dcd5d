"""All 13 features of one image on its grid."""

from __future__ import annotations

import numpy as np

from ..errors import FeatureError
from .catalogue import KEYS
from .glcm import glcm_features
from .intensity import intensity_features
from .lbp import lbp_features

# Below this there is no texture to speak of; 8 x 8 is the smallest region that fills a GLCM row on average.
MINIMUM_PIXELS = 64


def extract(grey: np.ndarray, mask: np.ndarray) -> dict[str, float]:
    """Compute the features of the catalogue.

    Parameters
    ----------
    grey : numpy.ndarray
        (H, W) uint8, grey levels on the grid.
    mask : numpy.ndarray
        (H, W) bool, True inside the scan.

    Returns
    -------
    dict of str to float
        In the order of :data:`~radiomicnet.features.catalogue.KEYS`; finite.

    Raises
    ------
    FeatureError
        Where fewer than 64 pixels, or no two neighbours, lie inside the scan, or the array is not uint8.
    """
    if grey.dtype != np.uint8 or grey.shape != mask.shape or grey.ndim != 2:
        raise FeatureError("Features need a 2-D uint8 image and a mask of its shape, "
                           f"not {grey.dtype} {grey.shape} and {mask.shape}.")
    pixels = int(mask.sum())
    if pixels < MINIMUM_PIXELS or not (mask[:, :-1] & mask[:, 1:]).any():
        raise FeatureError(f"Only {pixels} pixels of the image show the scan, too few for texture features.",
                           "Check that the image is not almost entirely black, and crop it to the scan.")
    values = {**glcm_features(grey, mask), **lbp_features(grey, mask), **intensity_features(grey, mask)}
    return {key: values[key] for key in KEYS}


def as_vector(features: dict[str, float]) -> np.ndarray:
    """(13,) float32 in the order of the catalogue."""
    return np.array([features[key] for key in KEYS], np.float32)
