"""A real MRML scene (slicer-core) for these tests; what it needs beside that is in Testing/panel/standin."""

from __future__ import annotations

import functools
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
for folder in (ROOT / "Testing" / "panel", ROOT / "RadiomicNetSegmenter"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


try:
    from standin import application, python

    python.install()
    MISSING = ""
except ImportError as error:
    MISSING = f"needs slicer-core and trame-slicer ({error})"


class _Skipped(pytest.Module):
    """A test file whose imports would fail."""

    def collect(self):
        pytest.skip(MISSING)


def pytest_pycollect_makemodule(module_path, parent):
    """Skip the files of this folder, with the reason, where MRML is not installed."""
    return _Skipped.from_parent(parent, path=module_path) if MISSING else None


@pytest.fixture(autouse=True)
def scene():
    """An empty scene."""
    import slicer

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
    import subprocess

    program = ("import vtkmodules.vtkRenderingOpenGL2, vtkmodules.vtkRenderingCore as r; w = r.vtkRenderWindow(); "
               "w.SetOffScreenRendering(1); w.AddRenderer(r.vtkRenderer()); w.Render(); "
               "raise SystemExit(0 if 'OpenGL' in w.ReportCapabilities() else 1)")
    if subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60).returncode:
        pytest.skip("needs off-screen rendering (libEGL), which this machine does not offer")


@pytest.fixture
def slice_view(rendering, scene):
    """A real slice view, off-screen, that shows nothing yet."""
    camera = slice_view_camera()
    camera.composite.SetBackgroundVolumeID(None)
    camera.composite.SetForegroundVolumeID(None)
    return camera


@functools.cache
def slice_view_camera():
    """One per process: a view's nodes stay in the scene when it is cleared."""
    return SliceViewCamera()


class SliceViewCamera:
    """Draws the scene as a slice view of Slicer does."""

    SIZE = (512, 400)

    def __init__(self) -> None:
        from trame_slicer.views import DirectRendering, SliceView

        core = application.start()
        self._view = SliceView(core.scene, core.app_logic, "Camera", scheduled_render_strategy=DirectRendering())
        self._view.render_window().SetOffScreenRendering(True)
        self._view.render_window().SetSize(*self.SIZE)
        self.composite = self._view._logic.GetSliceCompositeNode()

    def picture(self):
        """(H, W, 3) uint8, row 0 at the top."""
        import slicer
        import vtk
        from vtk.util.numpy_support import vtk_to_numpy

        # As in the application: axial, the patient's right on the left of the screen.
        slicer.vtkMRMLSliceNode.AddDefaultSliceOrientationPresets(slicer.mrmlScene, True)
        self._view.set_orientation("Axial")
        self._view.fit_view_to_content()
        self._view.render()
        grabber = vtk.vtkWindowToImageFilter()
        grabber.SetInput(self._view.render_window())
        grabber.ReadFrontBufferOff()
        grabber.Update()
        image = grabber.GetOutput()
        columns, rows, _slices = image.GetDimensions()
        return vtk_to_numpy(image.GetPointData().GetScalars()).reshape(rows, columns, -1)[::-1].copy()
