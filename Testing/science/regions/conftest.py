"""A textured image with one lesion, shared by the tests of regions."""

import numpy as np
import pytest
from region_images import disc, textured

from radiomicnet.images.image import Geometry, Image


@pytest.fixture
def lesion():
    """An image calibrated at 0.2 mm, and a darker disc of radius 30 in it."""
    grey = textured()
    mask = disc(grey.shape, 80, 90, 30)
    grey = np.where(mask, grey // 2 + 20, grey).astype(np.uint8)
    return Image(grey, Geometry(spacing=(0.2, 0.2, 1.0), calibrated=True)), mask
