"""A map laid over the image in the slice views, and the views given back as they were."""

from __future__ import annotations

from dataclasses import dataclass, replace

import slicer

from . import maps, volumes

COPY_ROLE = "RadiomicNet.opaqueCopyOf"
# Beside the image, small enough to be read in one of four views; the legend's text scales with it.
LEGEND_SIZE, WIDE_LEGEND_SIZE = (0.05, 0.35), (0.08, 0.35)  # wide for labels with more digits
LEGEND_POSITION = (0.93, 0.5)


@dataclass(frozen=True)
class Layers:
    """Background and foreground of one slice view."""

    background: str | None
    foreground: str | None
    opacity: float

    @classmethod
    def of(cls, view) -> Layers:
        return cls(view.GetBackgroundVolumeID(), view.GetForegroundVolumeID(), view.GetForegroundOpacity())

    def sameVolumes(self, other: Layers) -> bool:
        """Whether both show the same; a volume that has left the scene is shown by neither."""
        return all(_present(mine) == _present(theirs) for mine, theirs in (
            (self.background, other.background), (self.foreground, other.foreground)))

    def apply(self, view) -> None:
        """Give a view these layers; a volume that has left the scene becomes none."""
        view.SetBackgroundVolumeID(_present(self.background))
        view.SetForegroundVolumeID(_present(self.foreground))
        view.SetForegroundOpacity(self.opacity)


class Overlay:
    """What this module shows in the slice views; remembers what was there before."""

    def __init__(self) -> None:
        self._before: dict[str, Layers] = {}  # by the ID of the view's composite node
        self._shown: dict[str, Layers] = {}
        self._legend = None
        self._opaqueCopy = None

    def show(self, volumeNode, mapNode, opacity: float, title: str = "", bare: str | None = None) -> None:
        """Image in the background, map (or nothing, for None) in the foreground of every slice view.

        The view of the layout name ``bare`` shows the image alone.

        A view into which the user has put other volumes meanwhile is left alone until it is claimed. An opacity that
        was set by hand in a view stays until another is given here.
        """
        background = self._backgroundFor(volumeNode) if mapNode else volumeNode
        mapId = mapNode.GetID() if mapNode else None
        for view in _views():
            layers = Layers(background.GetID(), None if view.GetLayoutName() == bare else mapId, opacity)
            now, shown = Layers.of(view), self._shown.get(view.GetID())
            if shown is None:
                self._before[view.GetID()] = now
            elif not shown.sameVolumes(now):
                continue
            sameOpacity = shown is not None and shown.opacity == opacity
            (replace(layers, opacity=now.opacity) if sameOpacity else layers).apply(view)
            self._shown[view.GetID()] = layers
        self._showLegend(mapNode, title)
        if not mapNode:
            self._dropOpaqueCopy()

    def claim(self) -> None:
        """Let the next ``show`` take every view, whatever the user has put there."""
        self._shown = {view.GetID(): self._shown[view.GetID()] for view in _views() if self._holds(view)}

    def restore(self) -> None:
        """Give the views back. A view that the user has changed meanwhile stays as it is."""
        for view in _views():
            if self._holds(view):
                self._before[view.GetID()].apply(view)
        self._showLegend(None, "")
        self._dropOpaqueCopy()
        self.forget()

    def forget(self) -> None:
        """Let go without touching the scene, for when it is being closed."""
        self.__init__()

    def _holds(self, view) -> bool:
        """Whether a view shows what was put there from here."""
        shown = self._shown.get(view.GetID())
        return shown is not None and shown.sameVolumes(Layers.of(view))

    def _backgroundFor(self, volumeNode):
        """The image itself, or an RGB copy of an RGBA image: that goes black under any foreground."""
        image = volumeNode.GetImageData()  # None where a scene was loaded without the image's file
        if image is None or image.GetNumberOfScalarComponents() != 4:
            self._dropOpaqueCopy()
            return volumeNode
        if self._opaqueCopy is None or self._opaqueCopy.GetNodeReferenceID(COPY_ROLE) != volumeNode.GetID():
            self._dropOpaqueCopy()
            self._opaqueCopy = _opaqueCopy(volumeNode)
        return self._opaqueCopy

    def _dropOpaqueCopy(self) -> None:
        copy, self._opaqueCopy = self._opaqueCopy, None
        if copy and copy.GetScene():
            slicer.mrmlScene.RemoveNode(copy)

    def _showLegend(self, mapNode, title: str) -> None:
        if self._legend and self._legend.GetScene():
            self._legend.SetVisibility(False)
        self._legend = _legend(mapNode, title) if mapNode else None


def _opaqueCopy(volumeNode):
    copy = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLVectorVolumeNode", f"{volumeNode.GetName()} (RGB)")
    copy.SetHideFromEditors(True)
    copy.SetSaveWithScene(False)
    copy.SetNodeReferenceID(COPY_ROLE, volumeNode.GetID())
    slicer.util.updateVolumeFromArray(copy, volumes.pixels(volumeNode.GetImageData())[None, ..., :3])
    copy.CopyOrientation(volumeNode)
    copy.SetAndObserveTransformNodeID(volumeNode.GetTransformNodeID())
    copy.CreateDefaultDisplayNodes()
    shown, display = volumeNode.GetDisplayNode(), copy.GetDisplayNode()
    display.SetSaveWithScene(False)
    if shown:  # as bright as the image was
        display.AutoWindowLevelOff()
        display.SetWindowLevel(shown.GetWindow(), shown.GetLevel())
    return copy


def _legend(mapNode, title: str):
    """The colour legend of a map, made once per map."""
    legend = slicer.modules.colors.logic().AddDefaultColorLegendDisplayNode(mapNode)
    legend.SetTitleText(title)
    shares = maps.scale(mapNode) == (0.0, 1.0)
    legend.SetLabelFormat("%.1f" if shares else "%+.2g")
    legend.SetNumberOfLabels(3)
    legend.SetSize(*(LEGEND_SIZE if shares else WIDE_LEGEND_SIZE))
    legend.SetPosition(*LEGEND_POSITION)
    legend.SetVisibility(True)
    return legend


def _views() -> list:
    return slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")


def _present(nodeId: str | None) -> str | None:
    return nodeId if nodeId and slicer.mrmlScene.GetNodeByID(nodeId) else None
