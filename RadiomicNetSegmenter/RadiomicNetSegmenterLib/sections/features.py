"""The 13 features, ranked by what they contributed, beside PyRadiomics, and inside the segment."""

from __future__ import annotations

from slicer.i18n import tr as _

from ..jobs.insideRun import InsideRun
from ..scene import held, localMap, maps, table
from . import featureRows
from .section import Section, Services, State


class FeaturesSection(Section):
    """Shows the table node of the result, one feature of it in full, and keeps the values inside the segment new."""

    UI = "Features"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._rows: list[dict] | None = None  # in the table
        self._table = None  # the node they are of
        self._inside = InsideRun(self._showRows)
        featureRows.setUp(self.ui.featureTable)
        self.ui.featureTable.connect("itemSelectionChanged()", self._onSelected)
        self.ui.whereButton.connect("clicked(bool)", self._onWhere)

    def update(self, state: State) -> None:
        self._table = state.nodes.table
        self._inside.follow(state)
        self._showRows()
        self._select(state.parameters.selectedFeature)
        self.ui.checkLabel.text = self._table.GetDescription() if self._rows else _whyEmpty(state)
        self.ui.checkLabel.visible = bool(self.ui.checkLabel.text)
        self.ui.relianceLabel.text = (self._table.GetAttribute(table.RELIANCE) or "") if self._rows else ""
        self.ui.relianceLabel.visible = bool(self.ui.relianceLabel.text)
        self.ui.groupsLabel.text = featureRows.together(held.groups(state.nodes)) if self._rows else ""
        self.ui.groupsLabel.visible = bool(self.ui.groupsLabel.text)
        self._updateWhere(state)

    def exit(self) -> None:
        self._inside.close()

    def close(self) -> None:
        self._inside.close()
        self._table = None

    def _showRows(self) -> None:
        """Bring the rows in line with the table node; laying them out is slow, and a slider updates with every step."""
        rows = featureRows.rows(table.columns(self._table))
        if rows != self._rows:
            self._rows = rows
            wasBlocked = self.ui.featureTable.blockSignals(True)
            featureRows.fill(self.ui.featureTable, rows)
            self.ui.featureTable.blockSignals(wasBlocked)
            self._select(self.parameters.selectedFeature if self.parameters else "")
        self.ui.featureTable.visible = bool(rows)
        self.ui.insideLabel.text = (self._table.GetAttribute(table.INSIDE_OF) or "") if rows else ""
        self.ui.insideLabel.visible = bool(self.ui.insideLabel.text)

    def _select(self, key: str) -> None:
        """Select the row of a feature, the first one where it is not there, and show it in full."""
        place = next((index for index, row in enumerate(self._rows or ()) if row["key"] == key), 0)
        if self._rows:
            wasBlocked = self.ui.featureTable.blockSignals(True)
            self.ui.featureTable.selectRow(place)
            self.ui.featureTable.blockSignals(wasBlocked)
        self.ui.featureLabel.text = featureRows.detail(self._rows[place]) if self._rows else ""
        self.ui.featureLabel.visible = bool(self._rows)

    def _updateWhere(self, state: State) -> None:
        button, available = self.ui.whereButton, localMap.available(state.nodes)
        button.visible = bool(self._rows)
        button.enabled = available
        button.checked = available and state.parameters.shownMap == maps.LOCAL
        button.text = (_("Show where it mattered (± {limit} logits)").format(limit=localMap.limit(state.nodes))
                       if available else _("Show where it mattered"))
        button.toolTip = (
            _("Lay over the image what this feature's values in each tile contributed: orange raised the score, blue "
              "lowered it. One scale for all features of this image") if available
            else _("This model takes the features of the whole image only, so they have no place in it"))

    def _onSelected(self) -> None:
        chosen = {item.row() for item in self.ui.featureTable.selectedItems()}
        if self.parameters and chosen:
            self.parameters.selectedFeature = self._rows[chosen.pop()]["key"]

    def _onWhere(self, checked: bool = False) -> None:
        if self.parameters:
            self.parameters.shownMap = maps.LOCAL if checked else "coarsest"


def _whyEmpty(state: State) -> str:
    if state.run.active:
        return _("The ranking and the check against PyRadiomics follow the outline.")
    if state.nodes.segmentation:
        return _("Not computed, because the run was stopped. Click Segment for the ranking.")
    return _("The 13 features, ranked by what they contributed, as soon as an image is segmented.")
