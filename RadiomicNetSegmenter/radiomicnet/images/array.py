"""Pixels in memory to an :class:`~radiomicnet.images.image.Image`: what a read file and a Slicer volume share."""

from __future__ import annotations

import numpy as np

from ..errors import ImageError
from .image import Geometry, Image
from .scaling import to_eight_bit

SMALLEST_SIDE = 16
MOST_PIXELS = 64_000_000
SMALLER = "Scale it down or crop it, and try again."
ONE_SLICE = ("Take one slice out, in Slicer with the Crop Volume module (a region one slice thick), in Python with "
             "SimpleITK's image[:, :, k:k+1], and segment that.")


def image_from_array(array: np.ndarray, geometry: Geometry | None = None, name: str = "image",
                     modality: str | None = None, warnings: tuple[str, ...] = (),
                     region: np.ndarray | None = None) -> Image:
    """An image from its pixels, in any numeric type, with 1 to 4 components. The pixels are copied.

    Two components are grey and opacity, four are red, green, blue and opacity. Opacity is dropped before anything
    is measured or scaled; where it is not the same everywhere, a warning says so.

    Parameters
    ----------
    array : numpy.ndarray
        (H, W) or (H, W, C) with C in 1..4, row 0 at the top; bool, integer or float. How it becomes uint8 is told in
        :func:`radiomicnet.images.scaling.to_eight_bit`.
    geometry : Geometry, optional
    name : str
        What results are named after and what messages call the image.
    modality : str, optional
        DICOM code ("US", "ES", ...).
    warnings : tuple of str
        Sentences of the caller, put before those of this function.
    region : numpy.ndarray, optional
        (H, W) bool: where the file says that it shows the body.

    Raises
    ------
    ImageError
        For a stack of slices, a size outside 16 pixels a side to 64 megapixels, five or more components, a type
        without grey levels, NaN or infinities, and an image of one colour.
    """
    array = np.asarray(array)
    if array.ndim not in (2, 3):
        raise ImageError(f"{name} is not a 2-D image (its array has {array.ndim} dimensions).", ONE_SLICE)
    components = array.shape[2] if array.ndim == 3 else 1
    check_size((array.shape[1], array.shape[0]), name)
    check_components(components, name)
    colours, notes = _without_opacity(array.reshape(*array.shape[:2], components))
    pixels, scale_notes = to_eight_bit(colours[..., 0] if colours.shape[2] == 1 else colours)
    if np.all(pixels == pixels[0, 0]):
        raise ImageError(f"{name} shows the same value (or nearly so) in every pixel; there is nothing to segment.",
                         "Check that the right image was chosen and that it was exported completely.")
    return Image(np.array(pixels, order="C"), geometry or Geometry(), name, modality,
                 (*warnings, *notes, *scale_notes), region)


def check_size(size: tuple[int, ...], name: str) -> None:
    """Refuse sizes that RadiomicNet cannot segment; made for headers too, before anything is decoded.

    Parameters
    ----------
    size : tuple of int
        Columns, rows, and slices or frames where there are such dimensions.
    name : str
        What the message calls the image.

    Raises
    ------
    ImageError
        More than one slice, fewer than 16 pixels on a side, or more than 64 megapixels.
    """
    columns, rows = (*size, 1)[:2]
    slices = int(np.prod(size[2:], dtype=np.int64))
    if slices != 1:
        raise ImageError(f"{name} holds {slices} slices or frames; RadiomicNet segments one 2-D image at a time.",
                         ONE_SLICE)
    if min(columns, rows) < SMALLEST_SIDE:
        raise ImageError(f"{name} is only {columns} × {rows} pixels; RadiomicNet needs at least "
                         f"{SMALLEST_SIDE} on each side.", "Choose a larger image.")
    if columns * rows > MOST_PIXELS:
        raise ImageError(f"{name} is {columns} × {rows} pixels ({columns * rows / 1e6:.0f} megapixels); RadiomicNet "
                         f"takes up to {MOST_PIXELS // 1_000_000} megapixels.", SMALLER)


def check_components(components: int, name: str) -> None:
    """Refuse pixels that are neither grey nor colour (with or without opacity).

    Raises
    ------
    ImageError
        Where there are not 1 to 4 components.
    """
    if not 1 <= components <= 4:
        raise ImageError(f"{name} has {components} values per pixel; RadiomicNet takes grey or RGB images, with or "
                         "without opacity.", "Extract the component to segment, or convert the image to RGB.")


def _without_opacity(array: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """(H, W, C) to (H, W, 1 or 3), and a warning where the opacity that is dropped carried something."""
    components = array.shape[2]
    if components in (1, 3):
        return array, ()
    opacity = array[..., -1]
    if np.all(opacity == opacity.flat[0]):
        return array[..., :-1], ()
    kind = "second of two" if components == 2 else "fourth of four"
    return array[..., :-1], (f"The {kind} components was taken for opacity and ignored; transparent parts count like "
                             "all others.",)
