"""Which images a cohort is made of: those of a folder tree, DICOM or not, or those that a CSV file lists."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from ..errors import CohortError, ImageError
from ..images.kinds import KINDS, kind_of
from ..results import names

SUFFIXES = tuple(suffix for kind in KINDS for suffix in kind.suffixes)
PATH_COLUMNS = ("path", "image", "file", "filename")
OWN_COLUMNS = ("id", "batch", "model", "frame")
DICOM_INDEX = "DICOMDIR"


@dataclass(frozen=True)
class Item:
    """One image of a cohort.

    Attributes
    ----------
    path : str
        Relative to the source, with ``/``; as a CSV file has it. With the frame it names the row.
    file : pathlib.Path
        Where it is.
    frame : int or None
        Frame, slice or page, from 1 on.
    id, batch, model : str
        What a CSV file says of it; empty where it does not.
    given : tuple of str
        Cells of the CSV file's other columns, in the order of :attr:`Source.given`.
    """

    path: str
    file: Path
    frame: int | None = None
    id: str = ""
    batch: str = ""
    model: str = ""
    given: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """32 hexadecimal digits of path and frame: a name that no other image of the cohort has."""
        return hashlib.sha256(f"{self.path}\n{self.frame}".encode("utf-8", "surrogateescape")).hexdigest()[:32]


@dataclass(frozen=True)
class Source:
    """The images in the order of the table, the names of a CSV file's other columns, and how many files are none."""

    items: tuple[Item, ...]
    given: tuple[str, ...] = ()
    left_out: int = 0


def read_source(place: Path, skip: tuple[str, ...] = ()) -> Source:
    """List the images of a folder (with all folders in it), or of a CSV file.

    In a folder, an image is what is named like one or holds one; hidden files, results that lie beside their
    images and a DICOMDIR are none. A CSV file has a column ``path`` (or ``image``, ``file``, ``filename``) of paths
    relative to its own folder, and may have ``id``, ``batch``, ``model`` and ``frame``; all others are carried over.

    Parameters
    ----------
    place : pathlib.Path
    skip : tuple of str
        Patterns of relative paths to leave out, as in a shell; ``*`` takes ``/`` too.

    Raises
    ------
    CohortError
        Where there is no such place, no image in it, or where the CSV file cannot be understood.
    """
    if place.name.upper() == DICOM_INDEX and place.is_file():
        place = place.parent
    if place.is_dir():
        source = _of_folder(place)
    elif place.is_file():
        source = _of_csv(place)
    else:
        raise CohortError(f"There is no folder or CSV file {place.name or place}.", "Check the name.")
    items = tuple(item for item in source.items if not any(fnmatch(item.path, pattern) for pattern in skip))
    if not items:
        left = "" if not skip or not source.items else " that --skip leaves"
        raise CohortError(f"{place.name or place} holds no image{left}.", "Choose another folder or CSV file.")
    return Source(items, source.given, source.left_out)


def segmentation_places(items: tuple[Item, ...]) -> list[str]:
    """Where each image's segmentation goes, relative to the results: a tree like the source's.

    The image's ending stays in the name, so that ``a.png`` and ``a.jpg`` keep one each. Where a name has to change for
    the file system's sake, or two differ in case only, digits that follow from the path are added.
    """
    taken: set[str] = set()
    places = []
    for item in items:
        raw = PurePosixPath(item.path.replace("\\", "/"))
        parts = [part for part in raw.parts if part != "/"]
        safe = [names.file_stem(part) for part in parts]
        frame = f"-frame-{item.frame}" if item.frame is not None else ""
        place = "/".join(safe) + frame
        if safe != list(raw.parts) or place.casefold() in taken:
            place = f"{place}-{item.digest[:8]}"
        taken.add(place.casefold())
        places.append(f"segmentations/{place}{names.SEGMENTATION}")
    return places


def _of_folder(folder: Path) -> Source:
    files = list(_files(folder))
    items = tuple(Item(path.relative_to(folder).as_posix(), path) for path in files if _is_image(path))
    return Source(items, left_out=len(files) - len(items))


def _files(folder: Path) -> Iterator[Path]:
    """Every file that is not hidden and no result of ours, folder by folder in the order of their names."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = Path(place)
        ours: set[Path] = set()
        for name in files:
            if name.endswith(names.SEGMENTATION):
                ours.update(names.files_of(here, name.removesuffix(names.SEGMENTATION)))
        for name in sorted(files):
            if not name.startswith(".") and name.upper() != DICOM_INDEX and here / name not in ours:
                yield here / name


def _is_image(path: Path) -> bool:
    """Whether a file is named like an image, so that a broken one is told of, or holds one under any name."""
    if path.name.lower().endswith(SUFFIXES):
        return True
    try:
        kind_of(path)
    except ImageError:
        return False
    return True


def _of_csv(path: Path) -> Source:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, delimiter=max(",;\t", key=header.count), strict=True)
            columns = [name.strip() for name in reader.fieldnames or ()]
            reader.fieldnames = columns
            where = next((name for name in PATH_COLUMNS if name in columns), None)
            if where is None:
                raise CohortError(f"{path.name} has no column of paths; it has {', '.join(columns) or 'no column'}.",
                                  f"Name the column of paths one of: {', '.join(PATH_COLUMNS)}.")
            if len(set(columns)) < len(columns):
                raise CohortError(f"{path.name} has two columns of one name.", "Give each column a name of its own.")
            given = tuple(name for name in columns if name and name != where and name not in OWN_COLUMNS)
            items = tuple(_item(row, where, given, path, reader.line_num) for row in reader if any(row.values()))
    except (UnicodeDecodeError, csv.Error) as error:
        raise CohortError(f"{path.name} cannot be read as a CSV file in UTF-8 ({error}).",
                          "Give a folder, or a CSV file with a column of paths, saved as CSV UTF-8.") from error
    except OSError as error:
        raise CohortError(f"{path.name} cannot be read ({error.strerror}).", "Check its permissions.") from error
    _refuse_repeated(items, path.name)
    return Source(items, given)


def _item(row: dict[str, str], where: str, given: tuple[str, ...], table: Path, line: int) -> Item:
    if None in row or None in row.values():
        raise CohortError(f"Line {line} of {table.name} has more or fewer cells than the first line has names.",
                          "Put cells that hold a separator in quotation marks.")
    cells = {name: cell.strip() for name, cell in row.items()}
    path, frame = cells[where], cells.get("frame", "")
    if not path:
        raise CohortError(f"Line {line} of {table.name} has no path.", "Fill it in, or take the line out.")
    if frame and not (frame.isascii() and frame.isdigit() and int(frame)):
        raise CohortError(f"Line {line} of {table.name} has the frame {frame}, which is no whole number from 1 on.",
                          "Correct it, or leave the cell empty.")
    return Item(path, table.parent / path, int(frame) if frame else None, cells.get("id", ""), cells.get("batch", ""),
                cells.get("model", ""), tuple(cells[name] for name in given))


def _refuse_repeated(items: tuple[Item, ...], name: str) -> None:
    seen: set[str] = set()
    for item in items:
        if item.digest in seen:
            raise CohortError(f"{name} lists {item.path} twice.", "List each image once, or another frame of it.")
        seen.add(item.digest)
