"""The result of a clip or of a volume of slices as nodes of the scene: outlines, a table, a record, a plot.

A clip's outlines are a sequence of segmentations in the browser of its images, so that both play in step. Every frame
has an item of its own, an empty one where nothing was drawn or the frame was not segmented: a browser would otherwise
show the outline of the frame before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import slicer
from slicer.i18n import tr as _

from radiomicnet.clips.frame import Frame
from radiomicnet.results.provenance import provenance_of

from . import clipPlot, clipRecord, clipTable, results, segmentation, volumes
from .clipRecord import ClipRecord
from .folder import gather
from .labelmaps import cropped

OUTLINES, STACK, TABLE, RECORD = "clip", "stack", "clipTable", "clipRecord"


@dataclass
class ClipNodes:
    """The nodes of one clip's or volume's result; None where there are none (any more).

    ``sequence`` is a clip's only; ``segmentation`` is what shows its current frame, or the volume's one segment.
    """

    sequence: object | None = None
    segmentation: object | None = None
    table: object | None = None
    record: object | None = None
    chart: object | None = None

    @property
    def content(self) -> ClipRecord | None:
        """What was found; None without outlines to go with it."""
        return clipRecord.read(self.record) if self.segmentation else None


def find(volumeNode) -> ClipNodes:
    """The result that belongs to the clip or volume; empty where there is none."""
    nodes = ClipNodes()
    if volumeNode is None:
        return nodes
    nodes.sequence = _first("vtkMRMLSequenceNode", OUTLINES, volumeNode)
    nodes.table = _first("vtkMRMLTableNode", TABLE, volumeNode)
    nodes.record = _first("vtkMRMLTextNode", RECORD, volumeNode)
    nodes.chart = clipPlot.find(volumeNode)
    nodes.segmentation = _first("vtkMRMLSegmentationNode", STACK, volumeNode)
    if nodes.sequence:
        nodes.segmentation = _proxy(volumes.browserOf(volumeNode), nodes.sequence)
    return nodes


def showClip(result, volumeNode) -> ClipNodes:
    """Write a :class:`radiomicnet.clips.run.ClipResult` of at least one frame into the scene.

    Frames that an earlier run made in the same way stay; what an earlier run made in another way is replaced.

    Raises
    ------
    RuntimeError
        Where the volume shows no clip any more.
    """
    browser, images = volumes.browserOf(volumeNode), volumes.sequenceOf(volumeNode)
    if images is None:
        raise RuntimeError(_("The clip is no longer in the scene."))
    nodes = find(volumeNode)
    record = clipRecord.joined(nodes.content, clipRecord.recordOf(result))
    done = {frame.place: frame for frame in result.frames}
    kept = {frame.place for frame in record.frames} - done.keys()
    if nodes.sequence is None:
        nodes.sequence = _newSequence(images, volumeNode)
    with slicer.util.NodeModify(nodes.sequence):
        _fill(nodes.sequence, images, done, kept, result.card, result.threshold)
    nodes.segmentation = _inBrowser(browser, nodes.sequence, volumeNode)
    _describe(nodes, record, volumeNode)
    return nodes


def showStack(result, volumeNode) -> ClipNodes:
    """Write a :class:`radiomicnet.stacks.run.StackResult` into the scene: one segment, in place of an earlier one."""
    from radiomicnet.stacks import words

    nodes = find(volumeNode)
    record = replace(clipRecord.recordOf(result.slices), spot=_largestSection(result),
                     said=(words.finding(result), *words.sentences(result)))
    nodes.segmentation = nodes.segmentation or results.create(
        "vtkMRMLSegmentationNode", STACK, _("segmentation"), volumeNode)
    card = result.slices.card
    with slicer.util.NodeModify(nodes.segmentation):
        nodes.segmentation.SetReferenceImageGeometryParameterFromVolumeNode(volumeNode)
        _draw(nodes.segmentation, result.mask, volumeNode, card, result.slices.threshold)
        nodes.segmentation.SetDescription(record.said[0])
    segmentation.display(nodes.segmentation)
    results.placeLike(nodes.segmentation, volumeNode)
    _describe(nodes, record, volumeNode)
    return nodes


def remove(volumeNode) -> None:
    """Take the result out of the scene."""
    nodes, browser = find(volumeNode), volumes.browserOf(volumeNode)
    if nodes.sequence and browser:
        browser.RemoveSynchronizedSequenceNode(nodes.sequence.GetID())
    clipPlot.remove(volumeNode)
    for node in (nodes.sequence, nodes.segmentation, nodes.table, nodes.record):
        if node and node.GetScene():
            slicer.mrmlScene.RemoveNode(node)


def segmentations() -> list:
    """(ID of the volume it belongs to, segmentation node) of every result in the scene."""
    return [(node.GetNodeReferenceID(results.IMAGE_ROLE), node)
            for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode")
            if node.GetAttribute(results.KIND) in (OUTLINES, STACK)]


def _first(className: str, kind: str, volumeNode):
    return next((node for node in slicer.util.getNodesByClass(className) if node.GetAttribute(results.KIND) == kind
                 and node.GetNodeReferenceID(results.IMAGE_ROLE) == volumeNode.GetID()), None)


def _proxy(browser, sequence):
    return browser.GetProxyNode(sequence) if browser and browser.IsSynchronizedSequenceNode(sequence, True) else None


def _newSequence(images, volumeNode):
    """An empty sequence that is counted as the images are, without which a browser would not play both."""
    sequence = results.create("vtkMRMLSequenceNode", OUTLINES, _("outlines of all frames"), volumeNode)
    sequence.SetIndexName(images.GetIndexName())
    sequence.SetIndexUnit(images.GetIndexUnit())
    sequence.SetIndexType(images.GetIndexType())
    sequence.SetNumericIndexValueTolerance(images.GetNumericIndexValueTolerance())
    return sequence


def _fill(sequence, images, done: dict[str, Frame], kept: set[str], card, threshold: float | None) -> None:
    """An item for every frame of the images: what was drawn, what an earlier run drew, or nothing.

    By the frame's place, not its number: frames may have been taken out meanwhile.
    """
    for index in range(images.GetNumberOfDataNodes()):
        place = images.GetNthIndexValue(index)
        if place not in kept or sequence.GetItemNumberFromIndexValue(place) < 0:
            sequence.SetDataNodeAtValue(_item(done.get(place), images.GetNthDataNode(index), card, threshold), place)


def _item(frame: Frame | None, imageNode, card, threshold: float | None):
    """One frame's segmentation; what shows it takes its attributes over with its segments."""
    node = slicer.vtkMRMLSegmentationNode()
    node.SetName("outlines")
    node.SetAttribute(results.KIND, OUTLINES)
    node.SetReferenceImageGeometryParameterFromVolumeNode(imageNode)
    if frame is not None and not frame.reason:
        _draw(node, frame.labels[None], imageNode, card, threshold)
    return node


