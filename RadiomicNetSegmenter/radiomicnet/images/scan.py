"""Which pixels show the scan: not padding, not the black surround of a fan or an endoscope, not a burnt-in box.

A surround and a box end with a step. An acoustic shadow, a cyst and tissue too deep to echo fade out, so what is dark
without a step stays in: a lesion that is left out harms more than a shadow that is let in.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

# The scan is looked for at about this many pixels: the outline is no finer than that, whatever the picture's size.
WORKING_SIZE = 256
# Sensor noise and lossy compression leave the black surround a few grey levels above its own level.
DARK = 8
# What lies beyond a step is at least this much brighter than the surround ...
STEP = 16
# ... along this share of the edge, looked at in a band of 2 and 3 pixels from it.
STEP_SHARE = 0.5
# Dark specks narrower than this, in pixels, are grain of dark tissue; the surround has no bright grain.
GRAIN = 5
# A surround brighter than this is taken for tissue.
BRIGHTEST_SURROUND = 64
# Bright parts smaller than this share of the largest are letters, rulers or logos beside the scan.
SMALLEST_PART = 0.1
# A scan smaller than this share of the picture is taken for a picture without a surround (a very dark one).
SMALLEST_SCAN = 0.1
# A surround or a black box smaller than this share of the picture is not worth the doubt.
SMALLEST_SURROUND = 0.002
# A plain box: a share of the picture in this range, of a colour in this range (a dark one could be the shadow of a scan
# with a raised black level, a brighter one a glare), this share of it flat, this share of it within PLAIN of its level.
PLAIN_AREA = (0.01, 0.25)
PLAIN_LEVELS = (64, 240)
PLAIN_FILL = 0.6
PLAIN_SHARE = 0.85
PLAIN = 4
FLAT = 2


def scan_mask(grey: np.ndarray) -> np.ndarray:
    """Find the scan.

    Begin with the convex hull of the large bright parts: fans and endoscope discs are convex, and the hull keeps
    anechoic cysts and shadows that a threshold alone would lose. Then ask of every black area outside the hull, and of
    every black rectangle in a corner of the picture, whether it ends with a step; only what does is left out. At last
    leave out plain boxes at the edge of the scan (the position picture of an endoscope).

    Parameters
    ----------
    grey : numpy.ndarray
        (H, W) uint8.

    Returns
    -------
    numpy.ndarray
        (H, W) bool; all True where no surround can be told from the picture.
    """
    small, factor = _shrink(grey)
    level = _surround_level(small)
    dark = _without_grain(small) <= level + DARK
    bright = _large_parts(~dark)
    if bright.mean() < SMALLEST_SCAN:
        return np.ones(grey.shape, bool)
    hull = _convex_hull(bright)
    beyond_step = small > level + STEP

    boxes = np.zeros(small.shape, bool)
    for corner in _corner_rectangles(dark):
        if (corner & hull).mean() >= SMALLEST_SURROUND and _ends_with_a_step(corner, hull, beyond_step):
            boxes |= corner
    outside = boxes.copy()
    scan = hull & ~boxes
    for part in _parts(~hull):
        if _ends_with_a_step(part, scan, beyond_step):
            outside |= part
    outside |= _plain_boxes(small, outside)
    rows, columns = grey.shape
    return ~outside.repeat(factor, axis=0).repeat(factor, axis=1)[:rows, :columns]


def _shrink(grey: np.ndarray) -> tuple[np.ndarray, int]:
    """Means of blocks, uint8, and the length of a block's side."""
    factor = max(1, max(grey.shape) // WORKING_SIZE)
    if factor == 1:
        return grey, 1
    padded = np.pad(grey, [(0, -length % factor) for length in grey.shape], mode="edge")
    # Summed plane by plane, which is many times faster than a mean over short axes.
    total = sum(padded[row::factor, column::factor].astype(np.uint32)
                for row in range(factor) for column in range(factor))
    return ((total + factor**2 // 2) // factor**2).astype(np.uint8), factor


def _surround_level(grey: np.ndarray) -> int:
    """The grey level that three corners of the picture have in common, or black."""
    corners = [np.median(grey[rows, columns]) for rows in (slice(GRAIN), slice(-GRAIN, None))
               for columns in (slice(GRAIN), slice(-GRAIN, None))]
    level = np.median(corners)
    alike = np.abs(np.array(corners) - level) <= PLAIN
    return int(level) if level <= BRIGHTEST_SURROUND and alike.sum() >= 3 else 0


def _without_grain(grey: np.ndarray) -> np.ndarray:
    """Grey closing: the speckle of a shadow makes it bright. Beyond the picture it is black."""
    closed = _moving(np.minimum, _moving(np.maximum, np.pad(grey, GRAIN), GRAIN // 2), GRAIN // 2)
    return closed[GRAIN:-GRAIN, GRAIN:-GRAIN]


def _large_parts(bright: np.ndarray) -> np.ndarray:
    """Without the connected parts that are small beside the largest; a cyst may split a scan into large ones."""
    from scipy.ndimage import label

    labels, _ = label(bright)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return (sizes > SMALLEST_PART * sizes.max())[labels]


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
    except (QhullError, ValueError):  # a line of pixels, or a single one
        return region
    # A row meets a convex region in one interval, from the last of its left sides to the first of its right sides.
    row, column = np.ogrid[:region.shape[0], :region.shape[1]]
    left, right = np.full(row.shape, -np.inf), np.full(row.shape, np.inf)
    for normal_row, normal_column, offset in hull.equations:
        slack = 1e-6 - normal_row * row - offset
        if normal_column > 1e-9:
            right = np.minimum(right, slack / normal_column)
        elif normal_column < -1e-9:
            left = np.maximum(left, slack / normal_column)
        else:
            right = np.where(slack < 0, -np.inf, right)
    return (column >= left) & (column <= right)


def _corner_rectangles(dark: np.ndarray) -> Iterator[np.ndarray]:
    """For each corner of the picture the pixels that span, together with that corner, a rectangle all dark."""
    for down in (1, -1):
        for across in (1, -1):
            turned = dark[::down, ::across]
            if turned[0, 0]:
                yield np.minimum.accumulate(np.minimum.accumulate(turned, 0), 1)[::down, ::across]


def _parts(region: np.ndarray) -> Iterator[np.ndarray]:
    """The connected parts that are not too small to matter."""
    from scipy.ndimage import label

    labels, _ = label(region)
    sizes = np.bincount(labels.ravel())
    for number in range(1, sizes.size):
        if sizes[number] >= SMALLEST_SURROUND * region.size:
            yield labels == number


def _ends_with_a_step(part: np.ndarray, scan: np.ndarray, beyond_step: np.ndarray) -> bool:
    """Whether the scan is bright right beside a dark part. True too where the two do not meet."""
    # Only round the part: this is where the time would go.
    rows, columns = (np.flatnonzero(part.any(axis=axis)) for axis in (1, 0))
    near = np.s_[max(0, rows[0] - 3):rows[-1] + 4, max(0, columns[0] - 3):columns[-1] + 4]
    band = _dilated(part[near], 3) & ~_dilated(part[near], 1) & scan[near]
    return not band.any() or bool(beyond_step[near][band].mean() >= STEP_SHARE)


def _moving(extreme: np.ufunc, array: np.ndarray, radius: int) -> np.ndarray:
    """Moving minimum or maximum over a square. Whole shifted arrays at a time, ten times faster than scipy's."""
    for axis in (0, 1):
        length = array.shape[axis]
        width = [(0, 0), (0, 0)]
        width[axis] = (radius, radius)
        padded = np.pad(array, width, mode="edge")
        windows = [padded[shift:shift + length] if axis == 0 else padded[:, shift:shift + length]
                   for shift in range(2 * radius + 1)]
        array = windows[0].copy()
        for window in windows[1:]:
            extreme(array, window, out=array)
    return array


def _dilated(region: np.ndarray, radius: int) -> np.ndarray:
    """By a square of 2 ``radius`` + 1 pixels."""
    return _moving(np.maximum, region, radius)


def _plain_boxes(grey: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """Rectangles of one grey level, thin drawings and letters in them allowed, at the edge of the scan."""
    from scipy.ndimage import find_objects, label

    boxes = np.zeros(grey.shape, bool)
    between = (grey > PLAIN_LEVELS[0]) & (grey < PLAIN_LEVELS[1])
    flat = (_moving(np.maximum, grey, 1) - _moving(np.minimum, grey, 1) <= FLAT) & between
    if flat.mean() < PLAIN_AREA[0]:  # as nearly always
        return boxes
    labels, _ = label(flat)
    sizes = np.bincount(labels.ravel())
    near_outside = _dilated(np.pad(outside, 1, constant_values=True), GRAIN)[1:-1, 1:-1]
    for number, box in enumerate(find_objects(labels), start=1):
        if not PLAIN_AREA[0] <= sizes[number] / grey.size <= PLAIN_AREA[1] or not near_outside[box].any():
            continue
        inside = grey[box].astype(int)
        plain = np.abs(inside - np.median(inside)) <= PLAIN
        if sizes[number] / inside.size >= PLAIN_FILL and plain.mean() >= PLAIN_SHARE:
            boxes[box] = True
    # A box's own border is not flat.
    return _dilated(boxes, 1)
