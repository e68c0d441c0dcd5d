"""From a probability map to separate lesions and their sizes.

The outline of a region is the 0.5 iso-line of its mask: it runs through the middles of the outer pixel edges. So a
row of n pixels is n pixels long and 1 wide, one pixel is 1 by 1, and lengths agree with areas. Distances between
pixel centres, the other convention, make everything one pixel shorter and a single pixel 0. The first definition is
that of scikit-image's ``feret_diameter_max``, the second that of ITK's ``FeretDiameter``; tests hold the difference
to one pixel.

Longest diameter
    The largest distance between two points of the outline, as in RECIST 1.1 (doi 10.1016/j.ejca.2008.10.026).
Perpendicular diameter
    The longest line at right angles to it between two points of the outline's convex hull: a ruler laid across, as
    for the bidimensional product of the WHO and the second dimension in BI-RADS. Not the width between two parallel
    jaws: for a long rectangle, whose longest diameter is its diagonal, that would be up to twice as much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..images.image import Geometry
from ..results.result import Lesion

# A region below either of these is a speck: noise of the threshold, not a finding. The smallest outlined lesion of
# the 2,189 masks of BUSI, BUS-BRA and Kvasir-SEG looked at covers 0.32 % of its picture and 511 pixels; what lies
# below the limits there are stray pixels of the drawing tool.
SMALLEST_SHARE = 0.0005
SMALLEST_PIXELS = 16

# Labels are uint8 and 0 is the background.
MOST_LESIONS = 255


@dataclass(frozen=True)
class Diameters:
    """Longest and perpendicular diameter, in the unit of the spacing, with ends as ((column, row), (column, row))."""

    longest: float
    perpendicular: float
    longest_ends: tuple[tuple[float, float], tuple[float, float]]
    perpendicular_ends: tuple[tuple[float, float], tuple[float, float]]


def find_lesions(probability: np.ndarray, threshold: float, geometry: Geometry,
                 peak: float = 0.0) -> tuple[np.ndarray, tuple[Lesion, ...]]:
    """Split what reaches the threshold into lesions, and measure each.

    Parameters
    ----------
    probability : numpy.ndarray
        (H, W) float32 in 0..1. A pixel that is not a number belongs to nothing.
    threshold : float
        0..1; a pixel belongs to a lesion from this probability on.
    geometry : Geometry
        Spacing, and whether it is to be believed: millimetres are given only where the image is calibrated.
    peak : float
        0..1; a region counts as a lesion only where some pixel reaches this as well (hysteresis, as in Canny 1986).

    Returns
    -------
    labels : numpy.ndarray
        (H, W) uint8, 0 background, 1..n the lesions, largest area first. Pixels that touch at a corner belong
        together. Regions below :data:`SMALLEST_SHARE` of the picture or :data:`SMALLEST_PIXELS` pixels are left out,
        and so are all but the :data:`MOST_LESIONS` largest.
    lesions : tuple of Lesion
        In the order of the labels. Where calibrated, the ends are those of the diameters in mm, which with
        rectangular pixels may be other ones than those in pixels.
    """
    labels = connected_regions(reaching(probability, threshold, peak))
    return labels, measure_lesions(labels, probability, geometry)


def reaching(probability: np.ndarray, threshold: float, peak: float) -> np.ndarray:
    """(H, W) bool: 8-connected regions from the threshold up of which some pixel reaches the peak."""
    mask = probability >= threshold
    if peak <= threshold:
        return mask
    from scipy.ndimage import label

    regions, _ = label(mask, np.ones((3, 3)))
    return mask & np.isin(regions, np.unique(regions[probability >= peak]))


def connected_regions(mask: np.ndarray) -> np.ndarray:
    """8-connected regions of an (H, W) bool mask without the specks, largest first, as (H, W) uint8 labels."""
    import SimpleITK as sitk

    smallest = int(np.ceil(max(SMALLEST_PIXELS, SMALLEST_SHARE * mask.size)))
    regions = sitk.ConnectedComponent(sitk.GetImageFromArray(mask.astype(np.uint8)), True)
    sorted_regions = sitk.RelabelComponent(regions, minimumObjectSize=smallest, sortByObjectSize=True)
    labels = sitk.GetArrayViewFromImage(sorted_regions)
    return np.where(labels <= MOST_LESIONS, labels, 0).astype(np.uint8)


def measure_lesions(labels: np.ndarray, probability: np.ndarray, geometry: Geometry) -> tuple[Lesion, ...]:
    """Measure every label 1..n of an (H, W) uint8 label map, in the order of the labels."""
    from scipy.ndimage import find_objects

    # Labels without a pixel give None: a person may have erased a lesion since.
    boxes = enumerate(find_objects(labels), start=1)
    return tuple(_measure(label, labels[box] == label, probability[box], box, geometry)
                 for label, box in boxes if box is not None)


def _measure(label: int, mask: np.ndarray, probability: np.ndarray, box: tuple[slice, slice],
             geometry: Geometry) -> Lesion:
    """One lesion from the part of the picture around it."""
    corner = np.array([box[1].start, box[0].start], float)
    pixels = int(mask.sum())
    in_pixels = diameters(mask, (1.0, 1.0), corner)
    spacing = geometry.spacing[:2]
    in_mm = diameters(mask, spacing, corner) if geometry.calibrated else None
    drawn = in_mm or in_pixels
    return Lesion(
        label=label,
        area_pixels=pixels,
        area_mm2=pixels * spacing[0] * spacing[1] if in_mm else None,
        longest_pixels=in_pixels.longest,
        longest_mm=in_mm.longest if in_mm else None,
        perpendicular_pixels=in_pixels.perpendicular,
        perpendicular_mm=in_mm.perpendicular if in_mm else None,
        longest_ends=drawn.longest_ends,
        perpendicular_ends=drawn.perpendicular_ends,
        mean_probability=float(probability[mask].mean(dtype=float)),
    )


def diameters(mask: np.ndarray, spacing: tuple[float, float] = (1.0, 1.0),
              corner: np.ndarray | tuple[float, float] = (0.0, 0.0)) -> Diameters:
    """Longest and perpendicular diameter of the convex hull of an (H, W) bool mask with at least one pixel.

    Parameters
    ----------
    mask : numpy.ndarray
        (H, W) bool.
    spacing : tuple of float
        Size of a pixel along columns and rows; lengths come in its unit.
    corner : (2,) array-like
        (column, row) of the mask's first pixel; added to the ends, which are always in pixels.
    """
    from scipy.spatial import ConvexHull
    from scipy.spatial.distance import cdist

    points = _outline_extremes(mask) * spacing
    hull = points[ConvexHull(points).vertices]
    distances = cdist(hull, hull)
    start, end = np.unravel_index(distances.argmax(), distances.shape)
    across = _perpendicular_chord(hull, start, end)
    return Diameters(float(distances[start, end]), float(np.linalg.norm(across[1] - across[0])),
                     _ends(hull[[start, end]] / spacing + corner), _ends(across / spacing + corner))


def _outline_extremes(mask: np.ndarray) -> np.ndarray:
    """(N, 2) points (column, row) that span the iso-line's hull: both ends of every row and every column."""
    points = []
    for lines, order in ((mask, [0, 1]), (mask.T, [1, 0])):
        used = np.flatnonzero(lines.any(axis=1))
        first = lines[used].argmax(axis=1)
        last = lines.shape[1] - 1 - lines[used, ::-1].argmax(axis=1)
        along = np.concatenate([first - 0.5, last + 0.5])
        points.append(np.column_stack([along, np.tile(used, 2)])[:, order])
    return np.concatenate(points)


def _perpendicular_chord(hull: np.ndarray, start: int, end: int) -> np.ndarray:
    """(2, 2) ends of the longest chord of a convex polygon at right angles to the line between two of its corners.

    The line is the polygon's longest. The chord's length as a function of its place along it is concave and straight
    between the polygon's corners, so it is largest at one of them.
    """
    line = hull[end] - hull[start]
    axis = line / np.linalg.norm(line)
    normal = np.array([-axis[1], axis[0]])
    along, aside = (hull - hull[start]) @ axis, (hull - hull[start]) @ normal
    # Both borders begin and end on the line itself, which rounding must not take away from either.
    aside[[start, end]] = 0
    left, right = _upper_border(along, aside), -_upper_border(along, -aside)
    place = np.argmax(left - right)
    return hull[start] + along[place] * axis + np.outer([right[place], left[place]], normal)


def _upper_border(along: np.ndarray, aside: np.ndarray) -> np.ndarray:
    """Height of a convex polygon's upper border over the place of each of its corners."""
    upper = aside >= 0
    order = np.argsort(along[upper])
    return np.interp(along, along[upper][order], aside[upper][order])


def _ends(points: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    (a, b), (c, d) = points.tolist()
    return (a, b), (c, d)
