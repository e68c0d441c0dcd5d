"""The layout of the module's own, with Slicer's own layout logic."""

from __future__ import annotations

import pytest
import slicer

from layouts import fourViews
from RadiomicNetSegmenterLib.scene import layout, results, table
from RadiomicNetSegmenterLib.scene.layout import ExplanationLayout

FOUR_UP = slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView


@pytest.fixture
def layoutNode(scene):
    """The layout of a window that shows four views."""
    with fourViews(scene) as node:
        yield node


@pytest.fixture
def tableNode(result, add_volume):
    volume = add_volume(result.prediction.image.pixels)
    results.showPrediction(result.prediction, volume)
    return results.showResult(result, volume).table


def view(tag, className):
    return slicer.mrmlScene.GetSingletonNode(tag, className)


def test_it_has_image_map_plot_and_table(layoutNode, tableNode):
    shown = ExplanationLayout()
    assert shown.show(tableNode)
    assert layoutNode.GetViewArrangement() == layout.ID
    assert view(layout.IMAGE_VIEW, "vtkMRMLSliceNode") and view(layout.MAP_VIEW, "vtkMRMLSliceNode")
    assert view(layout.TABLE_VIEW, "vtkMRMLTableViewNode").GetTableNode() is tableNode
    chart = view(layout.PLOT_VIEW, "vtkMRMLPlotViewNode").GetPlotChartNode()
    series = slicer.mrmlScene.GetNodeByID(chart.GetNthPlotSeriesNodeID(0))
    assert series.GetTableNode() is tableNode
    assert (series.GetXColumnName(), series.GetYColumnName(), series.GetLabelColumnName()) == (
        table.RANK, table.CONTRIBUTION, table.FEATURE)
    shown.restore()


def test_the_layout_before_comes_back_and_the_plot_goes(layoutNode, tableNode):
    shown = ExplanationLayout()
    shown.show(tableNode)
    shown.restore()
    assert layoutNode.GetViewArrangement() == FOUR_UP
    assert not slicer.util.getNodesByClass("vtkMRMLPlotChartNode")
    assert not slicer.util.getNodesByClass("vtkMRMLPlotSeriesNode")
    assert not shown.asked


def test_a_layout_that_the_user_chose_meanwhile_stays(layoutNode, tableNode):
    shown = ExplanationLayout()
    shown.show(tableNode)
    layoutNode.SetViewArrangement(slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView)
    assert shown.asked and not shown.shown
    shown.restore()
    assert layoutNode.GetViewArrangement() == slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView


def test_after_the_scene_is_closed_the_layout_before_is_still_known(layoutNode, tableNode):
    shown = ExplanationLayout()
    shown.show(tableNode)
    shown.forget()
    slicer.mrmlScene.Clear(0)
    shown.fill(None)
    assert layoutNode.GetViewArrangement() == layout.ID
    shown.restore()
    assert layoutNode.GetViewArrangement() == FOUR_UP


def test_once_registered_a_saved_scene_comes_back_with_it(layoutNode, tableNode, tmp_path):
    layout.register()
    shown = ExplanationLayout()
    shown.show(tableNode)
    slicer.mrmlScene.Commit(str(tmp_path / "scene.mrml"))
    shown.restore()
    slicer.mrmlScene.Clear(0)
    layoutNode.SetViewArrangement(FOUR_UP)
    slicer.mrmlScene.SetURL(str(tmp_path / "scene.mrml"))
    slicer.mrmlScene.Import()
    assert layoutNode.GetViewArrangement() == layout.ID
    assert layout.MAP_VIEW in layoutNode.GetCurrentLayoutDescription()


def test_image_and_map_move_together_and_are_let_go(layoutNode, tableNode):
    red = view("Red", "vtkMRMLSliceCompositeNode")
    shown = ExplanationLayout()
    shown.show(tableNode)
    assert red.GetLinkedControl()
    shown.restore()
    assert not red.GetLinkedControl()


def test_without_a_window_nothing_happens(tableNode):
    shown = ExplanationLayout()
    assert not shown.show(tableNode)
    assert not shown.asked
    shown.restore()


def test_without_a_result_the_views_are_empty(layoutNode, tableNode):
    shown = ExplanationLayout()
    shown.show(tableNode)
    shown.fill(None)
    assert view(layout.TABLE_VIEW, "vtkMRMLTableViewNode").GetTableNode() is None
    assert view(layout.PLOT_VIEW, "vtkMRMLPlotViewNode").GetPlotChartNode() is None
    shown.restore()
