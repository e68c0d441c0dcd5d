"""Placing markups by clicking in the views: Slicer's own place mode, as its markups widgets switch it."""

from __future__ import annotations

from contextlib import contextmanager

import slicer

INTERACTION, SELECTION = "vtkMRMLInteractionNodeSingleton", "vtkMRMLSelectionNodeSingleton"


def interactionNode():
    """The node that says what a click in a view does."""
    return slicer.mrmlScene.GetNodeByID(INTERACTION)


def start(node, persistent: bool) -> None:
    """The next clicks in a view place points of this markups node; one of them only, unless persistent."""
    slicer.modules.markups.logic().SetActiveList(node)
    interactionNode().SetPlaceModePersistence(persistent)
    interactionNode().SetCurrentInteractionMode(slicer.vtkMRMLInteractionNode.Place)


def stop() -> None:
    """Clicks do again what they did before."""
    interactionNode().SetPlaceModePersistence(False)
    interactionNode().SetCurrentInteractionMode(slicer.vtkMRMLInteractionNode.ViewTransform)


@contextmanager
def keepingActiveList():
    """Add a markups node without letting it take the next click, as every new one does."""
    selection = slicer.mrmlScene.GetNodeByID(SELECTION)
    nodeId, className = selection.GetActivePlaceNodeID(), selection.GetActivePlaceNodeClassName()
    try:
        yield
    finally:
        if className:
            selection.SetReferenceActivePlaceNodeClassName(className)
        selection.SetReferenceActivePlaceNodeID(nodeId)


def isPlacing(node) -> bool:
    """Whether a click in a view would place a point of this markups node."""
    selection = slicer.mrmlScene.GetNodeByID(SELECTION)
    return (node is not None and interactionNode().GetCurrentInteractionMode() == slicer.vtkMRMLInteractionNode.Place
            and selection.GetActivePlaceNodeID() == node.GetID())
