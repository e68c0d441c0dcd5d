"""Grey-level co-occurrence features, one matrix per angle, averaged over angles (IBSI aggregation BTW3).

Discretised with a fixed bin width on 0..255 and never by an image's own minimum and maximum: burnt-in text would
otherwise set the range. Neighbours at distance 1 at 0, 45, 90 and 135 degrees; a pair counts where both pixels lie
inside the mask; matrices are symmetric and normalised to one.
"""

from __future__ import annotations

import numpy as np

BIN_WIDTH = 8
LEVELS = 256 // BIN_WIDTH
# (row step, column step) of the second pixel of a pair.
OFFSETS = ((0, 1), (1, 1), (1, 0), (1, -1))

_I, _J = np.meshgrid(np.arange(LEVELS), np.arange(LEVELS), indexing="ij")
_DIFFERENCE = np.abs(_I - _J).astype(float)


def cooccurrence(levels: np.ndarray, mask: np.ndarray, count: int = LEVELS) -> np.ndarray:
    """Symmetric normalised co-occurrence matrices.

    Parameters
    ----------
    levels : numpy.ndarray
        (H, W) integers in 0..count-1.
    mask : numpy.ndarray
        (H, W) bool.
    count : int
        Number of grey levels.

    Returns
    -------
    numpy.ndarray
        (A, count, count) float64, A <= 4: one matrix for each angle at which the mask holds a pair.
    """
    matrices = []
    for offset in OFFSETS:
        first, second = _pair(levels, offset)
        inside = np.logical_and(*_pair(mask, offset))
        codes = first[inside].astype(np.int64) * count + second[inside]
        pairs = np.bincount(codes, minlength=count * count).reshape(count, count).astype(float)
        total = pairs.sum()
        if total:
            matrices.append((pairs + pairs.T) / (2 * total))
    return np.array(matrices).reshape(-1, count, count)


def glcm_features(grey: np.ndarray, mask: np.ndarray) -> dict[str, float]:
    """The six GLCM features of the catalogue.

    Parameters
    ----------
    grey : numpy.ndarray
        (H, W) uint8.
    mask : numpy.ndarray
        (H, W) bool; must hold at least one pair of neighbours.

    Returns
    -------
    dict of str to float
        By catalogue key. Where only one grey level is left, correlation is 1, as in PyRadiomics.
    """
    p = cooccurrence(grey // BIN_WIDTH, mask)
    energy = np.sqrt((p**2).sum(axis=(1, 2)).mean())
    positive = np.where(p > 0, p, 1.0)
    return {
        "glcm_Contrast": float((p * _DIFFERENCE**2).sum(axis=(1, 2)).mean()),
        "glcm_Dissimilarity": float((p * _DIFFERENCE).sum(axis=(1, 2)).mean()),
        "glcm_Homogeneity": float((p / (1 + _DIFFERENCE**2)).sum(axis=(1, 2)).mean()),
        "glcm_Energy": float(energy),
        "glcm_Correlation": float(np.mean([_correlation(matrix) for matrix in p])),
        "glcm_JointEntropy": float(-(p * np.log2(positive)).sum(axis=(1, 2)).mean()) + 0.0,  # no minus zero
    }


def _pair(array: np.ndarray, offset: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Views of the first and the second pixel of every pair at an offset."""
    rows, columns = array.shape
    down, right = offset
    left, start = max(0, -right), max(0, right)
    return (array[: rows - down, left : columns - start], array[down:, start : columns - left])


def _correlation(matrix: np.ndarray) -> float:
    marginal = matrix.sum(axis=1)
    level = np.arange(len(marginal))
    mean = (marginal * level).sum()
    variance = (marginal * (level - mean) ** 2).sum()
    if variance < 1e-12:
        return 1.0
    centred = level - mean
    return float(centred @ matrix @ centred / variance)
