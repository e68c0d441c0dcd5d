"""``python -m radiomicnet segment``: segment images and explain what was drawn."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..devices import AUTO, DEVICES
from ..errors import OutputError, RadiomicNetError
from .arguments import point, probability

if TYPE_CHECKING:
    from ..images.image import Image
    from ..prompts.prompted import Prompts
    from ..results.result import Prediction, Result
    from ..results.write import Writer
    from ..segmenter import Segmenter
    from .console import ProgressLine


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("images", nargs="+", metavar="IMAGE",
                        help="image files (PNG, JPEG, TIFF, BMP, WebP, NRRD, NIfTI, MetaImage, DICOM)")
    parser.add_argument("--model", default=AUTO, metavar="auto|NAME",
                        help="a model's name or folder; auto goes by the image (default)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR",
                        help="folder for the results; made where it is missing")
    parser.add_argument("--threshold", type=probability, metavar="P",
                        help="probability from which a pixel belongs to a lesion (the model's own by default)")
    parser.add_argument("--click", type=point, action="append", default=[], metavar="COLUMN,ROW", dest="clicks",
                        help="pixel of a lesion: only what lies under it is outlined, and where nothing does the "
                             "network looks again around it; may be given more than once")
    parser.add_argument("--frame", type=int, metavar="K",
                        help="frame of a clip, slice of a stack or page, from 1 on (a clip's first by default)")
    parser.add_argument("--shapley", nargs="?", choices=("sampled", "exact"), const="sampled",
                        help="also Shapley values, to hold the ranking of the features against: over sampled orders, "
                             "or exact over all 8,192 coalitions, which takes minutes")
    parser.add_argument("--also", type=formats, default=(), metavar="FORMAT,...",
                        help="further files of the outline: dicom-seg (of DICOM images), coco (with a mask as PNG), "
                             "nifti")
    parser.add_argument("--device", default=AUTO, choices=(AUTO, *DEVICES),
                        help="where the network computes; auto takes a graphics card where there is one (default)")


def main(arguments: argparse.Namespace) -> int:
    """0 where every image was segmented, 1 where some were not.

    A wrong model or no place to write ends the command before or at the first image, as every RadiomicNetError does.
    """
    from ..images.read import read_image
    from ..prompts.prompted import Prompts
    from ..results.also import also, check_also
    from ..results.place import free_stem
    from ..segmenters import Segmenters
    from .console import ProgressLine, print_choice, print_files, print_summary, print_table, print_times

    segmenters = Segmenters(arguments.model, arguments.device)
    progress = ProgressLine(len(arguments.images))
    failures = 0
    taken: set[str] = set()
    for path in arguments.images:
        progress.start(Path(path).name)
        try:
            check_also(arguments.also, Path(path))
            image = read_image(path, arguments.frame)
            segmenter = segmenters.choose(image)
            stem = free_stem(image, arguments.out, taken)
            result, files, seconds = segment_to(arguments.out, segmenter, image, stem, arguments.threshold, progress,
                                                Prompts(tuple(arguments.clicks)), arguments.shapley,
                                                more=partial(also, arguments.also, source=Path(path),
                                                             frame=arguments.frame))
        except OutputError:
            progress.clear()
            raise  # the next image could not be written either
        except RadiomicNetError as error:
            progress.clear()
            print(f"radiomicnet: {Path(path).name}: {error}", file=sys.stderr)
            failures += 1
            continue
        progress.clear()
        print_summary(result)
        if segmenters.name == AUTO:
            print_choice(image)
        if len(arguments.images) == 1:
            print_table(result)
            print_times(result, seconds)
        print_files(files, arguments.out)
    if failures and len(arguments.images) > 1:
        print(f"\n{failures} of {len(arguments.images)} images could not be segmented; the reasons are above.",
              file=sys.stderr)
    return 1 if failures else 0


def segment_to(
    folder: Path, segmenter: Segmenter, image: Image, stem: str, threshold: float | None, progress: ProgressLine,
    prompts: Prompts | None = None, shapley: str | None = None,
    more: Callable[[Prediction], dict[str, Writer]] | None = None
) -> tuple[Result, tuple[Path, ...], float]:
    """Run and write one image; the result, its files, and the seconds that writing took.

    ``more`` gives what writes further files of a prediction.
    """
    from ..results.write import write_result
    from ..run import run

    result = run(segmenter, image, threshold, progress, prompts=prompts, shapley=shapley)
    started = time.perf_counter()
    files = write_result(result, folder, stem, more(result.prediction) if more else None)
    return result, files, time.perf_counter() - started


def formats(text: str) -> tuple[str, ...]:
    """A command-line word as further formats, separated by commas."""
    from ..results.also import FORMATS

    words = tuple(word.strip() for word in text.split(","))
    unknown = [word for word in words if word not in FORMATS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)} is none of {', '.join(FORMATS)}")
    return words
