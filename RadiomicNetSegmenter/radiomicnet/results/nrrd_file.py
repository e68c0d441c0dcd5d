"""NRRD files with exact geometry.

Written with pynrrd and not with SimpleITK, whose NRRD writer reports no error when a full disk swallows a small file.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np

from ..images.image import Geometry

# Maps hardly compress; more effort costs seconds and wins little.
COMPRESSION = 1


def ijk_to_lps(geometry: Geometry) -> np.ndarray:
    """(4, 4) matrix from (column, row, slice) to LPS millimetres."""
    matrix = np.eye(4)
    matrix[:3, :3] = np.reshape(geometry.direction, (3, 3)) * geometry.spacing
    matrix[:3, 3] = geometry.origin
    return matrix


def write_image(path: Path, values: np.ndarray, geometry: Geometry, keys: dict[str, str]) -> None:
    """Write an (H, W) array as a one-slice image, with key/value pairs for its provenance.

    Raises
    ------
    OSError
        Where the file cannot be written in full.
    """
    import nrrd

    matrix = ijk_to_lps(geometry)
    header = {
        "space": "left-posterior-superior",
        "kinds": ["domain", "domain", "domain"],
        "space directions": matrix[:3, :3].T,
        "space origin": matrix[:3, 3],
        "encoding": "gzip",
        **{key: plain(value) for key, value in keys.items()},
    }
    nrrd.write(str(path), values.T[..., None], header, compression_level=COMPRESSION)
    drop_comments(path)


def drop_comments(path: Path) -> None:
    """Take pynrrd's comments out of a file's header: one holds the time, and the same result shall be the same bytes.

    Raises
    ------
    OSError
        Where the file cannot be written in full.
    """
    header, data = path.read_bytes().split(b"\n\n", 1)
    lines = [line for line in header.split(b"\n") if not line.startswith(b"#")]
    path.write_bytes(b"\n".join(lines) + b"\n\n" + data)


def plain(text: str) -> str:
    """Text that a NRRD header can hold: ASCII without line breaks and without ``|``, which separates Slicer's tags."""
    letters = unicodedata.normalize("NFKD", " ".join(text.split())).encode("ascii", "ignore").decode("ascii")
    return letters.replace("|", "/")
