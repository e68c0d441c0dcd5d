"""What comes of a file: read, segmented and written as the commands do it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from case import Case

from radiomicnet.clips.open import open_clip
from radiomicnet.errors import ImageError
from radiomicnet.images.image import Geometry, Image
from radiomicnet.images.read import read_image
from radiomicnet.results.segmentation_nrrd import write_segmentation
from radiomicnet.segmenter import Segmenter
from radiomicnet.stacks.volume import read_volume

VOLUMES = (".nrrd", ".nhdr", ".nii", ".gz", ".mha", ".mhd")  # their slices lie side by side unless they say otherwise


class Fault(Exception):
    """A file did not come out as it was made, or a segmentation does not lie on its image."""


@dataclass(frozen=True)
class Outcome:
    """``words`` say what came out; ``read`` is whether anything could be segmented."""

    words: str
    read: bool


def outcome(case: Case, segmenter: Segmenter) -> Outcome:
    """Try a file as an image, as a clip and as a volume.

    Raises
    ------
    Fault
    """
    count, first, word = _several(case.path)
    image, refusal = _image(case.path, None if first else (count // 2 + 1 if count else None))
    image = first or image
    if image is None:
        return Outcome(f"refused: {refusal}", False)
    if case.pixels is not None and not np.array_equal(image.rgb, replace(image, pixels=case.pixels).rgb):
        raise Fault(f"{case.path.name}: other pixels than were written")
    _check_segmentation(image, segmenter)
    notes = [] if count else list(image.warnings)  # of several, that the first one was looked at
    return Outcome("; ".join([_size(image), *([f"{count} {word}"] if count else []), _lengths(image.geometry),
                              *_region(image), *(f"note: {note}" for note in notes)]), True)


def _image(path: Path, frame: int | None) -> tuple[Image | None, str]:
    try:
        return read_image(path, frame), ""
    except ImageError as error:
        return None, str(error)


def _several(path: Path) -> tuple[int, Image | None, str]:
    """How many frames or slices a file holds, 0 for a single image; the first frame; what they are called."""
    try:
        if not path.is_dir() and path.suffix in VOLUMES:
            return len(read_volume(path).array), None, "slices"
    except ImageError:
        pass
    try:
        clip = open_clip(path)
        return clip.count, clip.first_image(range(clip.count)), "frames"
    except ImageError:
        return 0, None, ""


def _check_segmentation(image: Image, segmenter: Segmenter) -> None:
    """Segment it and read the file with ITK: as many pixels, in the same place."""
    import SimpleITK as sitk

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.seg.nrrd")
        write_segmentation(segmenter.predict(image), path)
        made = sitk.ReadImage(str(path))
    rows, columns = image.shape
    places = ((image.geometry.spacing, made.GetSpacing()), (image.geometry.origin, made.GetOrigin()),
              (image.geometry.direction, made.GetDirection()))
    if made.GetSize() != (columns, rows, 1) or not all(np.allclose(*pair, rtol=1e-6, atol=1e-6) for pair in places):
        raise Fault(f"{image.name}: the segmentation does not lie on the image")


def _size(image: Image) -> str:
    rows, columns = image.shape
    if image.pixels.ndim == 2:
        colours = "grey"
    else:
        colours = "colour" if np.ptp(image.pixels, axis=2).any() else "grey, in three channels"
    return f"{columns} × {rows} {colours}"


def _lengths(geometry: Geometry) -> str:
    if not geometry.calibrated:
        return "in pixels"
    across, down = geometry.spacing[:2]
    return f"{across:.4g} × {down:.4g} mm"


def _region(image: Image) -> list[str]:
    """Where the file says that the scan lies."""
    if image.region is None or image.region.all():
        return []
    rows, columns = (np.flatnonzero(image.region.any(axis=axis)) for axis in (1, 0))
    return [f"region {columns[-1] - columns[0] + 1} × {rows[-1] - rows[0] + 1} at {columns[0]}, {rows[0]}"]
