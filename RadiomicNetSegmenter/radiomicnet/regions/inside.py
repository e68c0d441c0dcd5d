"""The 13 features of the catalogue inside a segment, at the image's own resolution.

The definitions are the network's, the pixels are not: the network's values are of the whole scan on its own small
grid, these are of the segment on the image itself. They stand beside those and follow when the segment is edited.
"""

from __future__ import annotations

import numpy as np

from ..errors import FeatureError
from ..features.catalogue import KEYS
from ..features.extract import MINIMUM_PIXELS
from ..features.glcm import glcm_features
from ..features.intensity import intensity_features
from ..features.lbp import lbp_codes, lbp_features
from ..images.grid import to_grey
from ..images.image import Image
from .areas import box_of


class Texture:
    """Grey levels and local patterns of an image, computed once for any number of regions.

    Attributes
    ----------
    grey : numpy.ndarray
        (H, W) uint8, the image's luma.
    codes : numpy.ndarray
        (H, W) uint8, its local binary patterns.
    """

    def __init__(self, image: Image) -> None:
        self.grey = to_grey(image.rgb)
        self.codes = lbp_codes(self.grey)

    def inside(self, mask: np.ndarray) -> dict[str, float]:
        """The features of the catalogue by key, in its order.

        Parameters
        ----------
        mask : numpy.ndarray
            (H, W) bool.

        Raises
        ------
        FeatureError
            Where the mask has another shape than the image, fewer than 64 pixels, or no two neighbours in a row.
        """
        self.refuse_small(mask)
        box = box_of(mask)
        grey, codes, mask = self.grey[box], self.codes[box], mask[box]
        values = {**glcm_features(grey, mask), **lbp_features(codes, mask), **intensity_features(grey, mask)}
        return {key: values[key] for key in KEYS}

    def refuse_small(self, mask: np.ndarray) -> None:
        """Raise FeatureError where a mask is no region of the image to measure texture in."""
        if mask.shape != self.grey.shape:
            raise FeatureError(f"The segment has {mask.shape} pixels, its image {self.grey.shape}.")
        pixels = int(mask.sum())
        if pixels < MINIMUM_PIXELS or not (mask[:, :-1] & mask[:, 1:]).any():
            raise FeatureError(f"The segment has {pixels} pixels, too few for texture features.")


def features_inside(image: Image, mask: np.ndarray) -> dict[str, float]:
    """The 13 features inside one (H, W) bool mask; see :meth:`Texture.inside`."""
    return Texture(image).inside(mask)
