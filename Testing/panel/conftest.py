"""The panel in real Qt, off-screen, over a real MRML scene; see the package ``standin`` for what is stood in for."""

from __future__ import annotations

import importlib
import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]
MODULE = "RadiomicNetSegmenter"
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for folder in (ROOT / "Testing" / "panel", ROOT / MODULE):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

try:
    from PySide6.QtWidgets import QApplication

    from standin import application, python, pythonqt, widgets

    for part in (python, pythonqt, widgets):
        part.install()
    MISSING = ""
except ImportError as error:
    MISSING = f"needs slicer-core, trame-slicer, PySide6 and libEGL ({error})"


class _Skipped(pytest.Module):
    """A test file whose imports would fail."""

    def collect(self):
        pytest.skip(MISSING)


def pytest_pycollect_makemodule(module_path, parent):
    """Skip the files of this folder, with the reason, where the panel cannot be shown."""
    return _Skipped.from_parent(parent, path=module_path) if MISSING else None


@pytest.fixture(scope="session")
def qt_application():
    return QApplication.instance() or QApplication(["Slicer"])


@pytest.fixture(autouse=True)
def scene(qt_application):
    import slicer

    application.start()
    application.clearScene()
    return slicer.mrmlScene


@pytest.fixture
def module(scene):
    """The opened module: ``.ui`` with its widgets, ``.panel``, ``.wait()`` and what a user does."""
    module = OpenedModule()
    yield module
    module.close()


@pytest.fixture
def imported_modules():
    """The modules of this project, put back when a test has reloaded them: the other tests hold on to the old ones."""
    mine = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in _MINE}
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] in _MINE]:
        del sys.modules[name]
    sys.modules.update(mine)


_MINE = (MODULE, f"{MODULE}Lib", "radiomicnet")


@pytest.fixture
def dialogs(monkeypatch):
    """The texts of the error dialogs that were shown."""
    import slicer

    texts = []
    monkeypatch.setattr(slicer.util, "errorDisplay", lambda text, **_details: texts.append(text))
    return texts


@pytest.fixture
def result(ultrasound_result):
    """A result with one lesion."""
    from drawing import with_lesions

    return with_lesions(ultrasound_result, 1)


class OpenedModule:
    """The module as a user has it open."""

    def __init__(self) -> None:
        import slicer

        importlib.import_module(MODULE)
        slicer.modules.radiomicnetsegmenter = SimpleNamespace(
            path=str(ROOT / MODULE / f"{MODULE}.py"), widgetRepresentation=lambda: self.holder)
        self.holder = widgets.qSlicerScriptedLoadableModuleWidget(MODULE)
        self.holder.resize(480, 860)
        self.holder.show()
        self.holder.enter()

    @property
    def panel(self):
        return self.holder.panel

    @property
    def ui(self):
        return self.panel.ui

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
        condition = condition or (lambda: self.ui.segmentButton.text == "Segment")
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
