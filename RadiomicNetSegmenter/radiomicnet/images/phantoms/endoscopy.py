"""A colon wall as a colonoscope shows it, with one polyp whose outline is known."""

from __future__ import annotations

import numpy as np

from ..image import Image
from .noise import blob_radius, blur, random_source, smooth_noise, smoothstep

SHAPE = (480, 560)
# Reflectance (red, green, blue) of the wall, of its vessels and of the polyp, in 0..1.
MUCOSA, VESSEL, POLYP = np.array([0.84, 0.52, 0.40]), np.array([0.66, 0.27, 0.20]), np.array([0.86, 0.42, 0.34])
DEEP = np.array([0.30, 0.13, 0.08])  # light from the depth of the lumen
POLYP_HEIGHT = 0.6  # of its mean half length


def polyp_endoscopy(seed: int = 0) -> tuple[Image, np.ndarray]:
    """Folded mucosa with vessels around a dark lumen, a rounded reddish polyp, wet highlights, cut-off corners.

    The wall and the polyp are one height field, lit from beside the lens: shading, the polyp's dark rim and its shadow
    follow from its slopes.

    Parameters
    ----------
    seed : int
        The same seed gives the same picture, 0 to 2**32 - 1.

    Returns
    -------
    Image
        (480, 560, 3) RGB.
    numpy.ndarray
        (480, 560) bool, the polyp as it was drawn.
    """
    random = random_source(seed, 2)
    side = random.choice((-1, 1))  # the lumen lies on the one side, the polyp on the other
    radius, half = _polyp(random, side)
    wall, lumen = _wall(random, side)
    dome = POLYP_HEIGHT * half * np.sqrt(np.clip(1 - radius ** 2.6, 0, None))
    light = (random.uniform(-0.45, -0.15), -side * random.uniform(0.1, 0.4))
    shade = _shade(blur(wall + dome, 1.2), light)
    colour = _reflectance(random, radius) * (shade * _shadow(radius, light, half))[..., None]
    # Deep in the lumen little light returns; the polyp stands in front of it.
    near = np.maximum(lumen, smoothstep((1.02 - radius) / 0.04))[..., None]
    colour = near * colour + (1 - near) * DEEP * colour
    colour *= _lens()[..., None]
    shine = _highlights(random, shade, radius, light, lumen)[..., None]
    colour = colour + shine * (1.05 - colour)
    colour += 0.008 * random.standard_normal((*SHAPE, 1)) + 0.005 * random.standard_normal((*SHAPE, 3))
    pixels = np.rint(255 * np.clip(colour, 0, 1) ** 0.9 * _window()[..., None]).astype(np.uint8)
    return Image(pixels, name=f"polyp-endoscopy-phantom-{seed}", modality="ES"), radius < 1


def _polyp(random: np.random.RandomState, side: int) -> tuple[np.ndarray, float]:
    """Radius field of the outline, and the mean half length in pixels."""
    axes = random.uniform(62, 88), random.uniform(66, 100)
    centre = SHAPE[0] * random.uniform(0.46, 0.6), SHAPE[1] * (0.5 - side * random.uniform(0.08, 0.15))
    return blob_radius(random, SHAPE, centre, axes, random.uniform(-0.8, 0.8), 0.1, 7), sum(axes) / 2


