"""NAME-seg.dcm: the lesions as a DICOM Segmentation that refers to the image or the frames it was made from."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping
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

    from ..models.card import ModelCard

NEEDED = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")
# What highdicom copies from the source, and a file that breaks the standard may lack.
EMPTY = ("PatientID", "PatientName", "PatientBirthDate", "PatientSex", "StudyID", "StudyDate", "StudyTime",
         "AccessionNumber", "ReferringPhysicianName")
# What the standard wants to see, be it empty, and highdicom leaves out: who made the segmentation, and which way up the
# patient lies in an image that has no place in space.
UNKNOWN = ("ContentCreatorName", "PatientOrientation")
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
    numbers = [lesion.label for lesion in prediction.lesions]
    names = dict(zip(numbers, segment_names(prediction)))
    _write(path, source, prediction.card, prediction.threshold, {frame: prediction.labels}, names)


def write_dicom_seg_of_clip(labels: Mapping[int, np.ndarray], card: ModelCard, threshold: float, path: Path,
                            source: Path) -> None:
    """The same of several frames of a clip: a segment per lesion that keeps its number from frame to frame.

    Parameters
    ----------
    labels : mapping of int to numpy.ndarray
        (H, W) uint8 label maps by the source's frames, from 1 on.
    card : ModelCard
    threshold : float
    path, source : pathlib.Path

    Raises
    ------
    OSError
        Where the file cannot be written.
    """
    numbers = sorted({int(number) for each in labels.values() for number in np.unique(each)} - {0})
    name = card.target.name
    _write(path, source, card, threshold, labels,
           {number: f"{name} {number}" if len(numbers) > 1 else name for number in numbers})


def _write(path: Path, source: Path, card: ModelCard, threshold: float, labels: Mapping[int, np.ndarray],
           names: Mapping[int, str]) -> None:
    """``labels`` by the source's frames, ``names`` of the segments by the numbers in them."""
    import highdicom
    from highdicom.seg import Segmentation, SegmentationTypeValues
    from pydicom.uid import generate_uid

    whole = _header(source)
    names = names or {1: card.target.name}
    frames = sorted(labels)
    content = hashlib.sha256(card.weights_sha256.encode())
    for frame in frames:
        content.update(f"{frame} {sorted(names)}".encode() + labels[frame].tobytes())
    entropy = [whole.SOPInstanceUID, content.hexdigest(), repr(threshold), __version__]
    with warnings.catch_warnings(action="ignore"):  # of small faults in the source, which are no concern here
        made = Segmentation(
            [_single(whole, frames[0])], _voxels(labels[frames[0]], names), SegmentationTypeValues.BINARY,
            _descriptions(card, threshold, tuple(names.values()), highdicom, entropy),
            series_instance_uid=generate_uid(entropy_srcs=["series", *entropy]), series_number=SERIES_NUMBER,
            sop_instance_uid=generate_uid(entropy_srcs=["instance", *entropy]), instance_number=1,
            manufacturer="RadiomicNet", manufacturer_model_name=card.name,
            software_versions=__version__, device_serial_number=card.weights_sha256[:16],
            omit_empty_frames=False, content_label="LESIONS", series_description="RadiomicNet segmentation",
            content_description="For research use only. Not a medical device.")
        if len(frames) > 1:
            _add_frames(made, labels, names)
        if int(whole.get("NumberOfFrames") or 1) > 1:
            _refer_to_frames(made, whole.SOPClassUID, frames)
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
    _leave_empty(single, EMPTY)
    return single


def _leave_empty(dataset: Dataset, keywords: tuple[str, ...]) -> None:
    """Attributes that have to be there, where they are not."""
    for keyword in keywords:
        if keyword not in dataset:
            setattr(dataset, keyword, "")


def _voxels(labels: np.ndarray, names: Mapping[int, str]) -> np.ndarray:
    """(1, H, W, segments) uint8."""
    return np.stack([labels == number for number in names], axis=-1)[None].astype(np.uint8)


