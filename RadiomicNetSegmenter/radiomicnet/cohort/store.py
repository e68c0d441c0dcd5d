"""What of a cohort is done: a small file per image, from which a run goes on and its tables are made.

Every file is written beside its place first and then put there at once, and the image's small file last: where it is,
its segmentation is too, with the SHA-256 that it names.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..errors import CohortError, OutputError
from ..results.words import NOTICE
from ..results.write import reason
from ..results.writing import replacing
from .settings import Settings
from .source import Item
from .work import Done

FORMAT = "radiomicnet-cohort-1"
LONGEST_WORD = 40  # of a message: a SHA-256 is cut, a model's name is not
SETTINGS, PARTS, LOG = "cohort.json", "parts", "log.txt"


class Store:
    """The folder of a cohort's results.

    Parameters
    ----------
    folder : pathlib.Path
        Made where it is missing.
    settings : Settings

    Raises
    ------
    CohortError
        Where the folder holds a cohort of other settings, or files of somebody else's.
    OutputError
        Where it cannot be written to.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder, self.parts = folder, folder / PARTS
        with writing(folder.name):
            self.parts.mkdir(parents=True, exist_ok=True)
        self._agree_on(settings)

    def key_of(self, item: Item, place: str) -> str:
        """Key of the image's result if it is whole and would not be another on a second try; else empty."""
        part = self.read(item)
        if part is None or not part["lasting"] or (part["segmentation"] and part["segmentation"]["file"] != place):
            return ""
        return str(part["key"]) if self._is_whole(part) else ""

    def read(self, item: Item) -> dict[str, Any] | None:
        """An image's small file, or None where there is none that can be read."""
        try:
            part: dict[str, Any] = json.loads(self._part(item).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return part if {"key", "lasting", "segmentation"} <= part.keys() else None

    def keep(self, item: Item, place: str, done: Done) -> None:
        """Write what came of an image.

        Raises
        ------
        OutputError
            Where it cannot be written; what was there before still is.
        """
        data = asdict(done)
        segmentation = data.pop("segmentation")
        data["segmentation"] = None
        with writing(self.folder.name):
            if segmentation is None:
                (self.folder / place).unlink(missing_ok=True)
            else:
                self._write(self.folder / place, segmentation)
                data["segmentation"] = {"file": place, "sha256": hashlib.sha256(segmentation).hexdigest()}
            text = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1)
            self._write(self._part(item), text.encode("utf-8", "replace"))

    def forgotten(self, items: tuple[Item, ...]) -> list[Path]:
        """Small files of images that are not among these."""
        known = {item.digest for item in items}
        return sorted(path for path in self.parts.glob("*.json") if path.stem not in known)

    def forget(self, parts: list[Path]) -> None:
        """Take away results of images that are no longer in the source."""
        with writing(self.folder.name):
            for part in parts:
                place = (_json(part).get("segmentation") or {}).get("file")
                if place:
                    (self.folder / place).unlink(missing_ok=True)
                part.unlink()

    def log(self, text: str) -> None:
        """Add a line to the one file that holds times and dates."""
        with writing(self.folder.name), (self.folder / LOG).open("a", encoding="utf-8") as file:
            file.write(text + "\n")

    def _part(self, item: Item) -> Path:
        return self.parts / f"{item.digest}.json"

    def _is_whole(self, part: dict[str, Any]) -> bool:
        named = part["segmentation"]
        if named is None:
            return True
        try:
            return hashlib.sha256((self.folder / named["file"]).read_bytes()).hexdigest() == named["sha256"]
        except OSError:
            return False

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as part:
            part.write_bytes(content)

    def _agree_on(self, settings: Settings) -> None:
        path = self.folder / SETTINGS
        ours = {"format": FORMAT, "notice": NOTICE, "settings": asdict(settings)}
        if not path.exists():
            others = [name for name in os.listdir(self.folder) if name not in (PARTS, LOG)]
            if others:
                raise CohortError(f"The folder {self.folder.name} holds other files ({sorted(others)[0]}).",
                                  "Choose an empty or a new folder for the results.")
            with writing(self.folder.name):
                self._write(path, (json.dumps(ours, indent=1) + "\n").encode())
            return
        theirs = _json(path)
        if theirs != ours:
            differing = _differing(theirs.get("settings"), ours["settings"])
            raise CohortError(f"The folder {self.folder.name} holds a cohort of other settings ({differing}).",
                              "Choose another folder, or the settings it was begun with.")


@contextmanager
def writing(name: str) -> Iterator[None]:
    """Turn the operating system's complaints into sentences."""
    try:
        yield
    except OSError as error:
        problem, remedy = reason(error)
        raise OutputError(f"The cohort's folder {name} cannot be written to: {problem}.",
                          f"{remedy} What is done so far is kept.") from error


def room_for(source: Path, folder: Path) -> None:
    """Refuse results among the images, which the next run would take for images too.

    Raises
    ------
    CohortError
    """
    if source.is_dir() and folder.resolve().is_relative_to(source.resolve()):
        raise CohortError(f"The folder for the results, {folder.name or folder}, lies inside of the images' folder.",
                          "Choose one outside of it.")


def _json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _differing(theirs: Any, ours: Any, name: str = "") -> str:
    """Which settings differ, in words."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        found = [_differing(theirs.get(key), ours.get(key), f"{name} {key}".strip())
                 for key in sorted({*theirs, *ours}) if theirs.get(key) != ours.get(key)]
        return ", ".join(found)
    return f"{name or 'all'}: {_word(theirs)} there, {_word(ours)} now"


def _word(value: Any) -> str:
    text = "none" if value is None else str(value)
    return text if len(text) <= LONGEST_WORD else f"{text[:12]}…"
