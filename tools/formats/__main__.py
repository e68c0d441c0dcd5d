"""Try every format on real files, and write docs/reference/formats.md from what came out.

    .venv/bin/python tools/formats

The files come from inside the installed libraries, or are made by them in a folder that is taken away again. Each is
read, segmented, and its segmentation read back with ITK, as the command does it. It takes a minute or two.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "RadiomicNetSegmenter"))

import library_files  # noqa: E402
import made_dicom  # noqa: E402
import made_files  # noqa: E402
from case import Case  # noqa: E402
from outcome import Fault, outcome  # noqa: E402

from radiomicnet.models.store import load  # noqa: E402
from radiomicnet.segmenter import Segmenter  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "formats.md"
INTRODUCTION = """\
# Formats

<!-- Written by `make formats` from real files. -->

Every format that was tried, on files that come with the libraries named or were made by them, and what came out: the
size in pixels, how many frames or slices, how large a pixel is (else lengths are in pixels), and where the file itself
says that the picture lies. Whatever was read was also segmented, and the segmentation, read back with ITK, has the
image's size and lies in its place. Files made here without loss came out to the last pixel.

What is refused is refused with the sentence that stands here, and stops no other image. What is done with unusual
images, [segment](../how-to/segment.md#unusual-images) tells.
"""


def main() -> int:
    """Write the page; 1 where a file did not come out as it was made."""
    segmenter = Segmenter(load("breast-ultrasound"))
    sections, faults, came = [], [], []
    with tempfile.TemporaryDirectory() as name:
        for title, cases in _sections(Path(name)):
            rows = ["| format | file | what came out |", "|---|---|---|"]
            for case in cases:
                try:
                    came.append(outcome(case, segmenter))
                except Fault as fault:
                    faults.append(str(fault))
                    continue
                rows.append(f"| {_cell(case.format)} | `{case.path.name}` | {_cell(came[-1].words)} |")
            sections.append(f"## {title}\n\n" + "\n".join(rows) + "\n")
            print(f"{title}: {len(rows) - 2}", flush=True)
    if faults:
        print("\n".join(["The page was not written.", *faults]))
        return 1
    read = sum(made.read for made in came)
    total = f"{len(came)} files were tried; {read} were segmented, {len(came) - read} refused.\n"
    PAGE.write_bytes("\n".join([INTRODUCTION, total, *sections]).encode())
    return 0


def _sections(folder: Path) -> Iterable[tuple[str, Iterable[Case]]]:
    yield "Pictures, made by Pillow", made_files.by_pillow(folder)
    yield "Pictures, made by tifffile", made_files.by_tifffile(folder)
    yield "Pictures in scikit-image, matplotlib and scikit-learn", library_files.pictures()
    yield "NRRD, MetaImage and NIfTI, made by SimpleITK", made_files.by_itk(folder)
    yield "NIfTI, made by nibabel", made_files.by_nibabel(folder)
    yield "NIfTI in nibabel's own tests", library_files.nibabels()
    yield "NRRD in slicerio", library_files.slicerios()
    yield "DICOM in pydicom's own tests", library_files.pydicoms()
    yield "DICOM, made by pydicom", made_dicom.by_pydicom(folder)
    yield "Clips, made by PyAV, pynrrd and Pillow", [
        *made_files.by_pyav(folder), *made_files.by_pynrrd(folder), *made_files.as_pictures(folder)]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.exit(main())
