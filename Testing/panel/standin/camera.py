"""A slice view of the application, off-screen, that pictures can be taken of."""

from __future__ import annotations

import functools

from . import application


@functools.cache
def sliceViewCamera():
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
        self.composite = self._view._logic.GetSliceCompositeNode()

    def picture(self, size: tuple[int, int] = SIZE):
        """(H, W, 3) uint8, row 0 at the top; ``size`` is width and height."""
        import slicer
        import vtk
        from vtk.util.numpy_support import vtk_to_numpy

        self._view.render_window().SetSize(*size)
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
