"""The pixels of a DICOM file and what ITK does not tell of it.

One frame is decoded by pydicom, whose plugins cover what ultrasound and endoscopy machines write (uncompressed, RLE,
JPEG, JPEG 2000, JPEG-LS). What it has no decoder for (lossless JPEG, 12-bit JPEG) ITK's GDCM decodes, as in Slicer.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ImageError
from .array import check_components, check_size
from .kinds import DICOM, damaged

if TYPE_CHECKING:
    from pydicom import Dataset

FILMS = ("1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.101", "1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.103",
         "1.2.840.10008.1.2.4.104", "1.2.840.10008.1.2.4.105", "1.2.840.10008.1.2.4.106", "1.2.840.10008.1.2.4.107",
         "1.2.840.10008.1.2.4.108")  # MPEG-2, MPEG-4 and HEVC


def read_header(path: Path) -> tuple[Dataset, int]:
    """Everything but the pixels, and the number of frames.

    Raises
    ------
    ImageError
        Where there is no picture, where it is a film, or where its size cannot be segmented.
    """
    import pydicom

    try:
        with warnings.catch_warnings(action="ignore"):  # of small faults in the file, which are no concern here
            header = pydicom.dcmread(path, stop_before_pixels=True, force=True)
            size = int(header.Columns), int(header.Rows)
            components, frames = int(header.SamplesPerPixel), int(header.get("NumberOfFrames") or 1)
    except Exception as error:  # a damaged file can break anything in the parser
        raise damaged(path, DICOM) from error
    if header.get("file_meta", {}).get("TransferSyntaxUID") in FILMS:
        raise ImageError(f"{path.name} holds a film (MPEG or HEVC), which RadiomicNet does not decode.",
                         "Save the frame to segment as PNG.")
    check_size(size, path.name)
    check_components(components, path.name)
    return header, max(1, frames)


def read_pixels(path: Path, header: Dataset, index: int) -> np.ndarray:
    """One frame as a machine shows it: RGB where it is coloured, bright where MONOCHROME1 counts darkness.

    Grey values are those of the modality (Rescale Slope and Intercept applied); no window is.

    Returns
    -------
    numpy.ndarray
        (H, W) or (H, W, 3), any numeric type.

    Raises
    ------
    ImageError
        Where neither pydicom nor ITK can decode it.
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            return _decode(path, header, index)
    except Exception:  # pydicom's decoders raise errors of many types; ITK has the last word
        return _decode_with_itk(path, index)


def frame_origin(header: Dataset, index: int) -> tuple[float, float, float] | None:
    """LPS position in mm of a frame's first pixel where frames lie side by side in space; None for a clip."""
    try:
        position = header.PerFrameFunctionalGroupsSequence[index].PlanePositionSequence[0].ImagePositionPatient
        x, y, z = (float(value) for value in position)
    except (AttributeError, IndexError, TypeError, ValueError):
        return None
    return x, y, z


def _decode(path: Path, header: Dataset, index: int) -> np.ndarray:
    from pydicom.pixels import apply_color_lut, apply_modality_lut, pixel_array

    array = pixel_array(path, index=index)
    photometric = header.PhotometricInterpretation
    if photometric == "PALETTE COLOR":
        colours = apply_color_lut(array, header)
        return colours if colours.max() <= 255 else (colours >> 8).astype(np.uint8)  # of 16 bits the upper 8 are seen
    if header.SamplesPerPixel != 1:
        return array
    if photometric == "MONOCHROME1":
        array = _turned_over(array, header)
    return apply_modality_lut(array, header)


def _turned_over(array: np.ndarray, header: Dataset) -> np.ndarray:
    """The stored values with the ends of their range exchanged."""
    full = (1 << int(header.BitsStored)) - 1
    return (-1 if header.PixelRepresentation else full) - array.astype(np.int64)


def _decode_with_itk(path: Path, index: int) -> np.ndarray:
    import SimpleITK as sitk

    try:
        volume = sitk.ReadImage(str(path), imageIO=str(DICOM.reader))
    except RuntimeError as error:  # its text holds the folder
        raise damaged(path, DICOM) from error
    array = sitk.GetArrayFromImage(volume)
    coloured = volume.GetNumberOfComponentsPerPixel() > 1
    return array.reshape(-1, *array.shape[-3 if coloured else -2:])[index]
