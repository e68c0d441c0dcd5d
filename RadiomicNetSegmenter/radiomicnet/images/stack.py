"""All slices or frames of a file at once, from the formats that ITK and pynrrd read."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import ImageError
from .frames import frame_axis
from .image import Geometry
from .kinds import NIFTI, NRRD, Kind
from .nifti import as_itk_reads_it
from .nrrd_sequence import is_sequence, read_sequence
from .read import header_of, pixels_of


@dataclass(frozen=True)
class Stack:
    """Images of one size on one grid.

    Attributes
    ----------
    array : numpy.ndarray
        (N, H, W) or (N, H, W, C), any numeric type.
    geometry : Geometry
        Of the first image; its third axis leads from one to the next where they lie side by side in space.
    timed : bool
        Whether they follow each other in time, as far as the file tells.
    index_name, index_unit : str
        What they are counted by.
    index_values : tuple of str
        One per image; empty where the file has none.
    """

    array: np.ndarray
    geometry: Geometry
    timed: bool
    index_name: str = "frame"
    index_unit: str = ""
    index_values: tuple[str, ...] = ()


def read_stack(path: Path, kind: Kind) -> Stack:
    """Read every slice, frame or page of a TIFF, NRRD, NIfTI or MetaImage file.

    Raises
    ------
    ImageError
        As :func:`radiomicnet.images.read.read_image`, and where the file holds several volumes.
    """
    if kind is NRRD and is_sequence(path):
        made = read_sequence(path)
        return Stack(made.array, made.geometry, True, made.index_name, made.index_unit, made.index_values)
    with as_itk_reads_it(path) if kind is NIFTI else nullcontext(path) as source:
        reader = header_of(source, path, kind)
        size = reader.GetSize()
        axis = frame_axis(size, path.name)
        volume, geometry = pixels_of(reader, path, kind)
    import SimpleITK as sitk

    components = volume.GetNumberOfComponentsPerPixel()
    count = 1 if axis is None else size[axis]
    shape = (count, size[1], size[0], components) if components > 1 else (count, size[1], size[0])
    return Stack(sitk.GetArrayFromImage(volume).reshape(shape), geometry, kind.picture or (axis or 2) > 2)


def check_several(count: int, name: str, what: str) -> None:
    """Refuse a single image where several are asked for.

    Raises
    ------
    ImageError
    """
    if count < 2:
        raise ImageError(f"{name} holds a single image, no {what}.", "Segment it with python -m radiomicnet segment.")
