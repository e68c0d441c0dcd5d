"""What the views of Slicer show, as pictures."""

from __future__ import annotations

GAP = 4


def slice_view(width: int, height: int):
    """What the first slice view shows, as a QImage."""
    import slicer

    shown = slicer.mrmlScene.GetSingletonNode("Red", "vtkMRMLSliceCompositeNode")
    return _slice(width, height, shown.GetForegroundVolumeID())


def views_of_layout(width: int, height: int):
    """The module's layout: the image, the map over it, the plot and the table below; see ``scene/layout``."""
    import slicer
    from PySide6.QtGui import QColor, QImage, QPainter

    shown = slicer.mrmlScene.GetSingletonNode("Red", "vtkMRMLSliceCompositeNode")
    top, left = round(0.64 * height), round(0.4 * width)
    half = width // 2
    node = next(node for node in slicer.util.getNodesByClass("vtkMRMLTableNode") if node.GetNumberOfRows())
    picture = QImage(width, height, QImage.Format_RGB888)
    picture.fill(QColor("#808080"))
    painter = QPainter(picture)
    painter.drawImage(0, 0, _slice(half - GAP, top - GAP, None))
    painter.drawImage(half, 0, _slice(width - half, top - GAP, shown.GetForegroundVolumeID()))
    painter.drawImage(0, top, _plot(node, left - GAP, height - top))
    painter.drawPixmap(left, top, _table(node, width - left, height - top))
    painter.end()
    return picture


def views_of_clip(width: int, height: int):
    """The image with the outline of its frame, and the plot over all frames below."""
    import slicer
    from PySide6.QtGui import QColor, QImage, QPainter

    top = round(0.64 * height)
    chart = next(node for node in slicer.util.getNodesByClass("vtkMRMLPlotChartNode"))
    picture = QImage(width, height, QImage.Format_RGB888)
    picture.fill(QColor("#808080"))
    painter = QPainter(picture)
    painter.drawImage(0, 0, slice_view(width, top - GAP))
    painter.drawImage(0, top, _chart(chart, width, height - top))
    painter.end()
    return picture


def _slice(width: int, height: int, foreground: str | None):
    import slicer

    from standin.camera import sliceViewCamera

    camera = sliceViewCamera()
    shown = slicer.mrmlScene.GetSingletonNode("Red", "vtkMRMLSliceCompositeNode")
    camera.composite.SetBackgroundVolumeID(shown.GetBackgroundVolumeID())
    camera.composite.SetForegroundVolumeID(foreground)
    camera.composite.SetForegroundOpacity(shown.GetForegroundOpacity())
    for legend in slicer.util.getNodesByClass("vtkMRMLColorLegendDisplayNode"):  # only beside its map
        legend.SetVisibility(legend.GetDisplayableNode() is not None
                             and legend.GetDisplayableNode().GetID() == foreground)
    return _image(camera.picture((width, height)))


def _plot(node, width: int, height: int):
    """The contributions in a table of features."""
    from RadiomicNetSegmenterLib.scene import plots

    picture = _chart(plots.show(node), width, height)
    plots.remove()
    return picture


def _chart(node, width: int, height: int):
    """A chart node's plot by VTK, as qMRMLPlotView draws it."""
    import vtk

    series = node.GetNthPlotSeriesNode(0)
    view = vtk.vtkContextView()
    view.GetRenderWindow().SetOffScreenRendering(True)
    view.GetRenderWindow().SetSize(width, height)
    view.GetRenderer().SetBackground(1.0, 1.0, 1.0)
    chart = vtk.vtkChartXY()
    chart.SetTitle(node.GetTitle())
    bars = series.GetPlotType() == series.PlotTypeScatterBar
    plot = chart.AddPlot(vtk.vtkChart.BAR if bars else vtk.vtkChart.LINE)
    plot.SetInputData(series.GetTableNode().GetTable(), series.GetXColumnName(), series.GetYColumnName())
    plot.SetColorF(*series.GetColor())
    if not bars:
        plot.SetWidth(series.GetLineWidth())
        plot.SetMarkerStyle(series.GetMarkerStyle())
        plot.SetMarkerSize(series.GetMarkerSize())
    for axis, title in ((vtk.vtkAxis.BOTTOM, node.GetXAxisTitle()), (vtk.vtkAxis.LEFT, node.GetYAxisTitle())):
        chart.GetAxis(axis).SetTitle(title)
    view.GetScene().AddItem(chart)
    view.Render()
    return _grab(view.GetRenderWindow())


def _table(node, width: int, height: int):
    """The table node's columns in a Qt table, as qMRMLTableView shows them."""
    from PySide6.QtWidgets import QTableWidget, QTableWidgetItem

    from RadiomicNetSegmenterLib.scene import table

    columns = table.columns(node)
    widget = QTableWidget(len(next(iter(columns.values()))), len(columns))
    widget.setHorizontalHeaderLabels(list(columns))
    for column, values in enumerate(columns.values()):
        for row, value in enumerate(values):
            widget.setItem(row, column, QTableWidgetItem(f"{value:.6g}" if isinstance(value, float) else str(value)))
    widget.resizeColumnsToContents()
    widget.resize(width, height)
    return widget.grab()


def _grab(window):
    import vtk
    from vtk.util.numpy_support import vtk_to_numpy

    grabber = vtk.vtkWindowToImageFilter()
    grabber.SetInput(window)
    grabber.ReadFrontBufferOff()
    grabber.Update()
    columns, rows, _slices = grabber.GetOutput().GetDimensions()
    return _image(vtk_to_numpy(grabber.GetOutput().GetPointData().GetScalars()).reshape(rows, columns, -1)[::-1].copy())


def _image(pixels):
    """(H, W, 3) uint8 as a QImage of its own."""
    from PySide6.QtGui import QImage

    rows, columns = pixels.shape[:2]
    return QImage(pixels.tobytes(), columns, rows, 3 * columns, QImage.Format_RGB888).copy()
