"""The implementation check of the local features: PyRadiomics with a tile as its mask.

PyRadiomics' own voxel-based maps move a window around every voxel and so have odd sizes only; a tile of 16 x 16 pixels
is none of them. Given as a mask, a tile is the same question: the same pixels, bins, distance, angles, and no pair
across its border. As every tile would take long, the tiles are those that contributed most and others spread evenly.
"""

from __future__ import annotations

import numpy as np

from ..features.catalogue import KEYS
from ..features.local import TILE
from ..results.result import Contributions, Prediction, TileCheck
from .disagreement import explained
from .rules import TILES
from .values import lbp_image, values_in

# Tiles that are looked at, half of them the ones that contributed most.
TILES_CHECKED = 12


def check_tiles(
    prediction: Prediction, contributions: Contributions | None, version: str, count: int | None = TILES_CHECKED
) -> tuple[TileCheck, ...]:
    """Compare tiles of the prediction's local features with PyRadiomics' values; all of them where count is None."""
    grid, local = prediction.grid, prediction.radiomics.local
    patterns = lbp_image(grid.grey, grid.mask)
    checks = []
    for row, column in choose_tiles(local, None if contributions is None else contributions.maps, count):
        tile = np.s_[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]
        theirs = values_in(grid.grey[tile], patterns[tile], grid.mask[tile])
        ours = dict(zip(KEYS, local[:, row, column].tolist()))
        checks.append(TileCheck(row, column, explained(
            {key: TILES[key].check(key, ours[key], theirs[key]) for key in KEYS}, version)))
    return tuple(checks)


def choose_tiles(local: np.ndarray, maps: np.ndarray | None, count: int | None) -> list[tuple[int, int]]:
    """Rows and columns of the tiles to look at, in reading order; the same on every call.

    Parameters
    ----------
    local : numpy.ndarray
        (13, a, b), NaN where a tile has no value.
    maps : numpy.ndarray or None
        (13, a, b) contributions; without them all tiles are spread evenly.
    count : int or None
        How many, None for all.
    """
    known = np.flatnonzero(~np.isnan(local).any(axis=0))
    if count is None or count >= len(known):
        chosen = known
    else:
        top = known[:0]
        if maps is not None:
            weight = np.abs(maps).sum(axis=0).ravel()[known]
            top = known[np.argsort(-weight, kind="stable")[: count // 2]]
        others = np.setdiff1d(known, top)
        spread = others[np.linspace(0, len(others) - 1, count - len(top)).round().astype(int)]
        chosen = np.union1d(top, spread)
    return [(int(index) // local.shape[2], int(index) % local.shape[2]) for index in chosen]
