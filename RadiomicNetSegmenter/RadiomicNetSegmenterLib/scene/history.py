"""The results of an image as they were before the last run on it, so that the run can be undone."""

from __future__ import annotations

import slicer

from . import maps, results, segmentation
from .folder import gather, gatherEarlier, removeEmpty


class BeforeRun:
    """Made before a run writes its first node.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
    keep : bool
        Whether earlier results stay in the scene beside the new ones; otherwise the run will write over them, and
        they are copied here.
    """

    def __init__(self, volumeNode, keep: bool = False) -> None:
        nodes = results.findNodes(volumeNode)
        self._volumeID = volumeNode.GetID()
        self._kept = nodes.all if keep else []
        self._copies = {} if keep else {node.GetAttribute(results.KIND): _copy(node) for node in nodes.ofRun}
        if self._kept:
            results.setAside(self._kept)
            gatherEarlier(self._kept, volumeNode)

    def concerns(self, volumeNode) -> bool:
        """Whether it was a run on this image."""
        return volumeNode is not None and volumeNode.GetID() == self._volumeID

    def undo(self, volumeNode) -> results.ResultNodes:
        """Bring the earlier results back; without any, the image has none again."""
        nodes = results.findNodes(volumeNode)
        for node in nodes.ofRun:
            kind = node.GetAttribute(results.KIND)
            if kind in self._copies:
                node.CopyContent(self._copies.pop(kind))
            else:
                slicer.mrmlScene.RemoveNode(node)
        for kind, copy in self._copies.items():  # the run had no use for it: a level of another model
            self._bringBack(kind, copy, volumeNode)
        kept = [node for node in self._kept if node.GetScene()]
        results.setAside(kept, aside=False)
        nodes = results.findNodes(volumeNode)
        gather(nodes.all, volumeNode)
        removeEmpty(volumeNode)
        return nodes

    @staticmethod
    def _bringBack(kind: str, copy, volumeNode) -> None:
        node = results.create(copy.GetClassName(), kind, kind.removeprefix(results.MAP_PREFIX), volumeNode)
        node.CopyContent(copy)
        results.placeLike(node, volumeNode)
        if kind.startswith(results.MAP_PREFIX):
            maps.display(node, kind.removeprefix(results.MAP_PREFIX))
        elif kind == results.SEGMENTATION:
            segmentation.displayBeside(node, results.findNodes(volumeNode).corrected)


def _copy(node):
    copy = slicer.mrmlScene.CreateNodeByClass(node.GetClassName())
    copy.UnRegister(None)
    copy.CopyContent(node)
    return copy
