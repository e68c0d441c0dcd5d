"""The ranked features beside PyRadiomics, as the panel shows them: narrow rows, and one feature in full below."""

from __future__ import annotations

from html import escape

import qt
from slicer.i18n import tr as _

from radiomicnet.explain.groups import GroupContribution
from radiomicnet.explain.usual import Range, unusual
from radiomicnet.features.catalogue import BY_KEY, Feature
from radiomicnet.results.explanation_words import between
from radiomicnet.results.words import number

from ..scene import table
from . import tableHeaders

RAISES, LOWERS = (217, 95, 2), (40, 110, 190)  # orange and blue: told apart with any colour vision
STRONGEST_TINT = 170
# Of four digits a narrow column has room for; all of them are in the tooltip.
DIGITS = 3
SHORT = {
    "glcm_Contrast": "Contrast", "glcm_Dissimilarity": "Dissimilarity", "glcm_Homogeneity": "Homogeneity",
    "glcm_Energy": "Energy", "glcm_Correlation": "Correlation", "glcm_JointEntropy": "Joint entropy",
    "lbp_Entropy": "LBP entropy", "lbp_Uniformity": "LBP uniformity", "lbp_NonUniformShare": "LBP non-uniform",
    "firstorder_Mean": "Mean", "firstorder_StandardDeviation": "Deviation", "firstorder_Skewness": "Skewness",
    "firstorder_Kurtosis": "Kurtosis",
}


def setUp(widget) -> None:
    """Headers and column widths; once."""
    tableHeaders.setUp(widget, {
        "#": _("Rank by the size of the contribution"),
        _("Feature"): _("Select a row for its meaning and its values, hover over it for its formula"),
        _("Share"): _("Share of what all features together moved the outlined region's score by; + (orange) raises "
                      "the score, − (blue) lowers it; * where that is unusual for this model. Hover for the amount in "
                      "logits."),
        _("Network"): _("Value of the whole image that the network was given"),
        _("Segment"): _("The same feature inside the segment; it follows when the segment is edited"),
        "PyRad.": _("Whether PyRadiomics finds the network's value on the same pixels"),
    }, stretched=1)


def rows(columns: dict[str, list]) -> list[dict]:
    """The columns of a feature table row by row, with the feature's key under ``key``."""
    return [{"key": table.KEY_BY_LABEL[label], **{name: column[row] for name, column in columns.items()}}
            for row, label in enumerate(columns.get(table.FEATURE, []))]


def fill(widget, found: list[dict]) -> None:
    """Show the rows."""
    widget.setRowCount(len(found))
    strongest = max((row[table.SHARE] for row in found), default=0.0) or 1.0
    for place, row in enumerate(found):
        for column, item in enumerate(_items(row, strongest)):
            widget.setItem(place, column, item)
    widget.resizeRowsToContents()  # now; left to itself Qt does it when the table is drawn
    widget.updateGeometry()  # as tall as its rows: the panel scrolls, the table in it need not


def _items(row: dict, strongest: float) -> list:
    feature = _item(SHORT[row["key"]], meaning(row["key"]), left=True)
    mark = "*" if unusual(row[table.CONTRIBUTION], _usual(row)) else ""
    share = _item(f"{mark}{_sign(row)}{row[table.SHARE]:.0f} %", _amount(row))
    tint = RAISES if row[table.CONTRIBUTION] >= 0 else LOWERS
    share.setBackground(qt.QBrush(qt.QColor(*tint, round(STRONGEST_TINT * row[table.SHARE] / strongest))))
    return [_item(str(row[table.RANK])), feature, share, _number(row[table.NETWORK]),
            _number(row.get(table.INSIDE, "")), _item(row[table.AGREEMENT], _comparison(row), left=True)]


def _sign(row: dict) -> str:
    return "+" if row[table.CONTRIBUTION] >= 0 else "−"


def _amount(row: dict) -> str:
    amount = _("{value} logits").format(value=number(row[table.CONTRIBUTION], sign=True))
    return f"{amount} ({between(_usual(row), _)})" if _usual(row) else amount