def _draw(node, labels: np.ndarray, volumeNode, card, threshold: float | None) -> None:
    """Replace all segments by one for each value of the label map, (K, J, I) uint8."""
    segments = node.GetSegmentation()
    segments.RemoveAllSegments()
    labelmap = cropped(labels, volumeNode)
    if labelmap is None:
        return
    tags = provenance_of(card, card.threshold if threshold is None else threshold)
    for number in np.unique(labels[labels > 0]).tolist():
        name = card.target.name if number == 1 else f"{card.target.name} {number}"
        segments.AddSegment(segmentation.lesionSegment(number, name, card.target, tags, labelmap), f"Lesion_{number}")


def _inBrowser(browser, sequence, volumeNode):
    """Let the browser of the images play the outlines too; the node that shows them.

    What is corrected in a frame is saved to it, else it would be gone with the next frame.
    """
    with slicer.util.NodeModify(browser):  # else it would make a node of its own to show them
        browser.AddSynchronizedSequenceNode(sequence)
        node = browser.GetProxyNode(sequence)
        if node is None:
            node = results.create("vtkMRMLSegmentationNode", OUTLINES, _("outlines"), volumeNode)
            segmentation.display(node)
            browser.AddProxyNode(node, sequence, False)
        node.SetNodeReferenceID(results.IMAGE_ROLE, volumeNode.GetID())
        node.SetReferenceImageGeometryParameterFromVolumeNode(volumeNode)
        results.placeLike(node, volumeNode)
        browser.SetMissingItemMode(sequence, browser.MissingItemSetToDefault)
        browser.SetSaveChanges(sequence, True)
    slicer.modules.sequences.logic().UpdateProxyNodesFromSequences(browser)
    return node


def _largestSection(result) -> tuple[float, float, float] | None:
    from radiomicnet.stacks.volume import slices

    largest = result.slices.steadiest
    if largest is None:
        return None
    only = np.zeros_like(result.mask)
    slices(only, result.axis)[largest.index] = slices(result.mask, result.axis)[largest.index]
    ends = [(places.min() + places.max()) / 2 for places in np.nonzero(only)]
    return float(ends[2]), float(ends[1]), float(ends[0])


def _describe(nodes: ClipNodes, record: ClipRecord, volumeNode) -> None:
    """Record, table and plot."""
    nodes.record = nodes.record or results.create("vtkMRMLTextNode", RECORD, _("record of frames"), volumeNode)
    clipRecord.write(nodes.record, record)
    nodes.table = nodes.table or results.create("vtkMRMLTableNode", TABLE, _("frames"), volumeNode)
    clipTable.write(nodes.table, record)
    nodes.chart = clipPlot.make(nodes.table, record, volumeNode)
    gather([node for node in (nodes.sequence, nodes.segmentation, nodes.table, nodes.record) if node], volumeNode)
