"""What every table of the panel begins with."""

from __future__ import annotations

import qt

NARROWEST = 16  # pixels of a column


def setUp(widget, headers: dict[str, str], stretched: int) -> None:
    """Headers with an explanation each, and column widths; the stretched column takes the room that is left."""
    widget.setColumnCount(len(headers))
    widget.setHorizontalHeaderLabels(list(headers))
    for column, explanation in enumerate(headers.values()):
        widget.horizontalHeaderItem(column).setToolTip(explanation)
    header = widget.horizontalHeader()
    header.setMinimumSectionSize(NARROWEST)
    header.setSectionResizeMode(qt.QHeaderView.ResizeToContents)
    header.setSectionResizeMode(stretched, qt.QHeaderView.Stretch)
    widget.verticalHeader().setVisible(False)
    widget.verticalHeader().setSectionResizeMode(qt.QHeaderView.ResizeToContents)
