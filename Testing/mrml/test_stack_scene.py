"""A volume of slices in the scene: voxels read, one 3-D segment written on them, its size, table and plot."""

from __future__ import annotations

import numpy as np
import pytest
import slicer
import vtk
from vtk.util import numpy_support

from radiomicnet.errors import ImageError
from radiomicnet.images.phantoms import breast_ultrasound
from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic
from RadiomicNetSegmenterLib.scene import table, volumes

TURN = np.deg2rad(25)
OBLIQUE = np.array([[0.2 * np.cos(TURN), 0, 1.5 * np.sin(TURN), 4], [0, -0.3, 0, 5],
                    [-0.2 * np.sin(TURN), 0, 1.5 * np.cos(TURN), 6], [0, 0, 0, 1]])


def add(array, matrix=OBLIQUE, name="Scan"):
    className = "vtkMRMLVectorVolumeNode" if array.ndim == 4 else "vtkMRMLScalarVolumeNode"
    return slicer.util.addVolumeFromArray(array, matrix, name, className)


def mask(node, volume):
    """(K, J, I) of the one segment on the volume's voxels, read by Slicer's own code."""
    grid, labelmap, onGrid = (slicer.vtkOrientedImageData() for _ in range(3))
    ijkToRAS = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(ijkToRAS)
    grid.SetDimensions(volume.GetImageData().GetDimensions())
    grid.SetImageToWorldMatrix(ijkToRAS)
    assert node.GetBinaryLabelmapRepresentation("Lesion_1", labelmap)
    slicer.vtkOrientedImageDataResample.ResampleOrientedImageToReferenceOrientedImage(labelmap, grid, onGrid)
    array = numpy_support.vtk_to_numpy(onGrid.GetPointData().GetScalars())
    return array.reshape(volume.GetImageData().GetDimensions()[::-1])


@pytest.mark.parametrize("components", [(), (3,)])
def test_voxels_are_copied_with_their_place(components):
    array = np.random.default_rng(0).integers(0, 255, (3, 20, 30, *components), np.uint8)
    volume = volumes.readVolume(add(array))
    np.testing.assert_array_equal(volume.array, array)
    assert volume.geometry.spacing == pytest.approx((0.2, 0.3, 1.5))
    assert volume.geometry.calibrated
    assert volume.voxel_ml == pytest.approx(0.2 * 0.3 * 1.5 / 1000)


def test_no_volume_and_a_labelmap_are_refused():
    labels = slicer.util.addVolumeFromArray(np.zeros((3, 20, 30), np.uint8), nodeClassName="vtkMRMLLabelMapVolumeNode")
    for node in (None, labels):
        with pytest.raises(ImageError):
            volumes.readVolume(node)


@pytest.fixture(scope="module")
def picture():
    """A lesion that moves on from slice to slice, at a third of the phantom's size."""
    pixels = breast_ultrasound()[0].pixels[::3, ::3]
    return np.stack([np.roll(pixels, index, axis=1) for index in range(4)])


def test_a_volume_becomes_one_segment_on_its_own_voxels_as_in_the_command(picture):
    volume, logic = add(picture), RadiomicNetSegmenterLogic()
    result = logic.computeStack(logic.readVolume(volume))
    nodes = logic.showStack(result, volume)
    assert result.mask.any()
    assert list(nodes.segmentation.GetSegmentation().GetSegmentIDs()) == ["Lesion_1"]
    np.testing.assert_array_equal(mask(nodes.segmentation, volume), result.mask)
    assert nodes.segmentation.GetDescription().startswith(f"One segment of {result.ml:.3g} ml")
    columns = table.columns(nodes.table)
    assert columns["Frame"] == [1, 2, 3, 4]
    assert columns["position (mm)"] == [0.0, 1.5, 3.0, 4.5]
    assert sum(columns["Area (mm²)"]) * 1.5 / 1000 == pytest.approx(result.ml, rel=1e-4)
    assert nodes.chart.GetNthPlotSeriesNode(0).GetXColumnName() == "position (mm)"
    column, row, place = nodes.content.spot
    areas = result.mask.sum(axis=(1, 2))
    assert place == int(np.argmax(areas))
    rows, columns = np.nonzero(result.mask[int(place)])
    assert (column, row) == ((columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2)

    again = logic.showStack(result, volume)  # in place of the first
    assert again.segmentation is nodes.segmentation
    assert nodes.segmentation.GetSegmentation().GetNumberOfSegments() == 1


def test_a_volume_without_a_lesion_has_an_empty_segmentation_that_says_so(picture):
    volume, logic = add(picture), RadiomicNetSegmenterLogic()
    nodes = logic.segmentStack(volume, threshold=1.0)
    assert nodes.segmentation.GetSegmentation().GetNumberOfSegments() == 0
    assert "No lesion found" in nodes.segmentation.GetDescription()
    assert (nodes.content.largest, nodes.content.spot) == (None, None)
