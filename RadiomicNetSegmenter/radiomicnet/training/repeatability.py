"""ICC(A,1) of the 13 features over a set of images with outlines: which of them another outline would repeat.

Every image is measured inside the variants of its outline (:mod:`radiomicnet.regions.outlines`), at its own resolution;
the variants are the measurements of the intraclass correlation. Any manifest with masks will do, as a rule the training
data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from ..features.catalogue import KEYS
from ..images.mask import read_mask
from ..images.read import read_image
from ..images.scan import scan_mask
from ..regions.icc import Icc, icc_a1
from ..regions.inside import Texture
from ..regions.outlines import JITTERS, SHIFTS, outline_variants
from ..regions.stability import measured_in
from .data import Row

Progress = Callable[[Row], None]


def repeatability(
    rows: Iterable[Row], jitters: int = JITTERS, seed: int = 0, progress: Progress | None = None
) -> dict[str, Icc]:
    """The intraclass correlation of every feature of the catalogue.

    Parameters
    ----------
    rows : iterable of Row
        Of :func:`.data.read_manifest`. Images without an outline, and those of which a variant
        has too few pixels, do not count; ``images`` of the result says how many did.
    jitters : int
        Jittered outlines beside the four shifted ones.
    seed : int
        Image i of the rows is jittered with ``seed + i``.
    progress : callable, optional
        Called with each row before it is measured.

    Raises
    ------
    ImageError
        Where an image or a mask cannot be read.
    """
    tables = []
    for index, row in enumerate(rows):
        if progress:
            progress(row)
        tables.append(measurements(row, jitters, seed + index))
    stacked = np.array(tables).reshape(len(tables), len(SHIFTS) + jitters, len(KEYS))
    return {key: icc_a1(stacked[..., column]) for column, key in enumerate(KEYS)}


def measurements(row: Row, jitters: int = JITTERS, seed: int = 0) -> np.ndarray:
    """(4 + jitters, 13) float64 of one image; NaN where a variant cannot be measured."""
    image = read_image(row.image)
    mask = read_mask(row.mask, image.shape)
    if not mask.any():
        return np.full((len(SHIFTS) + jitters, len(KEYS)), np.nan)
    texture = Texture(image)
    variants = outline_variants(mask, scan_mask(texture.grey) | mask, jitters, seed)
    return measured_in(texture.inside, variants, KEYS)
