"""The parameter node as the open panel holds it: bound to its widgets and observed, until it is let go."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import vtk

from .parameters import RadiomicNetSegmenterParameterNode


class Binding:
    """Binds parameters to widgets and calls ``onModified(caller, event)`` when one of them changes.

    Every wrapper has an observer per parameter, for as long as somebody holds it, so nobody may hold one that was let
    go: neither ``VTKObservationMixin``, which keeps whatever it has ever observed, nor the observer of the wrapper's
    own that ``disconnectGui`` leaves behind in Slicer before 5.12.
    """

    def __init__(self, parameters: RadiomicNetSegmenterParameterNode, widgets: SimpleNamespace,
                 onModified: Callable[[object, str], None]) -> None:
        self._parameters, self._node = parameters, parameters.parameterNode
        self._tags: list[int] = []
        parameters.AddObserver = self._observe  # for the time of the binding, in place of the class's method
        try:
            self._guiTag = parameters.connectGui(widgets)
        finally:
            del parameters.AddObserver
        self._observe(vtk.vtkCommand.ModifiedEvent, onModified)

    def release(self) -> None:
        """Unbind the widgets and observe no longer."""
        self._parameters.disconnectGui(self._guiTag)
        for tag in self._tags:
            self._node.RemoveObserver(tag)

    def _observe(self, event, callback, priority: float = 0.0) -> int:
        self._tags.append(self._node.AddObserver(event, callback, priority))
        return self._tags[-1]
