"""Under which name a clip's or a volume's result is stored, so that two of one name keep a result each."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path

from ..images.image import Image
from ..results.names import file_stem
from ..results.place import pixels_sha256
from .clip import Clip


def fingerprint(clip: Clip) -> str:
    """SHA-256 of the first frame that can be read: tells two clips of one name apart."""
    return next((pixels_sha256(image) for image in clip.frames(range(clip.count)) if isinstance(image, Image)), "")


def free_stem(clip: Clip, folder: Path, ending: str) -> str:
    """The clip's name, or the name with a number where another one's result has it.

    Parameters
    ----------
    clip : Clip
    folder : pathlib.Path
        Where the result goes; a result of the same clip there is to be replaced.
    ending : str
        Of the record.
    """
    stem, mine = file_stem(clip.name), fingerprint(clip)
    candidates = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(name for name in candidates if _stored(folder / f"{name}{ending}") in (None, mine))


def _stored(record: Path) -> str | None:
    """The fingerprint in a record; None where there is none, empty where it is somebody else's file."""
    try:
        return str(json.loads(record.read_text(encoding="utf-8"))["fingerprint"])
    except OSError:
        return None
    except (ValueError, KeyError, TypeError):
        return ""
