"""The panel's life: set-up, entering and leaving, scene changes, and the run from click to result."""

from __future__ import annotations

import logging
import traceback

import slicer
import vtk
from slicer.i18n import tr as _
from slicer.ScriptedLoadableModule import ScriptedLoadableModuleWidget
from slicer.util import VTKObservationMixin

from radiomicnet.errors import RadiomicNetError

from . import dependencies, scene
from .inputSection import InputSection
from .logic import RadiomicNetSegmenterLogic
from .resultSection import ResultSection
from .segmentationRun import SegmentationRun


class RadiomicNetSegmenterWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    """The panel of RadiomicNet Segmenter."""

    def __init__(self, parent=None) -> None:
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self.logic = None
        self._parameterNode = None
        self._guiTag = None
        self._observedVolume = None
        self._volumeTag = None
        self._updating = False
        self._run = self._results = None  # until set-up: one that fails can then be mended and reloaded

    def setup(self) -> None:
        ScriptedLoadableModuleWidget.setup(self)
        panel = slicer.util.loadUI(self.resourcePath("UI/RadiomicNetSegmenter.ui"))
        self.layout.addWidget(panel)
        self.ui = slicer.util.childWidgetVariables(panel)
        panel.setMRMLScene(slicer.mrmlScene)
        self.logic = RadiomicNetSegmenterLogic()
        self._inputs = InputSection(self.ui, self.logic)
        self._results = ResultSection(self.ui, panel)
        self._run = SegmentationRun(self.logic, self._onProgress, self._onShown, self._onEnded)
        self.ui.segmentButton.connect("clicked(bool)", self._onSegmentOrCancel)
        self.ui.progressBar.visible = False
        for event, handler in ((slicer.mrmlScene.StartCloseEvent, self._onSceneStartClose),
                               (slicer.mrmlScene.EndCloseEvent, self._onSceneEndClose),
                               (slicer.mrmlScene.EndImportEvent, self._onSceneEndImport),
                               (slicer.mrmlScene.NodeAboutToBeRemovedEvent, self._onNodeAboutToBeRemoved),
                               (slicer.mrmlScene.NodeRemovedEvent, self._onNodeRemoved)):
            self.addObserver(slicer.mrmlScene, event, handler)
        self._initializeParameterNode()

    def cleanup(self) -> None:
        """Called before the module is reloaded and when the application closes."""
        if self._run:
            self._run.close()
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

        if self._run:
            self._run.close()
        for name in list(sys.modules):
            if name.partition(".")[0] in ("RadiomicNetSegmenterLib", "radiomicnet"):
                del sys.modules[name]
        ScriptedLoadableModuleWidget.onReload(self)

    # The scene

    def _letGo(self) -> None:
        """Of the parameter node first: giving the views back changes the scene, which must not show anything again."""
        self._setParameterNode(None)
        if self._results:
            self._results.overlay.restore()

    def _initializeParameterNode(self) -> None:
        self._setParameterNode(self.logic.getParameterNode())
        if not self._parameterNode.inputVolume:
            self._parameterNode.inputVolume = _firstImage()

    def _setParameterNode(self, parameterNode) -> None:
        if self._parameterNode:
            self._parameterNode.disconnectGui(self._guiTag)
            self.removeObserver(self._parameterNode, vtk.vtkCommand.ModifiedEvent, self._update)
        self._parameterNode = parameterNode
        self._observeVolume(parameterNode.inputVolume if parameterNode else None)
        if parameterNode:
            self._guiTag = parameterNode.connectGui(self.ui)
            self.addObserver(parameterNode, vtk.vtkCommand.ModifiedEvent, self._update)
            self._update()

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
        self._run.close()
        self._results.forget()
        self._setParameterNode(None)

    def _onSceneEndClose(self, _caller, _event) -> None:
        self._onEnded(None)
        if self.parent.isEntered:
            self._initializeParameterNode()

    def _onSceneEndImport(self, _caller, _event) -> None:
        if self.parent.isEntered:
            self._initializeParameterNode()

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _onNodeAboutToBeRemoved(self, _caller, _event, node) -> None:
        if self._run.active and node == self._run.volumeNode:
            self._run.close(removeNodes=True)
            self._onEnded(None)

    def _onNodeRemoved(self, _caller, _event) -> None:
        if not slicer.mrmlScene.IsClosing():
            self._update()

    def _update(self, _caller=None, _event=None) -> None:
        """Bring the panel in line with the parameter node and the scene."""
        if self._parameterNode is None or self._updating:
            return
        self._updating = True  # showing a result names its nodes in the parameter node, which is a change of it
        try:
            self._observeVolume(self._parameterNode.inputVolume)
            if self._inputs.update(self._parameterNode):
                self._run.cancel()  # another image, or other pixels: what is being computed would not be its result
            self._results.update(self._parameterNode, self.parent.isEntered, self._run.active)
            self._updateButton()
        finally:
            self._updating = False

    # The run

    def _updateButton(self) -> None:
        button = self.ui.segmentButton
        if self._run.active:
            button.text = _("Stopping…") if self._run.stopping else _("Cancel")
            button.enabled = not self._run.stopping
            button.toolTip = _("The step that is being computed is finished first") if self._run.stopping else _(
                "Stop; what is shown already stays")
        else:
            button.text = _("Segment")
            button.enabled = not self._inputs.problem
            button.toolTip = self._inputs.problem or _("Outline the lesion and explain it")

    def _onSegmentOrCancel(self, _checked: bool = False) -> None:
        if self._run.active:
            self._run.cancel()
            self._updateButton()
            return
        parameters = self._parameterNode
        try:
            dependencies.ensure(self.resourcePath("requirements.txt"))
            threshold = None if parameters.useModelThreshold else parameters.threshold
            self._run.start(parameters.inputVolume, parameters.modelName, threshold)
        except Exception as error:
            self._report(error)
            return
        self._onProgress(_("Starting"), 0.0)
        self._update()

    def _onProgress(self, step: str, fraction: float) -> None:
        bar = self.ui.progressBar
        bar.visible = True
        bar.setValue(round(100 * fraction))
        bar.setFormat(f"{step[:1].upper()}{step[1:]} … %p %")

    def _onShown(self, _nodes: scene.ResultNodes, _complete: bool) -> None:
        self._update()

    def _onEnded(self, error: Exception | None) -> None:
        self.ui.progressBar.visible = False
        self._update()
        self._updateButton()
        if error:
            self._report(error)

    def _report(self, error: Exception) -> None:
        """A sentence for what RadiomicNet refuses; for anything else also what a developer needs."""
        details = "".join(traceback.format_exception(error))
        if isinstance(error, RadiomicNetError):
            slicer.util.errorDisplay(str(error))
            return
        logging.error(details)
        slicer.util.errorDisplay(_("The segmentation failed: {reason}").format(reason=error), detailedText=details)


def _firstImage():
    """The first volume of the scene that is an image and not a result."""
    results = scene.mapNodeIDs()
    images = (node for className in ("vtkMRMLScalarVolumeNode", "vtkMRMLVectorVolumeNode")
              for node in slicer.util.getNodesByClass(className))
    return next((node for node in images if node.GetID() not in results and not node.GetHideFromEditors()
                 and not node.IsA("vtkMRMLLabelMapVolumeNode")), None)
