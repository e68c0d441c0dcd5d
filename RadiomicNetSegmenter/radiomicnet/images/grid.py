"""The one grid on which the network looks and the features are computed.

The image is scaled to fit a square of the model's input size with its aspect kept, and padded with black at the
right and at the bottom. Grey levels are rounded to whole numbers, so that the array can be written out and any other
program (PyRadiomics first) sees exactly the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch

# ITU-R BT.601 luma: what PIL's "L", OpenCV and Slicer's luminance use.
LUMA = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True)
class Grid:
    """The image at the network's resolution.

    Attributes
    ----------
    rgb : numpy.ndarray
        (S, S, 3) uint8.
    grey : numpy.ndarray
        (S, S) uint8, luma of ``rgb``; what the features are computed on.
    mask : numpy.ndarray
        (S, S) bool, True inside the scan: not padding, not the black surround of an ultrasound fan or an endoscope.
    content : tuple of int
        (rows, columns) of the part that holds the image; the rest is padding.
    shape : tuple of int
        (H, W) of the image the grid was made from.
    """

    rgb: np.ndarray
    grey: np.ndarray
    mask: np.ndarray
    content: tuple[int, int]
    shape: tuple[int, int]


def to_grey(rgb: np.ndarray) -> np.ndarray:
    """Luma of an (..., 3) uint8 array, rounded to uint8."""
    return np.rint(rgb @ LUMA).astype(np.uint8)


def to_tensor(rgb: np.ndarray) -> torch.Tensor:
    """(H, W, 3) uint8 to (3, H, W) float32 in 0..1, as the network takes it."""
    import torch

    return torch.from_numpy(np.ascontiguousarray(rgb.transpose(2, 0, 1))).float() / 255


def content_shape(shape: tuple[int, int], size: int) -> tuple[int, int]:
    """(rows, columns) of an (H, W) image scaled so that its longer side is ``size``; at least 1 each."""
    scale = size / max(shape)
    return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))


def to_grid(rgb: np.ndarray, size: int, region: np.ndarray | None = None) -> Grid:
    """Put an (H, W, 3) uint8 image on the grid of a model whose input is ``size`` pixels square.

    The mask lies inside ``region``, (H, W) bool, where there is one: see :class:`radiomicnet.images.image.Image`.
    """
    from .scan import scan_mask

    rows, columns = content_shape(rgb.shape[:2], size)
    square = np.zeros((size, size, 3), np.uint8)
    square[:rows, :columns] = np.rint(resize(rgb.astype(np.float32), (rows, columns))).clip(0, 255)
    grey = to_grey(square)
    mask = np.zeros((size, size), bool)
    mask[:rows, :columns] = scan_mask(grey[:rows, :columns])
    if region is not None:
        mask &= mask_to_grid(region, size)
    return Grid(square, grey, mask, (rows, columns), rgb.shape[:2])


def mask_to_grid(mask: np.ndarray, size: int) -> np.ndarray:
    """An (H, W) bool mask on the (S, S) grid: a cell is inside where at least half of it is."""
    rows, columns = content_shape(mask.shape, size)
    square = np.zeros((size, size), bool)
    square[:rows, :columns] = resize(mask[..., None].astype(np.float32), (rows, columns))[..., 0] >= 0.5
    return square


def from_grid(values: np.ndarray, grid: Grid) -> np.ndarray:
    """Take an (h, w) map over the whole grid, at any resolution, back to the image's (H, W) pixels, float32."""
    size = grid.grey.shape[0]
    full = values if values.shape == grid.grey.shape else resize(values[..., None], (size, size))[..., 0]
    rows, columns = grid.content
    return resize(np.ascontiguousarray(full[:rows, :columns, None]), grid.shape)[..., 0]


def resize(array: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Bilinear, with an anti-aliasing filter where it shrinks; (H, W, C) float to (*shape, C) float32."""
    import torch
    from torch.nn.functional import interpolate

    if array.shape[:2] == tuple(shape):
        return array.astype(np.float32)
    planes = torch.from_numpy(np.ascontiguousarray(array, dtype=np.float32)).permute(2, 0, 1)[None]
    scaled = interpolate(planes, size=tuple(shape), mode="bilinear", antialias=True, align_corners=False)
    return np.ascontiguousarray(scaled[0].permute(1, 2, 0).numpy())
