"""How the same place may look in another recording: gain, contrast, speckle, shadow, colour, blur, marks."""

from __future__ import annotations

import numpy as np

from ..images.grid import LUMA
from .config import Config
from .marks import callipers, words


def expose(
    rgb: np.ndarray, inside: np.ndarray, config: Config, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """A random recording of an (S, S, 3) uint8 picture; black stays black but for burnt-in marks.

    Returns
    -------
    seen, measured : numpy.ndarray
        (S, S, 3) uint8: what the network sees, and what the features are measured on: the same, but without the
        speckle where ``config.clean_features`` asks for that.
    """
    picture = rgb.astype(np.float32)
    if config.color:
        picture = _tint(picture, config.color, rng)
    speckle = _speckle(picture.shape[:2], config, rng)
    light = _light(picture.shape[:2], config, rng)
    pictures = [picture * light * speckle, *([picture * light] if config.clean_features else [])]
    if config.contrast:  # without it no number is drawn, so what older experiments drew stays the same; so with words
        factor = np.exp(rng.uniform(-config.contrast, config.contrast))
        pictures = [_stretch(picture, inside, factor) for picture in pictures]
    if rng.uniform() < config.blur:
        pictures = [_soften(picture) for picture in pictures]
    levels = [np.rint(picture.clip(0, 255)).astype(np.uint8) for picture in pictures]
    if rng.uniform() < config.callipers:
        marks, brightness = callipers(inside, rng)
        for each in levels:
            each[marks] = brightness
    if config.words and rng.uniform() < config.words:
        opacity, brightness = words(len(inside), rng)
        levels = [np.rint(each + opacity * (brightness - each.astype(np.float32))).astype(np.uint8) for each in levels]
    response = _response(rng)
    return response[levels[0]], response[levels[-1]]


def _response(rng: np.random.Generator) -> np.ndarray:
    """(256,) uint8: what a random gamma and gain make of each level."""
    gamma, gain = np.exp(rng.uniform(-0.4, 0.4)), np.exp(rng.uniform(-0.3, 0.3))
    return np.rint((255 * gain * (np.arange(256) / 255) ** gamma).clip(0, 255)).astype(np.uint8)


def _tint(picture: np.ndarray, strength: float, rng: np.random.Generator) -> np.ndarray:
    """Another colour of the light, and more or less saturated."""
    cast = np.exp(rng.uniform(-strength, strength, 3)).astype(np.float32)
    grey = (picture @ LUMA.astype(np.float32))[..., None]
    return (grey + (picture - grey) * np.float32(1 + rng.uniform(-2 * strength, 2 * strength))) * cast


def _speckle(shape: tuple[int, ...], config: Config, rng: np.random.Generator) -> np.ndarray:
    """(S, S, 1) float32 noise that every pixel is multiplied with."""
    if not config.speckle:
        return np.ones((1, 1, 1), np.float32)
    strength = np.float32(config.speckle * rng.uniform())
    return (1 + strength * rng.standard_normal(shape, np.float32))[..., None]


def _light(shape: tuple[int, ...], config: Config, rng: np.random.Generator) -> np.ndarray:
    """(S, S, 1) float32 light that every pixel is multiplied with: gain by depth, and the shadow of a rib or of gas."""
    light = np.ones((1, 1), np.float32)
    if config.depth_gain:
        slope = rng.uniform(-config.depth_gain, config.depth_gain)
        light = np.exp(slope * np.linspace(-1, 1, shape[0], dtype=np.float32))[:, None]
    if rng.uniform() < config.shadow:
        light = light * _shadow(shape, rng)
    return light[..., None]


def _shadow(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """A dark stripe with soft sides, from some depth downwards."""
    rows, columns = np.arange(shape[0], dtype=np.float32)[:, None], np.arange(shape[1], dtype=np.float32)
    middle, width = rng.uniform(0, shape[1]), shape[1] * rng.uniform(0.03, 0.12)
    across = np.exp(-(((columns - middle) / width) ** 2)).astype(np.float32)
    begins = shape[0] * rng.uniform(0.1, 0.7)
    below = 1 / (1 + np.exp(-(rows - begins) / 6))
    return 1 - np.float32(rng.uniform(0.2, 0.7)) * across * below


def _stretch(picture: np.ndarray, inside: np.ndarray, factor: float) -> np.ndarray:
    """More or less contrast about the scan's mean, as another dynamic range gives; what is outside stays."""
    mean = picture[inside].mean()
    return np.where(inside[..., None], mean + np.float32(factor) * (picture - mean), picture).clip(0, 255)


def _soften(picture: np.ndarray) -> np.ndarray:
    """A binomial filter of 3 x 3 pixels."""
    for axis in (0, 1):
        picture = 0.5 * picture + 0.25 * (np.roll(picture, 1, axis) + np.roll(picture, -1, axis))
    return picture
