"""A rectangle of whole pixels, and the part of an image inside it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..images.image import Geometry, Image


@dataclass(frozen=True)
class Box:
    """Rows ``top`` to ``bottom - 1`` and columns ``left`` to ``right - 1``; not empty."""

    top: int
    left: int
    bottom: int
    right: int

    def __post_init__(self) -> None:
        if self.top >= self.bottom or self.left >= self.right:
            raise ValueError(f"{self} is empty")

    @property
    def slices(self) -> tuple[slice, slice]:
        """What an (H, W) array is indexed with."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.bottom - self.top, self.right - self.left

    def within(self, shape: tuple[int, int]) -> Box | None:
        """The part of the box that lies in an image of ``shape``; None where nothing of it does."""
        top, left = max(0, self.top), max(0, self.left)
        bottom, right = min(shape[0], self.bottom), min(shape[1], self.right)
        return Box(top, left, bottom, right) if top < bottom and left < right else None

    def seen_in(self, part: Box) -> Box | None:
        """The same box in the pixels of a part of the image, as far as it lies in it."""
        moved = Box(self.top - part.top, self.left - part.left, self.bottom - part.top, self.right - part.left)
        return moved.within(part.shape)

    def with_margin(self, share: float, shape: tuple[int, int]) -> Box:
        """The box with a margin of this share of its longer side, as far as an image of ``shape`` reaches."""
        margin = round(share * max(self.shape))
        wider = Box(self.top - margin, self.left - margin, self.bottom + margin, self.right + margin).within(shape)
        return wider or self

    def mask(self, shape: tuple[int, int]) -> np.ndarray:
        """(H, W) bool, True inside."""
        inside = np.zeros(shape, bool)
        inside[self.slices] = True
        return inside


def square_around(row: int, column: int, side: int, shape: tuple[int, int]) -> Box:
    """A square of ``side`` pixels around a pixel, moved inwards and cut so that it lies in an image of ``shape``."""
    height, width = min(side, shape[0]), min(side, shape[1])
    top = min(max(0, row - height // 2), shape[0] - height)
    left = min(max(0, column - width // 2), shape[1] - width)
    return Box(top, left, top + height, left + width)


def crop(image: Image, box: Box) -> Image:
    """The part of an image inside a box, in its own place."""
    region = None if image.region is None else image.region[box.slices]
    return replace(image, pixels=image.pixels[box.slices], geometry=_moved(image.geometry, box), region=region)


def _moved(geometry: Geometry, box: Box) -> Geometry:
    """The geometry with its origin at the box's first pixel."""
    step = np.reshape(geometry.direction, (3, 3)) @ (np.array(geometry.spacing) * (box.left, box.top, 0))
    x, y, z = (np.array(geometry.origin) + step).tolist()
    return replace(geometry, origin=(x, y, z))
