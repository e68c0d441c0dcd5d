"""The regions that are measured: the segment, a ring around it, and the whole scan."""

from __future__ import annotations

import math

import numpy as np

from ..images.grid import to_grey
from ..images.image import Image
from ..images.scan import scan_mask

Box = tuple[slice, slice]

# The ring is as wide as this share of the segment's equivalent radius (the radius of a disc of the same area) ...
RING_SHARE = 0.5
# ... and at least one pixel.
NARROWEST_RING = 1.0


def equivalent_radius(mask: np.ndarray, spacing: tuple[float, float] = (1.0, 1.0)) -> float:
    """Radius of a disc with the area of an (H, W) bool mask, in the unit of the spacing (column, row)."""
    return math.sqrt(float(mask.sum()) * spacing[0] * spacing[1] / math.pi)


def scan_of(image: Image) -> np.ndarray:
    """(H, W) bool, the image's scan at its own resolution, within the region that the file names where it names one."""
    scan = scan_mask(to_grey(image.rgb))
    return scan if image.region is None else scan & image.region


def ring(segment: np.ndarray, allowed: np.ndarray, spacing: tuple[float, float] = (1.0, 1.0)) -> np.ndarray:
    """Pixels around a segment, no farther from it than half its equivalent radius.

    Parameters
    ----------
    segment : numpy.ndarray
        (H, W) bool.
    allowed : numpy.ndarray
        (H, W) bool: where the ring may lie, as a rule the scan without other lesions.
    spacing : tuple of float
        From one column and one row to the next.

    Returns
    -------
    numpy.ndarray
        (H, W) bool, disjoint from the segment; empty where the segment is. A pixel belongs to the ring where its
        centre is no farther from the nearest of the segment's pixel centres than the ring is wide.
    """
    from scipy.ndimage import distance_transform_edt

    around = np.zeros(segment.shape, bool)
    if not segment.any():
        return around
    width = max(RING_SHARE * equivalent_radius(segment, spacing), NARROWEST_RING * max(spacing))
    near = box_of(segment, math.ceil(width / min(spacing)) + 1)
    distance = distance_transform_edt(~segment[near], sampling=spacing[::-1])
    around[near] = (distance > 0) & (distance <= width) & allowed[near]
    return around


def box_of(mask: np.ndarray, margin: int = 0) -> Box:
    """Rows and columns that hold an (H, W) bool mask with at least one pixel, and a margin inside the picture."""
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    return (slice(max(0, rows[0] - margin), rows[-1] + 1 + margin),
            slice(max(0, columns[0] - margin), columns[-1] + 1 + margin))


def count_parts(mask: np.ndarray) -> int:
    """How many separate parts an (H, W) bool mask has; pixels that touch at a corner belong together."""
    from scipy.ndimage import label

    return int(label(mask, np.ones((3, 3)))[1])
