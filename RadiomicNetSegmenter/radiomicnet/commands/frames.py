"""What clips and volumes have in common on the command line."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from ..devices import AUTO, DEVICES
from ..errors import Cancelled
from .arguments import probability

if TYPE_CHECKING:
    from ..clips.run import ClipResult

STOPPED = 130  # exit status of a command that was asked to stop


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    """What they have in common with single images."""
    parser.add_argument("--model", default=AUTO, metavar="auto|NAME",
                        help="a model's name or folder; auto goes by the first image that can be read (default)")
    parser.add_argument("--threshold", type=probability, metavar="P",
                        help="probability from which a pixel belongs to a lesion (the model's own by default)")
    parser.add_argument("--device", default=AUTO, choices=(AUTO, *DEVICES),
                        help="where the network computes; auto takes a graphics card where there is one (default)")


@contextmanager
def stoppable() -> Iterator:  # type: ignore[type-arg]
    """A progress line that ends the run at the next frame once the keyboard, or the system with SIGTERM, asks to; a
    second time ends it at once."""
    asked = False

    def ask(number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        signal.signal(number, signal.default_int_handler)
        print("\nradiomicnet: stopping after this batch; what is done is kept.", file=sys.stderr)

    def progress(done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r\x1b[K{done} of {total}", end="" if done < total else "\n", file=sys.stderr, flush=True)
        if asked:
            raise Cancelled

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield progress
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def nothing_done(item: str) -> int:
    """Say that a run was stopped before it had anything to write."""
    print(f"radiomicnet: stopped before the first {item} was done; nothing was written.", file=sys.stderr)
    return STOPPED


def status(result: ClipResult) -> int:
    """The exit status of a run that was written."""
    if not result.complete:
        return STOPPED
    return int(any(frame.reason for frame in result.frames))


def tell(result: ClipResult, items: str, sentences: Iterable[str], files: tuple[Path, ...]) -> None:
    """Print what was found, and which file to open; empty sentences are left out."""
    from ..results.words import NOTICE

    print(f"\n{result.clip.name}  {len(result.frames)} {items} in {result.seconds:.1f} s  {result.card.title} "
          f"({result.card.name})")
    for sentence in filter(None, sentences):
        print(f"  {sentence}")
    page = next(path for path in files if path.suffix == ".html")
    print(f"\n  {len(files)} files in {page.parent}; open {page.name} first. {NOTICE}")
