"""Further formats of a result, beside what is always written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from . import names
from .coco import write_coco, write_mask
from .dicom_seg import check_source, write_dicom_seg
from .labels_nifti import write_nifti
from .result import Prediction
from .write import Writer

DICOM_SEG, COCO, NIFTI = "dicom-seg", "coco", "nifti"
FORMATS = (DICOM_SEG, COCO, NIFTI)


def check_also(formats: Sequence[str], source: Path) -> None:
    """Refuse what cannot be written for a source, before anything is computed.

    Raises
    ------
    ImageError
    """
    if DICOM_SEG in formats:
        check_source(source)


def also(formats: Sequence[str], prediction: Prediction, source: Path, frame: int | None = None) -> dict[str, Writer]:
    """What writes the files of these formats, by their endings.

    Parameters
    ----------
    formats : sequence of str
        Of :data:`FORMATS`.
    prediction : Prediction
    source : pathlib.Path
        The image's file.
    frame : int, optional
        Of the file, from 1 on; its first by default.
    """
    made: dict[str, Writer] = {}
    if DICOM_SEG in formats:
        made[names.DICOM_SEG] = partial(write_dicom_seg, prediction, source=source, frame=frame or 1)
    if COCO in formats:
        made[names.COCO] = partial(write_coco, prediction, file_name=source.name)
        made[names.MASK] = partial(write_mask, prediction)
    if NIFTI in formats:
        made[names.NIFTI] = partial(write_nifti, labels=prediction.labels, geometry=prediction.image.geometry)
    return made