def _wall(random: np.random.RandomState, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Height of the wall in pixels, and how near it is: 1 at the lens, 0 in the depth of the lumen."""
    rows, columns = np.mgrid[:SHAPE[0], :SHAPE[1]].astype(float)
    rows -= SHAPE[0] * random.uniform(0.2, 0.36)
    columns -= SHAPE[1] * (0.5 + side * random.uniform(0.22, 0.32))
    distance = np.hypot(1.15 * rows, columns) * np.exp(0.16 * smooth_noise(random, SHAPE, 55))
    # Folds ring the lumen and crowd towards it, as perspective has it.
    phase = 8.5 * np.log(distance + 50) + 0.8 * smooth_noise(random, SHAPE, 60) + random.uniform(0, 6)
    folds = np.exp(-1.9 * (1 + np.sin(phase))) * distance / (1 + distance / 260)
    folds *= smoothstep((distance - 45) / 50) * smoothstep(0.75 + 0.45 * smooth_noise(random, SHAPE, 50))
    height = 0.34 * folds + 9 * smooth_noise(random, SHAPE, 48) + 1.1 * smooth_noise(random, SHAPE, 13)
    height += 0.12 * smooth_noise(random, SHAPE, 3)
    return height, 0.04 + 0.96 * smoothstep((distance - 18) / 190)


def _shade(height: np.ndarray, light: tuple[float, float]) -> np.ndarray:
    """Lambert's cosine between the surface and the light, with some light from all around."""
    slope_rows, slope_columns = np.gradient(height)
    facing = 1 - slope_rows * light[0] - slope_columns * light[1]
    cosine = facing / np.sqrt((1 + slope_rows ** 2 + slope_columns ** 2) * (1 + light[0] ** 2 + light[1] ** 2))
    return 0.32 + 0.76 * np.clip(cosine, 0, 1)


def _shadow(radius: np.ndarray, light: tuple[float, float], half: float) -> np.ndarray:
    """The groove around the polyp, and what the polyp shades on the side away from the light."""
    outside = smoothstep((radius - 0.97) / 0.06)
    groove = 0.4 * np.exp(-np.clip(radius - 1, 0, None) / 0.08)
    shift = tuple(round(-0.55 * half * part) for part in light)
    cast = 0.5 * blur(np.roll(radius, shift, (0, 1)) < 1.02, 7)
    return 1 - outside * np.maximum(groove, cast)


def _reflectance(random: np.random.RandomState, radius: np.ndarray) -> np.ndarray:
    """(H, W, 3) colour of the surfaces under white light."""
    patch = smooth_noise(random, SHAPE, 45)[..., None]
    colour = MUCOSA * (1 + np.array([0.02, 0.06, 0.08]) * patch + 0.035 * smooth_noise(random, SHAPE, 9)[..., None])
    for sigma, width, depth in ((34, 0.045, 0.75), (17, 0.06, 0.55), (9, 0.09, 0.35)):
        branches = np.exp(-(smooth_noise(random, SHAPE, sigma) / width) ** 2)
        branches *= smoothstep(0.35 + 0.5 * smooth_noise(random, SHAPE, 42))
        colour += (depth * blur(branches, 0.9))[..., None] * (VESSEL - colour)
    surface = 1 + 0.045 * smooth_noise(random, SHAPE, 1.8) + 0.05 * smooth_noise(random, SHAPE, 12)
    inside = smoothstep((1.04 - radius) / 0.1)
    return colour + inside[..., None] * (POLYP * surface[..., None] * (1 + 0.04 * patch) - colour)


def _highlights(random: np.random.RandomState, shade: np.ndarray, radius: np.ndarray, light: tuple[float, float],
                near: np.ndarray) -> np.ndarray:
    """0..1, mirror images of the lamp: scattered on the wall, one group on the polyp's side to the light."""
    drops = smooth_noise(random, SHAPE, (4, 3.2)) + 0.3 * smooth_noise(random, SHAPE, 1.2)
    groups = smooth_noise(random, SHAPE, 38) * near
    wall = smoothstep((drops + 1.2 * groups - 3.9) / 0.35) * (shade > 0.75)
    rows, columns = np.nonzero(radius < 0.5)
    spot = rows.mean() + 55 * light[0], columns.mean() + 55 * light[1]
    away = np.hypot(np.arange(SHAPE[0])[:, None] - spot[0], np.arange(SHAPE[1]) - spot[1])
    polyp = smoothstep((drops + 3.4 * np.exp(-(away / 26) ** 2) - 3.6) / 0.35) * (radius < 0.9)
    return blur(np.where(radius < 1.05, polyp, wall), 0.8).clip(0, 1)


def _lens() -> np.ndarray:
    """Brighter in the middle, as the lamp sits beside the lens."""
    rows, columns = _centred()
    return 1.12 - 0.42 * (rows ** 2 + columns ** 2)


def _window() -> np.ndarray:
    """1 inside the octagon that the endoscope shows, 0 in the black corners."""
    rows, columns = _centred()
    edge = np.maximum(np.maximum(np.abs(rows) * 240 - 236, np.abs(columns) * 280 - 272),
                      (np.abs(rows) * 240 + np.abs(columns) * 280 - 408) / np.sqrt(2))
    return smoothstep(0.5 - edge / 2)


def _centred() -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns as -1..1."""
    return np.linspace(-1, 1, SHAPE[0])[:, None], np.linspace(-1, 1, SHAPE[1])[None, :]
