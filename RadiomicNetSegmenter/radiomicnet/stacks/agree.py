"""From outlines slice by slice to one lesion in space: neighbours agree, islands go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..measure.lesions import SMALLEST_PIXELS, SMALLEST_SHARE

# An outline in a single slice is more likely chance than a lesion, so a part needs outlines of their own in this many.
FEWEST_SLICES = 2


@dataclass(frozen=True)
class Part:
    """One connected part of the segment.

    Attributes
    ----------
    voxels : int
    ml : float or None
        None where the volume is not calibrated.
    first, last : int
        Slices that it lies in, from 0 on.
    """

    voxels: int
    ml: float | None
    first: int
    last: int


def connected(agreed: np.ndarray, peak: np.ndarray, own: np.ndarray, voxel_ml: float | None
              ) -> tuple[np.ndarray, tuple[Part, ...], int]:
    """Keep the parts that hold in space.

    A part is kept where some voxel of it reaches the peak, where at least :data:`FEWEST_SLICES` slices (or all, of
    fewer) outlined something of it by themselves, and where its largest section is no speck in two dimensions.

    Parameters
    ----------
    agreed : numpy.ndarray
        (K, H, W) bool: probability averaged with the neighbouring slices' reaches the threshold.
    peak : numpy.ndarray
        (K, H, W) bool: it reaches what a lesion must reach somewhere.
    own : numpy.ndarray
        (K, H, W) bool: outlined in the slice alone.
    voxel_ml : float or None

    Returns
    -------
    mask : numpy.ndarray
        (K, H, W) bool.
    parts : tuple of Part
        Largest first.
    islands : int
        How many parts were left out.
    """
    from scipy.ndimage import find_objects, label

    labels, count = label(agreed, np.ones((3, 3, 3)))
    speck = max(SMALLEST_PIXELS, SMALLEST_SHARE * agreed[0].size) if len(agreed) else 0
    mask, parts = np.zeros(agreed.shape, bool), []
    for number, box in enumerate(find_objects(labels), start=1):
        part = labels[box] == number
        alone = int((part & own[box]).any(axis=(1, 2)).sum())
        section = int(part.sum(axis=(1, 2)).max())
        if not (part & peak[box]).any() or alone < min(FEWEST_SLICES, len(agreed)) or section < speck:
            continue
        mask[box] |= part
        voxels = int(part.sum())
        parts.append(Part(voxels, None if voxel_ml is None else voxels * voxel_ml, box[0].start, box[0].stop - 1))
    return mask, tuple(sorted(parts, key=lambda part: -part.voxels)), count - len(parts)
