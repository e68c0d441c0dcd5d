"""NIfTI-2 files, which ITK does not read, as NIfTI-1 files, which it does; and how long a NIfTI-1 file has to be."""

from __future__ import annotations

import math
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from ..errors import ImageError
from .kinds import NIFTI, damaged, first_bytes

MAGIC = b"n+2", b"ni2"
DIMENSIONS, BITS = 40, 72  # bytes from the start of a NIfTI-1 header to dim and bitpix


@contextmanager
def as_itk_reads_it(path: Path) -> Iterator[Path]:
    """The file itself, or for a NIfTI-2 file a NIfTI-1 copy of the same grid and values that is gone afterwards.

    Raises
    ------
    ImageError
        Where a NIfTI-2 file is damaged, or too large for NIfTI-1 (more than 32,767 pixels along an axis).
    """
    if first_bytes(path)[4:7] not in MAGIC:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="radiomicnet-") as folder:
        copy = Path(folder, "copy.nii")
        _convert(path, copy)
        yield copy


def stored_bytes(path: Path) -> int:
    """How many bytes the voxels of a NIfTI-1 file take, by its header.

    ITK does not tell: it makes floating-point numbers of values that the file keeps as whole numbers with a scale.
    """
    head = first_bytes(path)
    order = "<" if 1 <= struct.unpack_from("<h", head, DIMENSIONS)[0] <= 7 else ">"
    count, *lengths = struct.unpack_from(f"{order}8h", head, DIMENSIONS)
    bits: int = struct.unpack_from(f"{order}h", head, BITS)[0]
    return math.prod(max(1, length) for length in lengths[:count]) * bits // 8


def _convert(path: Path, copy: Path) -> None:
    import nibabel
    import numpy as np

    try:
        source = nibabel.Nifti2Image.from_filename(str(path))
        header, proxy = source.header, cast(Any, source.dataobj)
        stored = np.asanyarray(proxy.get_unscaled())
    except Exception as error:  # a damaged file can break anything in the parser
        raise damaged(path, NIFTI) from error
    if max(stored.shape) > np.iinfo(np.int16).max:
        raise ImageError(f"{path.name} has more than 32,767 pixels along an axis.", "Crop it, and try again.")
    made = nibabel.Nifti1Image(stored, None)
    for method, wanted in (("get_qform", "set_qform"), ("get_sform", "set_sform")):
        matrix, code = getattr(header, method)(coded=True)
        getattr(made, wanted)(matrix, code)
    made.header.set_data_dtype(stored.dtype)
    made.header.set_zooms(header.get_zooms())
    made.header.set_xyzt_units(*header.get_xyzt_units())
    made.header.set_slope_inter(proxy.slope, proxy.inter)
    nibabel.save(made, copy)
