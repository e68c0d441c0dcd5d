"""The module as a user has it open, with what a user does there."""

from __future__ import annotations

import importlib
import time
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtWidgets import QApplication

from standin import widgets

MODULE = "RadiomicNetSegmenter"
PATH = Path(__file__).parents[2] / MODULE / f"{MODULE}.py"
NARROW = 400  # pixels of width that the panel has to do with


class OpenedModule:
    """The opened module: ``.ui`` with the widgets of all sections by name, ``.panel``, ``.parameters``."""

    def __init__(self) -> None:
        import slicer

        importlib.import_module(MODULE)
        slicer.modules.radiomicnetsegmenter = SimpleNamespace(path=str(PATH), widgetRepresentation=lambda: self.holder)
        self.holder = widgets.qSlicerScriptedLoadableModuleWidget(MODULE)
        self.holder.resize(NARROW, 900)
        self.holder.show()
        self.holder.enter()

    @property
    def panel(self):
        return self.holder.panel

    @property
    def ui(self):
        return SimpleNamespace(**{name: widget for section in self.panel.sections
                                  for name, widget in vars(section.ui).items()})

    @property
    def parameters(self):
        return self.panel.logic.getParameterNode()

    def load(self, pixels, name: str = "Image", spacing: float = 1.0):
        """Load an image and choose it."""
        import numpy as np
        import slicer

        className = "vtkMRMLVectorVolumeNode" if pixels.ndim == 3 else "vtkMRMLScalarVolumeNode"
        node = slicer.util.addVolumeFromArray(pixels[None], np.diag([-spacing, -spacing, 1.0, 1.0]), name, className)
        node.CreateDefaultDisplayNodes()
        self.ui.inputSelector.setCurrentNode(node)
        return node

    def events(self) -> None:
        for _turn in range(3):
            QApplication.processEvents()

    def wait(self, condition=None, seconds: float = 120.0) -> None:
        """Let the event loop turn until the condition holds; by default until no run is active."""
        button = self.ui.segmentButton
        condition = condition or (lambda: button.text == "Segment")
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "waited too long"
            QApplication.processEvents()
        self.events()

    def segment(self) -> None:
        """Click Segment and wait for the end of the run."""
        self.ui.segmentButton.click()
        self.wait()

    def close(self) -> None:
        self.panel.cleanup()
        self.holder.hide()
        self.holder.deleteLater()
        self.events()


def save(path: Path) -> None:
    """Save the scene with all that can be stored, as Slicer's own dialog does."""
    import slicer

    for node in slicer.util.getNodesByClass("vtkMRMLStorableNode"):
        if node.IsA("vtkMRMLVolumeNode"):
            node.SetAndObserveStorageNodeID(slicer.mrmlScene.AddNewNodeByClass("vtkMRMLNRRDStorageNode").GetID())
        elif not node.GetStorageNode():
            node.AddDefaultStorageNode()
    assert slicer.mrmlScene.WriteToMRB(str(path))


def views():
    """The layers of the image's own views; the module's layout and other tests bring views of their own."""
    import slicer

    return [slicer.mrmlScene.GetSingletonNode(name, "vtkMRMLSliceCompositeNode") for name in ("Red", "Green")]
