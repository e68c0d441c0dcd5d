"""What the files of one result are called, and which files of a folder belong to a result."""

from __future__ import annotations

import re
from pathlib import Path

# A file's name may have 255 bytes; the longest ending needs 24 and the folder it is made in some more.
LONGEST_STEM = 180

SEGMENTATION = ".seg.nrrd"
PROBABILITY = "-probability.nrrd"
UNCERTAINTY = "-uncertainty.nrrd"
RECORD = ".json"
TABLE = "-features.csv"
REGIONS = "-regions.csv"
STABILITY = "-stability.csv"
PAGE = ".html"
LABELS = "-labels.nrrd"
CORRECTED = "-corrected"  # before the ending of what a person has corrected
CORRECTION = "-correction.json"
DICOM_SEG = "-seg.dcm"
COCO = "-coco.json"
MASK = "-mask.png"
NIFTI = "-labels.nii.gz"
CHECK_IMAGE = "-check-image.nrrd"
CHECK_MASK = "-check-mask.nrrd"
CHECK_SETTINGS = "-check-settings.yaml"

_FIXED = (SEGMENTATION, LABELS, PROBABILITY, UNCERTAINTY, RECORD, TABLE, REGIONS, STABILITY, PAGE, CHECK_IMAGE,
          CHECK_MASK, CHECK_SETTINGS, DICOM_SEG, COCO, MASK, NIFTI)
# Names that Windows keeps for devices, whatever their ending.
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}
_ATTENTION = re.compile(r"-attention-[a-z]+-[0-9]+\.nrrd")


def attention(level: str) -> str:
    """Ending of the file with a gate's attention map."""
    return f"-attention-{level}.nrrd"


def file_stem(name: str) -> str:
    """A name that every file system takes, the same for the same input.

    Characters that Windows, macOS or Linux refuse, and those that a shell or an address would read as something else
    at the beginning, become ``_``, which also stands before a name that Windows keeps for a device; letters of any
    language and spaces stay. Cut to :data:`LONGEST_STEM` bytes.
    """
    stem = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]', "_", name).strip(" .")
    if stem.partition(".")[0].upper() in RESERVED:
        stem = f"_{stem}"
    stem = re.sub(r"^-", "_", stem).encode("utf-8", "replace")[:LONGEST_STEM].decode("utf-8", "ignore").strip(" .")
    return stem or "image"


def files_of(folder: Path, stem: str) -> list[Path]:
    """The files in a folder that an earlier result of this name has left, whatever its model was."""
    return [path for path in folder.iterdir()
            if path.name.startswith(stem) and _is_ending(path.name[len(stem):]) and path.is_file()]


def _is_ending(ending: str) -> bool:
    return ending in _FIXED or _ATTENTION.fullmatch(ending) is not None
