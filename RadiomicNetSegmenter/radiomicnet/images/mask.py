"""Mask files: the truth that a model is trained on and measured against."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..errors import ImageError


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
        Where it cannot be read, or where it has another size than its image.
    """
    import SimpleITK as sitk

    try:
        array = sitk.GetArrayFromImage(sitk.ReadImage(str(path)))
    except RuntimeError as error:  # its text holds the folder
        raise ImageError(f"The mask {path.name} cannot be read.", "Give masks as PNG files.") from error
    mask = np.squeeze(array)
    if mask.ndim == 3:
        colours = mask.shape[2] - (mask.shape[2] in (2, 4))  # the last of two or four components is opacity
        mask = mask[..., :colours].max(axis=2)
    if mask.shape != shape:
        raise ImageError(f"The mask {path.name} has {mask.shape} pixels, its image {shape}.",
                         "Give masks of the size of their images.")
    return mask > mask.max() / 2
