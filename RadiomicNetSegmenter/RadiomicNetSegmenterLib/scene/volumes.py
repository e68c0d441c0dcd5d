"""A volume of the scene as the image that RadiomicNet segments."""

from __future__ import annotations

import hashlib

import numpy as np
import slicer
import vtk
from slicer.i18n import tr as _
from vtk.util import numpy_support

from radiomicnet.errors import ImageError
from radiomicnet.images.array import check_size, image_from_array
from radiomicnet.images.image import Geometry, Image

DICOM_MODALITY_TAG = "0008,0060"


def readImage(volumeNode) -> Image:
    """Copy a volume node's pixels and geometry; call on the main thread.

    The intensities become 8 bit by the same rule as in the command. The geometry is the node's own, in LPS; a parent
    transform is not applied, because the results are put under the same transform.

    Raises
    ------
    ImageError
        For no volume, a volume without pixels, a labelmap, more than one slice, and everything that
        :func:`radiomicnet.images.array.image_from_array` refuses.
    """
    name = _checked(volumeNode)
    image = volumeNode.GetImageData()
    if sliceCount(volumeNode) > 1:
        raise ImageError(_("{name} holds {count} slices.").format(name=name, count=sliceCount(volumeNode)),
                         _("Segment all of them under Volume, or take one out with the Crop Volume module."))
    check_size(image.GetDimensions(), name)
    return image_from_array(pixels(image), _geometry(volumeNode), name, dicomModality(volumeNode))


def readVolume(volumeNode):
    """Copy the voxels and the geometry of a volume of several slices; call on the main thread.

    Returns
    -------
    radiomicnet.stacks.volume.Volume

    Raises
    ------
    ImageError
        For no volume, a volume without pixels, and a labelmap.
    """
    from radiomicnet.stacks.volume import Volume

    name = _checked(volumeNode)
    return Volume(voxels(volumeNode.GetImageData()), _geometry(volumeNode), name, name, dicomModality(volumeNode))


def sliceCount(volumeNode) -> int:
    """Number of slices; 0 where there is no volume, or none with pixels."""
    image = volumeNode.GetImageData() if volumeNode else None
    return image.GetDimensions()[2] if image and image.GetNumberOfPoints() else 0


def _checked(volumeNode) -> str:
    """The name of a volume that holds grey levels or colours."""
    if volumeNode is None:
        raise ImageError(_("No image is chosen."), _("Choose one under Image."))
    name = volumeNode.GetName() or "image"
    if not volumeNode.IsA("vtkMRMLScalarVolumeNode") or volumeNode.IsA("vtkMRMLLabelMapVolumeNode"):
        raise ImageError(_("{name} is not a grey or colour image.").format(name=name),
                         _("Choose a scalar or an RGB volume."))
    image = volumeNode.GetImageData()
    if image is None or image.GetPointData().GetScalars() is None or image.GetNumberOfPoints() == 0:
        raise ImageError(_("{name} holds no pixels.").format(name=name), _("Load the image again."))
    return name


def place(volumeNode) -> tuple[str, Geometry, str | None]:
    """Name, geometry and modality of a volume of one slice, whatever its pixels show; raises ImageError like
    :func:`readImage` for all but them."""
    name = _checked(volumeNode)
    check_size(volumeNode.GetImageData().GetDimensions(), name)
    return name, _geometry(volumeNode), dicomModality(volumeNode)


def fingerprint(volumeNode) -> str:
    """Tells the pixels and the geometry of a volume of one slice from all others; the same after saving and loading.

    A frame of a sequence is shown by one and the same node as all other frames, so the node cannot tell.
    """
    matrix = vtk.vtkMatrix4x4()
    volumeNode.GetIJKToRASMatrix(matrix)
    geometry = [f"{matrix.GetElement(row, column):.6g}" for row in range(3) for column in range(4)]
    values = pixels(volumeNode.GetImageData())
    return hashlib.sha256(f"{values.shape} {values.dtype.str} {geometry}".encode() + values.tobytes()).hexdigest()


