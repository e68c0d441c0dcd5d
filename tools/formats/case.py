"""One file to be tried."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Case:
    """A file of some format.

    Attributes
    ----------
    format : str
        In words: the format, its colours, its bits, its encoding.
    path : pathlib.Path
    pixels : numpy.ndarray or None
        (H, W) or (H, W, 3) uint8 that have to come out where the file was made here, without loss; else None.
    """

    format: str
    path: Path
    pixels: np.ndarray | None = None
