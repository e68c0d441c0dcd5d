"""``python -m radiomicnet cohort``: segment many images into one table, with segmentations and a page to look through.

Run again, it goes on where it stopped. The same images give the same bytes in every file but log.txt.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..devices import AUTO, CPU, DEVICES
from ..errors import CohortError
from .arguments import probability

if TYPE_CHECKING:
    from ..cohort.cohort import Outcome, Runner


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, metavar="SRC",
                        help="folder of images, searched with all folders in it (DICOM too), or a CSV file with a "
                             "column path and, if you like, id, batch, model, frame and others")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR",
                        help="folder for the results, outside of SRC; made where it is missing")
    parser.add_argument("--model", default=AUTO, metavar="auto|NAME",
                        help="a model's name or folder; auto goes by each image (default)")
    parser.add_argument("--threshold", type=probability, metavar="P",
                        help="probability from which a pixel belongs to a lesion (the model's own by default)")
    parser.add_argument("--skip", action="append", default=[], metavar="PATTERN",
                        help="leave out relative paths like this one, such as 'masks/*'; may be given more than once")
    parser.add_argument("--workers", type=int, metavar="N",
                        help="processes, each with one core (as many as there are cores); 0 computes in this one")
    parser.add_argument("--scheduler", metavar="ADDRESS",
                        help="compute on an existing Dask cluster, such as tcp://10.0.0.1:8786")
    parser.add_argument("--device", default=CPU, choices=DEVICES, help="where the network computes (cpu)")
    parser.add_argument("--forget", action="store_true",
                        help="take away results of images that are not in SRC any more")


def main(arguments: argparse.Namespace) -> int:
    """0 where every image was segmented, 1 where some were not."""
    from ..cohort.cohort import run_cohort
    from ..cohort.settings import settings_for
    from ..cohort.source import read_source
    from ..cohort.store import room_for
    from ..cohort.tables import parquet_missing
    from ..devices import choose

    runner = _runner(arguments)
    room_for(arguments.source, arguments.out)
    source = read_source(arguments.source, tuple(arguments.skip))
    settings = settings_for(arguments.model, arguments.threshold, choose(arguments.device),
                            (item.model for item in source.items))
    if missing := parquet_missing():
        print(f"radiomicnet: {missing}", file=sys.stderr)
    try:
        outcome = run_cohort(source, arguments.out, settings, runner, _place(arguments.model), arguments.forget, _tell)
    finally:
        _clear()
    _print(outcome, arguments.out)
    return 1 if outcome.summary.failed else 0


def _runner(arguments: argparse.Namespace) -> Runner:
    from ..cohort.cluster import on_cluster
    from ..cohort.local import cores, in_processes, in_this_process

    if arguments.scheduler:
        if arguments.workers is not None:
            raise CohortError("--workers is for this machine and --scheduler for a cluster.", "Give one of them.")
        return partial(on_cluster, address=arguments.scheduler)
    if arguments.workers is not None and arguments.workers < 0:
        raise CohortError(f"There cannot be {arguments.workers} workers.", "Give 0 or more.")
    if arguments.workers == 0:
        return in_this_process
    return partial(in_processes, workers=arguments.workers or cores())


def _place(model: str) -> str:
    """A model's folder as every process finds it."""
    return str(Path(model).resolve()) if Path(model).is_dir() else model


def _tell(done: int, total: int, path: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K[{done}/{total}] {path}", end="", file=sys.stderr, flush=True)


def _clear() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _print(outcome: Outcome, folder: Path) -> None:
    from ..cohort.cohort import page_of
    from ..results.words import NOTICE

    summary = outcome.summary
    before = summary.images - outcome.new
    print(f"{summary.images} images, {before} of them done before; {summary.total('outlined')} outlined, "
          f"{summary.total('nothing outlined')} with nothing to outline, {summary.failed} not segmented.")
    for reason, count in summary.reasons.most_common(5):
        print(f"  {count} × {reason}")
    print(f"Open {page_of(folder)} first. {NOTICE}")
