"""Image files to :class:`~radiomicnet.images.image.Image`, with the pixels and the geometry that Slicer loads."""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ImageError
from .array import check_components, check_size, image_from_array
from .calibration import Calibration, calibration
from .dicom import frame_origin, read_header, read_pixels
from .frames import choose_frame, frame_axis, frame_name
from .image import Geometry, Image
from .kinds import DICOM, NIFTI, Kind, check_complete, damaged, kind_of, stem
from .nifti import as_itk_reads_it, stored_bytes
from .picture import Inspected, inspect_picture

if TYPE_CHECKING:
    import SimpleITK
    from pydicom import Dataset

NIFTI_HEADER = 348  # bytes
RIGHT_ANGLE = 1e-3  # cosines of axes that are called perpendicular; NIfTI keeps about seven digits


def read_image(path: str | os.PathLike[str], frame: int | None = None) -> Image:
    """Read one 2-D image.

    PNG, JPEG, TIFF, BMP, NRRD, NIfTI and MetaImage are read by ITK, as in Slicer; WebP, and the few variants that
    ITK cannot read, by Pillow; the pixels of DICOM by pydicom where it can. The format is told from the content.
    Sizes are checked on the header, before anything is decoded. Opacity is dropped; an EXIF orientation is not
    applied (nor does Slicer), and a warning says so; other types than uint8 are scaled as
    :func:`radiomicnet.images.scaling.to_eight_bit` tells.

    The geometry is calibrated where a format of medicine gives another spacing than 1 mm; in DICOM ultrasound the
    regions decide, see :mod:`radiomicnet.images.calibration`. Resolutions of PNG, JPEG, TIFF, BMP and WebP are made
    for printing: the spacing that ITK derives from them is kept, because Slicer has it too, but lengths are given in
    pixels.

    Parameters
    ----------
    path : str or path-like
    frame : int, optional
        Frame of a clip, slice of a stack or page, from 1 on. Without it a clip gives its first frame and a warning;
        a slice or a page has to be chosen. A slice keeps its place in the stack.

    Raises
    ------
    ImageError
        No such file, a folder, not permitted, empty, no image, damaged or cut off, no such frame, a stack without a
        choice, under 16 pixels on a side, over 64 megapixels, CMYK, NaN or infinities, axes that are not at right
        angles, or one value everywhere.
    """
    path = Path(path)
    kind = kind_of(path)
    if kind is DICOM:
        return _read_dicom(path, frame)
    seen = inspect_picture(path, kind, frame) if kind.picture else None
    if seen is not None and seen.pixels is not None:
        return image_from_array(seen.pixels, Geometry(), frame_name(stem(path), seen.index, seen.count), None,
                                seen.notes)
    with as_itk_reads_it(path) if kind is NIFTI else nullcontext(path) as source:
        return _read_with_itk(source, path, kind, frame, seen or Inspected())


def _read_with_itk(source: Path, path: Path, kind: Kind, frame: int | None, seen: Inspected) -> Image:
    """The image in ``source``, which is ``path`` or a copy that ITK understands."""
    reader = header_of(source, path, kind)
    index, count = _slice(reader, path, frame)
    volume, geometry = pixels_of(reader, path, kind)
    array = _pixels(volume)
    if seen.palette and array.dtype == np.uint16:
        array = np.rint(array / 257).astype(np.uint8)  # of 16 bits, also where no colour is bright
    return image_from_array(array, geometry, frame_name(stem(path), index, count), None, seen.notes)


def pixels_of(
    reader: SimpleITK.ImageFileReader, path: Path, kind: Kind
) -> tuple[SimpleITK.Image, Geometry]:
    """What a reader of ``path`` was set to extract, and where it lies; raises ImageError where it cannot be read."""
    try:
        volume = reader.Execute()
    except RuntimeError as error:  # its text holds the folder
        raise damaged(path, kind) from error
    geometry = geometry_of(volume, path)
    return volume, replace(geometry, calibrated=False) if kind.picture else geometry


def _read_dicom(path: Path, frame: int | None) -> Image:
    header, count = read_header(path)
    index, notes = choose_frame(path.name, count, frame, clip=frame_origin(header, 0) is None)
    geometry, known = dicom_place(path, header, index, count)
    return image_from_array(read_pixels(path, header, index), geometry, frame_name(stem(path), index, count),
                            dicom_modality(header), notes + known.notes, known.region)


