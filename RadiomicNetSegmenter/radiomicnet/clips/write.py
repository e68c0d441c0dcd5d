"""All files of a clip's result in a folder: every one of them, or none."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from .. import __version__
from ..images.image import Image
from ..results.dicom_seg import write_dicom_seg_of_clip
from ..results.words import NOTICE
from ..results.write import Writer, with_lists, write_files
from .clip import Axis
from .page import write_page
from .place import free_stem
from .run import ClipResult
from .sequence_file import COLOUR, GREY, LABELS, write_sequence
from .table import write_record, write_table

OUTLINES, IMAGES, TABLE, RECORD, PAGE = ("-outlines.seq.nrrd", "-images.seq.nrrd", "-frames.csv", "-frames.json",
                                         "-clip.html")


def write_clip(result: ClipResult, folder: Path, images: bool = True, more: dict[str, Writer] | None = None
               ) -> tuple[Path, ...]:
    """Write a clip's outlines and images as sequences, its table, its record and its page.

    Parameters
    ----------
    result : ClipResult
        With at least one frame.
    folder : pathlib.Path
        Made where it does not exist. An earlier result of the same clip there is replaced, that of another is not.
    images : bool
        Whether the frames' pictures are written beside the outlines, so that both play in step in 3D Slicer.
    more : dict of str to callable(path), optional
        What writes further files of each ending.

    Returns
    -------
    tuple of Path
        The files, sorted by name.

    Raises
    ------
    OutputError
        Where anything cannot be written; what was begun has been taken away again.
    """
    stem = free_stem(result.clip, folder, RECORD)
    made: dict[str, Writer] = {TABLE: partial(write_table, result), **(more or {})}
    if segmented(result):
        made[OUTLINES] = partial(write_outlines, result)
        if images:
            made[IMAGES] = partial(write_images, result)
    lists = {RECORD: partial(write_record, result), PAGE: partial(write_page, result)}
    return write_files(with_lists(made, stem, lists), folder, stem)


def segmented(result: ClipResult) -> bool:
    """Whether any frame could be."""
    return any(not frame.reason for frame in result.frames)


def write_outlines(result: ClipResult, path: Path) -> None:
    """Label maps of all frames that were done; one that could not be segmented is empty."""
    shape = next(frame.shape for frame in result.frames if not frame.reason)
    empty = np.zeros(shape, np.uint8)
    labels = (empty if frame.reason else frame.labels for frame in result.frames)
    card = result.card
    write_sequence(path, labels, shape, _axis(result), result.clip.geometry, LABELS, {
        "RadiomicNet.Model": card.name, "RadiomicNet.ModelVersion": card.version,
        "RadiomicNet.WeightsSHA256": card.weights_sha256, "RadiomicNet.Version": __version__,
        "RadiomicNet.SmoothingFrames": str(result.smoothing), "RadiomicNet.Notice": NOTICE})


def write_dicom_seg(result: ClipResult, path: Path, source: Path) -> None:
    """A DICOM Segmentation of all frames that could be segmented, which refers to them in the source."""
    labels = {frame.index + 1: frame.labels for frame in result.frames if not frame.reason}
    threshold = result.card.threshold if result.threshold is None else result.threshold
    write_dicom_seg_of_clip(labels, result.card, threshold, path, source)


def write_images(result: ClipResult, path: Path) -> None:
    """The frames that were done as the network saw them; one that cannot be read is black."""
    first = next(frame for frame in result.frames if not frame.reason)
    image = next(result.clip.frames([first.index]))
    assert isinstance(image, Image)
    shape = image.pixels.shape
    write_sequence(path, _pixels(result, shape), shape, _axis(result), result.clip.geometry,
                   GREY if len(shape) == 2 else COLOUR, {"RadiomicNet.Version": __version__})


def _pixels(result: ClipResult, shape: tuple[int, ...]) -> Iterator[np.ndarray]:
    for image in result.clip.frames([frame.index for frame in result.frames]):
        there = isinstance(image, Image) and image.pixels.shape == shape
        yield image.pixels if there and isinstance(image, Image) else np.zeros(shape, np.uint8)


def _axis(result: ClipResult) -> Axis:
    """The places of the frames that were done."""
    axis = result.clip.axis
    return Axis(axis.name, axis.unit, tuple(frame.place for frame in result.frames))
