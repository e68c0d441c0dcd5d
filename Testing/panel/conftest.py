"""The panel in real Qt, off-screen, over a real MRML scene; see the package ``standin`` for what is stood in for."""

from __future__ import annotations

import sys

import pytest

from standin import collecting


def _install() -> None:
    from PySide6.QtWidgets import QApplication  # noqa: F401  needs libEGL

    from standin import python, pythonqt, widgets

    for part in (python, pythonqt, widgets):
        part.install()


MISSING = collecting.installed("slicer-core, trame-slicer, PySide6 and libEGL", _install)


def pytest_pycollect_makemodule(module_path, parent):
    return collecting.skippedFile(module_path, parent, MISSING)


@pytest.fixture(scope="session")
def qt_application():
    from PySide6.QtWidgets import QApplication

    return QApplication.instance() or QApplication(["Slicer"])


@pytest.fixture(autouse=True)
def scene(qt_application):
    import slicer

    from standin import application

    application.start()
    application.clearScene()
    return slicer.mrmlScene


@pytest.fixture
def module(scene):
    """The opened module; see :class:`opened.OpenedModule`."""
    from opened import OpenedModule

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


_MINE = ("RadiomicNetSegmenter", "RadiomicNetSegmenterLib", "radiomicnet")


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


@pytest.fixture
def quick(monkeypatch):
    """Function that makes the computation answer with a given result, step by step as the real one."""
    from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic

    def use(result):
        def compute(self, image, modelName="auto", threshold=None, progress=None, onPrediction=None, prompts=None):
            progress("network", 0.1)
            onPrediction(result.prediction)
            progress("contributions", 0.2)
            return result

        monkeypatch.setattr(RadiomicNetSegmenterLogic, "compute", compute)

    return use


@pytest.fixture
def segmented(module, result, quick):
    """The volume of an image whose result is in the scene."""
    quick(result)
    volume = module.load(result.prediction.image.pixels)
    module.segment()
    return volume


@pytest.fixture
def run(result, monkeypatch):
    """A run that halts where it is; see :class:`halted.HaltedRun`."""
    from halted import HaltedRun
    from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic

    run = HaltedRun(result)
    monkeypatch.setattr(RadiomicNetSegmenterLogic, "compute", lambda self, *a, **k: run.compute(*a, **k))
    yield run
    run.release.set()


@pytest.fixture
def volume(module, result):
    """The image of the result, loaded and chosen."""
    return module.load(result.prediction.image.pixels, "Image")
