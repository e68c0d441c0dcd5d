"""3-D volumes and stacks of slices, and their slices along any axis."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..clips.clip import Axis, Clip, Pixels
from ..clips.folder import open_folder
from ..errors import ImageError
from ..images.array import check_size
from ..images.dicom import frame_origin, read_header, read_pixels
from ..images.image import Geometry
from ..images.kinds import DICOM, kind_of, stem
from ..images.read import dicom_modality, dicom_place, geometry_of
from ..images.stack import check_several, read_stack

AXES = "ijk"  # columns, rows, slices of the file
STACK = "stack"


@dataclass(frozen=True)
class Volume:
    """Voxels with their place.

    Attributes
    ----------
    array : numpy.ndarray
        (K, J, I) or (K, J, I, C), any numeric type.
    geometry : Geometry
    name : str
    source : str
        The file's or folder's name with its ending.
    modality : str or None
    warnings : tuple of str
    """

    array: np.ndarray
    geometry: Geometry
    name: str
    source: str
    modality: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def voxel_ml(self) -> float | None:
        """Millilitres of a voxel; None where the volume is not calibrated."""
        return float(np.prod(self.geometry.spacing)) / 1000 if self.geometry.calibrated else None


def read_volume(path: str | os.PathLike[str]) -> Volume:
    """Read a volume: NRRD, NIfTI, MetaImage, TIFF of several pages, DICOM of many frames, or a folder with the slices
    of one DICOM series or of pictures.

    Raises
    ------
    ImageError
        Where it holds a single slice, a clip, several volumes or series, or cannot be read.
    """
    path = Path(path)
    if path.is_dir():
        volume = _from_folder(path)
    elif (kind := kind_of(path)) is DICOM:
        volume = _from_frames(path)
    else:
        stack = read_stack(path, kind)
        if stack.timed and not kind.picture:
            raise ImageError(f"{path.name} holds images that follow each other in time, no {STACK}.",
                             "Segment it with python -m radiomicnet clip.")
        volume = Volume(stack.array, stack.geometry, stem(path), path.name)
    check_several(len(volume.array), volume.source, STACK)
    return volume


def acquisition_axis(volume: Volume) -> str:
    """The axis along which slices were most likely acquired: the coarsest; the file's own slices among equals."""
    spacing = volume.geometry.spacing
    coarsest = max(spacing)
    return "k" if spacing[2] >= coarsest * (1 - 1e-3) else AXES[spacing.index(coarsest)]


def slices(array: np.ndarray, axis: str) -> np.ndarray:
    """A (K, J, I, ...) array as (slices, rows, columns, ...) along an axis; a view.

    Rows of a slice across i or j run along k, as far as there is a choice.
    """
    order = {"k": (0, 1, 2), "j": (1, 0, 2), "i": (2, 0, 1)}[axis]
    return array.transpose(*order, *range(3, array.ndim))


def from_slices(array: np.ndarray, axis: str) -> np.ndarray:
    """What :func:`slices` made of an array back in the order (K, J, I); a view."""
    return array.transpose({"k": (0, 1, 2), "j": (1, 0, 2), "i": (1, 2, 0)}[axis])


def from_the_middle(count: int) -> list[int]:
    """Slices from 0 on, the middle one first: the ends of a volume often show nothing to choose a model by."""
    return sorted(range(count), key=lambda index: abs(index - count // 2))


def as_clip(volume: Volume, axis: str) -> Clip:
    """The slices as the frames of a clip whose axis is the place in mm, or the number of the slice.

    Raises
    ------
    ImageError
        Where slices along this axis are too small or too large to be segmented.
    """
    frames = slices(volume.array, axis)
    check_size((frames.shape[2], frames.shape[1]), volume.source)
    i, j, k = volume.geometry.spacing
    across, down, apart = {"k": (i, j, k), "j": (i, k, j), "i": (j, k, i)}[axis]
    geometry = Geometry((across, down, apart), calibrated=volume.geometry.calibrated)
    values = tuple(f"{number * apart:.6g}" for number in range(len(frames)))
    places = Axis("position", "mm", values) if volume.geometry.calibrated else Axis.of_frames(len(frames))

    def read(indices: Sequence[int]) -> Iterator[Pixels]:
        return (np.asarray(frames[index]) for index in indices)

    return Clip(volume.name, places, read, geometry, volume.modality, volume.warnings, source=volume.source)


def _from_frames(path: Path) -> Volume:
    """The frames of a DICOM file; where they lie, if the file says so."""
    header, count = read_header(path)
    geometry, known = dicom_place(path, header, 0, count)
    array = np.stack([read_pixels(path, header, index) for index in range(count)])
    first, second = frame_origin(header, 0), frame_origin(header, 1) if count > 1 else None
    notes = known.notes
    if first is not None and second is not None:
        way = np.subtract(second, first)
        apart = float(np.linalg.norm(way))
        direction = np.reshape(geometry.direction, (3, 3)).copy()
        direction[:, 2] = way / apart
        geometry = replace(geometry, spacing=(*geometry.spacing[:2], apart),
                           direction=tuple(direction.ravel().tolist()))
    else:
        geometry = replace(geometry, calibrated=False)
        notes += ("The file does not say how far apart its frames lie, so there is no volume in ml.",)
    return Volume(array, geometry, stem(path), path.name, dicom_modality(header), notes)


def _from_folder(folder: Path) -> Volume:
    """One DICOM series, or pictures in the order of their names."""
    import SimpleITK as sitk

    name = folder.resolve().name
    series = _series(folder)
    if len(series) > 1:
        raise ImageError(f"The folder {name} holds {len(series)} DICOM series.", "Give a folder with one of them.")
    if not series:
        clip = open_folder(folder)
        made = list(clip.read(range(clip.count)))
        for array in made:
            if isinstance(array, ImageError):
                raise array
        arrays = [np.asarray(array) for array in made]
        if len({array.shape for array in arrays}) > 1:
            raise ImageError(f"The pictures in {name} are of different sizes.", "Give slices of one size.")
        return Volume(np.stack(arrays), replace(clip.geometry, calibrated=False), name, name, clip.modality,
                      clip.warnings)
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder), series[0]))
    try:
        image = reader.Execute()
    except RuntimeError as error:  # its text holds the folder
        raise ImageError(f"The DICOM series in {name} cannot be read as one volume.",
                         "Load it in 3D Slicer, and save the volume as NRRD.") from error
    header, _ = read_header(Path(reader.GetFileNames()[0]))
    return Volume(sitk.GetArrayFromImage(image), geometry_of(image, folder), name, name, dicom_modality(header))


def _series(folder: Path) -> tuple[str, ...]:
    """DICOM series in a folder; that there are none, as in a folder of pictures, is nothing for ITK to warn of."""
    import SimpleITK as sitk

    warned = sitk.ProcessObject.GetGlobalWarningDisplay()
    sitk.ProcessObject.GlobalWarningDisplayOff()
    try:
        return sitk.ImageSeriesReader.GetGDCMSeriesIDs(str(folder))
    finally:
        sitk.ProcessObject.SetGlobalWarningDisplay(warned)
