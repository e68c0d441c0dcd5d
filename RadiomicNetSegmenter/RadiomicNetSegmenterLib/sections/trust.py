"""How far to trust the outline, to be read before it is used."""

from __future__ import annotations

from html import escape

from slicer.i18n import tr as _

from ..scene import areaRange, held
from .section import Section, Services, State


class TrustSection(Section):
    """Warnings in a box, other sentences below, and the range of the area as outlines; gone where nothing is known."""

    UI = "Trust"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._drawn: tuple = ()  # of what the inner and outer outlines are

    def update(self, state: State) -> None:
        warnings, notes = held.trust(state.nodes)
        self.widget.visible = bool(warnings or notes)
        self.ui.trustWarningLabel.text = "<br>".join(f"⚠ {escape(each)}" for each in warnings)
        self.ui.trustWarningLabel.visible = bool(warnings)
        self.ui.trustLabel.text = "\n".join([*_caveat(warnings, notes), *notes])
        self.ui.trustLabel.visible = bool(notes)
        self._updateRange(state)

    def exit(self) -> None:
        self._draw(None, ())

    def close(self) -> None:
        self._drawn = ()

    def _updateRange(self, state: State) -> None:
        box, available = self.ui.areaRangeCheckBox, areaRange.available(state.nodes)
        drawn = bool(state.nodes.segmentation and state.nodes.segmentation.GetSegmentation().GetNumberOfSegments())
        box.enabled = available and drawn
        box.toolTip = (_("Thin lines: what the area is at least and at most likely to cover. Of what the network drew, "
                         "not of what was corrected") if box.enabled
                       else _("No lesion is outlined") if available
                       else _("This model was published without such a range"))
        wanted = ()
        if available and state.visible and state.parameters.showAreaRange:
            record = state.nodes.record
            wanted = record.GetID(), record.GetMTime(), state.parameters.inputVolume.GetTransformNodeID()
        if wanted != self._drawn:
            self._draw(state, wanted)

    def _draw(self, state: State | None, wanted: tuple) -> None:
        found = areaRange.find(state.nodes, state.parameters.inputVolume) if state and wanted else None
        if found:
            areaRange.show(found, state.nodes, state.parameters.inputVolume)
        elif self._drawn:
            areaRange.remove()
        self._drawn = wanted


def _caveat(warnings: list[str], notes: list[str]) -> list[str]:
    """What is expected of images like the training images is no comfort where the image is unlike them."""
    return [_("For an image without this warning one would say:")] if warnings and notes else []
