"""Clips whose frames are the files of a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import ImageError
from ..images.dicom import read_header
from ..images.image import Image
from ..images.kinds import DICOM, kind_of
from ..images.read import read_image
from .clip import Axis, Clip, Pixels

LEFT_OUT = "Files of the folder that are no images were left out: {count}."


def open_folder(folder: Path) -> Clip:
    """A clip of a folder's image files, in the order of their names with numbers counted as numbers.

    DICOM files come in the order of their instance numbers. Folders in the folder and hidden files are left aside.

    Raises
    ------
    ImageError
        Where it holds no image that can be read.
    """
    files = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
    frames, others = [], 0
    for path in files:
        try:
            frames.append((_order(path), path))
        except ImageError:
            others += 1
    paths = [path for _, path in sorted(frames)]
    first = _first(paths, folder)

    def read(indices: Sequence[int]) -> Iterator[Pixels]:
        for index in indices:
            try:
                yield read_image(paths[index]).pixels
            except ImageError as error:
                yield error

    warnings = first.warnings + ((LEFT_OUT.format(count=others),) if others else ())
    return Clip(folder.resolve().name or "clip", Axis.of_frames(len(paths)), read, first.geometry, first.modality,
                warnings, first.region, folder.resolve().name)


def natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts "frame 9" before "frame 10"."""
    return [(int(part), "") if part.isdigit() else (-1, part.casefold())
            for part in re.split(r"(\d+)", name) if part]


def _order(path: Path) -> tuple[int, list[tuple[int, str]]]:
    """Instance number and name; raises ImageError for what is no image."""
    if kind_of(path) is not DICOM:
        return 0, natural(path.name)
    header, _ = read_header(path)
    try:
        return int(header.get("InstanceNumber") or 0), natural(path.name)
    except (TypeError, ValueError):
        return 0, natural(path.name)


def _first(paths: list[Path], folder: Path) -> Image:
    """The first file that can be read; it speaks for all of them."""
    reason = ImageError(f"The folder {folder.name} holds no image.", "Give a folder of frames.")
    for path in paths:
        try:
            return read_image(path)
        except ImageError as error:
            reason = error
    raise reason
