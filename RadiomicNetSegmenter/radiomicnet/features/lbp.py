"""Local binary patterns with radius 1 and 8 samples, as "uniform" codes, and what their histogram says.

A code 0..8 counts the neighbours at least as bright as the centre where these lie side by side on the circle (flat
0 or 8, edge about 4); 9 stands for every other, "non-uniform" pattern. Means of codes are not used: 9 is a name, not
a quantity. The codes equal scikit-image's ``local_binary_pattern(grey, 8, 1, "uniform")`` to the bit, which
PyRadiomics' LBP2D filter calls: the interpolation below therefore adds in the same order and, as there, from
coordinates rounded to five digits; in flat areas the last bit of it decides.
"""

from __future__ import annotations

import numpy as np

SAMPLES = 8
RADIUS = 1
CODES = SAMPLES + 2
_ANGLES = 2 * np.pi * np.arange(SAMPLES) / SAMPLES
_ROW_STEPS = np.round(-RADIUS * np.sin(_ANGLES), 5)
_COLUMN_STEPS = np.round(RADIUS * np.cos(_ANGLES), 5)


def _code_table() -> np.ndarray:
    """Uniform code of each of the 256 sequences of eight comparisons, sample 0 in the lowest bit."""
    bits = (np.arange(256)[:, None] >> np.arange(SAMPLES)) & 1
    changes = np.abs(np.diff(bits, axis=1)).sum(axis=1)  # not around the circle, as in scikit-image
    return np.where(changes <= 2, bits.sum(axis=1), SAMPLES + 1).astype(np.uint8)


_CODES = _code_table()


def lbp_codes(grey: np.ndarray) -> np.ndarray:
    """(H, W) uint8 codes 0..9 of an (H, W) image; beyond its border everything is 0."""
    rows, columns = grey.shape
    padded = np.zeros((rows + 3, columns + 3))
    padded[1:-2, 1:-2] = grey
    sequence = np.zeros((rows, columns), np.uint8)
    centre = padded[1:-2, 1:-2]
    for sample in range(SAMPLES):
        brighter = _neighbour(padded, _ROW_STEPS[sample], _COLUMN_STEPS[sample]) - centre >= 0
        sequence |= brighter.astype(np.uint8) << np.uint8(sample)
    return _CODES[sequence]


def lbp_features(codes: np.ndarray, mask: np.ndarray) -> dict[str, float]:
    """The three LBP features of the catalogue of (H, W) codes inside a non-empty (H, W) bool mask."""
    share = np.bincount(codes[mask], minlength=CODES) / mask.sum()
    present = share[share > 0]
    return {
        "lbp_Entropy": float(-(present * np.log2(present)).sum()) + 0.0,
        "lbp_Uniformity": float((share**2).sum()),
        "lbp_NonUniformShare": float(share[SAMPLES + 1]),
    }


def _neighbour(padded: np.ndarray, row_step: float, column_step: float) -> np.ndarray:
    """The image sampled one step away from every pixel, bilinear; ``padded`` has borders of one and two zeros."""
    rows, columns = padded.shape[0] - 3, padded.shape[1] - 3
    row, down = _split(rows, row_step)
    column, right = _split(columns, column_step)
    upper = _between(padded[row : row + rows, column:], right)
    if not down.any():
        return upper
    lower = _between(padded[row + 1 : row + 1 + rows, column:], right)
    down = down[:, None]
    return (1 - down) * upper + down * lower


def _between(strip: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Each pixel mixed with the one to its right, ``right`` (columns,) being that one's weight."""
    columns = len(right)
    if not right.any():
        return strip[:, :columns]
    return (1 - right) * strip[:, :columns] + right * strip[:, 1 : columns + 1]


def _split(count: int, step: float) -> tuple[int, np.ndarray]:
    """Index in the padded image of position 0 + step, and the fractional part of ``position + step`` everywhere."""
    position = np.arange(count) + step
    return int(np.floor(step)) + 1, position - np.floor(position)
