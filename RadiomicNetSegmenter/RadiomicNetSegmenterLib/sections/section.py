"""What every section of the panel is: the contract between the panel (``widget``) and its parts.

A section owns one ``.ui`` file, and nobody else touches the widgets in it. What the user does there either becomes a
value of the parameter node or a call of one of the panel's :class:`Services`; either way the panel then calls
``update`` of all sections, and each shows what it sees in the :class:`State`. So sections never speak to each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import qt
import slicer

from ..choice import Choice
from ..jobs.framesRun import FramesRun
from ..jobs.segmentationRun import SegmentationRun
from ..logic import RadiomicNetSegmenterLogic
from ..parameters import RadiomicNetSegmenterParameterNode
from ..scene.results import ResultNodes


@dataclass(frozen=True)
class Services:
    """What a section may ask of the panel that it stands in.

    resourcePath - Function that gives the path of a file under ``Resources``.
    logic - The module's logic.
    segment, cancel - Begin a run on the chosen image (``segment(following=True)`` where clicks or a box began it); stop
        the one that goes on.
    segmentFrames, cancelFrames - The same over the chosen clip's frames (``segmentFrames(indices, smoothing)``; all of
        them by default) or the chosen volume's slices; stopping keeps those that are done.
    refresh - Bring the panel in line with the scene, where something changed that nobody observes.
    report - Function that shows an exception in a dialog.
    parent - The widget that dialogs belong to.
    """

    resourcePath: Callable[[str], str]
    logic: RadiomicNetSegmenterLogic
    segment: Callable[..., None]
    cancel: Callable[[], None]
    segmentFrames: Callable[..., None]
    cancelFrames: Callable[[], None]
    refresh: Callable[[], None]
    report: Callable[[Exception], None]
    parent: qt.QWidget


@dataclass(frozen=True)
class State:
    """What there is to show, gathered anew before every update.

    parameters - The parameter node's wrapper.
    choice - The chosen image and model, as far as they were understood.
    nodes - The results of the image as it is now; without any node where there are none.
    outdated - Whether the image has results, but of other pixels: of another frame, or from before it was changed.
    run - The run that goes on, if it is ``run.active``: how far it has come, whether it is about to stop.
    framesRun - The run over a clip's frames or a volume's slices, if it is ``framesRun.active``.
    visible - Whether the module is open. Only then may a section change the views.
    """

    parameters: RadiomicNetSegmenterParameterNode
    choice: Choice
    nodes: ResultNodes
    outdated: bool
    run: SegmentationRun
    framesRun: FramesRun
    visible: bool


class Section:
    """One part of the panel; a subclass names its ``.ui`` file and implements ``update``."""

    UI: ClassVar[str]

    def __init__(self, services: Services) -> None:
        self.services = services
        self.widget = slicer.util.loadUI(services.resourcePath(f"UI/{self.UI}.ui"))
        self.ui = slicer.util.childWidgetVariables(self.widget)
        self.widget.setMRMLScene(slicer.mrmlScene)
        self.parameters: RadiomicNetSegmenterParameterNode | None = None

    def connectTo(self, parameters: RadiomicNetSegmenterParameterNode | None) -> None:
        """Take the parameter node that the panel is about to bind the widgets to; None while the module is closed."""
        self.parameters = parameters

    def update(self, state: State) -> None:
        """Show this state. Called often, so nothing may depend on how often; may set parameters."""
        raise NotImplementedError

    def showProgress(self, run: SegmentationRun) -> None:
        """The run has come to another step, and nothing else has changed; for whoever shows how far it is."""

    def showFramesProgress(self, run: FramesRun) -> None:
        """The same of a run over frames or slices."""

    def exit(self) -> None:
        """Another module is opened, or this one is reloaded: give back what was borrowed, the views above all."""

    def close(self) -> None:
        """The scene is being closed: forget its nodes without touching them; the next scene gives out the same IDs."""
