"""A whole cohort: do what is not done yet, then make its tables, its page and its summary."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..errors import CohortError
from ..results.writing import replacing
from .columns import COLUMNS, GIVEN, LESION_COLUMNS, TEXT
from .index import PAGE, write_index
from .local import Answers
from .settings import Settings
from .source import Item, Source, segmentation_places
from .store import Store, writing
from .summary import Summary
from .tables import CSV, PARQUET, Tables, parquet_missing
from .work import Task

TABLE, LESIONS, SUMMARY = "cohort", "lesions", "summary.json"
Runner = Callable[[Iterable[Task]], Answers]
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Outcome:
    """What a run came to; ``new`` images were done by it, the others were done before."""

    summary: Summary
    new: int
    seconds: float


def run_cohort(source: Source, folder: Path, settings: Settings, runner: Runner, model: str | None = None,
               forget: bool = False, progress: Progress | None = None) -> Outcome:
    """Segment a cohort, going on where an earlier run into the same folder stopped.

    Parameters
    ----------
    source : Source
    folder : pathlib.Path
        For the results; made where it is missing.
    settings : Settings
    runner : callable
        Does the tasks: of :mod:`.local` or :mod:`.cluster`.
    model : str, optional
        Where the model that the settings name is found, if it is a folder.
    forget : bool
        Whether results of images that are not in the source any more are taken away.
    progress : callable, optional
        Called with how many images are done, how many there are, and the path of the last one.

    Raises
    ------
    CohortError
        Where the folder holds something else, or results of images that are not in the source.
    OutputError
        Where it cannot be written to.
    """
    started = time.perf_counter()
    store = Store(folder, settings)
    old = store.forgotten(source.items)
    if old and not forget:
        raise CohortError(f"The folder {folder.name} holds results of {len(old)} images that are not in the source.",
                          "Choose another folder, or take them away with --forget.")
    store.forget(old)
    places = dict(zip(source.items, segmentation_places(source.items)))
    store.log(f"{_now()} begun: {len(source.items)} images")
    new = done = 0
    for task, answer in runner(_tasks(source.items, places, store, settings, model)):
        done += 1
        if answer is not None:
            new += 1
            store.keep(task.item, places[task.item], answer)
        if progress:
            progress(done, len(source.items), task.item.path)
    summary = write_results(source, store)
    seconds = time.perf_counter() - started
    store.log(f"{_now()} ended: {new} images done, {done - new} were done before, {summary.failed} could not be "
              f"segmented, {seconds:.0f} s")
    return Outcome(summary, new, seconds)


def write_results(source: Source, store: Store) -> Summary:
    """Tables, summary and page from what is stored; one image is held in memory at a time."""
    columns = {**COLUMNS, **{f"{GIVEN}{name}": TEXT for name in source.given}}
    summary = Summary()
    with Tables(store.folder, TABLE, columns) as table, Tables(store.folder, LESIONS, LESION_COLUMNS) as lesions:
        for row, part in _rows(source, store):
            table.add(row)
            summary.add(row)
            for lesion in part["lesions"]:
                lesions.add({"path": row["path"], "frame": row["frame"], **lesion})
    files = [f"{name}{ending}" for name in (TABLE, LESIONS) for ending in (CSV, PARQUET)
             if ending == CSV or not parquet_missing()]
    with writing(store.folder.name), replacing(store.folder / SUMMARY) as path:
        path.write_text(summary.to_json(source.left_out), encoding="utf-8")
    write_index(store.folder, ((row, part["picture"]) for row, part in _rows(source, store)), summary,
                [*files, SUMMARY])
    return summary


def page_of(folder: Path) -> Path:
    """The file to open first."""
    return folder / PAGE


def _tasks(items: Iterable[Item], places: Mapping[Item, str], store: Store, settings: Settings,
           model: str | None) -> Iterator[Task]:
    for item in items:
        yield Task(item, item.model or model or settings.model, settings, store.key_of(item, places[item]),
                   os.path.exists(item.file))


def _rows(source: Source, store: Store) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each image's row, with what is stored of it."""
    for item in source.items:
        part = store.read(item)
        if part is None:  # taken away by somebody else meanwhile
            raise CohortError(f"The result of {item.path} is gone from the folder {store.folder.name}.", "Run again.")
        named = part["segmentation"]
        row = {"path": _text(item.path), "frame": item.frame, "id": item.id, "batch": item.batch, **part["row"],
               "segmentation": _text(named["file"]) if named else None,
               **{f"{GIVEN}{name}": cell for name, cell in zip(source.given, item.given)}}
        yield {name: None if cell == "" else cell for name, cell in row.items()}, part


def _text(path: str) -> str:
    """A path that any table can hold, also where its bytes are no text."""
    return path.encode("utf-8", "replace").decode("utf-8")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
