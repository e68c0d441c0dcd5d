"""On request: the contributions computed a second way, beside the first."""

from __future__ import annotations

from slicer.i18n import tr as _

from radiomicnet.explain.shapley import Shapley
from radiomicnet.results import explanation_words
from radiomicnet.results.result import Contributions

from ..jobs.shapleyRun import ShapleyRun
from ..scene import held, outline
from . import shapleyRows
from .section import Section, Services, State

SAMPLED, EVERY = 0, 1  # places in the list of ways


class ShapleySection(Section):
    """Starts and stops the computation, and shows both rankings and how far they agree."""

    UI = "Shapley"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._run = ShapleyRun(services.logic, self._showFraction, self._onEnded)
        self._state: State | None = None
        self._of: tuple = ()  # which result the run is of
        self._shown: tuple[Contributions | None, Shapley | None] = (None, None)
        self.ui.wayComboBox.addItem(_("Sampled combinations"))
        self.ui.wayComboBox.addItem(_("All 8,192 combinations (minutes)"))
        self.ui.wayComboBox.toolTip = _(
            "Some hundred combinations of features leave an error, which is shown. All of them are exact and take some "
            "twenty times as long: minutes on a processor")
        self.ui.shapleyButton.connect("clicked(bool)", self._onCheckOrCancel)
        shapleyRows.setUp(self.ui.shapleyTable)
        self._show(None, None)

    def update(self, state: State) -> None:
        self._state = state
        if self._run.active and (_reason(state) or _key(state) != self._of):
            self._run.close()  # what is being computed would be of another result
        contributions, made = held.contributions(state.nodes), held.shapley(state.nodes)
        if contributions is not self._shown[0] or made is not self._shown[1]:
            self._shown = contributions, made
            self._show(contributions, made)
        self._updateButton()

    def exit(self) -> None:
        self._run.close()

    def close(self) -> None:
        self._run.close()
        self._state = None

    def _show(self, contributions: Contributions | None, made: Shapley | None) -> None:
        both = contributions is not None and made is not None
        self.ui.agreementLabel.text = explanation_words.shapley(contributions, made, _) if both else ""
        if both:
            shapleyRows.fill(self.ui.shapleyTable, contributions, made)
        self.ui.agreementLabel.visible = self.ui.shapleyTable.visible = both

    def _updateButton(self) -> None:
        button, run, reason = self.ui.shapleyButton, self._run, _reason(self._state)
        button.text = _("Stopping…") if run.stopping else _("Cancel") if run.active else _("Check the ranking")
        button.enabled = not run.stopping and not reason
        button.toolTip = reason or (_("Stop; nothing of it is kept") if run.active else _(
            "Compute the contributions a second way, as Shapley values, and compare the two rankings"))
        self.ui.wayComboBox.enabled = not run.active and not reason
        self._showFraction()

    def _showFraction(self) -> None:
        self.ui.shapleyBar.visible = self._run.active
        self.ui.shapleyBar.setValue(round(100 * self._run.fraction))

    def _onCheckOrCancel(self, _checked: bool = False) -> None:
        state = self._state
        if self._run.active:
            self._run.cancel()
        elif state:
            self._of = _key(state)
            try:
                self._run.start(state.parameters.inputVolume, self.ui.wayComboBox.currentIndex == EVERY)
            except Exception as error:
                self.services.report(error)
        self._updateButton()

    def _onEnded(self, error: Exception | None) -> None:
        self.services.refresh()
        if error:
            self.services.report(error)


def _key(state: State) -> tuple:
    """By which one result is told from another."""
    nodes = state.nodes
    return nodes.fingerprint, nodes.record and (nodes.record.GetID(), nodes.record.GetMTime())


def _reason(state: State | None) -> str:
    """Why nothing can be compared now; empty where it can."""
    if state is None or held.contributions(state.nodes) is None:
        return _("Segment an image first")
    if state.run.active or state.framesRun.active:
        return _("Wait for the run to end")
    if outline.explainedAt(state.nodes) is not None:
        return _("The contributions describe the outline at another threshold; click Segment first")
    return ""
