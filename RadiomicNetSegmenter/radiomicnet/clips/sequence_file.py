"""NAME.seq.nrrd: frames as a sequence that 3D Slicer's Sequences module loads and plays.

Written frame by frame, so that memory does not grow with the clip; pynrrd takes whole arrays only.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import numpy as np

from ..images.image import Geometry
from ..results.nrrd_file import COMPRESSION, ijk_to_lps, plain
from .clip import Axis

LABELS, GREY, COLOUR = "vtkMRMLLabelMapVolumeNode", "vtkMRMLScalarVolumeNode", "vtkMRMLVectorVolumeNode"


def write_sequence(path: Path, frames: Iterable[np.ndarray], shape: tuple[int, ...], axis: Axis, geometry: Geometry,
                   node: str, keys: dict[str, str]) -> None:
    """Write a sequence of one-slice volumes.

    Parameters
    ----------
    path : pathlib.Path
    frames : iterable of numpy.ndarray
        As many as the axis has values, of this shape, uint8.
    shape : tuple of int
        (H, W) or (H, W, 3).
    axis : Axis
    geometry : Geometry
    node : str
        The class of the MRML nodes that the frames become.
    keys : dict of str to str
        Key/value pairs for the provenance.

    Raises
    ------
    OSError
        Where the file cannot be written in full.
    """
    header = _header(shape, axis, geometry, {"DataNodeClassName": node, **keys})
    with path.open("wb") as file:
        file.write(header.encode("ascii") + b"\n")
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=COMPRESSION, mtime=0) as packed:
            for frame in frames:
                if frame.shape != shape or frame.dtype != np.uint8:
                    raise ValueError(f"a frame of {frame.shape} {frame.dtype} in a sequence of {shape} uint8")
                packed.write(np.ascontiguousarray(frame).tobytes())


def _header(shape: tuple[int, ...], axis: Axis, geometry: Geometry, keys: dict[str, str]) -> str:
    matrix = ijk_to_lps(geometry)
    colour = len(shape) == 3
    vectors = [f"({','.join(repr(value + 0.0) for value in column)})" for column in matrix[:3, :3].T.tolist()]
    sizes = [*([shape[2]] if colour else []), shape[1], shape[0], 1, len(axis.values)]
    kinds = [*(["RGB-color"] if colour else []), "domain", "domain", "domain", "list"]
    labels = [*([""] if colour else []), "", "", "", axis.name]
    units = [*([""] if colour else []), "", "", "", axis.unit]
    origin = ",".join(repr(value + 0.0) for value in matrix[:3, 3].tolist())
    pairs = {**keys, "axis 3 index type": "numeric", "axis 3 index values": " ".join(map(quote, axis.values))}
    return "\n".join([
        "NRRD0005", "type: uint8", f"dimension: {len(sizes)}", "space: left-posterior-superior",
        f"sizes: {' '.join(map(str, sizes))}",
        f"space directions: {' '.join([*(['none'] if colour else []), *vectors, 'none'])}",
        f"kinds: {' '.join(kinds)}", f"labels: {_quoted(labels)}", f"units: {_quoted(units)}", "encoding: gzip",
        f"space origin: ({origin})", *(f"{key}:={plain(value)}" for key, value in pairs.items())]) + "\n"


def _quoted(words: list[str]) -> str:
    return " ".join(f'"{plain(word)}"' for word in words)
