"""Images and masks of a manifest, on the grid of the network, in memory."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from ..errors import ImageError, TrainingError
from ..images.grid import Grid, mask_to_grid, to_grid
from ..images.mask import read_mask
from ..images.read import read_image
from .config import FOLDS


@dataclass(frozen=True)
class Row:
    """One line of the manifest; paths are absolute, ``fold`` is a number, ``group`` stays together in any split."""

    dataset: str
    id: str
    image: Path
    mask: Path
    label: str
    group: str
    fold: int


@dataclass(frozen=True)
class Sample:
    """An image on its grid with its truth, (S, S) bool, and the row it came from."""

    row: Row
    grid: Grid
    truth: np.ndarray


COLUMNS = tuple(item.name for item in fields(Row))
# Columns that may be empty: a data set of one kind of image has nothing to label.
OPTIONAL = ("label",)


def read_manifest(path: Path, at_random: bool = False) -> list[Row]:
    """Read a manifest: CSV with the columns of :class:`Row` and any others, image paths relative to its folder.

    With ``at_random`` its folds are dealt out anew by :func:`split_at_random`.

    Raises
    ------
    TrainingError
        Where it cannot be read, lacks a column, a value or a file, lists an image twice, or has one group in two folds.
    """
    rows = list(_rows(path))
    if not rows:
        raise TrainingError(f"The manifest {path.name} lists no image.")
    _refuse_repetitions(rows)
    _refuse_leaks(rows)
    _refuse_missing_files(rows)
    return split_at_random(rows) if at_random else rows


def _rows(path: Path) -> Iterator[Row]:
    """Line by line; a line that is no row is refused by its number."""
    lines = csv.DictReader(io.StringIO(_text(path)), skipinitialspace=True, strict=True)
    above = 0
    try:
        found = lines.fieldnames = [name.strip() for name in lines.fieldnames or ()]
        missing = [name for name in COLUMNS if name not in found]
        if lines.line_num and missing:
            raise TrainingError(f"The manifest {path.name} lacks a column: {', '.join(missing)}. "
                                f"Its first line names {', '.join(found)[:200] or 'nothing'}.",
                                f"Wanted are {', '.join(COLUMNS)}, in small letters, with commas between them.")
        above = lines.line_num
        for line in lines:
            yield _row(line, path, above + 1)
            above = lines.line_num
    except csv.Error as error:
        raise TrainingError(f"Line {above + 1} of {path.name} cannot be read as CSV.",
                            "Check it for a quotation mark that is not closed.") from error


def _text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TrainingError(f"The manifest {path.name} cannot be read.",
                            "Give the folder that holds manifest.csv.") from error
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:  # UTF-16 is full of it
        raise TrainingError(f"The manifest {path.name} is not UTF-8 text.", "Save it as CSV with the encoding UTF-8.")
    return text


def _row(line: dict[str, str | None], path: Path, number: int) -> Row:
    where = f"Line {number} of {path.name}"
    if None in line.values() or None in line:
        raise TrainingError(f"{where} has {'more' if None in line else 'fewer'} values than there are columns.",
                            "Check it for commas and quotation marks.")
    values = {name: (line[name] or "").strip() for name in COLUMNS}
    empty = [name for name in COLUMNS if not values[name] and name not in OPTIONAL]
    if empty:
        raise TrainingError(f"{where}, {values['id'] or 'an image without id'}, is empty under {', '.join(empty)}.",
                            "Every image needs a mask, one without a lesion a black one." if empty == ["mask"] else
                            "Fill it in.")
    if values["fold"] not in map(str, range(FOLDS)):
        raise TrainingError(f"{where}, {values['id']}, gives the fold {values['fold']}.",
                            f"A fold is a whole number from 0 to {FOLDS - 1}.")
    return Row(values["dataset"], values["id"], path.parent / values["image"], path.parent / values["mask"],
               values["label"], values["group"], int(values["fold"]))


def split_at_random(rows: list[Row], seed: int = 0) -> list[Row]:
    """The same rows with the folds dealt out anew to single images, as many of each data set and label to each fold."""
    rng = np.random.default_rng(seed)
    dealt: dict[int, int] = {}
    for key in sorted({(row.dataset, row.label) for row in rows}):
        members = [index for index, row in enumerate(rows) if (row.dataset, row.label) == key]
        dealt |= dict(zip(members, rng.permutation([rows[index].fold for index in members]).tolist()))
    return [replace(row, fold=dealt[index]) for index, row in enumerate(rows)]


def load_sample(row: Row, size: int) -> Sample:
    """Read an image with its mask and put both on the grid.

    Raises
    ------
    ImageError
        Where one cannot be read, or where the mask's size is not the image's; names the row.
    """
    try:
        image = read_image(row.image)
        mask = read_mask(row.mask, image.shape)
    except ImageError as error:
        raise ImageError(f"{row.id} of {row.dataset} cannot be used: {error.problem}", error.remedy) from error
    return Sample(row, to_grid(image.rgb, size), mask_to_grid(mask, size))


def _refuse_repetitions(rows: list[Row]) -> None:
    """An image that is listed twice under two groups would be trained on and tested with."""
    ids: set[tuple[str, str]] = set()
    images: dict[Path, Row] = {}
    for row in rows:
        if (row.dataset, row.id) in ids:
            raise TrainingError(f"The manifest lists {row.id} of {row.dataset} twice.", "Keep one of its lines.")
        ids.add((row.dataset, row.id))
        first = images.setdefault(row.image, row)
        if first is not row:
            raise TrainingError(f"The manifest gives {first.id} of {first.dataset} and {row.id} of {row.dataset} the "
                                f"same image, {row.image.name}.", "List every image once.")


def _refuse_leaks(rows: list[Row]) -> None:
    folds: dict[str, int] = {}
    for row in rows:
        if folds.setdefault(row.group, row.fold) != row.fold:
            raise TrainingError(f"Group {row.group} of the manifest lies in two folds.",
                                "Keep a group's images in one fold.")


def _refuse_missing_files(rows: list[Row]) -> None:
    missing = [(row, path.name) for row in rows for path in (row.image, row.mask) if not os.path.isfile(path)]
    if missing:
        row, name = missing[0]
        raise TrainingError(f"Of the {2 * len(rows)} images and masks that the manifest names, {len(missing)} are not "
                            f"there, the first of them {name} ({row.id} of {row.dataset}).",
                            "Paths are relative to the folder of the manifest.")
