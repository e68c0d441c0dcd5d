"""Under which name a result is stored, so that two images of one name keep a result each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from ..images.image import Image
from .names import RECORD, file_stem


def pixels_sha256(image: Image) -> str:
    """SHA-256 of the image's 8-bit pixels and their shape: tells two images of one name apart."""
    return hashlib.sha256(repr(image.pixels.shape).encode() + image.pixels.tobytes()).hexdigest()


def free_stem(image: Image, folder: Path, taken: set[str]) -> str:
    """The image's name, or the name with a number where another image has it.

    Parameters
    ----------
    image : Image
    folder : pathlib.Path
        Where the result goes; a result of the same pixels there is to be replaced, one of others is not.
    taken : set of str
        Names given to other images of this run, in lower case, since some file systems do not tell case apart. The
        new one is added.
    """
    for stem in _candidates(file_stem(image.name)):
        if stem.casefold() not in taken and not _holds_another(folder / f"{stem}{RECORD}", image):
            taken.add(stem.casefold())
            return stem
    raise AssertionError("there are always more numbers")


def _candidates(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def _holds_another(record: Path, image: Image) -> bool:
    try:
        stored = json.loads(record.read_text(encoding="utf-8"))["image"]["pixels_sha256"]
    except OSError:
        return False
    except (ValueError, KeyError, TypeError):
        return True  # somebody else's file
    return stored != pixels_sha256(image)
