"""The card of a model as a page to read: what it is for, how good it is, what it was trained on, what limits it has."""

from __future__ import annotations

from html import escape
from typing import Any

import qt
from slicer.i18n import tr as _

from radiomicnet.models.card import ModelCard

NAME = "modelCardDialog"
WIDTH, HEIGHT = 640, 680


def show(card: ModelCard, parent) -> None:
    """Open the card in a window beside which one can go on working; one window at a time."""
    old = parent.findChild(qt.QDialog, NAME)
    if old:
        old.close()
    dialog = qt.QDialog(parent)
    dialog.setObjectName(NAME)
    dialog.setAttribute(qt.Qt.WA_DeleteOnClose)
    dialog.windowTitle = card.title
    browser = qt.QTextBrowser()
    browser.setObjectName("modelCardBrowser")
    browser.openExternalLinks = True
    browser.html = html(card)
    button = qt.QPushButton(_("Close"))
    button.connect("clicked()", dialog.close)
    layout = qt.QVBoxLayout(dialog)
    layout.addWidget(browser)
    layout.addWidget(button)
    dialog.resize(WIDTH, HEIGHT)
    dialog.show()


def html(card: ModelCard) -> str:
    """The card as rich text of Qt, in the colours of whatever theme shows it."""
    return "\n".join([
        f"<h2>{escape(card.title)}</h2>",
        f"<p>{escape(card.summary)} {escape(card.intended_use)}</p>",
        f"<h3>{_('How good')}</h3>", _metrics(card),
        f"<h3>{_('Limits')}</h3>", _list(map(escape, card.limits)),
        f"<h3>{_('Trained on')}</h3>", _list(_data(entry) for entry in card.training_data),
        f"<h3>{_('License')}</h3><p>{escape(card.license)}</p>",
        f"<h3>{_('Model')}</h3>", _list(
            [_("{name} {version}, {count:,} parameters").format(name=card.name, version=card.version,
                                                               count=card.parameters),
             _("Sees the image at {size} × {size} pixels").format(size=card.input_size),
             _("Outlines from probability {threshold:.2f} on").format(threshold=card.threshold)])])


def _metrics(card: ModelCard) -> str:
    """A table; what all figures were measured on stands once below it, and else beside each."""
    titles = [_("Measure"), _("Mean"), _("95 % interval"), _("Images")]
    titles += [_("Measured on")] * (not card.measured_on)
    head = "".join(f"<th align='left'>{text}</th>" for text in titles)
    rows = "".join(_metric(key, values, not card.measured_on) for key, values in card.metrics.items())
    table = f"<table cellpadding='4'><tr>{head}</tr>{rows}</table>"
    if card.measured_on:
        table += "<p>" + _("Measured on {data}.").format(data=escape(card.measured_on)) + "</p>"
    return table


def _metric(key: str, values: dict[str, Any], named: bool) -> str:
    interval = values.get("ci95")
    cells = [values.get("title", key), _number(values.get("mean")),
             f"{_number(interval[0])} – {_number(interval[1])}" if interval else "–", str(values.get("n", "–"))]
    cells += [values.get("data", "")] * named
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def _data(entry: dict[str, Any]) -> str:
    text = f"<b>{escape(entry['name'])}</b>: " + _("{count:,} images").format(count=entry["images"])
    for key in ("use", "license"):
        if entry.get(key):
            text += f"; {escape(entry[key])}"
    source = escape(entry.get("citation", ""))
    if entry.get("doi"):
        source = f"<a href='https://doi.org/{escape(entry['doi'])}'>{source or escape(entry['doi'])}</a>"
    return f"{text}. {source}" if source else f"{text}."


def _list(items) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
