"""Images and masks for the tests of regions."""

import numpy as np
from scipy.ndimage import gaussian_filter


def textured(shape=(160, 200), seed=0):
    """(H, W) uint8 speckle without a surround."""
    field = gaussian_filter(np.random.default_rng(seed).normal(size=shape), 1.5)
    return np.clip(120 + 160 * field, 20, 235).astype(np.uint8)


def disc(shape, row, column, radius):
    """(H, W) bool."""
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    return (rows - row) ** 2 + (columns - column) ** 2 <= radius**2
