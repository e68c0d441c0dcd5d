"""All files of one result in a folder: every one of them, or none."""

from __future__ import annotations

import contextlib
import errno
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from ..errors import OutputError
from . import names
from .check_files import write_check_image, write_check_mask, write_check_settings
from .maps_nrrd import maps, write_map
from .page import write_page
from .record_json import write_record
from .regions_table import write_regions
from .result import Result
from .segmentation_nrrd import write_segmentation
from .stability_table import trained_icc, write_stability
from .table_csv import write_table

Writer = Callable[[Path], None]
# What writes a file that lists the names of all: called with the file's path and with ``files``.
Lister = Callable[..., None]


def write_result(result: Result, folder: Path | str, name: str | None = None,
                 more: dict[str, Writer] | None = None) -> tuple[Path, ...]:
    """Write a result into a folder, which is made where it does not exist.

    Everything is written into a hidden folder beside its place first and moved when all of it is there. An earlier
    result of the same name is replaced as a whole: none of its files stays, and all do where the new one fails.

    Parameters
    ----------
    result : Result
    folder : path-like
    name : str, optional
        What the files are named after, by default the image's name; made safe by
        :func:`radiomicnet.results.names.file_stem`.
    more : dict of str to callable(path), optional
        What writes further files of each ending; see :mod:`radiomicnet.results.also`.

    Returns
    -------
    tuple of Path
        The files, sorted by name.

    Raises
    ------
    OutputError
        Where anything cannot be written; what was begun has been taken away again.
    """
    folder = Path(folder)
    stem = names.file_stem(result.prediction.image.name if name is None else name)
    return write_files(_writers(result, stem, more or {}), folder, stem, whole=True)


def write_files(writers: dict[str, Writer], folder: Path, stem: str, whole: bool = False) -> tuple[Path, ...]:
    """Write files that belong together: every one of them, or none.

    Parameters
    ----------
    writers : dict of str to callable(path)
        What writes the file of each ending.
    folder : pathlib.Path
        Made where it does not exist.
    stem : str
        What the files are named after.
    whole : bool
        Whether every file of an earlier result of this name is taken away, also such as are not written anew.

    Returns
    -------
    tuple of Path
        The files, sorted by name.

    Raises
    ------
    OutputError
        Where anything cannot be written; what was begun has been taken away again.
    """
    created: list[Path] = []
    try:
        created += _missing_folders(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".radiomicnet-", dir=folder) as temporary:
            new, old = Path(temporary, "new"), Path(temporary, "old")
            new.mkdir()
            old.mkdir()
            for ending, write in writers.items():
                write(new / f"{stem}{ending}")
            same = [folder / f"{stem}{ending}" for ending in writers]
            replaced = names.files_of(folder, stem) if whole else [path for path in same if path.exists()]
            return _exchange(new, replaced, old, folder)
    except BaseException as error:  # stopping by the keyboard takes away what was made, too
        for empty in created:
            with contextlib.suppress(OSError):
                empty.rmdir()
        if not isinstance(error, Exception):
            raise
        raise _output_error(error, stem) from error


def with_lists(writers: dict[str, Writer], stem: str, listers: Mapping[str, Lister]) -> dict[str, Writer]:
    """The writers and, after them, those of a record and a page, which list every file, themselves too."""
    files = [f"{stem}{ending}" for ending in (*writers, *listers)]
    return writers | {ending: partial(write, files=files) for ending, write in listers.items()}


def _writers(result: Result, stem: str, more: dict[str, Writer]) -> dict[str, Writer]:
    """What writes the file of each ending."""
    prediction = result.prediction
    made: dict[str, Writer] = {
        names.SEGMENTATION: partial(write_segmentation, prediction),
        names.TABLE: partial(write_table, result),
        names.CHECK_IMAGE: partial(write_check_image, prediction.grid),
        names.CHECK_MASK: partial(write_check_mask, prediction.grid),
        names.CHECK_SETTINGS: partial(write_check_settings, stem=stem),
        **{ending: partial(write_map, prediction, values, keys) for ending, values, keys in maps(prediction)},
        **more,
    }
    if result.regions is not None and result.regions.made:
        made[names.REGIONS] = partial(write_regions, result.regions)
    if result.stability is not None:
        made[names.STABILITY] = partial(write_stability, result.stability, trained=trained_icc(prediction.card))
    return with_lists(made, stem, {names.RECORD: partial(write_record, result),
                                   names.PAGE: partial(write_page, result, stem=stem)})


def _exchange(new: Path, replaced: list[Path], old: Path, folder: Path) -> tuple[Path, ...]:
    """Move the earlier files aside and the new ones in; where that fails, everything back as it was."""
    moved: list[tuple[Path, Path]] = []
    moves = [(path, old / path.name) for path in replaced]
    moves += [(path, folder / path.name) for path in sorted(new.iterdir())]
    try:
        for source, target in moves:
            source.rename(target)
            moved.append((source, target))
    except BaseException:
        for source, target in reversed(moved):
            target.rename(source)
        raise
    return tuple(target for _, target in moves[len(replaced):])


def _missing_folders(folder: Path) -> list[Path]:
    """The folders that have to be made for this one, deepest first, so that they can be taken away again."""
    return [path for path in (folder, *folder.parents) if not path.exists()]


def _output_error(error: Exception, stem: str) -> OutputError:
    """The fault as a sentence, without any path."""
    problem, remedy = reason(error)
    return OutputError(f"The results of {stem} cannot be written: {problem}.", remedy)


def reason(error: Exception) -> tuple[str, str]:
    """Why a file cannot be written, as the end of a sentence, and what to do about it as one of its own."""
    other = "Choose another folder."
    if isinstance(error, ModuleNotFoundError):
        return f"the Python package {error.name} is missing", "Install it and try again."
    if not isinstance(error, OSError):
        return f"{type(error).__name__}, {error}", "Please report this."
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "there is no room left on the disk", "Make room or choose another folder."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "the folder may not be written to", "Choose another folder or change its permissions."
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return "what was given as the folder is a file", other
    return error.strerror or type(error).__name__, other