def _descriptions(card: ModelCard, threshold: float, names: tuple[str, ...], highdicom: Any, entropy: list[str]
                  ) -> list[Any]:
    from pydicom.sr.coding import Code
    from pydicom.uid import generate_uid

    def code(words: tuple[str, str, str]) -> Code:
        scheme, value, meaning = words
        return Code(value, scheme, meaning)

    algorithm = highdicom.AlgorithmIdentificationSequence(
        name=f"RadiomicNet {card.name}", version=card.version, family=Code("123109", "DCM", "Artificial Intelligence"),
        source="RadiomicNet", parameters={"threshold": f"{threshold:.6g}", "weights": card.weights_sha256[:16]})
    color = highdicom.color.CIELabColor.from_rgb(*(round(255 * part) for part in card.target.color))
    return [highdicom.seg.SegmentDescription(
        number, plain(name)[:64], code(card.target.category), code(card.target.type), "AUTOMATIC", algorithm,
        tracking_uid=generate_uid(entropy_srcs=["segment", str(number), *entropy]), tracking_id=plain(name)[:64],
        anatomic_regions=[code(card.target.region)], display_color=color) for number, name in enumerate(names, start=1)]


def _add_frames(made: Dataset, labels: Mapping[int, np.ndarray], names: Mapping[int, str]) -> None:
    """Make the segmentation of one frame one of all: highdicom takes several only where they lie in space.

    The frames are counted by Temporal Position Index, a dimension of its own beside the segment.
    """
    from copy import deepcopy

    from pydicom.dataset import Dataset
    from pydicom.pixels import pack_bits
    from pydicom.tag import Tag

    places = sorted(labels)
    firsts = list(made.PerFrameFunctionalGroupsSequence)  # one per segment
    items = []
    for segment, first in enumerate(firsts, start=1):
        for place in range(1, len(places) + 1):
            item = deepcopy(first)
            content = item.FrameContentSequence[0]
            content.TemporalPositionIndex = place
            content.DimensionIndexValues = [segment, place]
            items.append(item)
    made.PerFrameFunctionalGroupsSequence = items
    made.NumberOfFrames = len(items)
    time = Dataset()
    time.DimensionIndexPointer, time.FunctionalGroupPointer = Tag("TemporalPositionIndex"), Tag("FrameContentSequence")
    time.DimensionOrganizationUID = made.DimensionIndexSequence[0].DimensionOrganizationUID
    time.DimensionDescriptionLabel = "Frame"
    made.DimensionIndexSequence = [made.DimensionIndexSequence[0], time]
    bits = np.stack([labels[place] == number for number in names for place in places])
    made.PixelData = pack_bits(bits.astype(np.uint8).ravel())


def _refer_to_frames(made: Dataset, source_class: str, frames: list[int]) -> None:
    """Say of which class the source is, and which frames of it the segmentation was made from."""
    from copy import deepcopy

    # highdicom refers by one and the same item twice, and the list of a series' instances has no word for frames
    made.ReferencedSeriesSequence = deepcopy(made.ReferencedSeriesSequence)
    images = list(made.get("SourceImageSequence", []))
    for image in images:
        image.ReferencedFrameNumber = frames if len(frames) > 1 else frames[0]
    for number, item in enumerate(made.PerFrameFunctionalGroupsSequence):  # segment after segment, frame after frame
        for derivation in item.DerivationImageSequence:
            for image in derivation.SourceImageSequence:
                image.ReferencedFrameNumber = frames[number % len(frames)]
                images.append(image)
    instances = [item for series in made.ReferencedSeriesSequence for item in series.ReferencedInstanceSequence]
    for item in images + instances:
        item.ReferencedSOPClassUID = source_class


def _settle(made: Dataset, source: Dataset, dimensions: str) -> None:
    """Replace what highdicom draws by chance or takes from the clock, and say what is not known."""
    _leave_empty(made, UNKNOWN)
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