def dicomModality(volumeNode) -> str | None:
    """The DICOM modality ("US", "ES", ...) of a loaded volume, None where it did not come from DICOM.

    Asked of the subject hierarchy (the series the volume lies in), then of the DICOM database. A frame of a
    sequence is asked for through the sequence it comes from.
    """
    for node in (volumeNode, sequenceOf(volumeNode)):
        modality = node and (_hierarchyModality(node) or dicomValue(node, DICOM_MODALITY_TAG))
        if modality:
            return modality
    return None


def pixels(image) -> np.ndarray:
    """(H, W, C) copy of the one slice of a vtkImageData.

    Not by ``slicer.util.arrayFromVolume``, which refuses volumes of derived classes, live ultrasound among them.
    """
    columns, rows, _slices = image.GetDimensions()
    return numpy_support.vtk_to_numpy(image.GetPointData().GetScalars()).reshape(rows, columns, -1).copy()


def voxels(image) -> np.ndarray:
    """(K, J, I) copy of a vtkImageData, (K, J, I, C) where a voxel has several components."""
    array = numpy_support.vtk_to_numpy(image.GetPointData().GetScalars())
    return array.reshape(*image.GetDimensions()[::-1], *array.shape[1:]).copy()


def _geometry(volumeNode) -> Geometry:
    """RAS to LPS: the first two axes change sign, nothing is computed, so nothing is rounded."""
    signs = (-1.0, -1.0, 1.0)
    directions = vtk.vtkMatrix4x4()
    volumeNode.GetIJKToRASDirectionMatrix(directions)
    spacing = tuple(volumeNode.GetSpacing())
    return Geometry(
        spacing=spacing,
        origin=tuple(sign * value + 0.0 for sign, value in zip(signs, volumeNode.GetOrigin())),
        direction=tuple(signs[i] * directions.GetElement(i, j) + 0.0 for i in range(3) for j in range(3)),
        # A file that says nothing of the size of its pixels is loaded with 1 mm.
        calibrated=spacing[:2] != (1.0, 1.0))


def frame(volumeNode) -> tuple[int, int] | None:
    """Number of the frame that a volume shows, from 1, and of how many; None where it is not of a sequence."""
    browser = browserOf(volumeNode)
    if browser is None or browser.GetSelectedItemNumber() < 0:
        return None
    return browser.GetSelectedItemNumber() + 1, browser.GetNumberOfItems()


def sequenceOf(volumeNode):
    """The sequence whose current frame the volume is; None where it is of none."""
    browser = browserOf(volumeNode)
    return browser.GetSequenceNode(volumeNode) if browser else None


def browserOf(volumeNode):
    """The browser that chooses which frame the volume shows; None where it is not of a sequence."""
    module = getattr(slicer.modules, "sequences", None)
    return module.logic().GetFirstBrowserNodeForProxyNode(volumeNode) if module and volumeNode else None


def _hierarchyModality(node) -> str | None:
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    if hierarchy is None:
        return None
    attribute = slicer.vtkMRMLSubjectHierarchyConstants.GetDICOMSeriesModalityAttributeName()
    item = hierarchy.GetItemByDataNode(node)
    while item not in (hierarchy.GetInvalidItemID(), hierarchy.GetSceneItemID()):
        if hierarchy.GetItemAttribute(item, attribute):
            return hierarchy.GetItemAttribute(item, attribute)
        item = hierarchy.GetItemParent(item)
    return None


def dicomValue(node, tag: str) -> str | None:
    """What the DICOM database holds of the file a volume came from; None where it came from none."""
    database = getattr(slicer, "dicomDatabase", None)
    instances = (node.GetAttribute("DICOM.instanceUIDs") or "").split()
    if database is None or not instances or not database.isOpen:
        return None
    return database.instanceValue(instances[0], tag) or None
