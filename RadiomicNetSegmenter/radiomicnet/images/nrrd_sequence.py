"""NRRD files of 3D Slicer's sequences, whose axis of time ITK takes for the components of a pixel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ImageError
from .frames import SEVERAL_VOLUMES
from .image import Geometry
from .kinds import NRRD, damaged

LONGEST_HEADER = 1 << 20  # bytes; one line holds the index values of every frame
COLOURS = ("RGB-color", "RGBA-color", "vector", "3-color", "4-color", "3-vector", "4-vector", "2-vector")
TO_LPS = {"left-posterior-superior": (1, 1, 1), "lps": (1, 1, 1), "right-anterior-superior": (-1, -1, 1),
          "ras": (-1, -1, 1), "left-anterior-superior": (1, -1, 1), "las": (1, -1, 1)}


@dataclass(frozen=True)
class Sequence:
    """Frames of one size, one after another in time.

    Attributes
    ----------
    array : numpy.ndarray
        (T, H, W) or (T, H, W, C), any numeric type.
    geometry : Geometry
        Of every frame.
    index_name, index_unit : str
        What the frames are counted by: "time" in "s", or "frame".
    index_values : tuple of str
        One per frame; empty where the file has none.
    """

    array: np.ndarray
    geometry: Geometry
    index_name: str = "frame"
    index_unit: str = ""
    index_values: tuple[str, ...] = ()


def is_sequence(path: Path) -> bool:
    """Whether the header of a NRRD file has an axis of the kind "list", or of time."""
    with path.open("rb") as file:
        header = file.read(LONGEST_HEADER).partition(b"\n\n")[0]
    kinds = next((line for line in header.splitlines() if line.startswith(b"kinds:")), b"")
    return bool({b"list", b"time"} & set(kinds.split()[1:]))


def read_sequence(path: Path) -> Sequence:
    """Read every frame.

    Raises
    ------
    ImageError
        Where the file is damaged, a sequence of volumes, or its axes are of kinds that are no sequence of images.
    """
    import nrrd

    try:
        array, header = nrrd.read(str(path), index_order="F")
        kinds = list(header["kinds"])
    except Exception as error:  # a damaged file can break anything in the parser
        raise damaged(path, NRRD) from error
    times = [axis for axis, kind in enumerate(kinds) if kind in ("list", "time")]
    space = [axis for axis, kind in enumerate(kinds) if kind in ("domain", "space")]
    colours = [axis for axis, kind in enumerate(kinds) if kind in COLOURS]
    if len(times) != 1 or len(space) not in (2, 3) or len(times + space + colours) != array.ndim or len(colours) > 1:
        raise ImageError(f"{path.name} holds no sequence of images (its axes are {', '.join(kinds)}).",
                         "Load it in 3D Slicer, and save it again as a volume sequence.")
    if len(space) == 3 and array.shape[space[2]] != 1:
        raise ImageError(f"{path.name} is a sequence of volumes of {array.shape[space[2]]} slices.", SEVERAL_VOLUMES)
    frames = array.transpose(times + space[2:] + [space[1], space[0]] + colours)
    frames = frames[:, 0] if len(space) == 3 else frames
    label = _of_axis(header.get("labels"), times[0]) or "frame"
    unit = _of_axis(header.get("units"), times[0])
    values = str(header.get("axis 3 index values") or header.get("axis 0 index values") or "").split()
    return Sequence(np.ascontiguousarray(frames), _geometry(header, space), label, unit,
                    tuple(values) if len(values) == len(frames) else ())


def _of_axis(values: Any, axis: int) -> str:
    """A header's field of one word per axis."""
    return str(values[axis]) if values is not None and len(values) > axis else ""


def _geometry(header: Any, axes: list[int]) -> Geometry:
    if "space directions" not in header:
        return Geometry()
    turn = np.array(TO_LPS.get(str(header.get("space", "")).lower(), (1, 1, 1)), float)
    matrix = np.array([header["space directions"][axis] for axis in axes], float) * turn
    if matrix.shape != (3, 3) or not np.isfinite(matrix).all():
        return Geometry()
    spacing = np.linalg.norm(matrix, axis=1)
    direction = (matrix / spacing[:, None]).T
    i, j, k = spacing.tolist()
    x, y, z = (np.asarray(header.get("space origin", (0, 0, 0)), float) * turn + 0.0).tolist()
    return Geometry((i, j, k), (x, y, z), tuple(direction.ravel().tolist()), bool(np.any(spacing[:2] != 1)))
