"""The ranked contributions as Slicer's own bar plot."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from . import table

PLOT_OF = "RadiomicNet.plot"
COLOR = (0.25, 0.45, 0.7)
FONT_SIZE = 12


def show(tableNode):
    """The chart node over the columns of a feature table; one per scene, made when it is first asked for.

    The axis under bars can show numbers only, so each bar stands over its rank, which the table has too; the name
    appears under the pointer. A bar upwards raised the score, one downwards lowered it.
    """
    series = next(iter(_nodes("vtkMRMLPlotSeriesNode")), None) or _create("vtkMRMLPlotSeriesNode", _("Contribution"))
    series.SetAndObserveTableNodeID(tableNode.GetID())
    series.SetPlotType(slicer.vtkMRMLPlotSeriesNode.PlotTypeScatterBar)
    series.SetXColumnName(table.RANK)
    series.SetYColumnName(table.CONTRIBUTION)
    series.SetLabelColumnName(table.FEATURE)
    series.SetColor(*COLOR)
    chart = next(iter(_nodes("vtkMRMLPlotChartNode")), None) or _create("vtkMRMLPlotChartNode", _("Contributions"))
    chart.SetTitle(_("What raised (up) and lowered (down) the score"))
    chart.SetXAxisTitle(_("Rank, as in the table"))
    chart.SetYAxisTitle(_("Contribution in logits"))
    fill(chart, series)
    return chart


def fill(chart, series) -> None:
    """Show one series in a chart, in letters that a view beside others can be read with."""
    chart.SetTitleFontSize(FONT_SIZE + 2)
    chart.SetAxisTitleFontSize(FONT_SIZE)
    chart.SetAxisLabelFontSize(FONT_SIZE)
    chart.LegendVisibilityOff()
    if not chart.HasPlotSeriesNodeID(series.GetID()):
        chart.AddAndObservePlotSeriesNodeID(series.GetID())


def remove() -> None:
    """Take the plot out of the scene again."""
    for className in ("vtkMRMLPlotChartNode", "vtkMRMLPlotSeriesNode"):
        for node in _nodes(className):
            slicer.mrmlScene.RemoveNode(node)


def _nodes(className: str) -> list:
    return [node for node in slicer.util.getNodesByClass(className) if node.GetAttribute(PLOT_OF)]


def _create(className: str, name: str):
    # Saved with the scene: the item in the data tree is in any case, and would come back without its node.
    node = slicer.mrmlScene.AddNewNodeByClass(className, name)
    node.SetAttribute(PLOT_OF, "contributions")
    return node
