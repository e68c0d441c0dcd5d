"""``python -m radiomicnet stack``: segment a 3-D volume slice by slice."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from .frames import add_model_arguments, nothing_done, status, stoppable, tell

AUTO_AXIS = "auto"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("volume", metavar="VOLUME",
                        help="NRRD, NIfTI, MetaImage, TIFF of several pages, DICOM of many frames, or a folder with "
                             "one DICOM series or with the pictures of a stack")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR",
                        help="folder for the results; made where it is missing")
    parser.add_argument("--axis", choices=(AUTO_AXIS, "i", "j", "k"), default=AUTO_AXIS,
                        help="across which the slices lie; auto takes the coarsest, the file's own slices (k) among "
                             "equals (default)")
    parser.add_argument("--also", choices=("nifti",), metavar="FORMAT",
                        help="a further file of the segment: nifti")
    add_model_arguments(parser)


def main(arguments: argparse.Namespace) -> int:
    """0 where every slice was segmented, 1 where some were not, 130 where the run was stopped."""
    from ..results.labels_nifti import write_nifti
    from ..results.names import NIFTI
    from ..results.write import Writer
    from ..segmenters import Segmenters
    from ..stacks import words
    from ..stacks.run import segment_stack
    from ..stacks.volume import acquisition_axis, as_clip, from_the_middle, read_volume
    from ..stacks.write import write_stack

    segmenters = Segmenters(arguments.model, arguments.device)
    volume = read_volume(arguments.volume)
    axis = acquisition_axis(volume) if arguments.axis == AUTO_AXIS else arguments.axis
    clip = as_clip(volume, axis)
    segmenter = segmenters.choose(clip.first_image(from_the_middle(clip.count)))
    with stoppable() as progress:
        result = segment_stack(segmenter, volume, axis, arguments.threshold, progress=progress)
    if not result.slices.frames:
        return nothing_done("slice")
    more: dict[str, Writer] = {}
    if arguments.also:
        more[NIFTI] = partial(write_nifti, labels=result.mask, geometry=volume.geometry)
    files = write_stack(result, arguments.out, more)
    tell(result.slices, "slices", (words.finding(result), *words.sentences(result), *clip.every_warning), files)
    return status(result.slices)
