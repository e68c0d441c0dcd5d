"""Contributions and Shapley values side by side."""

from __future__ import annotations

import qt
from slicer.i18n import tr as _

from radiomicnet.explain.shapley import Shapley
from radiomicnet.features.catalogue import BY_KEY, KEYS
from radiomicnet.results.result import Contributions

from . import tableHeaders
from .featureRows import SHORT


def setUp(widget) -> None:
    """Headers and column widths; once."""
    tableHeaders.setUp(widget, {
        "#": _("Rank by the size of the contribution"),
        _("Feature"): _("In the order of the contributions"),
        _("Contribution"): _("By integrated gradients, in logits"),
        _("Shapley"): _("Shapley value in logits; ± the standard error that sampling leaves"),
        _("# by it"): _("Rank by the size of the Shapley value"),
    }, stretched=1)


def fill(widget, contributions: Contributions, made: Shapley) -> None:
    """Show a row per feature."""
    widget.setRowCount(len(contributions.items))
    for row, item in enumerate(contributions.items):
        place = KEYS.index(item.key)
        error = "" if made.exact else f" ± {made.error[place]:.3f}"
        texts = (str(item.rank), SHORT[item.key], _logits(item.contribution), _logits(made.values[place]) + error,
                 str(made.ranks[place]))
        for column, text in enumerate(texts):
            cell = qt.QTableWidgetItem(text)
            left = column == 1
            cell.setToolTip(BY_KEY[item.key].label if left else "")
            cell.setTextAlignment((qt.Qt.AlignLeft if left else qt.Qt.AlignRight) | qt.Qt.AlignVCenter)
            widget.setItem(row, column, cell)
    widget.resizeRowsToContents()
    widget.updateGeometry()


def _logits(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")
