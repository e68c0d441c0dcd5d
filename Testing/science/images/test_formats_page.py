"""docs/reference/formats.md, written by tools/formats: the page says what comes out, and no format is missing."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "reference" / "formats.md"
FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WebP", "NRRD", "NIfTI-1", "NIfTI-2", "MetaImage", "grey", "palette", "RGB",
           "RGBA", "1 bit", "12 bit", "16 bit", "float", "MONOCHROME1", "MONOCHROME2", "YBR_FULL", "YBR_FULL_422",
           "PALETTE COLOR", "JPEG Baseline", "JPEG 2000", "JPEG-LS", "RLE Lossless", "frames", "one region", "MP4",
           "AVI")


@pytest.fixture(scope="module")
def tool():
    """The modules of tools/formats; they import each other by their bare names."""
    before = list(sys.path)
    sys.path.insert(0, str(ROOT / "tools" / "formats"))
    import library_files
    import made_dicom
    import made_files
    import outcome

    yield {"files": made_files, "dicom": made_dicom, "libraries": library_files, "outcome": outcome.outcome}
    sys.path[:] = before


@pytest.fixture(scope="module")
def rows():
    """What came out, by file and format."""
    found = re.findall(r"(?m)^\| (.+?) \| `(.+?)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"))
    return {(name, format): words for format, name, words in found}


def test_every_format_that_a_clinic_loads_was_tried(rows):
    formats = " ".join(format for _, format in rows)
    assert [name for name in FORMATS if name not in formats] == []


@pytest.mark.parametrize(("part", "maker"), [
    ("files", "by_pillow"), ("files", "by_tifffile"), ("files", "by_nibabel"), ("dicom", "by_pydicom")])
def test_what_the_page_says_comes_out_of_files_made_now(tool, rows, small_segmenter, tmp_path, part, maker):
    """And each outline lies on its image. Where this fails, run `make formats` and see what has changed."""
    for case in getattr(tool[part], maker)(tmp_path):
        made = tool["outcome"](case, small_segmenter)
        assert rows.get((case.path.name, case.format)) == made.words


def test_every_dicom_file_of_pydicom_has_its_row(tool, rows):
    assert {(case.path.name, case.format) for case in tool["libraries"].pydicoms()} <= set(rows)
