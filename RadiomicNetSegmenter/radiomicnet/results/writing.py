"""Writing safely: whether a folder can be written, and files that are replaced whole or not at all.

Both raise the system's own errors; :func:`radiomicnet.results.write.reason` puts them into words.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# Of a file's name that its draft's name keeps: file systems allow 255 bytes, of which a character may take four.
LONGEST = 60


def check_folder(folder: Path) -> None:
    """Look, without making anything, whether a folder is one that can be written to, or can be made.

    Raises
    ------
    OSError
        Where it, or what it would lie in, is a file or may not be written to.
    """
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A hidden place beside this one to write to; put in its place when all went well, taken away when not.

    Raises
    ------
    OSError
        Where the file cannot be put there; what stood there stays.
    """
    draft = path.with_name(f".{path.name[:LONGEST]}.part")
    try:
        yield draft
        draft.replace(path)
    except BaseException:
        with suppress(OSError):  # nor can it be taken away where its folder is gone
            draft.unlink(missing_ok=True)
        raise
