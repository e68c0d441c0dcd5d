"""A prediction and a result as nodes of the scene.

Every image has one set of result nodes, tied to it by a node reference: running again on the same image replaces
what they hold, running on another image leaves them alone, and a saved scene finds them again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import slicer

from radiomicnet.results.result import Prediction, Result

from . import maps, segmentation, table, volumes

KIND = "RadiomicNet.kind"
FINGERPRINT = "RadiomicNet.fingerprint"
IMAGE_ROLE = "RadiomicNet.image"
SEGMENTATION, TABLE, MAP_PREFIX = "segmentation", "features", "map:"


@dataclass
class ResultNodes:
    """The nodes of one image's result; None or absent where there are none (any more).

    ``fingerprint`` tells which pixels were segmented (:func:`volumes.fingerprint`). ``maps`` goes by key: attention
    levels (``stride-16`` ...) in the decoder's order, then ``probability`` and ``uncertainty``.
    """

    segmentation: object | None = None
    fingerprint: str = ""
    table: object | None = None
    maps: dict[str, object] = field(default_factory=dict)


def findNodes(volumeNode) -> ResultNodes:
    """The result nodes that belong to an image; empty where it was never segmented."""
    nodes = ResultNodes()
    for node in _tiedTo(volumeNode):
        kind = node.GetAttribute(KIND)
        if kind == SEGMENTATION:
            nodes.segmentation = node
            nodes.fingerprint = node.GetAttribute(FINGERPRINT) or ""
        elif kind == TABLE:
            nodes.table = node
        elif kind.startswith(MAP_PREFIX):
            nodes.maps[kind.removeprefix(MAP_PREFIX)] = node
    return nodes


def showPrediction(prediction: Prediction, volumeNode) -> ResultNodes:
    """Write outline and maps of a prediction for ``volumeNode`` into the scene.

    The table of an earlier run is emptied, because it would tell of another prediction.
    """
    nodes = findNodes(volumeNode)
    if nodes.table:
        nodes.table.RemoveAllColumns()
    nodes.segmentation = nodes.segmentation or _create(
        "vtkMRMLSegmentationNode", SEGMENTATION, "segmentation", volumeNode)
    _placeLike(nodes.segmentation, volumeNode)
    segmentation.write(nodes.segmentation, prediction, volumeNode)
    nodes.fingerprint = volumes.fingerprint(volumeNode)
    nodes.segmentation.SetAttribute(FINGERPRINT, nodes.fingerprint)
    _writeMaps(nodes, prediction, volumeNode)
    _gather(nodes, volumeNode)
    return nodes


def showResult(result: Result, volumeNode) -> ResultNodes:
    """Add what came after the prediction: the ranked table."""
    nodes = findNodes(volumeNode)
    nodes.table = nodes.table or _create("vtkMRMLTableNode", TABLE, "features", volumeNode)
    table.write(nodes.table, result)
    _gather(nodes, volumeNode)
    return nodes


def mapNodeIDs() -> list[str]:
    """IDs of all maps in the scene: volumes that are results, not images to segment."""
    return [node.GetID() for node in slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode") if node.GetAttribute(KIND)]


def firstImage():
    """The first volume of the scene that is an image and not a result; None where there is none."""
    mine = mapNodeIDs()
    images = (node for className in ("vtkMRMLScalarVolumeNode", "vtkMRMLVectorVolumeNode")
              for node in slicer.util.getNodesByClass(className))
    return next((node for node in images if node.GetID() not in mine and not node.GetHideFromEditors()
                 and not node.IsA("vtkMRMLLabelMapVolumeNode")), None)


def segmentations() -> list:
    """The segmentations that are results, of whichever image."""
    return [node for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode") if node.GetAttribute(KIND)]


def _tiedTo(volumeNode) -> list:
    if volumeNode is None:
        return []
    return [node for className in ("vtkMRMLSegmentationNode", "vtkMRMLTableNode", "vtkMRMLScalarVolumeNode")
            for node in slicer.util.getNodesByClass(className)
            if node.GetAttribute(KIND) and node.GetNodeReferenceID(IMAGE_ROLE) == volumeNode.GetID()]


def _create(className: str, kind: str, title: str, volumeNode):
    name = slicer.mrmlScene.GenerateUniqueName(f"{volumeNode.GetName()} {title}")
    node = slicer.mrmlScene.AddNewNodeByClass(className, name)
    node.SetAttribute(KIND, kind)
    node.SetNodeReferenceID(IMAGE_ROLE, volumeNode.GetID())
    return node


def _writeMaps(nodes: ResultNodes, prediction: Prediction, volumeNode) -> None:
    wanted = maps.ofPrediction(prediction)
    for key in set(nodes.maps) - {item.key for item in wanted}:  # another model may have other levels
        slicer.mrmlScene.RemoveNode(nodes.maps[key])
    old, nodes.maps = nodes.maps, {}
    for item in wanted:
        node = old.get(item.key) or _create("vtkMRMLScalarVolumeNode", MAP_PREFIX + item.key, item.title, volumeNode)
        _placeLike(node, volumeNode)
        maps.write(node, item, volumeNode)
        nodes.maps[item.key] = node


def _placeLike(node, volumeNode) -> None:
    """Under the same parent transform as the image."""
    node.SetAndObserveTransformNodeID(volumeNode.GetTransformNodeID())


def _gather(nodes: ResultNodes, volumeNode) -> None:
    """One folder beside the image in the data tree. Nothing where the tree has no items (Slicer without its window)."""
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    invalid = hierarchy.GetInvalidItemID()
    imageItem = hierarchy.GetItemByDataNode(volumeNode)
    if imageItem == invalid:
        return
    parent = hierarchy.GetItemParent(imageItem)
    name = f"{volumeNode.GetName()} RadiomicNet"
    folder = hierarchy.GetItemChildWithName(parent, name) or hierarchy.CreateFolderItem(parent, name)
    for node in (nodes.segmentation, nodes.table, *nodes.maps.values()):
        item = hierarchy.GetItemByDataNode(node) if node else invalid
        if item != invalid:
            hierarchy.SetItemParent(item, folder)
