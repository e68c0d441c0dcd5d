"""The 13 features inside a segment on the network's own grid, to stand beside those of the whole image.

Everything is as in the implementation check of the whole image, the array, the definitions and the settings; only the
region is another. So what differs between the two columns is due to the region alone. At the image's own resolution
the segment is measured in :mod:`.radiomics`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from ..errors import FeatureError
from ..images.grid import mask_to_grid, to_grid
from ..images.image import Image
from ..verify.pyradiomics import installed
from ..verify.values import pyradiomics_values
from .inside import features_inside


@dataclass(frozen=True)
class Inside:
    """The features inside a segment by key; empty where ``reason`` says why they could not be computed.

    ``program`` is what computed them: PyRadiomics with its version or, where that is missing, ``RadiomicNet``.
    """

    values: dict[str, float] = field(default_factory=dict)
    program: str = ""
    reason: str = ""


def beside_whole(image: Image, mask: np.ndarray, input_size: int) -> Inside:
    """The features of the catalogue inside an (H, W) bool mask of an image, on the grid of a model's input size."""
    grid = to_grid(image.rgb, input_size, image.region)
    region = mask_to_grid(mask, input_size)
    if not mask.any():
        return Inside(reason="The segment is empty.")
    try:
        values = features_inside(replace(image, pixels=grid.rgb), region)
    except FeatureError:
        return Inside(reason=f"The segment covers {int(region.sum())} pixels of the network's {input_size} × "
                             f"{input_size}, too few for texture features.")
    version, _ = installed()
    if not version:
        return Inside(values, "RadiomicNet")
    try:
        return Inside(pyradiomics_values(grid.grey, region), f"PyRadiomics {version}")
    except Exception as error:  # PyRadiomics refuses regions in many ways; ours stand for it, and it is said whose
        return Inside(values, f"RadiomicNet, because PyRadiomics failed here ({error})")
