"""From a path to a clip, whatever holds it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ..errors import ImageError
from ..images.array import check_size
from ..images.kinds import DICOM, PNG, TIFF, WEBP, first_bytes, kind_of, stem
from ..images.stack import Stack, check_several, read_stack
from .clip import Axis, Clip, Pixels
from .dicom import open_dicom
from .folder import open_folder
from .pages import GIF, open_pages
from .video import is_video, open_video

CLIP = "clip"


def open_clip(path: str | os.PathLike[str]) -> Clip:
    """Open a multi-frame DICOM file, a sequence or stack (NRRD, NIfTI, MetaImage), a TIFF or GIF of several pages, an
    animated WebP or PNG, a video, or a folder of frames.

    Parameters
    ----------
    path : str or path-like

    Raises
    ------
    ImageError
        Where it is none of these, holds a single image, or cannot be read.
    """
    path = Path(path)
    if path.is_dir():
        clip = open_folder(path)
    elif (head := first_bytes(path)).startswith(GIF):
        clip = open_pages(path, "GIF")
    elif is_video(head, path.name):
        clip = open_video(path)
    elif (kind := kind_of(path)) is DICOM:
        clip = open_dicom(path)
    elif kind in (WEBP, PNG):
        clip = open_pages(path, kind.name)
    elif not kind.picture or kind is TIFF:
        clip = clip_of(read_stack(path, kind), stem(path), path.name)
    else:
        raise ImageError(f"{path.name} is a single image, no {CLIP}.",
                         "Segment it with python -m radiomicnet segment, or give the folder that its frames are in.")
    check_several(clip.count, path.name or clip.name, CLIP)
    return clip


def clip_of(stack: Stack, name: str, source: str) -> Clip:
    """A clip of what was read as a whole; slices side by side in space count as frames, with a warning."""
    rows, columns = stack.array.shape[1:3]
    check_size((columns, rows), source)
    count = len(stack.array)
    axis = Axis.of_frames(count)
    if _increasing(stack.index_values):
        axis = Axis(stack.index_name, stack.index_unit, stack.index_values)
    warnings = () if stack.timed else (
        "The file does not say that its slices follow each other in time; as a volume it is segmented with "
        "python -m radiomicnet stack.",)

    def read(indices: Sequence[int]) -> Iterator[Pixels]:
        return (np.asarray(stack.array[index]) for index in indices)

    return Clip(name, axis, read, stack.geometry, warnings=warnings, source=source)


def _increasing(values: Sequence[str]) -> bool:
    """Whether these are numbers, each larger than the one before; a sequence may be counted by any words."""
    try:
        numbers = np.array(values, float)
    except ValueError:
        return False
    return len(numbers) > 0 and bool(np.all(np.diff(numbers) > 0)) and bool(np.isfinite(numbers).all())
