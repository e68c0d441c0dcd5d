"""A volume of the scene becomes the image that the command would have read from the same file."""

from __future__ import annotations

import numpy as np
import pytest
import slicer
import vtk
from hypothesis import given
from hypothesis import strategies as st
from vtk.util import numpy_support

from radiomicnet.errors import ImageError
from RadiomicNetSegmenterLib.scene.volumes import readImage

ROWS, COLUMNS = 24, 32
GREY = np.arange(ROWS * COLUMNS, dtype=np.uint8).reshape(ROWS, COLUMNS)
RGB = np.stack([GREY, GREY[::-1], 255 - GREY], axis=-1)


def oblique(spacing=(0.2, 0.3, 1.5), origin=(10.0, -20.0, 30.5)) -> np.ndarray:
    """IJK to RAS of a rotated image; the directions are exact in binary, so that nothing may be rounded."""
    directions = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]])
    matrix = np.eye(4)
    matrix[:3, :3] = directions * spacing
    matrix[:3, 3] = origin
    return matrix


def test_a_grey_volume_keeps_its_pixels(add_volume):
    image = readImage(add_volume(GREY, "Ultraschall é"))
    np.testing.assert_array_equal(image.pixels, GREY)
    assert image.name == "Ultraschall é"
    assert image.warnings == ()


def test_a_colour_volume_keeps_its_pixels(add_volume):
    np.testing.assert_array_equal(readImage(add_volume(RGB)).pixels, RGB)


def test_live_ultrasound_is_read(scene):
    """Its volume is of a class that slicer.util.arrayFromVolume refuses."""
    volume = scene.AddNewNodeByClass("vtkMRMLStreamingVolumeNode")
    image = vtk.vtkImageData()
    image.SetDimensions(COLUMNS, ROWS, 1)
    image.GetPointData().SetScalars(numpy_support.numpy_to_vtk(RGB.reshape(-1, 3), deep=True))
    volume.SetAndObserveImageData(image)
    np.testing.assert_array_equal(readImage(volume).pixels, RGB)


def test_opacity_is_dropped_and_said_where_it_varies(add_volume):
    opaque = np.concatenate([RGB, np.full_like(RGB[..., :1], 255)], axis=-1)
    image = readImage(add_volume(opaque))
    np.testing.assert_array_equal(image.pixels, RGB)
    assert image.warnings == ()
    image = readImage(add_volume(np.concatenate([RGB, GREY[..., None]], axis=-1)))
    np.testing.assert_array_equal(image.pixels, RGB)
    assert "opacity" in image.warnings[0]


def test_grey_with_opacity_is_grey(add_volume):
    image = readImage(add_volume(np.stack([GREY, np.full_like(GREY, 255)], axis=-1)))
    np.testing.assert_array_equal(image.pixels, GREY)


def test_sixteen_bit_is_scaled_as_in_the_command(add_volume):
    from radiomicnet.images.array import image_from_array

    pixels = GREY.astype(np.uint16) * 200
    np.testing.assert_array_equal(readImage(add_volume(pixels)).pixels, image_from_array(pixels).pixels)


def test_the_pixels_are_a_copy(add_volume):
    node = add_volume(GREY)
    image = readImage(node)
    slicer.util.arrayFromVolume(node)[:] = 0
    np.testing.assert_array_equal(image.pixels, GREY)


def test_ras_becomes_lps_without_rounding(add_volume):
    node = add_volume(GREY, matrix=oblique())
    geometry = readImage(node).geometry
    assert geometry.spacing == tuple(node.GetSpacing())
    assert geometry.origin == (-10.0, 20.0, 30.5)
    np.testing.assert_allclose(np.reshape(geometry.direction, (3, 3)), [[0, 1, 0], [0, 0, 1], [1, 0, 0]], atol=1e-15)


def test_a_file_without_scale_is_uncalibrated(add_volume):
    assert not readImage(add_volume(GREY)).geometry.calibrated
    assert readImage(add_volume(GREY, matrix=np.diag([-0.2, -0.2, 1.0, 1.0]))).geometry.calibrated


@pytest.mark.parametrize("slices", [2, 40])
def test_a_stack_is_refused_with_a_sentence(slices):
    node = slicer.util.addVolumeFromArray(np.stack([GREY] * slices), name="CT")
    with pytest.raises(ImageError, match=f"CT holds {slices} slices"):
        readImage(node)


def test_no_volume_an_empty_volume_and_a_labelmap_are_refused(add_volume):
    empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Empty")
    labelmap = slicer.util.addVolumeFromArray(GREY[None], nodeClassName="vtkMRMLLabelMapVolumeNode", name="Labels")
    for node, sentence in ((None, "No image is chosen"), (empty, "Empty holds no pixels"),
                           (labelmap, "Labels is not a grey or colour image")):
        with pytest.raises(ImageError, match=sentence):
            readImage(node)


def test_nan_is_refused_and_the_volume_is_not_changed(add_volume):
    pixels = GREY.astype(np.float32)
    pixels[3, 4] = np.nan
    node = add_volume(pixels)
    with pytest.raises(ImageError, match="NaN"):
        readImage(node)
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(node)[0], pixels)


def test_the_modality_is_asked_of_the_database(add_volume, monkeypatch):
    class Database:
        isOpen = True

        def instanceValue(self, instance, tag):
            return {("1.2.3", "0008,0060"): "US"}.get((instance, tag), "")

    monkeypatch.setattr(slicer, "dicomDatabase", Database(), raising=False)
    node = add_volume(GREY)
    assert readImage(node).modality is None
    node.SetAttribute("DICOM.instanceUIDs", "1.2.3 1.2.4")
    assert readImage(node).modality == "US"


def test_the_modality_is_asked_of_the_series_in_the_hierarchy(add_volume):
    node = add_volume(GREY)
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    study = hierarchy.CreateFolderItem(hierarchy.GetSceneItemID(), "Study")
    item = hierarchy.CreateItem(study, node)
    hierarchy.SetItemAttribute(item, "DICOM.Modality", "ES")
    assert readImage(node).modality == "ES"


@given(values=st.lists(st.floats(-1000, 1000), min_size=3, max_size=3), size=st.floats(0.01, 5))
def test_any_origin_and_spacing_pass_through_unchanged(values, size):
    matrix = np.diag([-size, -size, 1.0, 1.0])
    matrix[:3, 3] = values
    node = slicer.vtkMRMLScalarVolumeNode()
    slicer.util.updateVolumeFromArray(node, GREY[None])
    node.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(matrix))
    geometry = readImage(node).geometry
    assert geometry.origin == tuple(np.array(node.GetOrigin()) * (-1, -1, 1))
    assert geometry.origin == pytest.approx((-values[0], -values[1], values[2]))
    assert geometry.spacing == tuple(node.GetSpacing())
