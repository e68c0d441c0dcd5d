"""Slicer's own layout logic, as a window has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def fourViews(scene) -> Iterator:
    """The layout node of a window that shows four views."""
    import slicer

    logic = slicer.vtkMRMLLayoutLogic()
    logic.SetMRMLScene(scene)
    node = logic.GetLayoutNode()
    node.SetViewArrangement(node.SlicerLayoutFourUpView)
    yield node
    node.SetViewArrangement(node.SlicerLayoutFourUpView)
    logic.SetMRMLScene(None)
    scene.RemoveNode(node)
