"""The 13 features, ranked by what they contributed, beside PyRadiomics."""

from __future__ import annotations

from slicer.i18n import tr as _

from ..scene import table
from . import featureRows
from .section import Section, Services, State


class FeaturesSection(Section):
    """Shows the table node of the result."""

    UI = "Features"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._shown: dict[str, list] | None = None  # columns in the table
        featureRows.setUp(self.ui.featureTable)

    def update(self, state: State) -> None:
        columns = table.columns(state.nodes.table)
        if columns != self._shown:  # laying out the rows is slow, and a slider updates with every step
            self._shown = columns
            featureRows.fill(self.ui.featureTable, columns)
        self.ui.featureTable.visible = bool(columns)
        self.ui.checkLabel.text = state.nodes.table.GetDescription() if columns else _whyEmpty(state)
        self.ui.checkLabel.visible = bool(self.ui.checkLabel.text)


def _whyEmpty(state: State) -> str:
    if state.run.active:
        return _("The ranking and the check against PyRadiomics follow the outline.")
    if state.nodes.segmentation:
        return _("Not computed, because the run was stopped. Click Segment for the ranking.")
    return ""
