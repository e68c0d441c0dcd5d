"""Small changes of an outline, as another reader might have drawn it; the same for the same seed.

Every variant moves the outline along its signed distance: all of it outwards or inwards by one or two steps, or each
place by another amount, a smooth random field whose standard deviation is one step. A step is 5 % of the segment's
equivalent radius and at least one pixel; two steps change the area of a disc by about a fifth.
"""

from __future__ import annotations

import math

import numpy as np

from .areas import box_of, count_parts, equivalent_radius

STEP_SHARE = 0.05
SHORTEST_STEP = 1.0
# Outwards where positive, in steps.
SHIFTS = (-2, -1, 1, 2)
JITTERS = 16
# The outline wavers over lengths of about this share of the equivalent radius.
WAVE = 1 / 3
# A jittered outline moves by no more steps than this.
FARTHEST = 2.5


def step_of(mask: np.ndarray) -> float:
    """Length of a step in pixels; of several parts, of one of average size."""
    radius = equivalent_radius(mask) / math.sqrt(max(1, count_parts(mask)))
    return max(SHORTEST_STEP, STEP_SHARE * radius)


def outline_variants(
    mask: np.ndarray, allowed: np.ndarray | None = None, jitters: int = JITTERS, seed: int = 0
) -> np.ndarray:
    """Variants of a segment.

    Parameters
    ----------
    mask : numpy.ndarray
        (H, W) bool with at least one pixel.
    allowed : numpy.ndarray, optional
        (H, W) bool, where a variant may lie; everywhere by default. The scan, as a rule.
    jitters : int
        How many are jittered.
    seed : int
        Of the random fields.

    Returns
    -------
    numpy.ndarray
        (4 + jitters, H, W) bool: two steps inwards, one inwards, one outwards, two outwards, then the jittered ones.
        A small segment may have nothing left of it inwards.
    """
    step = step_of(mask)
    box = box_of(mask, math.ceil(FARTHEST * step) + 1)
    distance = signed_distance(mask[box])
    rng = np.random.default_rng(seed)
    wave = max(1.0, WAVE * equivalent_radius(mask))
    offsets = [np.full(distance.shape, float(shift)) for shift in SHIFTS]
    offsets += [_smooth_noise(rng, distance.shape, wave).clip(-FARTHEST, FARTHEST) for _ in range(jitters)]
    variants = np.zeros((len(offsets), *mask.shape), bool)
    variants[:, *box] = distance <= step * np.array(offsets)
    return variants if allowed is None else variants & allowed


def _smooth_noise(rng: np.random.Generator, shape: tuple[int, ...], wave: float) -> np.ndarray:
    """Normal white noise after a Gaussian filter of ``wave`` pixels, of mean 0 and deviation 1; its edges match."""
    from scipy.ndimage import fourier_gaussian

    smoothed = np.fft.ifft2(fourier_gaussian(np.fft.fft2(rng.standard_normal(shape)), wave)).real
    return smoothed * 2 * math.sqrt(math.pi) * wave


def signed_distance(mask: np.ndarray) -> np.ndarray:
    """(H, W) float64 distance in pixels from the outline of a bool mask, negative inside.

    The outline runs half a pixel from the centres of the pixels at the border. Beyond the picture there is nothing,
    so a segment that reaches its edge is not pushed away from it.
    """
    from scipy.ndimage import distance_transform_edt

    if mask.all():
        return np.full(mask.shape, -np.inf)
    return np.where(mask, 0.5 - distance_transform_edt(mask), distance_transform_edt(~mask) - 0.5)
