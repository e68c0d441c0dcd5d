"""Images and masks of a manifest, on the grid of the network, in memory."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import TrainingError
from ..images.grid import Grid, mask_to_grid, to_grid
from ..images.mask import read_mask
from ..images.read import read_image


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


def read_manifest(path: Path, at_random: bool = False) -> list[Row]:
    """Read a manifest; image paths are relative to its folder.

    With ``at_random`` its folds are dealt out anew by :func:`split_at_random`.

    Raises
    ------
    TrainingError
        Where it cannot be read, lacks a column, or has one group in two folds.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [
                Row(line["dataset"], line["id"], path.parent / line["image"], path.parent / line["mask"], line["label"],
                    line["group"], int(line["fold"]))
                for line in csv.DictReader(file)
            ]
    except OSError as error:
        raise TrainingError(f"The manifest {path.name} cannot be read.",
                            "Give the folder that holds manifest.csv.") from error
    except (KeyError, ValueError) as error:
        raise TrainingError(f"The manifest {path.name} lacks a column or a value: {error}.") from error
    if not rows:
        raise TrainingError(f"The manifest {path.name} lists no image.")
    _refuse_leaks(rows)
    return split_at_random(rows) if at_random else rows


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
        Where one cannot be read, or where the mask's size is not the image's.
    """
    image = read_image(row.image)
    mask = read_mask(row.mask, image.shape)
    return Sample(row, to_grid(image.rgb, size), mask_to_grid(mask, size))


def _refuse_leaks(rows: list[Row]) -> None:
    folds: dict[str, int] = {}
    for row in rows:
        if folds.setdefault(row.group, row.fold) != row.fold:
            raise TrainingError(f"Group {row.group} of the manifest lies in two folds.",
                                "Keep a group's images in one fold.")
