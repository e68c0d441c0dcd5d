"""The segmentation as Slicer itself, slicerio, pynrrd and SimpleITK read it."""

from __future__ import annotations

import dataclasses

import nrrd
import numpy as np
import pytest
import SimpleITK as sitk
import slicerio

from radiomicnet import __version__
from radiomicnet.results.nrrd_file import ijk_to_lps
from radiomicnet.results.segmentation_nrrd import write_segmentation

TERMINOLOGY = (
    "Segmentation category and type - DICOM master list~SCT^49755003^Morphologically Altered Structure"
    "~SCT^4147007^Mass~^^~Anatomic codes - DICOM master list~SCT^76752008^Breast~^^")
TAGS = {
    "RadiomicNet.Model": "breast-ultrasound", "RadiomicNet.ModelVersion": "1.2.3",
    "RadiomicNet.WeightsSHA256": "0123456789abcdef" * 4, "RadiomicNet.Threshold": "0.45",
    "RadiomicNet.Version": __version__,
    "RadiomicNet.Notice": "For research use only. Not a medical device.",
}


@pytest.fixture
def written(make_result, oblique, tmp_path):
    """A segmentation of ``lesions`` lesions on an oblique grid: (prediction, path)."""
    def write(lesions):
        prediction = make_result(lesions, geometry=oblique).prediction
        path = tmp_path / "scan.seg.nrrd"
        write_segmentation(prediction, path)
        return prediction, path
    return write


def opened_in_slicer(path):
    """(segmentation, messages) as 3D Slicer's own storage node reads the file; the scene lives as long as they do."""
    slicer = pytest.importorskip("slicer", reason="needs slicer-core, Slicer's own libraries without its window")
    scene = slicer.vtkMRMLScene()
    node = scene.AddNewNodeByClass("vtkMRMLSegmentationNode")
    storage = scene.AddNewNodeByClass("vtkMRMLSegmentationStorageNode")
    storage.SetFileName(str(path))
    assert storage.ReadData(node) == 1
    messages = storage.GetUserMessages()
    return scene, node.GetSegmentation(), [messages.GetNthMessageText(n) for n in range(messages.GetNumberOfMessages())]


@pytest.mark.parametrize("lesions", [1, 3])
def test_slicer_opens_it_with_names_colours_terminology_and_tags(written, lesions):
    from vtk import reference

    prediction, path = written(lesions)
    _scene, segmentation, messages = opened_in_slicer(path)
    assert messages == []
    segments = [segmentation.GetNthSegment(n) for n in range(segmentation.GetNumberOfSegments())]
    expected = ["Breast lesion"] if lesions == 1 else [f"Breast lesion {n}" for n in (1, 2, 3)]
    assert [segment.GetName() for segment in segments] == expected
    for label, segment in enumerate(segments, start=1):
        assert segment.GetColor() == pytest.approx(prediction.card.target.color)
        assert segment.GetTerminology() == TERMINOLOGY
        assert segment.GetLabelValue() == label
        for key, value in TAGS.items():
            read = reference("")
            assert segment.GetTag(key, read)
            assert read.get() == value


@pytest.mark.parametrize("lesions", [1, 3])
def test_slicer_places_every_pixel_where_the_image_has_it(written, lesions):
    from vtk import vtkMatrix4x4
    from vtk.util.numpy_support import vtk_to_numpy

    prediction, path = written(lesions)
    _scene, segmentation, _messages = opened_in_slicer(path)
    for label in range(1, lesions + 1):
        segment = segmentation.GetNthSegment(label - 1)
        labelmap = segment.GetRepresentation("Binary labelmap")
        first_column, last_column, first_row, last_row, first_slice, last_slice = labelmap.GetExtent()
        assert (first_slice, last_slice) == (0, 0)
        values = vtk_to_numpy(labelmap.GetPointData().GetScalars())
        seen = np.zeros_like(prediction.labels, bool)
        seen[first_row:last_row + 1, first_column:last_column + 1] = values.reshape(
            last_row - first_row + 1, last_column - first_column + 1) == label
        np.testing.assert_array_equal(seen, prediction.labels == label)
        matrix = vtkMatrix4x4()
        labelmap.GetImageToWorldMatrix(matrix)
        to_ras = np.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(4)])
        np.testing.assert_allclose(np.diag([-1, -1, 1, 1]) @ to_ras, ijk_to_lps(prediction.image.geometry), atol=1e-9)


