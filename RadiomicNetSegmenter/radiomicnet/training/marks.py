"""Marks that scanners burn into pictures; drawn around nothing, so that none of them comes to mean a lesion."""

from __future__ import annotations

import string

import numpy as np

LETTERS = np.array(list(string.ascii_uppercase + string.digits))


def callipers(inside: np.ndarray, rng: np.random.Generator) -> tuple[tuple[np.ndarray, np.ndarray], int]:
    """Two crosses joined by dots anywhere in the scan: rows and columns of their pixels, and how bright they are."""
    rows, columns = np.nonzero(inside)
    if not len(rows):
        return (rows, columns), 0
    brightness = int(rng.integers(140, 256))
    first, second = (np.array([rows[k], columns[k]]) for k in rng.integers(len(rows), size=2))
    second = first + (second - first) * min(1.0, 0.5 * len(inside) / (1 + np.abs(second - first).max()))
    arm = int(rng.integers(2, 6))
    marks = [end + step * np.eye(2, dtype=int)[axis] for end in (first, second)
             for axis in (0, 1) for step in range(-arm, arm + 1)]
    marks += list(np.linspace(first, second, max(2, int(np.abs(second - first).max() // 6))))
    found = np.rint(marks).astype(int)
    found = found[((found >= 0) & (found < len(inside))).all(axis=1)]
    return (found[:, 0], found[:, 1]), brightness


def words(size: int, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """One to three words in a line anywhere in a square picture, as body marks and sides are written on it.

    Returns
    -------
    opacity : numpy.ndarray
        (size, size, 1) float32 in 0..1, of the letters.
    brightness : int
        0..255.
    """
    from PIL import Image, ImageDraw, ImageFont

    line = " ".join("".join(rng.choice(LETTERS, rng.integers(2, 9))) for _ in range(rng.integers(1, 4)))
    plane = Image.new("L", (size, size))
    height = size * rng.uniform(0.03, 0.07)
    place = (rng.uniform(-0.1, 0.8) * size, rng.uniform(0, 0.95) * size)
    ImageDraw.Draw(plane).text(place, line, fill=255, font=ImageFont.load_default(height))
    return np.asarray(plane, np.float32)[..., None] / 255, int(rng.integers(140, 256))
