"""The folder of a model that is being made: whether it can be written, and its files, all of them or none."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from ..errors import OutputError
from ..results.write import reason, write_files
from ..results.writing import check_folder


def refuse_unwritable(folder: Path) -> None:
    """Refuse a folder that cannot be written, before the work that would be lost.

    Raises
    ------
    OutputError
    """
    try:
        check_folder(folder)
    except OSError as error:
        raise _output_error(folder, error) from error


def write_model(folder: Path, files: dict[str, bytes]) -> None:
    """Write the contents of the files by their names; where one cannot be, the folder is left as it was.

    Raises
    ------
    OutputError
    """
    try:
        write_files({name: partial(_write, content) for name, content in files.items()}, folder, "")
    except OutputError as error:
        raise _output_error(folder, error.__cause__) from error


def _write(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def _output_error(folder: Path, error: BaseException | None) -> OutputError:
    problem, remedy = reason(error if isinstance(error, Exception) else OSError())
    return OutputError(f"The model cannot be written to {folder.name or folder}: {problem}.", remedy)
