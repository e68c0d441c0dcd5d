"""Clicks on lesions and a box to search in; the result follows them."""

from __future__ import annotations

import qt
from slicer.i18n import tr as _

from radiomicnet.prompts.click import FOUND, KEPT, NOTHING, UNSURE
from radiomicnet.prompts.prompted import Prompts

from ..scene import placing, prompts
from .section import Section, Services, State

REST_MILLISECONDS = 300  # after which a moved point or box is taken to have arrived
RETRY_MILLISECONDS = 50  # between looks whether a run that was told to stop has


class ClicksSection(Section):
    """Buttons that place points and a box, the list of points, and what the result describes.

    What the points and the box say is compared with what it was, because a point that is only previewed under the
    mouse fires the same events. A change begins a run once the hand rests; one that goes on is stopped first.
    """

    UI = "Clicks"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._state: State | None = None
        self._image: str | None = ""  # ID of the image whose markups are followed; "" before the first
        self._observed: list[tuple] = []  # node, tag
        self._nodes: tuple = ()
        self._wanted = Prompts()
        self._listed: list[str] = []
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.connect("timeout()", self._follow)
        for button, slot in ((self.ui.clickButton, self._onClick), (self.ui.boxButton, self._onBox),
                             (self.ui.removeClickButton, self._onRemove), (self.ui.clearClicksButton, self._onClear),
                             (self.ui.removeBoxButton, self._onRemoveBox)):
            button.connect("clicked(bool)", slot)
        self.ui.clicksList.connect("itemSelectionChanged()", self._updateButtons)

    def update(self, state: State) -> None:
        self._state = state
        image = state.parameters.inputVolume and state.parameters.inputVolume.GetID()
        another, self._image = image != self._image, image
        self._observe(another)
        if another:
            self._timer.stop()
            self._wanted = self._read()
            self._showOnlyOwn()
        self._updateList()
        self._updateButtons()
        self.ui.describedLabel.text = _described(state)
        self.ui.describedLabel.visible = bool(self.ui.describedLabel.text)

    def exit(self) -> None:
        if any(placing.isPlacing(node) for node in self._nodes):
            placing.stop()
        self.close()

    def close(self) -> None:
        self._timer.stop()
        self._drop()
        self._state, self._image = None, ""

    # What is there

    def _volume(self):
        return self._state.parameters.inputVolume if self._state else None

    def _find(self, kind: str):
        return prompts.find(kind, self._volume())

    def _read(self) -> Prompts:
        volume = self._volume()
        if volume is None or self._state.choice.image is None:
            return Prompts()
        box = self._find(prompts.BOX)
        if placing.isPlacing(box):  # its second corner is still under the mouse
            box = None
        return prompts.read(volume, self._find(prompts.CLICKS), box)

    def _showOnlyOwn(self) -> None:
        """Points and boxes of other images would be taken for this one's."""
        for node in prompts.everyOne():
            node.SetDisplayVisibility(node in self._nodes)

    # Following the markups

    def _observe(self, another: bool) -> None:
        nodes = tuple(node for kind in prompts.CLASSES if (node := self._find(kind)))
        if nodes == self._nodes and not another:
            return
        self._drop()
        self._nodes = nodes
        for node in nodes:
            for event in (node.PointPositionDefinedEvent, node.PointModifiedEvent, node.PointRemovedEvent,
                          node.TransformModifiedEvent):
                self._observed.append((node, node.AddObserver(event, self._onMarkups)))
        mode = placing.interactionNode()
        self._observed.append((mode, mode.AddObserver(mode.InteractionModeChangedEvent, self._onMode)))

    def _drop(self) -> None:
        for node, tag in self._observed:
            node.RemoveObserver(tag)
        self._observed, self._nodes = [], ()

    def _onMarkups(self, _caller=None, _event=None) -> None:
        if self._state is None:
            return
        pointedAt = self._read()
        if pointedAt != self._wanted:
            self._wanted = pointedAt
            self._updateList()
            self._updateButtons()
            self._timer.start(REST_MILLISECONDS)

    def _onMode(self, _caller, _event) -> None:
        self._onMarkups()  # a box counts once it is placed
        if self._state is not None:
            self._updateButtons()

    def _follow(self) -> None:
        """Run again with what is pointed at now; when a run that goes on with something else has stopped."""
        if self._state is None or self._state.choice.problem:
            return
        if self._state.run.active:
            self.services.cancel()
            self._timer.start(RETRY_MILLISECONDS)
        elif self._state.framesRun.active:  # which is worth more than an answer at once
            self._timer.start(RETRY_MILLISECONDS)
        elif self._wanted or self._state.nodes.segmentation:
            self.services.segment(following=True)

    # What the user does

    def _onClick(self, checked: bool) -> None:
        self._place(prompts.CLICKS, checked)

    def _onBox(self, checked: bool) -> None:
        if checked:
            self._onRemoveBox()  # a box is drawn anew, not beside the old one
        self._place(prompts.BOX, checked)

    def _place(self, kind: str, checked: bool) -> None:
        if not checked:
            placing.stop()
        elif self._volume() is not None:
            node = prompts.findOrCreate(kind, self._volume())
            self._observe(another=False)
            node.SetDisplayVisibility(True)
            placing.start(node, persistent=kind == prompts.CLICKS)
        self._updateButtons()

    def _onRemove(self, _checked: bool = False) -> None:
        clicks = self._find(prompts.CLICKS)
        row = self.ui.clicksList.currentRow
        if clicks and 0 <= row < len(self._wanted.points):
            clicks.RemoveNthControlPoint(_definedIndices(clicks)[row])

    def _onClear(self, _checked: bool = False) -> None:
        clicks = self._find(prompts.CLICKS)
        if clicks:
            clicks.RemoveAllControlPoints()

    def _onRemoveBox(self, _checked: bool = False) -> None:
        box = self._find(prompts.BOX)
        if box:
            self._drop()
            box.GetScene().RemoveNode(box)
            self._observe(another=True)
            self._onMarkups()

    # What is shown

    def _updateList(self) -> None:
        answers = {(click["column"], click["row"]): click for click in prompts.answers(self._state.nodes)}
        lines = [_line(number, point, answers.get(point)) for number, point in enumerate(self._wanted.points, start=1)]
        if lines != self._listed:
            self._listed = lines
            self.ui.clicksList.clear()
            for line in lines:
                self.ui.clicksList.addItem(line)
        self.ui.clicksList.visible = bool(lines)

    def _updateButtons(self) -> None:
        problem = _("The panel is not open") if self._state is None else self._state.choice.imageProblem
        clicks, box = (self._find(kind) for kind in (prompts.CLICKS, prompts.BOX))
        _show(self.ui.clickButton, problem, _(
            "Click on lesions in the image: what lies under a click is kept, and where nothing was outlined the "
            "network looks again. Click here again, or right-click in the image, when done"))
        _show(self.ui.boxButton, problem, _("Click two opposite corners in the image: lesions are searched for only "
                                            "between them"))
        self.ui.clickButton.checked = placing.isPlacing(clicks)
        self.ui.boxButton.checked = placing.isPlacing(box)
        none = problem or ("" if self._wanted.points else _("There is no click on this image"))
        selected = "" if self.ui.clicksList.currentRow >= 0 else _("Select a click in the list first")
        _show(self.ui.removeClickButton, none or selected, _("Take the selected click away; the result follows"))
        _show(self.ui.clearClicksButton, none, _("Take all clicks away and show everything that was found"))
        _show(self.ui.removeBoxButton, problem or ("" if box else _("There is no box on this image")),
              _("Search the whole image again"))


