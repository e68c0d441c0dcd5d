"""Mask files: the truth that a model is trained on and measured against."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ImageError
from .kinds import NIFTI, TIFF, Kind, damaged, kind_of
from .nifti import as_itk_reads_it
from .picture import PHOTOMETRIC, WHITE_IS_ZERO
from .read import header_of, pixels_of

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

BLACK_AND_WHITE = "Give one mask per image, black (0) and white (255)."
# Whole numbers up to here are labels, or the noise of an empty mask, where there is more than one beside 0.
HIGHEST_LABEL = 63
MOST_LISTED = 4
PRINTED = ("CMYK", "LAB")


def read_mask(path: Path, shape: tuple[int, int]) -> np.ndarray:
    """Read the mask of an image.

    A pixel is inside where it is brighter than half the brightest; so 0/1 and 0/255 files are the same, and an empty
    mask stays empty. Opacity does not count.

    Parameters
    ----------
    path : pathlib.Path
    shape : tuple of int
        (H, W) of the image.

    Returns
    -------
    numpy.ndarray
        (H, W) bool.

    Raises
    ------
    ImageError
        Where it is missing, cannot be read to its end, or has another size than its image; where it is white
        everywhere, holds several labels, or has its shape in the opacity alone.
    """
    kind = kind_of_mask(path)
    try:
        array = _decoded(path, kind, shape)
    except ImageError as error:  # image and mask often share their name
        raise _unusable(path, error) from error
    grey = _grey(array, path)
    _refuse_labels(grey, path)
    mask = grey > grey.max() / 2
    if mask.all():
        raise ImageError(f"The mask {path.name} is white everywhere.", BLACK_AND_WHITE)
    return mask


def kind_of_mask(path: Path) -> Kind:
    """The format of a mask file, from its first bytes.

    Raises
    ------
    ImageError
        Where there is no such file, it cannot be opened, is a folder or empty, or is no image.
    """
    if path.is_dir():
        raise ImageError(f"{path.name or path} is a folder, not a mask.",
                         "Give the mask's file; in a manifest, see whether its column mask is empty.")
    if not path.exists():
        raise ImageError(f"The mask {path.name} is missing.", "Check its name and its folder.")
    try:
        return kind_of(path)
    except ImageError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: ImageError) -> ImageError:
    if error.problem.startswith("The mask "):
        return error
    return ImageError(f"The mask {path.name} cannot be read: {error.problem}", error.remedy)


def _decoded(path: Path, kind: Kind, shape: tuple[int, int]) -> np.ndarray:
    """(H, W) or (H, W, C) as stored; the size is held to the image's before anything is decoded."""
    if kind.picture:
        array = _picture(path, kind, shape)
        if array is not None:
            return array
    with as_itk_reads_it(path) if kind is NIFTI else nullcontext(path) as source:
        return _itk(source, path, kind, shape)


def _picture(path: Path, kind: Kind, shape: tuple[int, int]) -> np.ndarray | None:
    """What Pillow decodes, which unlike ITK refuses a JPEG or BMP that is cut off; None where ITK shall read it.

    ITK reads TIFF, so that a mask lies as its image does (orientation), but for those with opacity, which it garbles.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path, formats=[kind.name.upper()]) as picture:
            if kind is TIFF and picture.mode != "LA":
                _refuse_negative(picture, path)
                return None
            _check_shape((picture.height, picture.width), path, shape)
            if picture.mode in PRINTED:
                raise ImageError(f"{path.name} has {picture.mode} colours, which are made for printing.",
                                 BLACK_AND_WHITE)
            return np.array(_without_palette(picture))
    except UnidentifiedImageError:
        return None
    except Image.DecompressionBombError as error:
        raise ImageError(f"{path.name} has far more pixels than its image.", BLACK_AND_WHITE) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise damaged(path, kind) from error


def _refuse_negative(picture: Picture, path: Path) -> None:
    """ITK delivers a TIFF whose zeros are white as it is stored: the surroundings would be the lesion."""
    if picture.mode != "1" and getattr(picture, "tag_v2", {}).get(PHOTOMETRIC) == WHITE_IS_ZERO:
        raise ImageError(f"{path.name} says that 0 is white.", BLACK_AND_WHITE)


def _without_palette(picture: Picture) -> Picture:
    if picture.mode != "P":
        return picture
    return picture.convert("RGBA" if "transparency" in picture.info else "RGB")


def _itk(source: Path, path: Path, kind: Kind, shape: tuple[int, int]) -> np.ndarray:
    """As ITK decodes ``source``, which is ``path`` or a copy that ITK understands."""
    import SimpleITK as sitk

    reader = header_of(source, path, kind)
    columns, rows, *others = reader.GetSize()
    _check_shape((*[length for length in reversed(others) if length != 1], rows, columns), path, shape)
    volume, _ = pixels_of(reader, path, kind)
    components = volume.GetNumberOfComponentsPerPixel()
    array = sitk.GetArrayFromImage(volume)
    return array.reshape(rows, columns, components) if components > 1 else array.reshape(rows, columns)


def _check_shape(there: tuple[int, ...], path: Path, shape: tuple[int, int]) -> None:
    if there != tuple(shape):
        raise ImageError(f"The mask {path.name} has {there} pixels, its image {tuple(shape)}.",
                         "Give masks of the size of their images.")


def _grey(array: np.ndarray, path: Path) -> np.ndarray:
    """(H, W): the brightest of the colours; the last of two or four components is opacity."""
    if array.ndim == 2:
        return array
    colours, opacity = (array[..., :-1], array[..., -1]) if array.shape[2] in (2, 4) else (array, array[..., :0])
    if opacity.size and np.ptp(opacity) and not np.ptp(colours, axis=(0, 1)).any():
        raise ImageError(f"The mask {path.name} has one colour everywhere; its shape is in the opacity alone.",
                         BLACK_AND_WHITE)
    return colours.max(axis=2)


def _refuse_labels(grey: np.ndarray, path: Path) -> None:
    """Refuse values of which it is not clear that they are black, white, and what lies between."""
    if grey.dtype == bool:
        return
    if not np.isfinite(grey).all() or grey.min() < 0:
        raise ImageError(f"The mask {path.name} holds values that are negative or no numbers.", BLACK_AND_WHITE)
    if grey.max() > HIGHEST_LABEL:
        return
    levels = np.unique(grey)
    levels = levels[levels != 0]
    if len(levels) > 1 and np.all(levels == np.rint(levels)):
        listed = ", ".join(f"{level:.0f}" for level in levels[:MOST_LISTED])
        raise ImageError(f"The mask {path.name} holds several labels, or noise ({listed}"
                         f"{', ...' if len(levels) > MOST_LISTED else ''} beside 0).", BLACK_AND_WHITE)
