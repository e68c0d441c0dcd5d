"""All 13 features of one image on its grid: of the whole scan, and tile by tile."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import FeatureError
from .catalogue import KEYS
from .glcm import glcm_features
from .intensity import intensity_features
from .lbp import lbp_codes, lbp_features
from .local import local_features

# Below this there is no texture to speak of; 8 x 8 is the smallest region that fills a GLCM row on average.
MINIMUM_PIXELS = 64


@dataclass(frozen=True)
class Radiomics:
    """The features of one image.

    Attributes
    ----------
    whole : dict of str to float
        Of the whole scan, in the order of :data:`~radiomicnet.features.catalogue.KEYS`; finite.
    local : numpy.ndarray
        (13, a, b) float32, of every tile, in the same order; NaN where a tile holds too little of the scan. See
        :func:`~radiomicnet.features.local.local_features`.
    """

    whole: dict[str, float]
    local: np.ndarray


def extract(grey: np.ndarray, mask: np.ndarray) -> Radiomics:
    """Compute the features of the catalogue.

    Parameters
    ----------
    grey : numpy.ndarray
        (H, W) uint8, grey levels on the grid.
    mask : numpy.ndarray
        (H, W) bool, True inside the scan.

    Raises
    ------
    FeatureError
        Where fewer than 64 pixels, or no two neighbours, lie inside the scan, or the array is not uint8.
    """
    if grey.dtype != np.uint8 or grey.shape != mask.shape or grey.ndim != 2:
        raise FeatureError("Features need a 2-D uint8 image and a mask of its shape, "
                           f"not {grey.dtype} {grey.shape} and {mask.shape}.")
    pixels = int(mask.sum())
    if pixels < MINIMUM_PIXELS:
        raise FeatureError(f"Only {pixels} pixels of the image show the scan, too few for texture features.",
                           "Check that the image is not almost entirely black, and crop it to the scan.")
    if not (mask[:, :-1] & mask[:, 1:]).any():
        raise FeatureError("On the network's grid no two pixels of the scan lie side by side, which texture features "
                           "need.", "Crop the image, so that it is less tall and narrow.")
    codes = lbp_codes(grey)
    values = {**glcm_features(grey, mask), **lbp_features(codes, mask), **intensity_features(grey, mask)}
    return Radiomics({key: values[key] for key in KEYS}, local_features(grey, mask, codes))
