"""The panel's life: set-up, entering and leaving, scene changes, and the run from click to result.

What stands in the panel is in ``sections``, each in a file of its own.
"""

from __future__ import annotations

import logging
import traceback
from types import SimpleNamespace

import qt
import slicer
import vtk
from slicer.i18n import tr as _
from slicer.ScriptedLoadableModule import ScriptedLoadableModuleWidget
from slicer.util import VTKObservationMixin

from radiomicnet.errors import RadiomicNetError

from . import dependencies
from .binding import Binding
from .choice import Choice
from .jobs.framesRun import FramesRun
from .jobs.segmentationRun import SegmentationRun
from .logic import RadiomicNetSegmenterLogic
from .scene import maps, results
from .sections import SECTIONS
from .sections.section import Section, Services, State


class RadiomicNetSegmenterWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    """The panel of RadiomicNet Segmenter."""

    def __init__(self, parent=None) -> None:
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self.logic = None
        self._parameterNode = None
        self._binding: Binding | None = None
        self._observedVolume = None
        self._volumeTag = None
        self._updating = False
        self._run = self._framesRun = None  # until set-up: one that fails can then be mended and reloaded
        self.sections: list[Section] = []

    def setup(self) -> None:
        ScriptedLoadableModuleWidget.setup(self)
        self.logic = RadiomicNetSegmenterLogic()
        self._choice = Choice(self.logic)
        self._run = SegmentationRun(self.logic, self._onProgress, self._update, self._onEnded)
        self._framesRun = FramesRun(self.logic, self._onFramesProgress, self._onEnded)
        services = Services(self.resourcePath, self.logic, self._segment, self._cancel, self._segmentFrames,
                            self._cancelFrames, self._update, self._report, self.parent)
        self.layout.addWidget(_notice())
        for cls in SECTIONS:
            section = cls(services)
            self.sections.append(section)
            self.layout.addWidget(section.widget)
        self.layout.addStretch(1)
        self._later = qt.QTimer()
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.connect("timeout()", self._update)
        for event, handler in ((slicer.mrmlScene.StartCloseEvent, self._onSceneStartClose),
                               (slicer.mrmlScene.EndCloseEvent, self._onSceneComplete),
                               (slicer.mrmlScene.StartImportEvent, self._onSceneStartImport),
                               (slicer.mrmlScene.EndImportEvent, self._onSceneComplete),
                               (slicer.mrmlScene.NodeAboutToBeRemovedEvent, self._onNodeAboutToBeRemoved),
                               (slicer.mrmlScene.NodeRemovedEvent, self._onNodeRemoved)):
            self.addObserver(slicer.mrmlScene, event, handler)
        self._initializeParameterNode()

    def cleanup(self) -> None:
        """Called before the module is reloaded and when the application closes."""
        self._closeRuns()
        self._letGo()
        self.removeObservers()

    def enter(self) -> None:
        self._initializeParameterNode()

    def exit(self) -> None:
        """Another module is opened: give the views back. A run goes on and shows itself on return."""
        self._letGo()

    def onReload(self) -> None:
        """Reload this package and the science with the module file, which alone Slicer would reload."""
        import sys

        self._closeRuns()
        for name in list(sys.modules):
            if name.partition(".")[0] in ("RadiomicNetSegmenterLib", "radiomicnet"):
                del sys.modules[name]
        ScriptedLoadableModuleWidget.onReload(self)

    # The scene

    def _letGo(self) -> None:
        """Of the parameter node first: giving the views back changes the scene, which must not show anything again."""
        self._setParameterNode(None)
        for section in self.sections:
            section.exit()

    def _initializeParameterNode(self) -> None:
        self._setParameterNode(self.logic.getParameterNode())
        if not self._parameterNode.inputVolume:
            self._parameterNode.inputVolume = results.firstImage()

    def _setParameterNode(self, parameterNode) -> None:
        if self._binding:
            self._binding.release()
        self._parameterNode, self._binding = parameterNode, None
        self._observeVolume(parameterNode.inputVolume if parameterNode else None)
        for section in self.sections:
            section.connectTo(parameterNode)
        if parameterNode:
            self._binding = Binding(parameterNode, self._boundWidgets(), self._update)
            self._update()

    def _boundWidgets(self) -> SimpleNamespace:
        """All sections' widgets of parameters, to be bound at once: with each change, every binding writes to all."""
        widgets = [widget for section in self.sections for widget in vars(section.ui).values()]
        return SimpleNamespace(**{
            name: widget for widget in widgets if (name := widget.property("SlicerParameterName"))})

    def _observeVolume(self, volumeNode) -> None:
        """Notice when the chosen image's pixels or geometry change.

        Not its ImageDataModifiedEvent, which comes while the pixels are being written. And without the mixin, which
        would hold on to every image that was ever chosen.
        """
        if volumeNode is self._observedVolume:
            return
        if self._observedVolume:
            self._observedVolume.RemoveObserver(self._volumeTag)
        self._observedVolume = volumeNode
        if volumeNode:
            self._volumeTag = volumeNode.AddObserver(vtk.vtkCommand.ModifiedEvent, self._update)

    def _onSceneStartClose(self, _caller, _event) -> None:
        self._closeRuns()
        for section in self.sections:
            section.close()
        self.logic.forget()
        self._setParameterNode(None)

    def _onSceneStartImport(self, _caller, _event) -> None:
        """Let go until the scene is complete: on the way references lead nowhere, and at its end the list of images is
        filled anew, with nothing chosen in it. A run goes on."""
        self._setParameterNode(None)

    def _onSceneComplete(self, _caller, _event) -> None:
        """After it was closed or another was added to it."""
        if self.parent.isEntered:
            self._initializeParameterNode()
            self._later.start()  # views of the module's layout may be made only after this event

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _onNodeAboutToBeRemoved(self, _caller, _event, node) -> None:
        if self._run.active and node == self._run.volumeNode:
            self._run.close(removeNodes=True)
            self._update()
        if self._framesRun.needs(node):
            self._framesRun.close()
            self._update()

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _onNodeRemoved(self, _caller, _event, node) -> None:
        if slicer.mrmlScene.IsClosing():
            return
        if node.IsA("vtkMRMLSequenceNode"):
            self._later.start()  # Slicer ends with a fault where its browser is asked for its sequences by now
        elif self._parameterNode is not None and self._parameterNode.parameterNode.GetScene() is None:
            self._initializeParameterNode()  # it was the one that was removed
        else:
            self._update()

    def _update(self, _caller=None, _event=None) -> None:
        """Bring the panel in line with the parameter node and the scene."""
        if self._parameterNode is None or self._updating:
            return
        self._updating = True  # showing a result names its nodes in the parameter node, which is a change of it
        try:
            self._observeVolume(self._parameterNode.inputVolume)
            if self._choice.update(self._parameterNode):
                self._run.cancel()  # another image, or other pixels: what is being computed would not be its result
                self._stopFrames(self._parameterNode.inputVolume)
            state = self._state()
            self._recordResults(state.nodes)
            for section in self.sections:
                section.update(state)
        finally:
            self._updating = False

    def _state(self) -> State:
        nodes = results.findNodes(self._parameterNode.inputVolume)
        outdated = nodes.segmentation is not None and nodes.fingerprint != self._choice.fingerprint
        return State(self._parameterNode, self._choice, results.ResultNodes() if outdated else nodes, outdated,
                     self._run, self._framesRun, self.parent.isEntered)

    def _recordResults(self, nodes: results.ResultNodes) -> None:
        """Name the results in the parameter node, for scripts and for scenes that are loaded later."""
        with slicer.util.NodeModify(self._parameterNode):
            self._parameterNode.segmentation = nodes.segmentation
            self._parameterNode.probabilityVolume = nodes.maps.get(maps.PROBABILITY)
            self._parameterNode.featureTable = nodes.table

    # The run

    def _segment(self, following: bool = False) -> None:
        if not self._framesRun.active:  # clicks on the image begin a run too
            self._start(self._run, following=following)

    def _segmentFrames(self, indices=None, smoothing: int = 0) -> None:
        if not self._run.active:
            self._start(self._framesRun, indices=indices, smoothing=smoothing)

    def _start(self, run: SegmentationRun | FramesRun, **choices) -> None:
        parameters = self._parameterNode
        try:
            dependencies.ensure(self.resourcePath("requirements.txt"))
            threshold = None if parameters.useModelThreshold else parameters.threshold
            run.start(parameters.inputVolume, parameters.modelName, threshold, **choices)
        except Exception as error:
            self._report(error)
            return
        self._update()

    def _cancel(self) -> None:
        self._run.cancel()
        self._update()

    def _cancelFrames(self) -> None:
        self._framesRun.cancel()
        self._update()

    def _stopFrames(self, volumeNode) -> None:
        """Another volume is chosen: what is done is kept. A volume whose voxels were changed: nothing is."""
        if volumeNode is not self._framesRun.volumeNode:
            self._framesRun.cancel()
        elif not self._framesRun.ofClip:
            self._framesRun.close()

    def _closeRuns(self) -> None:
        for run in (self._run, self._framesRun):
            if run:
                run.close()

    def _onProgress(self) -> None:
        if self._parameterNode is not None:  # the module is open
            for section in self.sections:
                section.showProgress(self._run)

    def _onFramesProgress(self) -> None:
        if self._parameterNode is not None:
            for section in self.sections:
                section.showFramesProgress(self._framesRun)

    def _onEnded(self, error: Exception | None) -> None:
        self._update()
        if error:
            self._report(error)

    def _report(self, error: Exception) -> None:
        """A sentence for what RadiomicNet refuses; for anything else also what a developer needs."""
        if isinstance(error, RadiomicNetError):
            slicer.util.errorDisplay(str(error))
            return
        details = "".join(traceback.format_exception(error))
        logging.error(details)
        slicer.util.errorDisplay(_("The segmentation failed: {reason}").format(reason=error), detailedText=details)


def _notice():
    label = qt.QLabel(_("<b>For research use only. Not a medical device.</b>"))
    label.setObjectName("noticeLabel")
    label.setAlignment(qt.Qt.AlignCenter)
    return label
