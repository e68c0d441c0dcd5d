"""DICOM of ultrasound and endoscopy, made by pydicom: what its own test files leave out."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from case import Case
from made_files import SIDE, colour, grey

ULTRASOUND, ULTRASOUND_CLIP, ENDOSCOPY = ("1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.5.1.4.1.1.3.1",
                                          "1.2.840.10008.5.1.4.1.1.77.1.1")
REGION = (8, 4, 119, 91)  # left, top, right, bottom


def by_pydicom(folder: Path) -> Iterator[Case]:
    """Single and multi-frame, with and without a calibrated region, packed and not."""
    from pydicom.uid import JPEG2000Lossless, RLELossless

    one, three = grey(), colour()
    clip = np.stack([np.roll(one, 3 * step, axis=1) for step in range(5)])

    def case(words: str, expected: np.ndarray | None, data: Any) -> Case:
        path = folder / f"{words}.dcm".replace(" ", "-").replace(",", "")
        with warnings.catch_warnings(action="ignore"):
            data.save_as(path, enforce_file_format=True)
        return Case(f"DICOM, {words}", path, expected)

    yield case("US, MONOCHROME2, 8 bit, one region", one, _object(one, regions=True))
    yield case("US, MONOCHROME1, 8 bit", one, _object(255 - one, PhotometricInterpretation="MONOCHROME1"))
    yield case("US, MONOCHROME2, 12 bit", None, _object(one.astype(np.uint16) * 16, BitsStored=12, HighBit=11))
    yield case("US, MONOCHROME1, 12 bit", None, _object(4095 - one.astype(np.uint16) * 16, BitsStored=12, HighBit=11,
                                                      PhotometricInterpretation="MONOCHROME1"))
    yield case("US, MONOCHROME2, 16 bit", one, _object(one.astype(np.uint16) * 257))
    yield case("US, RGB, one region", three, _object(three, regions=True))
    yield case("ES, RGB", three, _object(three, ENDOSCOPY, Modality="ES"))
    for name, syntax in (("RLE", RLELossless), ("JPEG 2000", JPEG2000Lossless)):
        for pixels, words in ((one, "MONOCHROME2"), (three, "RGB")):
            data = _object(pixels, regions=True)
            data.compress(syntax)
            yield case(f"US, {words}, {name}, one region", pixels, data)
    for name, syntax in (("uncompressed", None), ("RLE", RLELossless), ("JPEG 2000", JPEG2000Lossless)):
        data = _object(clip, ULTRASOUND_CLIP, regions=True, NumberOfFrames=len(clip), FrameTime=50)
        if syntax:
            data.compress(syntax)
        yield case(f"US, MONOCHROME2, {name}, 5 frames, one region", one, data)
    yield case("US, film of MPEG-4", None, _film())


def _object(pixels: np.ndarray, kind: str = ULTRASOUND, regions: bool = False, **elements: object) -> Any:
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, generate_uid

    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.SOPClassUID = data.file_meta.MediaStorageSOPClassUID = kind
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    data.Modality = "US"
    coloured = pixels.shape[-1] == 3
    data.Rows, data.Columns = SIDE
    data.SamplesPerPixel = 3 if coloured else 1
    data.PhotometricInterpretation = "RGB" if coloured else "MONOCHROME2"
    if coloured:
        data.PlanarConfiguration = 0
    data.BitsAllocated = data.BitsStored = 8 * pixels.itemsize
    data.HighBit, data.PixelRepresentation = data.BitsStored - 1, 0
    data.PixelData = pixels.tobytes()
    data["PixelData"].VR = "OB" if pixels.itemsize == 1 else "OW"
    if regions:
        data.SequenceOfUltrasoundRegions = [_region()]
    for keyword, value in elements.items():
        setattr(data, keyword, value)
    return data


def _region() -> Any:
    from pydicom.dataset import Dataset

    item = Dataset()
    item.RegionSpatialFormat, item.RegionDataType, item.RegionFlags = 1, 1, 0
    (item.RegionLocationMinX0, item.RegionLocationMinY0, item.RegionLocationMaxX1,
     item.RegionLocationMaxY1) = REGION
    item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = 3  # centimetres
    item.PhysicalDeltaX = item.PhysicalDeltaY = 0.025
    return item


def _film() -> Any:
    from pydicom.encaps import encapsulate
    from pydicom.uid import MPEG4HP41

    data = _object(colour(), ULTRASOUND_CLIP)
    data.file_meta.TransferSyntaxUID = MPEG4HP41
    data.PixelData = encapsulate([bytes(100)])
    return data
