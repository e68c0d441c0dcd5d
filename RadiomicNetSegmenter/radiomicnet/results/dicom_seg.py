"""NAME-seg.dcm: the lesions as a DICOM Segmentation that refers to the image it was made from."""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import __version__
from ..errors import ImageError
from ..images.kinds import DICOM, kind_of
from .nrrd_file import plain
from .result import Prediction
from .segmentation_nrrd import segment_names

if TYPE_CHECKING:
    from pydicom import Dataset

NEEDED = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")
# What highdicom copies from the source, and a file that breaks the standard may lack.
EMPTY = ("PatientID", "PatientName", "PatientBirthDate", "PatientSex", "StudyID", "StudyDate", "StudyTime",
         "AccessionNumber", "ReferringPhysicianName")
SERIES_NUMBER = 900  # high, so that it stands after the study's own series


def check_source(source: Path) -> None:
    """Refuse a source that no DICOM Segmentation can refer to, before anything is computed.

    Raises
    ------
    ImageError
    """
    if kind_of(source) is not DICOM:
        raise ImageError(f"{source.name} is no DICOM file, and a DICOM Segmentation has to refer to one.",
                         "Leave dicom-seg out; the other formats fit every image.")
    missing = [keyword for keyword in NEEDED if not _header(source).get(keyword)]
    if missing:
        raise ImageError(f"{source.name} lacks {' and '.join(missing)}, so a DICOM Segmentation cannot refer to it.",
                         "Export the file from its archive again, or leave dicom-seg out.")


def write_dicom_seg(prediction: Prediction, path: Path, source: Path, frame: int = 1) -> None:
    """Write one binary segment per lesion, with the model card's coded terms and the model as the algorithm.

    Where nothing was outlined there is one empty segment: it was looked for, and nothing was found. UIDs follow from
    what is in the file, and its date is the source's, so that the same result gives the same bytes.

    Parameters
    ----------
    prediction : Prediction
        Of the very pixels of the source.
    path, source : pathlib.Path
    frame : int
        Of the source, from 1 on.

    Raises
    ------
    OSError
        Where the file cannot be written.
    """
    import highdicom
    from highdicom.seg import Segmentation, SegmentationTypeValues
    from pydicom.uid import generate_uid

    whole = _header(source)
    count = int(whole.get("NumberOfFrames") or 1)
    voxels = _voxels(prediction)
    content = hashlib.sha256(voxels.tobytes() + prediction.card.weights_sha256.encode()).hexdigest()
    entropy = [whole.SOPInstanceUID, str(frame), content, repr(prediction.threshold), __version__]
    with warnings.catch_warnings(action="ignore"):  # of small faults in the source, which are no concern here
        made = Segmentation(
            [_single(whole, frame)], voxels, SegmentationTypeValues.BINARY,
            _descriptions(prediction, highdicom, entropy),
            series_instance_uid=generate_uid(entropy_srcs=["series", *entropy]), series_number=SERIES_NUMBER,
            sop_instance_uid=generate_uid(entropy_srcs=["instance", *entropy]), instance_number=1,
            manufacturer="RadiomicNet", manufacturer_model_name=prediction.card.name,
            software_versions=__version__, device_serial_number=prediction.card.weights_sha256[:16],
            omit_empty_frames=False, content_label="LESIONS", series_description="RadiomicNet segmentation",
            content_description="For research use only. Not a medical device.")
        if count > 1:
            _refer_to_frame(made, whole.SOPClassUID, frame)
        _settle(made, whole, generate_uid(entropy_srcs=["dimensions", *entropy]))
        made.save_as(path)


def _header(source: Path) -> Dataset:
    import pydicom

    with warnings.catch_warnings(action="ignore"):
        return pydicom.dcmread(source, stop_before_pixels=True, force=True)


def _single(header: Dataset, frame: int) -> Dataset:
    """The source as if it held this frame only, with everything that highdicom copies; it refuses clips."""
    from copy import deepcopy

    from pydicom.uid import UltrasoundImageStorage

    single = deepcopy(header)
    if "SharedFunctionalGroupsSequence" in single:
        single.NumberOfFrames = 1
        single.PerFrameFunctionalGroupsSequence = single.PerFrameFunctionalGroupsSequence[frame - 1:frame]
    elif "NumberOfFrames" in single:  # a clip of the older kind, which highdicom takes for one of the newer
        del single.NumberOfFrames
        single.SOPClassUID = UltrasoundImageStorage
    for keyword in EMPTY:
        if keyword not in single:
            setattr(single, keyword, "")
    return single


def _voxels(prediction: Prediction) -> np.ndarray:
    """(1, H, W, segments) uint8."""
    numbers = [lesion.label for lesion in prediction.lesions] or [1]
    return np.stack([prediction.labels == number for number in numbers], axis=-1)[None].astype(np.uint8)


def _descriptions(prediction: Prediction, highdicom: Any, entropy: list[str]) -> list[Any]:
    from pydicom.sr.coding import Code
    from pydicom.uid import generate_uid

    def code(words: tuple[str, str, str]) -> Code:
        scheme, value, meaning = words
        return Code(value, scheme, meaning)

    card = prediction.card
    algorithm = highdicom.AlgorithmIdentificationSequence(
        name=f"RadiomicNet {card.name}", version=card.version, family=Code("123109", "DCM", "Artificial Intelligence"),
        source="RadiomicNet", parameters={"threshold": f"{prediction.threshold:.6g}",
                                          "weights": card.weights_sha256[:16]})
    names = segment_names(prediction) or (card.target.name,)
    return [highdicom.seg.SegmentDescription(
        number, plain(name)[:64], code(card.target.category), code(card.target.type), "AUTOMATIC", algorithm,
        tracking_uid=generate_uid(entropy_srcs=["segment", str(number), *entropy]), tracking_id=plain(name)[:64],
        anatomic_regions=[code(card.target.region)]) for number, name in enumerate(names, start=1)]


def _refer_to_frame(made: Dataset, source_class: str, frame: int) -> None:
    """Say of which class the source is, and which frame of it the segmentation was made from."""
    images = list(made.get("SourceImageSequence", []))
    for item in made.PerFrameFunctionalGroupsSequence:
        for derivation in item.DerivationImageSequence:
            images += derivation.SourceImageSequence
    for image in images:
        image.ReferencedFrameNumber = frame
    instances = [item for series in made.ReferencedSeriesSequence for item in series.ReferencedInstanceSequence]
    for item in images + instances:
        item.ReferencedSOPClassUID = source_class


def _settle(made: Dataset, source: Dataset, dimensions: str) -> None:
    """Replace what highdicom draws by chance or takes from the clock."""
    date = str(source.get("ContentDate") or source.get("StudyDate") or "19000101")
    time = str(source.get("ContentTime") or source.get("StudyTime") or "000000")
    for kind in ("Content", "InstanceCreation"):
        setattr(made, f"{kind}Date", date)
        setattr(made, f"{kind}Time", time)
    for item in (*made.DimensionOrganizationSequence, *made.DimensionIndexSequence):
        item.DimensionOrganizationUID = dimensions
    for item in made.get("ContributingEquipmentSequence", []):
        if "ContributionDateTime" in item:
            del item.ContributionDateTime
