"""Image files to :class:`~radiomicnet.images.image.Image`, with the pixels and the geometry that Slicer loads."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .array import check_components, check_size, image_from_array
from .dicom import region_spacing
from .image import Geometry, Image
from .kinds import DICOM, NIFTI, Kind, check_complete, damaged, kind_of, stem
from .picture import inspect_picture

if TYPE_CHECKING:
    import SimpleITK

MODALITY = "0008|0060"
NIFTI_HEADER = 348  # bytes


def read_image(path: str | os.PathLike[str]) -> Image:
    """Read one 2-D image.

    PNG, JPEG, TIFF, BMP, NRRD, NIfTI, MetaImage and DICOM are read by ITK, as in Slicer; WebP, and the few variants
    that ITK cannot read, by Pillow. The format is told from the content. Sizes are checked on the header, before
    anything is decoded. Opacity is dropped; an EXIF orientation is not applied (nor does Slicer), and a warning says
    so; other types than uint8 are scaled as :func:`radiomicnet.images.scaling.to_eight_bit` tells.

    The geometry is calibrated where a format of medicine gives another spacing than 1 mm. Resolutions of PNG, JPEG,
    TIFF, BMP and WebP are made for printing: the spacing that ITK derives from them is kept, because Slicer has it
    too, but lengths are given in pixels.

    Parameters
    ----------
    path : str or path-like

    Raises
    ------
    ImageError
        No such file, a folder, not permitted, empty, no image, damaged or cut off, several slices or frames, under
        16 pixels on a side, over 64 megapixels, CMYK, NaN or infinities, or one value everywhere.
    """
    path = Path(path)
    kind = kind_of(path)
    pixels, notes = inspect_picture(path, kind) if kind.picture else (None, ())
    if pixels is not None:
        return image_from_array(pixels, Geometry(), stem(path), None, notes)
    reader = _header(path, kind)
    try:
        volume = reader.Execute()
    except RuntimeError as error:  # its text holds the folder
        raise damaged(path, kind) from error
    return image_from_array(_pixels(volume), _geometry(volume, path, kind), stem(path), _modality(reader), notes)


def _header(path: Path, kind: Kind) -> SimpleITK.ImageFileReader:
    """A reader that knows the file's header, and that what it is about to decode can be segmented."""
    import SimpleITK as sitk

    reader = sitk.ImageFileReader()
    reader.SetFileName(str(path))
    reader.SetImageIO(kind.reader)
    try:
        reader.ReadImageInformation()
    except RuntimeError as error:
        raise damaged(path, kind) from error
    check_size(reader.GetSize(), path.name)
    check_components(reader.GetNumberOfComponents(), path.name)
    if kind is NIFTI:
        pixels = int(np.prod(reader.GetSize())) * reader.GetNumberOfComponents()
        check_complete(path, NIFTI_HEADER + pixels * _bytes_per_value(reader.GetPixelID()))
    return reader


def _bytes_per_value(pixel_id: int) -> int:
    """Read from ITK's own word for the type: "8-bit unsigned integer", "vector of 32-bit float"."""
    import SimpleITK as sitk

    bits = re.search(r"(\d+)-bit", sitk.GetPixelIDValueAsString(pixel_id))
    return int(bits[1]) // 8 if bits else 1


def _pixels(volume: SimpleITK.Image) -> np.ndarray:
    """(H, W) or (H, W, C) of an image whose further dimensions are all 1."""
    import SimpleITK as sitk

    array = sitk.GetArrayFromImage(volume)
    columns, rows = volume.GetSize()[:2]
    components = volume.GetNumberOfComponentsPerPixel()
    return array.reshape(rows, columns, components) if components > 1 else array.reshape(rows, columns)


def _geometry(volume: SimpleITK.Image, path: Path, kind: Kind) -> Geometry:
    """The first three dimensions; a 2-D image lies in the plane of its slice, 1 mm thick, as Slicer has it."""
    dimensions = volume.GetDimension()
    there = min(dimensions, 3)
    spacing, origin, direction = np.ones(3), np.zeros(3), np.eye(3)
    spacing[:there] = volume.GetSpacing()[:there]
    origin[:there] = volume.GetOrigin()[:there]
    direction[:there, :there] = np.reshape(volume.GetDirection(), (dimensions, dimensions))[:there, :there]
    if kind is DICOM and not _differs_from_default(spacing):
        spacing[:2] = region_spacing(path) or spacing[:2]
    x, y, z = origin.tolist()
    i, j, k = spacing.tolist()
    return Geometry((i, j, k), (x, y, z), tuple(direction.ravel().tolist()),
                    calibrated=not kind.picture and _differs_from_default(spacing))


def _differs_from_default(spacing: np.ndarray) -> bool:
    return bool(np.any(spacing[:2] != 1))


def _modality(reader: SimpleITK.ImageFileReader) -> str | None:
    return reader.GetMetaData(MODALITY).strip() or None if reader.HasMetaDataKey(MODALITY) else None
