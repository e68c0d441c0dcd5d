"""The segmentation that a person corrects: a copy beside the machine's, and what changed between the two."""

from __future__ import annotations

from dataclasses import dataclass

import slicer

from . import results, segmentation
from .folder import gather
from .results import CORRECTED, KIND, ResultNodes

ORIGIN_TAG = "RadiomicNet.Origin"
ORIGIN = "corrected by hand"
EDITOR = "SegmentEditor"


@dataclass(frozen=True)
class Change:
    """From the machine's segment to the corrected one; all segments of each taken together.

    ``dice`` is 1 where both are empty. Areas in pixels of the image; ``pixelArea`` in mm² turns them into mm², and is
    None where the image is not calibrated.
    """

    dice: float
    machine: int
    corrected: int
    added: int
    removed: int
    pixelArea: float | None


def begin(volumeNode) -> ResultNodes:
    """Give the image a corrected segmentation, a copy of the machine's where there is none yet.

    Where the network drew nothing, the copy gets an empty segment to draw into.
    """
    nodes = results.findNodes(volumeNode)
    if nodes.corrected:
        return nodes
    nodes.corrected = results.create("vtkMRMLSegmentationNode", CORRECTED, "corrected", volumeNode)
    restart(nodes)
    results.placeLike(nodes.corrected, volumeNode)
    nodes.corrected.SetReferenceImageGeometryParameterFromVolumeNode(volumeNode)
    gather(nodes.all, volumeNode)
    return nodes


def restart(nodes: ResultNodes) -> None:
    """Let the corrected segmentation be what the machine's is now."""
    nodes.corrected.CopyContent(nodes.segmentation)
    nodes.corrected.SetAttribute(KIND, CORRECTED)
    segments = nodes.corrected.GetSegmentation()
    if segments.GetNumberOfSegments() == 0:
        segments.AddEmptySegment("Lesion_1", "Lesion")
    for segmentId in segments.GetSegmentIDs():
        segments.GetSegment(segmentId).SetTag(ORIGIN_TAG, ORIGIN)
    segmentation.display(nodes.corrected)
    segmentation.displayAsReference(nodes.segmentation)


def discard(nodes: ResultNodes) -> None:
    """Remove the corrected segmentation; the machine's counts again."""
    slicer.mrmlScene.RemoveNode(nodes.corrected)
    nodes.corrected = None
    if nodes.segmentation:
        segmentation.display(nodes.segmentation)


def change(nodes: ResultNodes, volumeNode) -> Change:
    """What a person changed."""
    machine, corrected = (
        segmentation.labels(node, list(node.GetSegmentation().GetSegmentIDs()), volumeNode) > 0
        for node in (nodes.segmentation, nodes.corrected))
    total = int(machine.sum()) + int(corrected.sum())
    spacing = volumeNode.GetSpacing()
    calibrated = tuple(spacing[:2]) != (1.0, 1.0)
    return Change(
        dice=2 * int((machine & corrected).sum()) / total if total else 1.0,
        machine=int(machine.sum()), corrected=int(corrected.sum()),
        added=int((corrected & ~machine).sum()), removed=int((machine & ~corrected).sum()),
        pixelArea=spacing[0] * spacing[1] if calibrated else None)


def version(nodes: ResultNodes) -> tuple:
    """Something that changes whenever either segmentation does, and is quick to tell."""
    return tuple(_version(node) for node in (nodes.segmentation, nodes.corrected) if node)


def editorNode(nodes: ResultNodes, volumeNode):
    """Segment Editor's own parameter node, set to the corrected segmentation and the image."""
    node = slicer.mrmlScene.GetSingletonNode(EDITOR, "vtkMRMLSegmentEditorNode")
    if node is None:
        node = slicer.mrmlScene.CreateNodeByClass("vtkMRMLSegmentEditorNode")
        node.UnRegister(None)
        node.SetSingletonTag(EDITOR)
        node = slicer.mrmlScene.AddNode(node)
    node.SetAndObserveSegmentationNode(nodes.corrected)
    node.SetAndObserveSourceVolumeNode(volumeNode)
    node.SetSelectedSegmentID(nodes.corrected.GetSegmentation().GetNthSegmentID(0))
    return node


def _version(node) -> tuple:
    segments = node.GetSegmentation()
    representation = slicer.vtkSegmentationConverter.GetSegmentationBinaryLabelmapRepresentationName()
    labelmaps = ((segmentId, segments.GetSegment(segmentId).GetRepresentation(representation))
                 for segmentId in segments.GetSegmentIDs())
    return (node.GetID(), *((segmentId, labelmap and labelmap.GetMTime()) for segmentId, labelmap in labelmaps))
