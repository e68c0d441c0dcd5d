"""slicer.app, slicer.modules and the scene; one per process, as in Slicer."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from types import SimpleNamespace

COLOR_TABLES = ("Viridis", "Inferno")
SLICE_VIEWS = ("Red", "Green")


class CoreIOManager:
    """Writes segmentations, like Slicer's own by their storage node."""

    def extractKnownExtension(self, fileName: str, _node) -> str:
        return ".seg.nrrd" if fileName.endswith(".seg.nrrd") else Path(fileName).suffix

    def fileWriterExtensions(self, _node) -> list[str]:
        return ["Segmentation (.seg.nrrd)"]

    def exportNodes(self, nodeIDs, fileNames, _properties, _hardenTransform, _messages) -> bool:
        import slicer

        for nodeId, fileName in zip(nodeIDs, fileNames):
            storage = slicer.vtkMRMLSegmentationStorageNode()
            storage.SetFileName(fileName)
            if not storage.WriteData(slicer.mrmlScene.GetNodeByID(nodeId)):
                return False
        return True


class Application:
    """``slicer.app``, always in testing mode, so that dialogs are logged instead of shown."""

    applicationName = "Slicer"

    def __init__(self) -> None:
        self._ioManager = CoreIOManager()
        self._moduleManager = SimpleNamespace(connect=lambda *_: None, disconnect=lambda *_: None)
        self.defaultScenePath = tempfile.gettempdir()

    def connect(self, _signal: str, slot) -> None:
        """``startupCompleted()`` never comes."""

    def topLevelWidgets(self) -> list:
        """No main window among them."""
        return []

    def processEvents(self) -> None:
        from PySide6.QtCore import QCoreApplication

        QCoreApplication.processEvents()

    def testingEnabled(self) -> bool:
        return True

    def coreIOManager(self) -> CoreIOManager:
        return self._ioManager

    def moduleManager(self):
        return self._moduleManager

    def layoutManager(self) -> None:
        return None

    def translate(self, _context: str, text: str) -> str:
        return text


@functools.cache
def start():
    """Bring up the scene and its logics; the trame_slicer application, of which tests may use the view manager."""
    import slicer
    from trame_slicer.core import SlicerApp

    core = SlicerApp()
    slicer.mrmlScene = core.scene
    slicer.app = Application()
    core.scene.RegisterNodeClass(slicer.vtkMRMLColorLegendDisplayNode())
    colors = slicer.vtkSlicerColorLogic()  # without a scene: it would look for the color files of the application
    slicer.modules = SimpleNamespace(volumes=_module(core.volumes_logic), colors=_module(colors),
                                     segmentations=_module(core.segmentations_logic),
                                     markups=_module(core.markups_logic),
                                     sequences=_module(_logic(slicer.vtkSlicerSequencesLogic, core.scene)),
                                     plots=_module(_logic(slicer.vtkSlicerPlotsLogic, core.scene)))
    return core


def clearScene() -> None:
    """An empty scene with Slicer's colour tables and two slice views, as after File > Close Scene."""
    import slicer

    slicer.mrmlScene.Clear(0)
    slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)  # always there in the application
    for name in COLOR_TABLES:
        _addColorTable(name)
    for name in SLICE_VIEWS:
        if slicer.mrmlScene.GetSingletonNode(name, "vtkMRMLSliceCompositeNode") is None:
            node = slicer.vtkMRMLSliceCompositeNode()
            node.SetSingletonTag(name)
            node.SetLayoutName(name)
            slicer.mrmlScene.AddNode(node)


def _logic(cls, scene):
    logic = cls()
    logic.SetMRMLScene(scene)
    return logic


def _module(logic) -> SimpleNamespace:
    return SimpleNamespace(logic=lambda: logic)


def _addColorTable(name: str) -> None:
    import matplotlib
    import slicer

    nodeId = f"vtkMRMLColorTableNodeFile{name}.txt"
    if slicer.mrmlScene.GetNodeByID(nodeId):
        return
    node = slicer.vtkMRMLColorTableNode()
    node.SetName(name)
    node.SetTypeToUser()
    node.SetSingletonTag(f"File{name}.txt")
    node.SetSaveWithScene(False)  # as all of Slicer's own; read back from a scene it would be empty
    node.SetNumberOfColors(256)
    for index, color in enumerate(matplotlib.colormaps[name.lower()](range(256))):
        node.SetColor(index, name, *map(float, color))
    slicer.mrmlScene.AddNode(node)
    assert node.GetID() == nodeId
