"""``python -m radiomicnet demo``: segment two images that this program generates itself, and whose truth it knows."""

from __future__ import annotations

import argparse
from pathlib import Path

from .arguments import seed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")
    parser.add_argument("--seed", type=seed, default=0, help="another seed gives other images")


def main(arguments: argparse.Namespace) -> int:
    from ..evaluation.metrics import dice
    from ..images.phantoms import breast_ultrasound, polyp_endoscopy
    from ..segmenters import Segmenters
    from .console import ProgressLine, print_files, print_summary, print_table, print_times
    from .segment import segment_to

    segmenters = Segmenters()
    progress = ProgressLine(2)
    for make in (breast_ultrasound, polyp_endoscopy):
        image, truth = make(arguments.seed)
        progress.start(image.name)
        result, files, seconds = segment_to(arguments.out, segmenters.choose(image), image, image.name, None, progress)
        progress.clear()
        print_summary(result)
        print(f"  Dice with the shape it was generated from: {dice(result.prediction.labels > 0, truth):.3f}")
        print_table(result)
        print_times(result, seconds)
        print_files(files, arguments.out)
    return 0
