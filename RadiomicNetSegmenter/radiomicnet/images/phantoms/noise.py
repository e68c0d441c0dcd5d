"""Random fields and outlines that both phantoms are made of."""

from __future__ import annotations

import numpy as np


def random_source(seed: int, salt: int) -> np.random.RandomState:
    """NumPy's legacy generator: the only one whose numbers are promised never to change."""
    return np.random.RandomState([seed, salt])


def smooth_noise(random: np.random.RandomState, shape: tuple[int, int],
                 sigma: float | tuple[float, float]) -> np.ndarray:
    """Gaussian noise of correlation length ``sigma`` pixels (rows, columns), mean 0 and deviation 1, float64."""
    noise = blur(random.standard_normal(shape), sigma)
    return (noise - noise.mean()) / noise.std()


def blur(array: np.ndarray, sigma: float | tuple[float, float]) -> np.ndarray:
    """Gaussian filter of ``sigma`` pixels (rows, columns) that wraps at the borders; by FFT, so any width is fast."""
    across_rows, across_columns = np.broadcast_to(sigma, 2)
    rows = np.exp(-2 * (np.pi * across_rows * np.fft.fftfreq(array.shape[0])) ** 2)
    columns = np.exp(-2 * (np.pi * across_columns * np.fft.rfftfreq(array.shape[1])) ** 2)
    return np.fft.irfft2(np.fft.rfft2(array) * rows[:, None] * columns, array.shape)


def smoothstep(values: np.ndarray) -> np.ndarray:
    """0 below 0, 1 above 1, and a smooth cubic between."""
    t = np.clip(values, 0, 1)
    return t * t * (3 - 2 * t)


def blob_radius(random: np.random.RandomState, shape: tuple[int, int], centre: tuple[float, float],
                axes: tuple[float, float], tilt: float, roughness: float, harmonics: int) -> np.ndarray:
    """Distance from the centre in units of an irregular ellipse's own radius; below 1 is inside.

    Parameters
    ----------
    random : numpy.random.RandomState
    shape : tuple of int
        (H, W).
    centre, axes : tuple of float
        (row, column) of the centre and half lengths along the tilted rows and columns, in pixels.
    tilt : float
        Radians.
    roughness : float
        Relative size of the outline's second harmonic; the k-th is smaller by (2 / k) ** 1.4.
    harmonics : int
        Highest harmonic of the outline.

    Returns
    -------
    numpy.ndarray
        (H, W) float64, 0 at the centre, exactly 1 on the outline.
    """
    rows, columns = np.mgrid[:shape[0], :shape[1]].astype(float)
    rows, columns = rows - centre[0], columns - centre[1]
    u = (np.cos(tilt) * rows - np.sin(tilt) * columns) / axes[0]
    v = (np.sin(tilt) * rows + np.cos(tilt) * columns) / axes[1]
    angle = np.arctan2(u, v)
    outline = np.ones(shape)
    for k in range(2, harmonics + 1):
        outline += roughness * (2 / k) ** 1.4 * random.uniform(-1, 1) * np.cos(k * angle + random.uniform(0, 2 * np.pi))
    return np.hypot(u, v) / outline
