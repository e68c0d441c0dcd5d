"""A layout of the module's own: image, map, ranked bar plot and table side by side; and the one before, given back."""

from __future__ import annotations

import slicer

from . import plots

ID = 7313  # any number from 100 on that no one else uses; see vtkMRMLLayoutNode::SlicerLayoutUserView
IMAGE_VIEW, MAP_VIEW, PLOT_VIEW, TABLE_VIEW = "Red", "RadiomicNetMap", "RadiomicNetPlot", "RadiomicNetTable"
DESCRIPTION = f"""
<layout type="vertical" split="true">
 <item splitSize="640">
  <layout type="horizontal" split="true">
   <item splitSize="500">
    <view class="vtkMRMLSliceNode" singletontag="{IMAGE_VIEW}">
     <property name="orientation" action="default">Axial</property>
     <property name="viewlabel" action="default">R</property>
     <property name="viewcolor" action="default">#F34A33</property>
    </view>
   </item>
   <item splitSize="500">
    <view class="vtkMRMLSliceNode" singletontag="{MAP_VIEW}">
     <property name="orientation" action="default">Axial</property>
     <property name="viewlabel" action="default">M</property>
     <property name="viewcolor" action="default">#3B78B0</property>
    </view>
   </item>
  </layout>
 </item>
 <item splitSize="360">
  <layout type="horizontal" split="true">
   <item splitSize="400">
    <view class="vtkMRMLPlotViewNode" singletontag="{PLOT_VIEW}">
     <property name="viewlabel" action="default">P</property>
    </view>
   </item>
   <item splitSize="600">
    <view class="vtkMRMLTableViewNode" singletontag="{TABLE_VIEW}">
     <property name="viewlabel" action="default">T</property>
    </view>
   </item>
  </layout>
 </item>
</layout>"""


def register() -> None:
    """Make the layout known to the window, for good: a scene that was saved with it names it by its number only."""
    node = _layoutNode()
    if node and not node.IsLayoutDescription(ID):
        node.AddLayoutDescription(ID, DESCRIPTION)


class ExplanationLayout:
    """Shows the layout and remembers which one was there before. Without a window there is no layout to change."""

    def __init__(self) -> None:
        self._before: int | None = None
        self._linked: dict[str, bool] = {}  # of the two slice views, by the ID of their composite nodes

    @property
    def asked(self) -> bool:
        """Whether the layout was shown from here and not given back yet; the user may have changed it meanwhile."""
        return self._before is not None

    @property
    def shown(self) -> bool:
        """Whether the window has this layout now, and has it from here."""
        node = _layoutNode()
        return node is not None and self.asked and node.GetViewArrangement() == ID

    def show(self, tableNode) -> bool:
        """Change the layout, and put the table and its plot into it; whether there is a layout that can be changed."""
        node = _layoutNode()
        if node is None:
            return False
        if node.GetViewArrangement() != ID:
            self._before = node.GetViewArrangement()
        elif self._before is None:  # left over from a scene that was closed with it
            self._before = slicer.vtkMRMLLayoutNode.SlicerLayoutInitialView
        register()
        node.SetViewArrangement(ID)
        self.fill(tableNode)
        return True

    def fill(self, tableNode) -> None:
        """Let plot and table show this table node, or nothing; the table's columns may be filled later."""
        if len(self._linked) < 2:  # the map has its view only when the window has made it
            self._linkViews()
        plotView, tableView = _node(PLOT_VIEW, "vtkMRMLPlotViewNode"), _node(TABLE_VIEW, "vtkMRMLTableViewNode")
        if plotView:
            plotView.SetPlotChartNodeID(plots.show(tableNode).GetID() if tableNode else None)
        if tableView:
            tableView.SetTableNodeID(tableNode.GetID() if tableNode else None)

    def restore(self) -> None:
        """Back to the layout before, unless the user has chosen another one meanwhile."""
        node = _layoutNode()
        if self.shown:
            node.SetViewArrangement(self._before)
        for compositeId, linked in self._linked.items():
            composite = slicer.mrmlScene.GetNodeByID(compositeId)
            if composite:
                composite.SetLinkedControl(linked)
        plots.remove()
        self.forget()

    def forget(self) -> None:
        """Let go without touching the scene's nodes. The layout outlives the scene, so the one before stays known."""
        self._linked = {}
        if not self.shown:
            self._before = None

    def _linkViews(self) -> None:
        """Image and map move and zoom together, as Slicer's linked views do."""
        source, target = (_node(name, "vtkMRMLSliceNode") for name in (IMAGE_VIEW, MAP_VIEW))
        if source and target:
            target.GetSliceToRAS().DeepCopy(source.GetSliceToRAS())
            target.UpdateMatrices()
        for composite in slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode"):
            if composite.GetLayoutName() in (IMAGE_VIEW, MAP_VIEW):
                self._linked.setdefault(composite.GetID(), bool(composite.GetLinkedControl()))
                composite.SetLinkedControl(True)


def _layoutNode():
    return slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLLayoutNode")


def _node(tag: str, className: str):
    return slicer.mrmlScene.GetSingletonNode(tag, className)
