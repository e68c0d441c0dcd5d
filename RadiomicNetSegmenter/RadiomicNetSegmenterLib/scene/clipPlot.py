"""A measure over time, or over the slices, as Slicer's own plot."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from . import clipTable, plots, results
from .clipRecord import ClipRecord

SERIES, CHART = "clipSeries", "clipChart"
COLOR = (0.84, 0.37, 0.0)


def find(volumeNode):
    """The chart of a clip or volume; None where there is none."""
    return _find("vtkMRMLPlotChartNode", CHART, volumeNode)


def make(tableNode, record: ClipRecord, volumeNode):
    """Chart and series over a table of frames, made when they are first asked for; the chart node."""
    series = _find("vtkMRMLPlotSeriesNode", SERIES, volumeNode) or results.create(
        "vtkMRMLPlotSeriesNode", SERIES, _("over frames"), volumeNode)
    series.SetAndObserveTableNodeID(tableNode.GetID())
    series.SetPlotType(series.PlotTypeScatter)
    series.SetMarkerStyle(series.MarkerStyleCircle)
    series.SetMarkerSize(5)
    series.SetColor(*COLOR)
    series.SetXColumnName(clipTable.place(record))
    series.SetLabelColumnName(clipTable.POINT if record.unit else "")  # else the axis tells the frame
    chart = find(volumeNode) or results.create("vtkMRMLPlotChartNode", CHART, _("frames plot"), volumeNode)
    chart.SetXAxisTitle(clipTable.place(record))
    plots.fill(chart, series)
    choose(volumeNode, clipTable.AREA, record)
    return chart


def choose(volumeNode, key: str, record: ClipRecord) -> None:
    """Plot a measure, by its key in :func:`clipTable.plotted`."""
    series, chart = _find("vtkMRMLPlotSeriesNode", SERIES, volumeNode), find(volumeNode)
    if series is None or chart is None or series.GetYColumnName() == clipTable.column(key, record):
        return
    measure, column = clipTable.plotted()[key], clipTable.column(key, record)
    series.SetYColumnName(column)
    series.SetName(measure)
    chart.SetYAxisTitle(column)
    title = _("{measure} of {image}")
    if not series.GetTableNode().GetTable().GetColumnByName(column):
        title = _("{measure} of {image}: not known of any frame")
    chart.SetTitle(title.format(measure=measure, image=volumeNode.GetName()))


def show(volumeNode) -> bool:
    """Bring the chart into a view, changing the layout for one with a plot; whether there is anything to show it."""
    module, chart = getattr(slicer.modules, "plots", None), find(volumeNode)
    if module is None or chart is None:
        return False
    module.logic().ShowChartInLayout(chart)
    return True


def remove(volumeNode) -> None:
    """Take chart and series out of the scene."""
    for className, kind in (("vtkMRMLPlotChartNode", CHART), ("vtkMRMLPlotSeriesNode", SERIES)):
        node = _find(className, kind, volumeNode)
        if node:
            slicer.mrmlScene.RemoveNode(node)


def _find(className: str, kind: str, volumeNode):
    return next((node for node in slicer.util.getNodesByClass(className) if node.GetAttribute(results.KIND) == kind
                 and node.GetNodeReferenceID(results.IMAGE_ROLE) == volumeNode.GetID()), None)
