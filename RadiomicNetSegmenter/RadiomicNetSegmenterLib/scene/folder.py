"""Results in the data tree: one folder beside the image, and in it one for each earlier run that was kept."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _


def gather(nodes: list, volumeNode) -> None:
    """Put nodes into the image's folder. Nothing where the tree has no items (Slicer without its window)."""
    hierarchy = _hierarchy()
    folder = _imageFolder(hierarchy, volumeNode)
    if folder:
        _move(hierarchy, nodes, folder)


def gatherEarlier(nodes: list, volumeNode) -> None:
    """Put the nodes of an earlier run into a folder of their own, under the image's."""
    hierarchy = _hierarchy()
    folder = _imageFolder(hierarchy, volumeNode)
    if not folder:
        return
    number = 1
    while hierarchy.GetItemChildWithName(folder, _earlier(number)):
        number += 1
    _move(hierarchy, nodes, hierarchy.CreateFolderItem(folder, _earlier(number)))


def removeEmpty(volumeNode) -> None:
    """Take folders of earlier runs away that hold nothing any more, and the image's own if it is empty too."""
    hierarchy = _hierarchy()
    folder = _imageFolder(hierarchy, volumeNode, make=False)
    if not folder:
        return
    for item in [*_children(hierarchy, folder), folder]:
        if hierarchy.GetItemDataNode(item) is None and hierarchy.GetNumberOfItemChildren(item) == 0:
            hierarchy.RemoveItem(item)


def _hierarchy():
    return slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)


def _imageFolder(hierarchy, volumeNode, make: bool = True) -> int:
    """Item of the folder; 0, which is no item's number, where there is none."""
    imageItem = hierarchy.GetItemByDataNode(volumeNode)
    if imageItem == hierarchy.GetInvalidItemID():
        return 0
    parent = hierarchy.GetItemParent(imageItem)
    name = f"{volumeNode.GetName()} RadiomicNet"
    folder = hierarchy.GetItemChildWithName(parent, name)
    return folder or (hierarchy.CreateFolderItem(parent, name) if make else 0)


def _move(hierarchy, nodes: list, folder: int) -> None:
    for node in nodes:
        item = hierarchy.GetItemByDataNode(node)
        if item != hierarchy.GetInvalidItemID():
            hierarchy.SetItemParent(item, folder)


def _children(hierarchy, folder: int) -> list[int]:
    import vtk

    items = vtk.vtkIdList()
    hierarchy.GetItemChildren(folder, items)
    return [items.GetId(index) for index in range(items.GetNumberOfIds())]


def _earlier(number: int) -> str:
    return _("Earlier run {number}").format(number=number)
