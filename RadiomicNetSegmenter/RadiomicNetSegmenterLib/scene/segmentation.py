"""The outline of a prediction as a segmentation node: one segment per lesion."""

from __future__ import annotations

import numpy as np
import slicer
import vtk
from slicer.i18n import tr as _
from vtk.util import numpy_support

from radiomicnet.results.provenance import provenance
from radiomicnet.results.result import Prediction
from radiomicnet.results.segmentation_nrrd import CATEGORY_CONTEXT, REGION_CONTEXT, segment_names
from radiomicnet.results.words import finding

from .masks import segmentMasks

PROVENANCE_TAG = "RadiomicNet.Model"  # what tells our segments from those that someone else added
OUTLINE_PIXELS = 3
REFERENCE_PIXELS, REFERENCE_COLOR = 1, (1.0, 1.0, 1.0)


def write(node, prediction: Prediction, volumeNode, corrected=None) -> None:
    """Put the lesions of a prediction into a segmentation node and take those of an earlier run out.

    Segments that someone else added stay. All lesions share one labelmap with exactly the image's geometry, so the
    file written from it has one layer. ``corrected``: the segmentation that a person made of it, where there is one.
    """
    node.SetReferenceImageGeometryParameterFromVolumeNode(volumeNode)
    with slicer.util.NodeModify(node):
        segments = node.GetSegmentation()
        _removeEarlier(segments)
        labelmap = _labelmap(prediction.labels, volumeNode)
        target, tags = prediction.card.target, provenance(prediction)
        for lesion, name in zip(prediction.lesions, segment_names(prediction)):
            segments.AddSegment(lesionSegment(lesion.label, name, target, tags, labelmap), f"Lesion_{lesion.label}")
        node.SetDescription(finding(prediction, _))
    displayBeside(node, corrected)


def lesionIDs(node) -> list[str]:
    """IDs of the segments that a prediction drew, without those that someone else added."""
    segments = node.GetSegmentation()
    return [segmentId for segmentId in segments.GetSegmentIDs()
            if segments.GetSegment(segmentId).HasTag(PROVENANCE_TAG)]


def labels(node, segmentIDs: list[str], volumeNode) -> np.ndarray:
    """(H, W) uint8 on the image's pixels: 0 background, 1..n the segments in the order given, later ones on top."""
    masks = segmentMasks(node, volumeNode)
    columns, rows, _slices = volumeNode.GetImageData().GetDimensions()
    found = np.zeros((rows, columns), np.uint8)
    for number, segmentId in enumerate(segmentIDs, start=1):
        found[masks[segmentId]] = min(number, 255)
    return found


def _removeEarlier(segments) -> None:
    for segmentId in list(segments.GetSegmentIDs()):
        if segments.GetSegment(segmentId).HasTag(PROVENANCE_TAG):
            segments.RemoveSegment(segmentId)


def _labelmap(labels: np.ndarray, volumeNode):
    """(H, W) uint8 as a vtkOrientedImageData of one slice."""
    matrix = vtk.vtkMatrix4x4()
    volumeNode.GetIJKToRASMatrix(matrix)
    image = slicer.vtkOrientedImageData()
    image.SetDimensions(labels.shape[1], labels.shape[0], 1)
    image.AllocateScalars(vtk.VTK_UNSIGNED_CHAR, 1)
    numpy_support.vtk_to_numpy(image.GetPointData().GetScalars())[:] = labels.ravel()
    image.SetImageToWorldMatrix(matrix)
    return image


def segmentOf(mask: np.ndarray, name: str, color: tuple[float, float, float], volumeNode):
    """A segment of its own from a mask, (H, W) uint8, on the pixels of the image."""
    return _named(name, color, _labelmap(mask, volumeNode))


def _named(name: str, color, labelmap, label: int = 1):
    segment = slicer.vtkSegment()
    segment.SetName(name)
    segment.SetColor(*color)
    segment.SetLabelValue(label)
    segment.AddRepresentation(slicer.vtkSegmentationConverter.GetSegmentationBinaryLabelmapRepresentationName(),
                              labelmap)
    return segment


def lesionSegment(label: int, name: str, target, tags: dict[str, str], labelmap):
    """A segment of what a model looks for: the pixels of one value in a labelmap, with where it comes from as tags."""
    segment = _named(name, target.color, labelmap, label)
    segment.SetTag(slicer.vtkSegment.GetTerminologyEntryTagName(), _terminology(target))
    for key, value in tags.items():
        segment.SetTag(key, value)
    return segment


def _terminology(target) -> str:
    """The entry as Slicer serialises it: contexts, category, type and region, each without a modifier."""
    category, kind, region = ("^".join(code) for code in (target.category, target.type, target.region))
    return f"{CATEGORY_CONTEXT}~{category}~{kind}~^^~{REGION_CONTEXT}~{region}~^^"


def display(node) -> None:
    """Outline only, so that the attention under it is seen."""
    node.CreateDefaultDisplayNodes()
    display = node.GetDisplayNode()
    display.SetOpacity2DFill(0.0)
    display.SetVisibility2DOutline(True)
    display.SetSliceIntersectionThickness(OUTLINE_PIXELS)
    for segmentId in node.GetSegmentation().GetSegmentIDs():
        display.UnsetSegmentOverrideColor(segmentId)


def displayBeside(node, corrected) -> None:
    """As the outline that counts or, where a person made another of it, as what that one began with."""
    (display if corrected is None else displayAsReference)(node)


def displayAsReference(node) -> None:
    """Outline only, thin and white: what the network drew, beside what a person made of it."""
    display(node)
    shown = node.GetDisplayNode()
    shown.SetSliceIntersectionThickness(REFERENCE_PIXELS)
    for segmentId in node.GetSegmentation().GetSegmentIDs():
        shown.SetSegmentOverrideColor(segmentId, *REFERENCE_COLOR)
