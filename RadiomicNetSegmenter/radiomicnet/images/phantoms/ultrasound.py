"""A breast as B-mode ultrasound shows it, with one lesion whose outline is known."""

from __future__ import annotations

import numpy as np

from ..image import Image
from .noise import blob_radius, blur, random_source, smooth_noise, smoothstep

SHAPE = (400, 512)
DYNAMIC_RANGE = 58.0  # dB from black to white
# Echo strength in dB below the strongest, and what the layer's own streaks add and take.
SKIN, FAT, GLAND, MUSCLE, LESION = -10.0, -25.0, -15.5, -24.0, -38.5
ATTENUATION = 0.052  # dB per row that the time-gain compensation leaves over, below the focus
FOCUS = 210  # row
GAIN = -9.5  # dB
LOOKS = 3
BEAM = ((1.0, 1.6), (1.2, 3.2))  # deviations of the point spread in rows and columns, at the top and at the bottom


def breast_ultrasound(seed: int = 0) -> tuple[Image, np.ndarray]:
    """Skin, fat, glandular tissue and muscle under fully developed speckle, with a dark irregular lesion.

    The tissue is a map of echo strengths. Scatterers of complex Gaussian amplitude, blurred by a point-spread
    function that widens sideways with depth, have an envelope with Rayleigh statistics (Wagner et al. 1983, doi
    10.1109/T-SU.1983.31404). Three such looks are averaged, and the logarithm over 58 dB is the picture.

    Parameters
    ----------
    seed : int
        The same seed gives the same picture, 0 to 2**32 - 1.

    Returns
    -------
    Image
        (400, 512) grey.
    numpy.ndarray
        (400, 512) bool, the lesion as it was drawn.
    """
    random = random_source(seed, 1)
    strength = _tissue(random)
    radius = _lesion(random)
    strength = _with_lesion(random, strength, radius)
    envelope = _envelope(random, 10 ** (strength / 20))
    decibels = 20 * np.log10(envelope + 1e-6) + _gain()
    pixels = np.rint(255 * np.clip(1 + decibels / DYNAMIC_RANGE, 0, 1)).astype(np.uint8)
    return Image(pixels, name=f"breast-ultrasound-phantom-{seed}", modality="US"), radius < 1


def _tissue(random: np.random.RandomState) -> np.ndarray:
    """Echo strength in dB of the layers, wavy and streaked along their course."""
    from scipy.ndimage import map_coordinates

    rows, columns = np.mgrid[:SHAPE[0], :SHAPE[1]].astype(float)
    wave, ripple = smooth_noise(random, SHAPE, (60, 90)), smooth_noise(random, SHAPE, (16, 26))
    # Layers and streaks follow the same waves; the skin, pressed flat by the probe, does not.
    depth = rows + (17 * wave + 3 * ripple) * smoothstep((rows - 15) / 90)
    lie = [depth, columns]

    def streaks(sigma: tuple[float, float]) -> np.ndarray:
        return map_coordinates(smooth_noise(random, SHAPE, sigma), lie, order=1, mode="reflect")

    fine, coarse, lobes = streaks((1.6, 13)), streaks((5, 34)), streaks((14, 38))
    layers = ((14, FAT + 3 * lobes + 2.2 * fine), (92, GLAND + 3 * fine + 3 * coarse + 3 * lobes),
              (262, MUSCLE + 4.5 * fine + 2 * coarse))
    strength = SKIN + 1.5 * fine
    for top, layer in layers:
        strength += smoothstep((depth - top) / 7 + 0.5) * (layer - strength)
    # Septa of fat lobules, and the fasciae between the layers, seen where they lie across the beam.
    septa = np.exp(-(lobes / 0.11) ** 2) * smoothstep((depth - 20) / 12) * smoothstep((96 - depth) / 12)
    strength += 11 * septa * smoothstep(0.5 + 0.6 * coarse)
    for top, gain in ((4, 9), (15, 8), (92, 8), (262, 13), (276, 7)):
        strength += gain * np.exp(-((depth - top) / 1.8) ** 2) * smoothstep(0.7 + 0.6 * streaks((30, 26)))
    return strength


def _lesion(random: np.random.RandomState) -> np.ndarray:
    centre = random.uniform(150, 195), random.uniform(190, 330)
    axes = random.uniform(33, 50), random.uniform(52, 78)
    return blob_radius(random, SHAPE, centre, axes, random.uniform(-0.3, 0.3), random.uniform(0.12, 0.18), 10)


def _with_lesion(random: np.random.RandomState, strength: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """The lesion with a soft border and a bright rim, and the stripe of stronger or weaker echoes behind it."""
    behind = np.maximum.accumulate(radius < 1, axis=0) & (radius >= 1)
    change = 7.0 if random.uniform() < 0.5 else -12.0
    fade = np.exp(-np.maximum(0, np.cumsum(behind, axis=0) - 20) / 130.0)
    strength = strength + change * blur(behind * fade, (3, 9))
    strength += 4 * np.exp(-((radius - 1.12) / 0.09) ** 2) * smoothstep(0.5 + 0.5 * smooth_noise(random, SHAPE, 20))
    softness = 0.12 + 0.14 * smoothstep(0.5 + 0.4 * smooth_noise(random, SHAPE, 25))
    inside = LESION + 2.5 * smooth_noise(random, SHAPE, (7, 11)) + 1.8 * smooth_noise(random, SHAPE, (2, 5))
    return strength + smoothstep((1 - radius) / softness + 0.5) * (inside - strength)


def _envelope(random: np.random.RandomState, amplitude: np.ndarray) -> np.ndarray:
    """Mean envelope of ``LOOKS`` looks at the scatterers from different angles, as compounding scanners show it."""
    return sum(np.hypot(_echo(random, amplitude), _echo(random, amplitude)) for _ in range(LOOKS)) / LOOKS


def _echo(random: np.random.RandomState, amplitude: np.ndarray) -> np.ndarray:
    """Real or imaginary part of the echo: scatterers under a beam that is narrow above and wide below."""
    scatterers = amplitude * random.standard_normal(SHAPE)
    narrow, wide = (blur(scatterers, sigma) * np.sqrt(4 * np.pi * sigma[0] * sigma[1]) for sigma in BEAM)
    share = np.linspace(0, 1, SHAPE[0])[:, None]
    return (1 - share) * narrow + share * wide


def _gain() -> np.ndarray:
    """dB by row: even down to the focus, then less."""
    rows = np.arange(SHAPE[0])[:, None]
    return GAIN - ATTENUATION * np.maximum(0, rows - FOCUS) * (1 + np.maximum(0, rows - FOCUS) / 150)
