"""The 13 features tile by tile: a map that tells the gates where a texture is, not only that it is there.

A tile is 16 x 16 pixels of the grid, as large as a pixel of the decoder's first level. Each tile is an image region
of its own: pairs of neighbours that cross its border do not count, so that any program which is given the tile as its
mask finds the same numbers. Definitions are those of :mod:`.glcm`, :mod:`.lbp` and :mod:`.intensity`, computed for
all tiles together.
"""

from __future__ import annotations

import numpy as np

from .catalogue import KEYS
from .glcm import BIN_WIDTH, LEVELS, OFFSETS
from .lbp import CODES, SAMPLES

TILE = 16
# A tile of which less lies inside the scan has no value of its own.
LEAST_INSIDE = TILE * TILE // 4

_PAIRS = LEVELS * LEVELS
# What the square of a count adds to the sum of p(i, j)^2: off the diagonal it is two halves.
_WEIGHT = np.where(np.arange(_PAIRS) // LEVELS == np.arange(_PAIRS) % LEVELS, 1.0, 0.5)
# c log2 c for every count a tile can hold: entropies of counts become a look-up.
_C_LOG_C = (np.arange(TILE * TILE + 1) * np.log2(np.maximum(np.arange(TILE * TILE + 1), 1))).astype(np.float32)


def local_features(grey: np.ndarray, mask: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Compute every feature of the catalogue in every tile.

    Parameters
    ----------
    grey : numpy.ndarray
        (H, W) uint8, grey levels on the grid.
    mask : numpy.ndarray
        (H, W) bool, True inside the scan.
    codes : numpy.ndarray
        (H, W) uint8, the image's local binary patterns, :func:`~radiomicnet.features.lbp.lbp_codes`.

    Returns
    -------
    numpy.ndarray
        (13, ceil(H / 16), ceil(W / 16)) float32 in the order of the catalogue; NaN where less than a quarter of the
        tile lies inside the scan, or where it holds no pair of neighbours at one of the four angles.
    """
    grey, mask, codes = (np.pad(a, [(0, -n % TILE) for n in a.shape]) for a in (grey, mask, codes))
    inside = _sums(mask)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = {**_glcm(grey, mask), **_lbp(codes, mask, inside), **_intensity(grey, mask, inside)}
        maps = np.stack([values[key] for key in KEYS])
    maps[:, (inside < LEAST_INSIDE) | np.isnan(maps).any(axis=0)] = np.nan
    return maps.astype(np.float32)


def _sums(values: np.ndarray) -> np.ndarray:
    """Sum over every tile of an (H, W) array: (H / 16, W / 16) float64."""
    rows, columns = values.shape
    strips = values.reshape(rows // TILE, TILE, columns).sum(axis=1, dtype=np.float32)
    return strips.reshape(-1, columns // TILE, TILE).sum(axis=2, dtype=np.float64)


def _histograms(values: np.ndarray, mask: np.ndarray, count: int) -> np.ndarray:
    """How often each of ``count`` values occurs in each tile where ``mask`` is set: (H / 16, W / 16, count)."""
    rows, columns = values.shape[0] // TILE, values.shape[1] // TILE
    first = (np.arange(rows)[:, None] * columns + np.arange(columns)) * count  # each tile's own range of codes
    codes = values + first.repeat(TILE, axis=0).repeat(TILE, axis=1)
    return np.bincount(codes[mask], minlength=rows * columns * count).reshape(rows, columns, count)


def _glcm(grey: np.ndarray, mask: np.ndarray) -> dict[str, np.ndarray]:
    levels = (grey // BIN_WIDTH).astype(np.int16)
    mean = np.mean([_at_angle(levels, mask, *offset) for offset in OFFSETS], axis=0)
    return {
        "glcm_Contrast": mean[0], "glcm_Dissimilarity": mean[1], "glcm_Homogeneity": mean[2],
        "glcm_Energy": np.sqrt(mean[3]), "glcm_Correlation": mean[4], "glcm_JointEntropy": mean[5],
    }


def _at_angle(levels: np.ndarray, mask: np.ndarray, down: int, right: int) -> np.ndarray:
    """(6, a, b): contrast, dissimilarity, homogeneity, energy squared, correlation, joint entropy at one angle.

    A pair is counted once, darker level first; the symmetric matrix has half of an off-diagonal count on either side.
    """
    second = np.roll(levels, (-down, -right), axis=(0, 1))
    pairs = mask & np.roll(mask, (-down, -right), axis=(0, 1)) & _stays(mask.shape, down, right)
    i, j = np.where(pairs, levels, 0), np.where(pairs, second, 0)
    total = _sums(pairs)
    difference = np.abs(i - j)
    squared = difference * difference
    level = _sums(i + j) / 2 / total
    variance = _sums(i * i + j * j) / 2 / total - level**2
    covariance = _sums(i * j) / total - level**2
    counts = _histograms(np.minimum(i, j) * np.int16(LEVELS) + np.maximum(i, j), pairs, _PAIRS)
    where = np.flatnonzero(counts)  # few of a tile's 1024 pairs of levels occur
    present, tile = counts.ravel()[where], where // _PAIRS
    shares = np.bincount(tile, present**2 * _WEIGHT[where % _PAIRS], total.size).reshape(total.shape)
    surprise = np.bincount(tile, _C_LOG_C[present], total.size).reshape(total.shape)
    energy = shares / total**2
    entropy = np.log2(total) + (_sums(difference > 0) - surprise) / total
    homogeneity = _sums(np.where(pairs, 1 / (1 + squared.astype(np.float32)), 0)) / total
    correlation = np.where(variance < 1e-9, 1.0, covariance / np.maximum(variance, 1e-9))
    return np.stack([_sums(squared) / total, _sums(difference) / total, homogeneity, energy, correlation, entropy])


def _stays(shape: tuple[int, ...], down: int, right: int) -> np.ndarray:
    """(H, W) bool: where a step leads to a pixel of the same tile."""
    row, column = np.arange(shape[0]) % TILE + down, np.arange(shape[1]) % TILE + right
    return (row < TILE)[:, None] & (column >= 0) & (column < TILE)


def _lbp(codes: np.ndarray, mask: np.ndarray, inside: np.ndarray) -> dict[str, np.ndarray]:
    counts = _histograms(codes, mask, CODES)
    return {
        "lbp_Entropy": np.log2(inside) - _C_LOG_C[counts].sum(axis=-1) / inside,
        "lbp_Uniformity": (counts**2).sum(axis=-1) / inside**2,
        "lbp_NonUniformShare": counts[..., SAMPLES + 1] / inside,
    }


def _intensity(grey: np.ndarray, mask: np.ndarray, inside: np.ndarray) -> dict[str, np.ndarray]:
    mean = _sums(np.where(mask, grey, 0)) / inside
    centred = np.where(mask, grey - mean.repeat(TILE, axis=0).repeat(TILE, axis=1), 0)
    squared = centred * centred
    variance = _sums(squared) / inside
    flat = variance < 1e-9
    safe = np.where(flat, 1.0, variance)
    return {
        "firstorder_Mean": mean,
        "firstorder_StandardDeviation": np.sqrt(variance),
        "firstorder_Skewness": np.where(flat, 0.0, _sums(squared * centred) / inside / safe**1.5),
        "firstorder_Kurtosis": np.where(flat, 0.0, _sums(squared * squared) / inside / safe**2),
    }
