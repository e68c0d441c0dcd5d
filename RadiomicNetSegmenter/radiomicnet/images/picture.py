"""What ITK overlooks or cannot read in PNG, JPEG, TIFF, BMP and WebP files, by way of Pillow."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ImageError
from .array import MOST_PIXELS, SMALLER, check_size
from .frames import choose_frame
from .kinds import BMP, JPEG, PNG, TIFF, WEBP, Kind, damaged

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

ORIENTATION = 0x0112
BITS_PER_SAMPLE = 0x0102
SAMPLE_FORMAT = 0x0153
PHOTOMETRIC, WHITE_IS_ZERO = 0x0106, 0
FLOATING_POINT = 3
# ITK turns a TIFF over where its tag asks for it (2 to 4), but no image by a quarter (5 to 8).
TURNED_BY_ITK = (2, 3, 4)
BROKEN = (OSError, SyntaxError, ValueError, EOFError)


@dataclass(frozen=True)
class Inspected:
    """What Pillow knows of a picture.

    Attributes
    ----------
    pixels : numpy.ndarray or None
        (H, W) or (H, W, C) where only Pillow reads this file, None where ITK shall read it.
    notes : tuple of str
        Warnings.
    palette : bool
        Whether ITK delivers the 16-bit colours of a palette, as of TIFF: their scale is known, however dark they are.
    index, count : int
        The page or frame of ``pixels``, from 0 on, and how many there are.
    """

    pixels: np.ndarray | None = None
    notes: tuple[str, ...] = ()
    index: int = 0
    count: int = 1
    palette: bool = False


def inspect_picture(path: Path, kind: Kind, frame: int | None = None) -> Inspected:
    """Refuse what ITK would read wrongly, tell what it leaves aside, and decode what it cannot read.

    ITK delivers a truncated JPEG or BMP with grey or black rows where the file ends, and the inks of a CMYK image as
    if they were RGB. It refuses WebP, grey PNG with opacity and BMP of 1 bit, and garbles grey TIFF with opacity.

    Parameters
    ----------
    path : pathlib.Path
    kind : Kind
    frame : int, optional
        Page or frame, from 1 on.

    Raises
    ------
    ImageError
        For a size that cannot be segmented (before anything is decoded), for CMYK and Lab colours, and for a file
        that ends too early.
    """
    picture = _open(path, kind)
    if picture is None:
        return Inspected()
    with closing(picture):
        check_size(picture.size, path.name)
        if picture.mode.startswith(("CMYK", "LAB")):
            raise ImageError(f"{path.name} has {picture.mode[:4]} colours, which are made for printing.",
                             "Convert it to RGB, and try again.")
        notes = _orientation_note(picture, kind)
        if not _only_pillow_reads(picture, kind):
            if kind in (JPEG, BMP):
                _decode(picture, path, kind)
            return Inspected(notes=notes + _negative_note(picture), palette=kind is TIFF and picture.mode == "P")
        count = getattr(picture, "n_frames", 1)
        index, chosen = choose_frame(path.name, count, frame, clip=kind is WEBP)
        picture.seek(index)
        return Inspected(_decode(picture, path, kind), notes + chosen, index, count)


def _open(path: Path, kind: Kind) -> ImageFile | None:
    """The picture's header; None where Pillow does not know the variant (ITK may, or tells what is wrong)."""
    from PIL.BmpImagePlugin import BmpImageFile
    from PIL.Image import DecompressionBombError
    from PIL.JpegImagePlugin import JpegImageFile
    from PIL.PngImagePlugin import PngImageFile
    from PIL.TiffImagePlugin import TiffImageFile
    from PIL.WebPImagePlugin import WebPImageFile

    # Not PIL.Image.open: it refuses large images by itself, without their size. WebP's reader does so too.
    readers: dict[Kind, Callable[[Path], ImageFile]] = {
        PNG: PngImageFile, JPEG: JpegImageFile, TIFF: TiffImageFile, BMP: BmpImageFile, WEBP: WebPImageFile}
    try:
        return readers[kind](path)
    except DecompressionBombError as error:
        raise ImageError(f"{path.name} has far more than the {MOST_PIXELS // 1_000_000} megapixels that RadiomicNet "
                         "takes.", SMALLER) from error
    except BROKEN as error:
        if kind is TIFF:
            _refuse_other_floats(path)
        if kind in (PNG, TIFF):
            return None
        raise damaged(path, kind) from error


def _only_pillow_reads(picture: ImageFile, kind: Kind) -> bool:
    grey_with_opacity = picture.mode == "LA" or (picture.mode in ("1", "L", "I;16") and "transparency" in picture.info)
    return kind is WEBP or grey_with_opacity or (kind is BMP and picture.mode == "1")


def _refuse_other_floats(path: Path) -> None:
    """Refuse a TIFF of half or double precision: ITK takes the bits of the one for a whole number, and refuses both
    the other and to say why."""
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    try:
        with path.open("rb") as file:
            tags = ImageFileDirectory_v2(file.read(8))
            file.seek(tags.next)
            tags.load(file)
        bits, kinds = tags.get(BITS_PER_SAMPLE, ()), tags.get(SAMPLE_FORMAT, ())
    except Exception:  # a damaged header breaks anywhere; what is wrong with it, ITK finds
        return
    if FLOATING_POINT in kinds and 32 not in bits:
        raise ImageError(f"{path.name} holds floating-point numbers of {bits[0]} bit; RadiomicNet reads those of "
                         "32 bit.", "Convert it to 32-bit float or to 16-bit whole numbers.")


def _decode(picture: ImageFile, path: Path, kind: Kind) -> np.ndarray:
    try:
        return np.array(picture)
    except BROKEN as error:
        raise damaged(path, kind) from error


def _negative_note(picture: ImageFile) -> tuple[str, ...]:
    """ITK, and so Slicer, shows a TIFF whose zeros are white as a negative; except of 1 bit, which it turns over."""
    if picture.mode == "1" or getattr(picture, "tag_v2", {}).get(PHOTOMETRIC) != WHITE_IS_ZERO:
        return ()
    return ("The file says that 0 is white. It is segmented as 3D Slicer shows it, as a negative; save it with "
            "black as 0 to segment it as it was meant.",)


def _orientation_note(picture: ImageFile, kind: Kind) -> tuple[str, ...]:
    try:
        orientation = picture.getexif().get(ORIENTATION, 1)
    except BROKEN:  # a tag nobody can read is no reason to refuse; a PNG that breaks off here is refused by ITK
        return ()
    if orientation not in range(2, 9) or (kind is TIFF and orientation in TURNED_BY_ITK):
        return ()
    return (f"The file asks to be shown turned or mirrored (EXIF orientation {orientation}). It is segmented as 3D "
            "Slicer shows it, without that turn.",)
