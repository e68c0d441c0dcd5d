"""Which pixels show the scan: not padding, not the black surround of an ultrasound fan or an endoscope."""

from __future__ import annotations

import numpy as np

# Sensor noise and lossy compression leave the black surround a few grey levels above 0.
DARK = 10
# Radius, in pixels, of what is too thin to be a scan.
OPENING = 2
# A scan smaller than this share of the picture is taken for a picture without a surround (a very dark one).
SMALLEST_SHARE = 0.1


def scan_mask(grey: np.ndarray) -> np.ndarray:
    """Find the scan.

    The convex hull of the largest bright component after smoothing: fans and endoscope discs are convex, and the
    hull keeps anechoic cysts and shadows that a threshold alone would lose.

    Parameters
    ----------
    grey : numpy.ndarray
        (H, W) uint8.

    Returns
    -------
    numpy.ndarray
        (H, W) bool; all True where no surround can be told from the picture.
    """
    import SimpleITK as sitk

    # Mirrored beyond its border, so that the opening does not round off the corners of a picture that is all scan.
    border = OPENING + 1
    bright = sitk.Median(sitk.GetImageFromArray(np.pad(grey, border, mode="symmetric")), [1, 1]) > DARK
    # Opening parts burnt-in letters from the scan that they touch.
    opened = sitk.GetArrayFromImage(sitk.BinaryMorphologicalOpening(bright, [OPENING, OPENING]))
    inside = sitk.GetImageFromArray(opened[border:-border, border:-border])
    largest = sitk.GetArrayFromImage(sitk.RelabelComponent(sitk.ConnectedComponent(inside))) == 1
    if largest.mean() < SMALLEST_SHARE:
        return np.ones(grey.shape, bool)
    return _convex_hull(largest)


def _convex_hull(region: np.ndarray) -> np.ndarray:
    """Pixels whose centre lies inside the convex hull of a region's pixel centres."""
    from scipy.spatial import ConvexHull, QhullError

    rows = np.flatnonzero(region.any(axis=1))
    # Only the first and the last pixel of a row can be a corner of the hull.
    first = region[rows].argmax(axis=1)
    last = region.shape[1] - 1 - region[rows, ::-1].argmax(axis=1)
    points = np.concatenate([np.stack([rows, first], 1), np.stack([rows, last], 1)]).astype(float)
    try:
        hull = ConvexHull(points)
    except QhullError:  # a line of pixels
        return region
    row, column = np.indices(region.shape).reshape(2, -1)
    inside = np.ones(row.size, bool)
    for normal_row, normal_column, offset in np.unique(hull.equations.round(9), axis=0):
        inside &= normal_row * row + normal_column * column + offset <= 1e-6
    return inside.reshape(region.shape)
