"""Clips that Pillow reads: animated GIF, WebP and PNG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ImageError
from ..images.array import check_size
from ..images.picture import BROKEN
from .clip import Axis, Clip, Pixels

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

GIF = b"GIF8"


def open_pages(path: Path, kind: str) -> Clip:
    """A clip of an animation's frames, as they are shown, with the times for which each is.

    Raises
    ------
    ImageError
        Where it cannot be read, or its size cannot be segmented.
    """
    with _opened(path, kind) as picture:
        check_size(picture.size, path.name)
        count = getattr(picture, "n_frames", 1)
        seconds = _seconds(picture, count, path, kind)

    def read(indices: Sequence[int]) -> Iterator[Pixels]:
        with _opened(path, kind) as picture:
            for index in indices:
                try:
                    picture.seek(index)
                    yield np.asarray(picture.convert("RGB"))  # later frames of one GIF may have other modes
                except BROKEN:
                    yield ImageError(f"Frame {index + 1} of {path.name} is damaged.")

    return Clip(path.stem, Axis.of_seconds(seconds) if seconds else Axis.of_frames(count), read, source=path.name)


def _opened(path: Path, kind: str) -> Picture:
    from PIL import Image

    try:
        return Image.open(path, formats=[kind])
    except (*BROKEN, Image.DecompressionBombError) as error:
        raise ImageError(f"{path.name} is damaged or incomplete.", "Export or copy it again.") from error


def _seconds(picture: Picture, count: int, path: Path, kind: str) -> list[float]:
    """When each frame is shown first; empty where the file does not say for how long."""
    durations = []
    for index in range(count):
        try:
            picture.seek(index)
        except BROKEN as error:
            raise ImageError(f"{path.name} is damaged or incomplete.", "Export or copy it again.") from error
        durations.append(float(picture.info.get("duration") or 0) / 1000)
    return np.concatenate([[0], np.cumsum(durations)[:-1]]).tolist() if all(durations) else []
