"""A prediction and a result as nodes of the scene.

Every image has one set of result nodes, tied to it by a node reference: running again on the same image replaces
what they hold, running on another image leaves them alone, and a saved scene finds them again. Where the user keeps
earlier results, they are set aside first (:func:`setAside`): still in the scene, but no longer what is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import slicer

from radiomicnet.results.result import Prediction, Result

from . import maps, record, segmentation, table, volumes
from .folder import gather

KIND = "RadiomicNet.kind"
FINGERPRINT = "RadiomicNet.fingerprint"
IMAGE_ROLE = "RadiomicNet.image"
ASIDE, FOLLOWING = "RadiomicNet.setAside", "RadiomicNet.following"
SEGMENTATION, CORRECTED, TABLE, RECORD, MAP_PREFIX = "segmentation", "corrected", "features", "record", "map:"


@dataclass
class ResultNodes:
    """The nodes of one image's result; None or absent where there are none (any more).

    ``segmentation`` is the machine's, ``corrected`` the one that a person made of it. ``fingerprint`` tells which
    pixels were segmented (:func:`volumes.fingerprint`). ``maps`` goes by key: attention levels (``stride-16`` ...) in
    the decoder's order, then ``probability`` and ``uncertainty``. ``record`` holds the rest of the result as text.
    """

    segmentation: object | None = None
    corrected: object | None = None
    fingerprint: str = ""
    table: object | None = None
    record: object | None = None
    maps: dict[str, object] = field(default_factory=dict)

    @property
    def valid(self) -> object | None:
        """The segmentation that counts: the corrected one where there is one, else the machine's."""
        return self.corrected or self.segmentation

    @property
    def ofRun(self) -> list:
        """The nodes that a run writes."""
        return [node for node in (self.segmentation, self.table, self.record, *self.maps.values()) if node]

    @property
    def all(self) -> list:
        """Every node of the result."""
        return [*self.ofRun, *([self.corrected] if self.corrected else [])]


def findNodes(volumeNode) -> ResultNodes:
    """The result nodes that belong to an image; empty where it was never segmented."""
    nodes = ResultNodes()
    for node in _tiedTo(volumeNode):
        kind = node.GetAttribute(KIND)
        if kind == SEGMENTATION:
            nodes.segmentation = node
            nodes.fingerprint = node.GetAttribute(FINGERPRINT) or ""
        elif kind == CORRECTED:
            nodes.corrected = node
        elif kind == TABLE:
            nodes.table = node
        elif kind == RECORD:
            nodes.record = node
        elif kind.startswith(MAP_PREFIX):
            nodes.maps[kind.removeprefix(MAP_PREFIX)] = node
    return nodes


def showPrediction(prediction: Prediction, volumeNode) -> ResultNodes:
    """Write outline and maps of a prediction for ``volumeNode`` into the scene.

    The table of an earlier run is emptied, because it would tell of another prediction. What a person has corrected
    stays as it is; where it was of another frame, it is set aside.
    """
    nodes = findNodes(volumeNode)
    nodes.fingerprint = volumes.fingerprint(volumeNode)
    if nodes.table:
        nodes.table.RemoveAllColumns()
    if nodes.corrected and nodes.corrected.GetAttribute(FINGERPRINT) != nodes.fingerprint:
        setAside([nodes.corrected])
        nodes.corrected = None
    nodes.segmentation = nodes.segmentation or create(
        "vtkMRMLSegmentationNode", SEGMENTATION, "segmentation", volumeNode)
    segmentation.write(nodes.segmentation, prediction, volumeNode, nodes.corrected)
    nodes.segmentation.SetAttribute(FINGERPRINT, nodes.fingerprint)
    nodes.record = nodes.record or create("vtkMRMLTextNode", RECORD, "record", volumeNode)
    record.writePrediction(nodes.record, prediction)
    _writeMaps(nodes, prediction, volumeNode)
    for node in nodes.ofRun:
        placeLike(node, volumeNode)
    gather(nodes.all, volumeNode)
    return nodes


def showResult(result: Result, volumeNode) -> ResultNodes:
    """Add what came after the prediction: the ranked table, and the rest of the record."""
    nodes = findNodes(volumeNode)
    nodes.table = nodes.table or create("vtkMRMLTableNode", TABLE, "features", volumeNode)
    table.write(nodes.table, result)
    nodes.record = nodes.record or create("vtkMRMLTextNode", RECORD, "record", volumeNode)
    record.writeResult(nodes.record, result)
    gather(nodes.all, volumeNode)
    return nodes


def setAside(nodes: list, aside: bool = True) -> None:
    """Let nodes of a result no longer be the result of their image, or be it again; they stay in the scene."""
    for node in nodes:
        if aside:
            node.SetAttribute(ASIDE, "1")
        else:
            node.RemoveAttribute(ASIDE)
        if node.IsA("vtkMRMLSegmentationNode"):
            node.SetDisplayVisibility(not aside)


def isAside(node) -> bool:
    """Whether a node is of an earlier result that was kept."""
    return node.GetAttribute(ASIDE) is not None


def isFollowing(volumeNode) -> bool:
    """Whether the present result of an image is of a run that clicks or a box began."""
    segmentation = findNodes(volumeNode).segmentation
    return segmentation is not None and segmentation.GetAttribute(FOLLOWING) is not None


def setFollowing(volumeNode, following: bool) -> None:
    """Note on the result by what its run was begun."""
    findNodes(volumeNode).segmentation.SetAttribute(FOLLOWING, "1" if following else None)


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
    """The segmentations that are results, of whichever image; not those that were set aside."""
    return [node for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode")
            if node.GetAttribute(KIND) in (SEGMENTATION, CORRECTED) and not isAside(node)]


def create(className: str, kind: str, title: str, volumeNode):
    """A new node that is tied to an image as its result of some kind."""
    name = slicer.mrmlScene.GenerateUniqueName(f"{volumeNode.GetName()} {title}")
    node = slicer.mrmlScene.AddNewNodeByClass(className, name)
    node.SetAttribute(KIND, kind)
    node.SetNodeReferenceID(IMAGE_ROLE, volumeNode.GetID())
    return node


def placeLike(node, volumeNode) -> None:
    """Under the same parent transform as the image, where a node can have one."""
    if node.IsA("vtkMRMLTransformableNode"):
        node.SetAndObserveTransformNodeID(volumeNode.GetTransformNodeID())


def _tiedTo(volumeNode) -> list:
    if volumeNode is None:
        return []
    return [node for className in ("vtkMRMLSegmentationNode", "vtkMRMLTableNode", "vtkMRMLTextNode",
                                   "vtkMRMLScalarVolumeNode")
            for node in slicer.util.getNodesByClass(className)
            if node.GetAttribute(KIND) and not isAside(node)
            and node.GetNodeReferenceID(IMAGE_ROLE) == volumeNode.GetID()]


def _writeMaps(nodes: ResultNodes, prediction: Prediction, volumeNode) -> None:
    wanted = maps.ofPrediction(prediction)
    for key in set(nodes.maps) - {item.key for item in wanted}:  # another model may have other levels
        slicer.mrmlScene.RemoveNode(nodes.maps[key])
    old, nodes.maps = nodes.maps, {}
    for item in wanted:
        node = old.get(item.key) or create("vtkMRMLScalarVolumeNode", MAP_PREFIX + item.key, item.title, volumeNode)
        maps.write(node, item, volumeNode)
        nodes.maps[item.key] = node