def dicom_place(path: Path, header: Dataset, index: int, count: int) -> tuple[Geometry, Calibration]:
    """Where one of ``count`` frames of a DICOM file lies, and what the file says of its scale.

    Raises
    ------
    ImageError
        Where ITK cannot read the file.
    """
    geometry = geometry_of(_reader(path, path, DICOM), path)
    known = calibration(header, (int(header.Rows), int(header.Columns)))
    across, down = known.spacing or geometry.spacing[:2]
    # In a clip the third axis is time, and Slicer too puts every frame where the first one is.
    thickness = geometry.spacing[2] if count == 1 or frame_origin(header, index) else 1.0
    return replace(geometry, spacing=(across, down, thickness),
                   origin=frame_origin(header, index) or geometry.origin,
                   calibrated=known.trusted if known.spacing else geometry.calibrated), known


def dicom_modality(header: Dataset) -> str | None:
    """The file's own code ("US", "ES", ...), None where it has none."""
    return str(header.get("Modality") or "").strip() or None


def _reader(source: Path, path: Path, kind: Kind) -> SimpleITK.ImageFileReader:
    """A reader of ``source`` that knows its header; messages speak of ``path``."""
    import SimpleITK as sitk

    reader = sitk.ImageFileReader()
    reader.SetFileName(str(source))
    reader.SetImageIO(kind.reader)
    try:
        reader.ReadImageInformation()
    except RuntimeError as error:
        if "orthonormal" in str(error):
            raise _sheared(path) from error
        raise damaged(path, kind) from error
    return reader


def header_of(source: Path, path: Path, kind: Kind) -> SimpleITK.ImageFileReader:
    """A reader that knows the file's header, and that what it is about to decode can be segmented.

    Parameters
    ----------
    source, path : pathlib.Path
        What ITK reads, and what messages speak of.
    kind : Kind

    Raises
    ------
    ImageError
        Where it cannot be read, or where its images have a size or components that cannot be segmented.
    """
    reader = _reader(source, path, kind)
    check_size(reader.GetSize()[:2], path.name)
    check_components(reader.GetNumberOfComponents(), path.name)
    if kind is NIFTI:
        check_complete(source, NIFTI_HEADER + stored_bytes(source))
    return reader


def _slice(reader: SimpleITK.ImageFileReader, path: Path, frame: int | None) -> tuple[int, int]:
    """Let the reader read one slice; its number from 0 on, and how many there are."""
    size = reader.GetSize()
    axis = frame_axis(size, path.name)
    count = 1 if axis is None else size[axis]
    index, _ = choose_frame(path.name, count, frame, clip=False)
    if axis is not None:
        start = [0] * len(size)
        start[axis] = index
        reader.SetExtractIndex(start)
        reader.SetExtractSize([*size[:2], *[1] * (len(size) - 2)])
    return index, count


def _pixels(volume: SimpleITK.Image) -> np.ndarray:
    """(H, W) or (H, W, C) of an image whose further dimensions are all 1."""
    import SimpleITK as sitk

    array = sitk.GetArrayFromImage(volume)
    columns, rows = volume.GetSize()[:2]
    components = volume.GetNumberOfComponentsPerPixel()
    return array.reshape(rows, columns, components) if components > 1 else array.reshape(rows, columns)


def geometry_of(source: SimpleITK.Image | SimpleITK.ImageFileReader, path: Path) -> Geometry:
    """The first three dimensions; a 2-D image lies in the plane of its slice, 1 mm thick, as Slicer has it."""
    dimensions = source.GetDimension()
    there = min(dimensions, 3)
    spacing, origin, direction = np.ones(3), np.zeros(3), np.eye(3)
    spacing[:there] = source.GetSpacing()[:there]
    origin[:there] = source.GetOrigin()[:there]
    direction[:there, :there] = np.reshape(source.GetDirection(), (dimensions, dimensions))[:there, :there]
    if not np.allclose(direction.T @ direction, np.eye(3), atol=RIGHT_ANGLE):
        raise _sheared(path)
    x, y, z = origin.tolist()
    i, j, k = spacing.tolist()
    return Geometry((i, j, k), (x, y, z), tuple(direction.ravel().tolist()),
                    calibrated=bool(np.any(spacing[:2] != 1)))


def _sheared(path: Path) -> ImageError:
    return ImageError(f"The axes of {path.name} are not at right angles to each other, so its lengths cannot be told.",
                      "Resample it to a grid with right angles, in Slicer with the Resample Scalar/Vector/DWI Volume "
                      "module.")