def _show(button, problem: str, toolTip: str) -> None:
    button.enabled = not problem
    button.toolTip = problem or toolTip


def _definedIndices(clicks) -> list[int]:
    return [index for index in range(clicks.GetNumberOfControlPoints())
            if clicks.GetNthControlPointPositionStatus(index) == clicks.PositionDefined]


def _line(number: int, point: tuple[float, float], answer: dict | None) -> str:
    column, row = point
    where = _("{number}: column {column:.0f}, row {row:.0f}").format(number=number, column=column, row=row)
    return f"{where} – {_answer(answer)}" if answer else where


def _answer(answer: dict) -> str:
    """What became of a click, in words."""
    return {KEPT: _("kept"), FOUND: _("found at a closer look"), NOTHING: _("outside"),
            UNSURE: _("unsure, see the warning"),
            }[answer["outcome"]]


def _described(state: State) -> str:
    """Which part of the image features, attention and contributions are of, where it is not the whole."""
    part = prompts.lookedAt(state.nodes)
    if part is None:
        return ""
    again = any(click["looked_at"] == part for click in prompts.answers(state.nodes))
    reason = _("where the network looked again") if again else _("the box and what surrounds it")
    text = _("Features, attention and contributions describe columns {left}–{right}, rows {top}–{bottom}: {reason}.")
    return text.format(left=part["left"], right=part["right"] - 1, top=part["top"], bottom=part["bottom"] - 1,
                       reason=reason)
