"""The ranked features beside PyRadiomics, as the panel shows them."""

from __future__ import annotations

from html import escape

import qt
from slicer.i18n import tr as _

from radiomicnet.features.catalogue import CATALOGUE, Feature
from radiomicnet.results.words import number

from ..scene import table

RAISES, LOWERS = (217, 95, 2), (40, 110, 190)  # orange and blue: told apart with any colour vision
STRONGEST_TINT = 170


def setUp(widget) -> None:
    """Headers and column widths; once."""
    headers = {
        "#": _("Rank by the size of the contribution"),
        _("Feature"): _("Hover over a feature for its meaning and formula"),
        _("Contribution"): _("Share of what all features together moved the outlined region's score by; + (orange) "
                             "raises the score, − (blue) lowers it. Hover for the amount in logits."),
        _("Network"): _("Value that the network was given"),
        "PyRadiomics": _("PyRadiomics' value on the same pixels"),
        "✓": _("Whether the two values agree"),
    }
    widget.setColumnCount(len(headers))
    widget.setHorizontalHeaderLabels(list(headers))
    for column, explanation in enumerate(headers.values()):
        widget.horizontalHeaderItem(column).setToolTip(explanation)
    header = widget.horizontalHeader()
    header.setSectionResizeMode(qt.QHeaderView.ResizeToContents)
    header.setSectionResizeMode(1, qt.QHeaderView.Stretch)
    widget.verticalHeader().setVisible(False)
    widget.verticalHeader().setSectionResizeMode(qt.QHeaderView.ResizeToContents)


def fill(widget, columns: dict[str, list]) -> None:
    """Show the columns of a feature table; no row where there are none."""
    ranks = columns.get(table.RANK, [])
    widget.setRowCount(len(ranks))
    strongest = max(columns.get(table.SHARE, []), default=0.0) or 1.0
    for row in range(len(ranks)):
        values = {name: column[row] for name, column in columns.items()}
        for column, item in enumerate(_items(values, strongest)):
            widget.setItem(row, column, item)
    widget.updateGeometry()  # as tall as its rows: the panel scrolls, the table in it need not


def _items(row: dict, strongest: float) -> list:
    label = row[table.FEATURE]
    feature = _item(label, meaning(label), left=True)
    sign = "+" if row[table.CONTRIBUTION] >= 0 else "−"
    contribution = _item(f"{sign}{row[table.SHARE]:.1f} %",
                         _("{value} logits").format(value=number(row[table.CONTRIBUTION], sign=True)))
    tint = RAISES if row[table.CONTRIBUTION] >= 0 else LOWERS
    contribution.setBackground(qt.QBrush(qt.QColor(*tint, round(STRONGEST_TINT * row[table.SHARE] / strongest))))
    return [_item(str(row[table.RANK])), feature, contribution, _number(row[table.NETWORK]),
            _number(row[table.PYRADIOMICS]), _agreement(row)]


def _agreement(row: dict):
    if row[table.AGREEMENT] == table.NOT_CHECKED:
        return _item("–", _("Not checked"))
    sign = "✓" if row[table.AGREEMENT] == table.AGREES else "✗"
    return _item(sign, _("Difference: {difference}").format(difference=row[table.DIFFERENCE]))


def _number(value):
    """Short in the cell, exact in its tooltip."""
    return _item("–", _("Not checked")) if value == "" else _item(number(float(value)), repr(float(value)))


def _item(text: str, toolTip: str = "", left: bool = False):
    item = qt.QTableWidgetItem(text)
    item.setToolTip(toolTip)
    item.setTextAlignment((qt.Qt.AlignLeft if left else qt.Qt.AlignRight) | qt.Qt.AlignVCenter)
    return item


def meaning(label: str) -> str:
    """Meaning, formula and source of a feature of the catalogue, by its label."""
    feature: Feature = next(item for item in CATALOGUE if item.label == label)
    lines = (f"<b>{escape(feature.label)}</b>", escape(feature.meaning),
             _("Formula: {formula}").format(formula=escape(feature.formula)),
             _("Range: {low:g} to {high:g}").format(low=feature.low, high=feature.high),
             _("PyRadiomics: {name}").format(name=escape(feature.pyradiomics)),
             _("Source: {source}").format(source=escape(feature.source)))
    return "".join(f"<p>{line}</p>" for line in lines)
