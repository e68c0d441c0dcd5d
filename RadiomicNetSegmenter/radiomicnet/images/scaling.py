"""Any intensities to 8 bit, by one rule for the command and for Slicer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..errors import ImageError

# Highest values of 10-, 12-, 14- and 16-bit devices: the scales that are known from the values alone.
FULL_RANGES = (1023, 4095, 16383, 65535)
WINDOW = (0.5, 99.5)
# Interpolation and conversion leave a hair below 0 and above 1 in float images.
SLACK = 1e-3
# Fewer whole levels than this would be left of a fractional image that is rounded as it is.
FEWEST_LEVELS = 16


def to_eight_bit(array: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Intensities of any numeric type as uint8.

    The type of the array never matters, only its values do, so that the same picture gives the same pixels whether
    it was stored as uint8, uint16 or float. No image is stretched by its minimum and maximum where a known scale
    fits: a burnt-in caliper or one hot pixel would set the contrast. The first line that fits decides:

    ==================================================  =====================================  ==================
    values                                              taken for                              8-bit value
    ==================================================  =====================================  ==================
    0 to 1                                              a mask, a probability, a float image   value x 255
    0 to 255, but fractional and all below 16           an unknown scale                       window, see below
    0 to 255                                            8 bit                                  value
    0 to 1023, 0 to 4095, 0 to 16383, 0 to 65535        10, 12, 14, 16 bit                     value x 255 / range
    negative, or above 65535                            an unknown scale                       window, see below
    ==================================================  =====================================  ==================

    Values are rounded to the nearest whole number, halves to even. 0 to 1 holds for whole numbers too: an image of
    nothing but 0 and 1 is a two-level image, not a very dark one. Up to 0.1 % below 0 (of the highest value) and
    above 1 is clipped, as interpolation leaves it. The window maps the 0.5th percentile to 0 and the 99.5th to 255
    (the lowest and the highest value where these two are equal); it is a guess, and a warning says so.

    Parameters
    ----------
    array : numpy.ndarray
        Any shape, not empty; bool, integer or float; finite.

    Returns
    -------
    numpy.ndarray
        uint8, same shape; the very same array where it was uint8 and is taken as it is.
    tuple of str
        Sentences for the user; empty unless the scale was guessed.

    Raises
    ------
    ImageError
        For NaN, infinities, complex numbers and anything that is not a number.
    """
    scale, notes = scale_of(array)
    return scale(array), notes


def scale_of(array: np.ndarray) -> tuple[Callable[[np.ndarray], np.ndarray], tuple[str, ...]]:
    """The line of the table of :func:`to_eight_bit` that fits an array, to be laid on others too.

    For the frames of a clip and the slices of a volume, which share one scale: no frame is brighter for what another
    one shows.

    Returns
    -------
    callable
        From numbers like those of the array to uint8 of the same shape.
    tuple of str
        Sentences for the user; empty unless the scale was guessed.

    Raises
    ------
    ImageError
        As :func:`to_eight_bit`.
    """
    check_numbers(array)
    low, high = float(array.min()), float(array.max())
    if array.dtype == np.uint8 and high > 1:
        return _as_it_is, ()
    if low < -SLACK * high or high > FULL_RANGES[-1]:
        return _window(array)
    if high <= 1 + SLACK:
        return _times(255), ()
    if high > 255:
        return _times(255 / next(limit for limit in FULL_RANGES if high <= limit)), ()
    if high < FEWEST_LEVELS and np.any(array != np.rint(array)):
        return _window(array)
    return _times(1), ()


def check_numbers(array: np.ndarray) -> None:
    """Refuse an array that has no defined intensities.

    Raises
    ------
    ImageError
        Where the type is not bool, integer or float, where nothing is in it, or where a value is NaN or infinite.
    """
    if array.dtype.kind not in "buif":
        raise ImageError(f"The image's pixels are of a type without grey levels ({array.dtype}).",
                         "Convert it to whole or floating-point numbers, for example to 8-bit PNG.")
    if array.size == 0:
        raise ImageError("The image has no pixels.", "Choose another image.")
    with np.errstate(over="ignore"):
        finite = array.dtype.kind != "f" or bool(np.isfinite(array.astype(np.float64, copy=False)).all())
    if not finite:
        raise ImageError("The image holds values that are not numbers (NaN) or infinite.",
                         "Replace them, for example by the value of the surroundings, and try again.")


def _as_it_is(array: np.ndarray) -> np.ndarray:
    return array


def _times(factor: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda array: _rounded(array.astype(np.float64) * factor)


def _window(array: np.ndarray) -> tuple[Callable[[np.ndarray], np.ndarray], tuple[str, ...]]:
    """Percentile window; halved first, because the width of a window over all of float64 is no float64."""
    values = array.astype(np.float64)
    half = values / 2
    low, high = np.percentile(half, WINDOW)
    if high <= low:
        low, high = half.min(), half.max()
    width = high - low

    def scale(others: np.ndarray) -> np.ndarray:
        halves = others.astype(np.float64) / 2
        return _rounded(255 * ((halves - low) / width if width > 0 else np.zeros_like(halves)))

    warning = (f"The intensity scale of the image is not known (values from {values.min():.6g} to "
               f"{values.max():.6g}); its {WINDOW[0]}th to {WINDOW[1]}th percentiles were shown as black to white.")
    return scale, (warning,)


def _rounded(values: np.ndarray) -> np.ndarray:
    return np.rint(values).clip(0, 255).astype(np.uint8)