def _usual(row: dict) -> Range | None:
    """The range of this contribution in nine in ten training images, where the table knows it."""
    return (row[table.USUAL_LOW], row[table.USUAL_HIGH]) if table.USUAL_LOW in row else None


def _comparison(row: dict) -> str:
    if row[table.PYRADIOMICS] == "":
        return _("Not checked")
    return _("PyRadiomics: {value}; difference: {difference}").format(
        value=row[table.PYRADIOMICS], difference=row[table.DIFFERENCE])


def _number(value):
    """Short in the cell, exact in its tooltip."""
    return _item("–", _("Not computed")) if value == "" else _item(number(float(value), DIGITS), repr(float(value)))


def _item(text: str, toolTip: str = "", left: bool = False):
    item = qt.QTableWidgetItem(text)
    item.setToolTip(toolTip)
    item.setTextAlignment((qt.Qt.AlignLeft if left else qt.Qt.AlignRight) | qt.Qt.AlignVCenter)
    return item


def detail(row: dict) -> str:
    """One feature in words and with all its values."""
    feature = BY_KEY[row["key"]]
    moved = _("raised") if row[table.CONTRIBUTION] >= 0 else _("lowered")
    said = _("Here {value}, in the training images {mean} on average: this {moved} the score by {logits} logits, "
             "{share:.1f} % of what all features moved.").format(
        value=number(row[table.NETWORK]), mean=number(row[table.TRAINING]), moved=moved,
        logits=number(abs(row[table.CONTRIBUTION]), 3), share=row[table.SHARE])
    if _usual(row):
        said += " " + _compared(row)
    lines = [f"<b>{escape(feature.label)}</b>. {escape(feature.meaning)}", escape(said), escape(_checked(row))]
    if row.get(table.NOTE):
        lines.append(escape(row[table.NOTE]))
    if row.get(table.INSIDE):
        lines.append(escape(_("In the segment: {value}.").format(value=number(float(row[table.INSIDE])))))
    return "".join(f"<p style='margin: 0 0 4px 0'>{line}</p>" for line in lines)


def _compared(row: dict) -> str:
    low, high = (number(end, 2, sign=True) for end in _usual(row))
    said = (_("That is unusual: {value}, in nine in ten training images {low} to {high} logits.")
            if unusual(row[table.CONTRIBUTION], _usual(row)) else
            _("That is usual: {value}, in nine in ten training images {low} to {high} logits."))
    return said.format(value=number(row[table.CONTRIBUTION], 3, sign=True), low=low, high=high)


def together(groups: tuple[GroupContribution, ...]) -> str:
    """Features of which the credit of each alone is partly chance, because they rise and fall together."""
    lines = [_("{features}: {logits} logits, {share:.0f} %").format(
        features=", ".join(SHORT[key] for key in group.keys), logits=number(group.contribution, 2, sign=True),
        share=group.share) for group in groups if len(group.keys) > 1]
    return "\n".join([_("Say nearly the same, so count together:"), *lines]) if lines else ""


def _checked(row: dict) -> str:
    if row[table.PYRADIOMICS] == "":
        return _("PyRadiomics: not checked.")
    return _("PyRadiomics: {value}, {agreement} (difference {difference}).").format(
        value=number(float(row[table.PYRADIOMICS])), agreement=row[table.AGREEMENT],
        difference=number(float(row[table.DIFFERENCE]), 2))


def meaning(key: str) -> str:
    """Name, meaning, formula and source of a feature of the catalogue."""
    feature: Feature = BY_KEY[key]
    lines = (f"<b>{escape(feature.label)}</b>", escape(feature.meaning),
             _("Formula: {formula}").format(formula=escape(feature.formula)),
             _("Range: {low:g} to {high:g}").format(low=feature.low, high=feature.high),
             _("PyRadiomics: {name}").format(name=escape(feature.pyradiomics)),
             _("Source: {source}").format(source=escape(feature.source)))
    return "".join(f"<p>{line}</p>" for line in lines)
