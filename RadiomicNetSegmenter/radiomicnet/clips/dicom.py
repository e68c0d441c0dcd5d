"""Clips in DICOM files of many frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ImageError
from ..images.dicom import frame_origin, read_header, read_pixels
from ..images.kinds import stem
from ..images.read import dicom_modality, dicom_place
from .clip import Axis, Clip, Pixels

if TYPE_CHECKING:
    from pydicom import Dataset

IN_SPACE = ("The frames lie side by side in space; as a volume they are segmented with python -m radiomicnet stack.")


def open_dicom(path: Path) -> Clip:
    """A clip of a file's frames, with the spacing and the region of the body that the file tells.

    Raises
    ------
    ImageError
        As :func:`radiomicnet.images.read.read_image`.
    """
    header, count = read_header(path)
    geometry, known = dicom_place(path, header, 0, count)
    notes = known.notes + ((IN_SPACE,) if count > 1 and frame_origin(header, 1) else ())

    def read(indices: Sequence[int]) -> Iterator[Pixels]:
        for index in indices:
            try:
                yield read_pixels(path, header, index)
            except ImageError as error:
                yield error
            except IndexError:
                yield ImageError(f"Frame {index + 1} of {path.name} is missing, although its header counts it.")

    return Clip(stem(path), _axis(header, count), read, geometry, dicom_modality(header), notes, known.region,
                path.name)


def _axis(header: Dataset, count: int) -> Axis:
    """Seconds of each frame: Frame Time, Frame Time Vector (both in ms) or Cine Rate (frames a second)."""
    try:
        if vector := header.get("FrameTimeVector"):
            steps = np.array(vector, float)
            if len(steps) == count and np.all(steps[1:] > 0):
                return Axis.of_seconds((np.cumsum(steps) / 1000).tolist())
        frame_time = float(header.get("FrameTime") or 0)
        rate = float(header.get("CineRate") or header.get("RecommendedDisplayFrameRate") or 0)
    except (TypeError, ValueError):
        return Axis.of_frames(count)
    # 3D Slicer takes a frame time of 1 ms for a file that does not know it, and counts frames.
    step = frame_time / 1000 if frame_time > 0 and frame_time != 1 else 1 / rate if rate > 0 and not frame_time else 0
    return Axis.of_seconds([index * step for index in range(count)]) if step else Axis.of_frames(count)
