"""A small picture of an image and the outline on it, for the cohort's page."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..images.image import Image
from ..results import pictures
from ..results.result import Prediction

LONGEST_SIDE = 192
QUALITY = 72
SLACK = 0.2  # pixels: a fifth of the points, and no eye sees it


def thumbnail(image: Image) -> dict[str, Any]:
    """The picture as the data address of a WebP file, with its width and height."""
    from PIL import Image as Pillow

    full = Pillow.fromarray(image.rgb)
    small = full.resize(_size(image), Pillow.Resampling.LANCZOS)
    return {"picture": pictures.address(small, "webp", quality=QUALITY), "width": small.width, "height": small.height}


def small_outline(prediction: Prediction) -> str:
    """The lesions' border as an SVG path in the thumbnail's pixels; empty where nothing is outlined."""
    from PIL import Image as Pillow

    if not prediction.lesions:
        return ""
    size = _size(prediction.image)
    labels = Pillow.fromarray(prediction.labels).resize(size, Pillow.Resampling.NEAREST)
    probability = Pillow.fromarray(prediction.probability).resize(size, Pillow.Resampling.BILINEAR)
    return pictures.outline(np.asarray(labels), np.asarray(probability), prediction.threshold, slack=SLACK)


def _size(image: Image) -> tuple[int, int]:
    rows, columns = image.shape
    return pictures.shown((columns, rows), LONGEST_SIDE)
