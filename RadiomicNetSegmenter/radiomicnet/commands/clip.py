"""``python -m radiomicnet clip``: segment every frame of a clip or video."""

from __future__ import annotations

import argparse
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..clips import SMOOTHING
from ..errors import ImageError, OutputError
from .arguments import positive
from .frames import add_model_arguments, nothing_done, status, stoppable, tell

if TYPE_CHECKING:
    from ..clips.run import ClipResult


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


def main(arguments: argparse.Namespace) -> int:
    """0 where every frame was segmented, 1 where some were not, 130 where the run was stopped."""
    from ..clips import words
    from ..clips.open import open_clip
    from ..clips.run import segment_clip
    from ..clips.write import segmented, write_clip, write_dicom_seg
    from ..results.also import check_also
    from ..results.names import DICOM_SEG
    from ..results.write import Writer
    from ..segmenters import Segmenters

    if arguments.also:
        check_also((arguments.also,), Path(arguments.file))
    segmenters = Segmenters(arguments.model, arguments.device)
    clip = open_clip(arguments.file)
    indices = chosen(arguments.frames, arguments.every, clip.count, clip.source)
    segmenter = segmenters.choose(clip.first_image(indices))
    with stoppable() as progress:
        result = segment_clip(segmenter, clip, indices, arguments.threshold, arguments.smooth, progress=progress,
                              keep=partial(_keep, folder=arguments.out))
    if not result.frames:
        return nothing_done("frame")
    more: dict[str, Writer] = {}
    if arguments.also and segmented(result):
        more[DICOM_SEG] = partial(write_dicom_seg, result, source=Path(arguments.file))
    files = write_clip(result, arguments.out, images=not arguments.no_images, more=more)
    tell(result, "frames", (words.finding(result), words.steadiest(result), words.unlike(result),
                            words.not_segmented(result), words.smoothing(result), *clip.every_warning,
                            words.stopped(result)), files)
    return status(result)


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
