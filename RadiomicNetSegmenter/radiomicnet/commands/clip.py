"""``python -m radiomicnet clip``: segment every frame of a clip or video."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from ..devices import AUTO, DEVICES
from ..errors import Cancelled, ImageError, OutputError
from .segment import probability

if TYPE_CHECKING:
    from ..clips.run import ClipResult

SMOOTHING = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE",
                        help="multi-frame DICOM, sequence (NRRD, NIfTI, MetaImage), TIFF or GIF of several pages, "
                             "video (MP4, AVI, ...), or a folder of frames")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR",
                        help="folder for the results; made where it is missing")
    parser.add_argument("--frames", type=span, metavar="A-B", help="only these frames, from 1 on (all by default)")
    parser.add_argument("--every", type=positive, default=1, metavar="N", help="only every Nth frame of these")
    parser.add_argument("--smooth", type=positive, nargs="?", const=SMOOTHING, default=0, metavar="N",
                        help=f"average each frame's probabilities with those of N frames to either side ({SMOOTHING} "
                             "where no number is given); without this option every outline is its frame's own")
    parser.add_argument("--no-images", action="store_true",
                        help="leave out the frames' pictures, which play in step with the outlines in 3D Slicer")
    parser.add_argument("--also", choices=("dicom-seg",), metavar="FORMAT",
                        help="a further file of the outlines: dicom-seg, of multi-frame DICOM")
    add_model_arguments(parser)


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    """What clips and stacks have in common with single images."""
    parser.add_argument("--model", default=AUTO, metavar="auto|NAME",
                        help="a model's name or folder; auto goes by the first image that can be read (default)")
    parser.add_argument("--threshold", type=probability, metavar="P",
                        help="probability from which a pixel belongs to a lesion (the model's own by default)")
    parser.add_argument("--device", default=AUTO, choices=(AUTO, *DEVICES),
                        help="where the network computes; auto takes a graphics card where there is one (default)")


def main(arguments: argparse.Namespace) -> int:
    """0 where every frame was gone through, 130 where the run was stopped; what was done by then is written."""
    from ..clips import words
    from ..clips.open import open_clip
    from ..clips.run import segment_clip
    from ..clips.write import segmented, write_clip, write_dicom_seg
    from ..results.also import check_also
    from ..results.names import DICOM_SEG
    from ..results.words import NOTICE
    from ..results.write import Writer
    from ..segmenters import Segmenters

    if arguments.also:
        check_also((arguments.also,), Path(arguments.file))
    segmenters = Segmenters(arguments.model, arguments.device)
    clip = open_clip(arguments.file)
    indices = chosen(arguments.frames, arguments.every, clip.count, clip.source)
    segmenter = segmenters.choose(first_image(clip.frames(indices), clip.source))
    with stoppable() as progress:
        result = segment_clip(segmenter, clip, indices, arguments.threshold, arguments.smooth, progress=progress,
                              keep=partial(_keep, folder=arguments.out))
    if not result.frames:
        print("radiomicnet: stopped before the first frame was done; nothing was written.", file=sys.stderr)
        return 130
    more: dict[str, Writer] = {}
    if arguments.also and segmented(result):
        more[DICOM_SEG] = partial(write_dicom_seg, result, source=Path(arguments.file))
    files = write_clip(result, arguments.out, images=not arguments.no_images, more=more)
    print(f"\n{clip.name}  {len(result.frames)} frames in {result.seconds:.1f} s  {segmenter.card.title} "
          f"({segmenter.card.name})")
    for sentence in (words.finding(result), words.steadiest(result), words.unlike(result), words.not_segmented(result),
                     words.smoothing(result), *clip.every_warning, words.stopped(result)):
        if sentence:
            print(f"  {sentence}")
    page = next(path for path in files if path.suffix == ".html")
    print(f"\n  {len(files)} files in {arguments.out}; open {page.name} first. {NOTICE}")
    return 0 if result.complete else 130


def _keep(result: ClipResult, folder: Path) -> None:
    """Write what is done so far, in case that the program is ended at once."""
    from ..clips.write import write_clip

    with suppress(OutputError):  # the end tries again, and tells of it
        write_clip(result, folder, images=False)


def chosen(frames: tuple[int, int] | None, every: int, count: int, name: str) -> range:
    """Frames from 0 on, of those that there are.

    Raises
    ------
    ImageError
        Where the first one is beyond the end.
    """
    first, last = frames or (1, count)
    if first > count:
        raise ImageError(f"{name} has no frame {first}; it holds the frames 1 to {count}.", "Choose other frames.")
    return range(first - 1, min(last, count), every)


def first_image(images: Iterator[object], name: str):  # type: ignore[no-untyped-def]
    """The first frame that can be read: the choice of a model goes by it."""
    from ..images.image import Image

    reason: object = None
    for image in images:
        if isinstance(image, Image):
            return image
        reason = reason or image
    raise ImageError(f"No frame of {name} can be segmented. The first one: {reason}")


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


def span(text: str) -> tuple[int, int]:
    """A command-line word ``A-B`` or ``A`` as first and last frame, from 1 on."""
    first, dash, last = text.partition("-")
    try:
        made = int(first), int(last) if dash else int(first)
    except ValueError:
        made = 0, 0
    if not 1 <= made[0] <= made[1]:
        raise argparse.ArgumentTypeError(f"{text} is no range of frames such as 10-40")
    return made


def positive(text: str) -> int:
    """A command-line word as a whole number of at least 1."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return number
