"""The levels of the decoder: γ, and the weights of the channels as a small bar plot."""

from __future__ import annotations

import numpy as np
import qt
from slicer.i18n import tr as _

from radiomicnet.results.words import resolution

from ..scene import held
from . import tableHeaders

PLOT_WIDTH, PLOT_HEIGHT, SHARPNESS = 240, 22, 2  # of a plot, in pixels of the panel, and of the screen for each
BAR, BACK = (25, 75, 130), (225, 225, 225)  # told apart on a light panel, a dark one and in a selected row


def setUp(widget) -> None:
    """Headers and column widths; once."""
    tableHeaders.setUp(widget, {
        _("Level"): _("Resolution of the level; select a row to lay its spatial attention over the image"),
        "γ": _("How much the level acts on what it attends to: 0 lets everything pass, 1 only what is attended to"),
        _("Channel attention"): _("One bar for each channel, from the highest weight to the lowest; scale 0 to 1"),
    }, stretched=2)
    widget.setIconSize(qt.QSize(PLOT_WIDTH, PLOT_HEIGHT))


def levels(nodes) -> list[dict]:
    """Level, γ and sorted channel weights of every gate, deepest first."""
    return [{"level": level, "gamma": gamma, "weights": sorted(weights.tolist(), reverse=True)}
            for level, (gamma, weights) in held.channels(nodes).items()]


def fill(widget, rows: list[dict]) -> None:
    """Show the levels."""
    widget.setRowCount(len(rows))
    for row, each in enumerate(rows):
        plot = qt.QTableWidgetItem(_icon(each["weights"]), "")
        for column, item in enumerate((qt.QTableWidgetItem(resolution(each["level"])),
                                       qt.QTableWidgetItem(f"{each['gamma']:.2f}"), plot)):
            item.setToolTip(_sentence(each))
            widget.setItem(row, column, item)
    widget.resizeRowsToContents()
    widget.updateGeometry()


def select(widget, rows: list[dict], level: str) -> None:
    """Select the row of the level that is shown, none where another map is."""
    widget.clearSelection()
    for row, each in enumerate(rows):
        if each["level"] == level:
            widget.selectRow(row)


def _sentence(each: dict) -> str:
    weights = np.array(each["weights"])
    return _("{count} channels: weights {low:.2f} to {high:.2f}, mean {mean:.2f}; {strong} of them above 0.9").format(
        count=len(weights), low=weights.min(), high=weights.max(), mean=weights.mean(), strong=(weights > 0.9).sum())


def _icon(weights: list[float]):
    """Bars from the highest weight to the lowest; the light back is as high as 1."""
    width, height = PLOT_WIDTH * SHARPNESS, PLOT_HEIGHT * SHARPNESS
    pixmap = qt.QPixmap(width, height)
    pixmap.fill(qt.QColor(*BACK))
    painter = qt.QPainter()
    painter.begin(pixmap)
    edges = np.linspace(0, width, len(weights) + 1).round().astype(int).tolist()
    for weight, left, right in zip(weights, edges, edges[1:]):
        size = round(height * weight)
        painter.fillRect(qt.QRect(left, height - size, right - left, size), qt.QBrush(qt.QColor(*BAR)))
    painter.end()
    pixmap.setDevicePixelRatio(SHARPNESS)
    icon = qt.QIcon(pixmap)
    icon.addPixmap(pixmap, qt.QIcon.Selected)  # not tinted where its row is selected
    return icon
