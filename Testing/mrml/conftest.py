"""A real MRML scene (slicer-core) for these tests; what it needs beside that is in Testing/panel/standin."""

from __future__ import annotations

import subprocess
import sys

import pytest

from standin import collecting


def _install() -> None:
    from standin import python

    python.install()


MISSING = collecting.installed("slicer-core and trame-slicer", _install)


def pytest_pycollect_makemodule(module_path, parent):
    return collecting.skippedFile(module_path, parent, MISSING)


@pytest.fixture(autouse=True)
def scene():
    """An empty scene."""
    import slicer

    from standin import application

    application.start()
    application.clearScene()
    return slicer.mrmlScene


@pytest.fixture
def add_volume():
    """Function that puts an array as an image volume into the scene."""
    import numpy as np
    import slicer

    def add(pixels, name="Image", matrix=None):
        className = "vtkMRMLVectorVolumeNode" if pixels.ndim == 3 else "vtkMRMLScalarVolumeNode"
        matrix = np.diag([-1.0, -1.0, 1.0, 1.0]) if matrix is None else matrix
        node = slicer.util.addVolumeFromArray(pixels[None], matrix, name, className)
        node.CreateDefaultDisplayNodes()
        return node

    return add


@pytest.fixture
def result(ultrasound_result):
    """A result with two lesions."""
    from drawing import with_lesions

    return with_lesions(ultrasound_result, 2)


@pytest.fixture
def empty_result(ultrasound_result):
    """A result without a lesion."""
    from drawing import with_lesions

    return with_lesions(ultrasound_result, 0)


@pytest.fixture(scope="session")
def rendering():
    """Skip where nothing can be drawn without a display; tried in a process of its own, because VTK may abort."""
    program = ("import vtkmodules.vtkRenderingOpenGL2, vtkmodules.vtkRenderingCore as r; w = r.vtkRenderWindow(); "
               "w.SetOffScreenRendering(1); w.AddRenderer(r.vtkRenderer()); w.Render(); "
               "raise SystemExit(0 if 'OpenGL' in w.ReportCapabilities() else 1)")
    if subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60).returncode:
        pytest.skip("needs off-screen rendering (libEGL), which this machine does not offer")


@pytest.fixture
def slice_view(rendering, scene):
    """A real slice view, off-screen, that shows nothing yet."""
    from standin.camera import sliceViewCamera

    camera = sliceViewCamera()
    camera.composite.SetBackgroundVolumeID(None)
    camera.composite.SetForegroundVolumeID(None)
    return camera


@pytest.fixture
def clip():
    """Browser and volume of a clip of five frames."""
    from clipScene import COUNT, addClip, pixels

    return addClip([pixels(index) for index in range(COUNT)])
