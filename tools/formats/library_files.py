"""The test files and sample images that come inside installed libraries."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from case import Case

MODES = {"1": "1 bit", "L": "grey", "LA": "grey with opacity", "P": "palette", "RGB": "RGB", "RGBA": "RGBA",
         "I;16": "grey, 16 bit", "I": "grey, 32 bit", "F": "grey, float"}
PICTURES = {"skimage": "data", "matplotlib": "mpl-data/sample_data", "sklearn": "datasets/images"}
ENDINGS = (".png", ".jpg", ".tif", ".gif")


def pydicoms() -> Iterator[Case]:
    """Every DICOM file in pydicom, with what its header says of its picture."""
    for path in sorted(_inside("pydicom", "data/test_files").glob("*.dcm")):
        yield Case(_dicom_words(path), path)


def nibabels() -> Iterator[Case]:
    """Every NIfTI file in nibabel."""
    import nibabel

    folder = _inside("nibabel", "tests/data")
    for path in sorted([*folder.glob("*.nii"), *folder.glob("*.nii.gz")]):
        image = nibabel.load(path)
        header = getattr(image, "nifti_header", image.header)  # CIFTI lies in NIfTI, with a header of its own
        version = 2 if header.sizeof_hdr == 540 else 1
        shape = " × ".join(map(str, header.get_data_shape()))
        yield Case(f"NIfTI-{version}, {header.get_data_dtype()}, {shape}", path)


def slicerios() -> Iterator[Case]:
    """The NRRD files in slicerio."""
    import nrrd

    for path in sorted(_inside("slicerio", "data").glob("*.nrrd")):
        header = nrrd.read_header(str(path))
        yield Case(f"NRRD, {header['type']}, {' × '.join(map(str, header['sizes']))}", path)


def pictures() -> Iterator[Case]:
    """Sample images of libraries that show and analyse pictures."""
    for library, folder in PICTURES.items():
        for path in sorted(_inside(library, folder).iterdir()):
            if path.suffix in ENDINGS:
                yield Case(_picture_words(path), path)


def _picture_words(path: Path) -> str:
    """What Pillow takes it for."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as picture:
            return f"{picture.format}, {MODES.get(picture.mode, picture.mode)}"
    except UnidentifiedImageError:
        return f"{path.suffix}, a variant that Pillow does not know"


def _inside(library: str, folder: str) -> Path:
    found = find_spec(library)
    assert found is not None and found.origin, f"{library} is not installed"
    return Path(found.origin).parent / folder


def _dicom_words(path: Path) -> str:
    from pydicom import dcmread

    with warnings.catch_warnings(action="ignore"):
        header = dcmread(path, stop_before_pixels=True, force=True)
        syntax = getattr(header, "file_meta", {}).get("TransferSyntaxUID")
        if "PhotometricInterpretation" not in header:
            return header.SOPClassUID.name if "SOPClassUID" in header else "no object"
        frames = str(header.get("NumberOfFrames") or 1)
    words = [header.get("Modality") or "", header.PhotometricInterpretation, f"{header.BitsStored} bit",
             syntax.name if syntax else "encoding not stated", f"{frames} frames" if frames != "1" else ""]
    return ", ".join(word for word in words if word)