@pytest.mark.parametrize("lesions", [0, 2])
def test_slicer_keeps_the_grid_of_the_image_with_the_segmentation(written, lesions):
    prediction, path = written(lesions)
    _scene, segmentation, _messages = opened_in_slicer(path)
    parameter = segmentation.GetConversionParameter("Reference image geometry")
    numbers = [float(text) for text in parameter.split(";") if text]
    rows, columns = prediction.image.shape
    np.testing.assert_allclose(np.reshape(numbers[:16], (4, 4)),
                               np.diag([-1, -1, 1, 1]) @ ijk_to_lps(prediction.image.geometry), atol=1e-9)
    assert numbers[16:] == [0, columns - 1, 0, rows - 1, 0, 0]


def test_nothing_found_is_a_segmentation_of_no_segments(written):
    prediction, path = written(0)
    _scene, segmentation, messages = opened_in_slicer(path)
    assert segmentation.GetNumberOfSegments() == 0
    assert messages == []
    read = slicerio.read_segmentation(str(path))
    assert read["segments"] == []
    assert read["voxels"].shape == (*prediction.labels.shape[::-1], 1)
    assert not read["voxels"].any()
    assert {key: read[key] for key in TAGS} == TAGS


def test_slicerio_reads_back_what_was_meant(written):
    prediction, path = written(3)
    read = slicerio.read_segmentation(str(path))
    np.testing.assert_array_equal(read["voxels"][..., 0].T, prediction.labels)
    assert read["voxels"].dtype == np.uint8
    np.testing.assert_allclose(read["ijkToLPS"], ijk_to_lps(prediction.image.geometry), rtol=1e-15)
    assert slicerio.segment_names(read) == ["Breast lesion 1", "Breast lesion 2", "Breast lesion 3"]
    for label, segment in enumerate(read["segments"], start=1):
        assert segment["labelValue"] == label
        assert segment["color"] == list(prediction.card.target.color)
        assert segment["tags"] == TAGS
        assert segment["terminology"] == {
            "contextName": "Segmentation category and type - DICOM master list",
            "category": list(prediction.card.target.category), "type": list(prediction.card.target.type),
            "anatomicContextName": "Anatomic codes - DICOM master list",
            "anatomicRegion": list(prediction.card.target.region)}


def test_the_header_says_left_posterior_superior(written):
    prediction, path = written(1)
    _, header = nrrd.read(str(path))
    assert header["space"] == "left-posterior-superior"
    geometry = prediction.image.geometry
    directions = np.reshape(geometry.direction, (3, 3))
    for axis in range(3):
        expected = directions[:, axis] * geometry.spacing[axis]
        np.testing.assert_allclose(header["space directions"][axis], expected, rtol=1e-15)
    assert header["space origin"].tolist() == list(geometry.origin)


def test_itk_sees_the_geometry_of_the_image(written):
    prediction, path = written(1)
    image = sitk.ReadImage(str(path))
    geometry = prediction.image.geometry
    assert image.GetSize() == (*prediction.image.shape[::-1], 1)
    assert image.GetSpacing() == pytest.approx(geometry.spacing, rel=1e-12)
    assert image.GetOrigin() == pytest.approx(geometry.origin, rel=1e-15)
    assert image.GetDirection() == pytest.approx(geometry.direction, abs=1e-12)


def test_a_name_that_no_header_can_hold_is_written_in_its_letters(make_result, tmp_path):
    prediction = make_result(1).prediction
    target = dataclasses.replace(prediction.card.target, name="Läsion | der\nBrust", type=("SCT", "1", "Tumör"))
    card = dataclasses.replace(prediction.card, target=target)
    path = tmp_path / "scan.seg.nrrd"
    write_segmentation(dataclasses.replace(prediction, card=card), path)
    (segment,) = slicerio.read_segmentation(str(path))["segments"]
    assert segment["name"] == "Lasion / der Brust"
    assert segment["terminology"]["type"] == ["SCT", "1", "Tumor"]
    _scene, segmentation, _messages = opened_in_slicer(path)
    assert segmentation.GetNthSegment(0).GetName() == "Lasion / der Brust"


def test_255_lesions_fit(make_result, tmp_path):
    prediction = make_result(1).prediction
    labels = np.zeros((120, 160), np.uint8)
    labels.flat[::75][:255] = np.arange(1, 256)
    lesions = tuple(dataclasses.replace(prediction.lesions[0], label=n) for n in range(1, 256))
    path = tmp_path / "scan.seg.nrrd"
    write_segmentation(dataclasses.replace(prediction, labels=labels, lesions=lesions), path)
    _scene, segmentation, _messages = opened_in_slicer(path)
    assert segmentation.GetNumberOfSegments() == 255
    assert segmentation.GetNthSegment(254).GetLabelValue() == 255
