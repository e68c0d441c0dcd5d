"""Words of the command line as numbers; what is none of them is refused with a sentence."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable


def point(text: str) -> tuple[float, float]:
    """A command-line word ``COLUMN,ROW`` as two numbers."""
    try:
        column, row = map(float, text.split(","))
    except ValueError:
        column = row = math.nan
    if not (math.isfinite(column) and math.isfinite(row)):
        raise argparse.ArgumentTypeError(f"{text} is not a pixel such as 120,85")
    return column, row


def probability(text: str) -> float:
    """A command-line word as a number strictly between 0 and 1."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a probability between 0 and 1")
    return value


def positive(text: str) -> int:
    """A command-line word as a whole number of at least 1."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return number


def whole(high: int) -> Callable[[str], int]:
    """A command-line word as a whole number from 0 to ``high``."""
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= high):
            raise argparse.ArgumentTypeError(f"{text} is no whole number from 0 to {high}")
        return int(text)

    return read


# What images and augmentation are drawn from; NumPy and PyTorch take all of these.
seed = whole(2**32 - 1)
