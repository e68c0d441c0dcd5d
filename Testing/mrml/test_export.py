"""The exported file, read by a program that is not ours (slicerio) and by Slicer's own reader."""

from __future__ import annotations

import os

import numpy as np
import pytest
import slicer

from radiomicnet.errors import OutputError
from RadiomicNetSegmenterLib.files.segmentationFile import exportSegmentation, segmentationPath
from RadiomicNetSegmenterLib.scene import results


@pytest.fixture
def volume(add_volume, result):
    matrix = np.array([[0.0, -0.2, 0.0, 1.0], [0.0, 0.0, -1.0, 2.0], [0.3, 0.0, 0.0, 3.0], [0.0, 0.0, 0.0, 1.0]])
    return add_volume(result.prediction.image.pixels, "Phantom", matrix)


@pytest.fixture
def segmentation(result, volume):
    return results.showPrediction(result.prediction, volume).segmentation


def test_slicerio_reads_names_terminology_tags_and_geometry(segmentation, result, volume, tmp_path):
    slicerio = pytest.importorskip("slicerio")
    path = exportSegmentation(segmentation, tmp_path / "Läsion 1")
    assert path.name == "Läsion 1.seg.nrrd"
    read = slicerio.read_segmentation(str(path))
    prediction = result.prediction
    assert len(read["segments"]) == len(prediction.lesions) > 0
    first = read["segments"][0]
    assert first["terminology"]["type"][1] == prediction.card.target.type[1]
    assert first["tags"]["RadiomicNet.Model"] == prediction.card.name
    # The file is cropped to what is segmented: compare in the image's own pixels.
    toImage = np.linalg.inv(_ijkToLPS(volume)) @ read["ijkToLPS"]
    placed = np.zeros_like(prediction.labels)
    for index in np.argwhere(read["voxels"] > 0):
        column, row, slice_ = np.rint(toImage[:3] @ [*index, 1]).astype(int)
        assert slice_ == 0
        placed[row, column] = read["voxels"][tuple(index)]
    np.testing.assert_array_equal(placed > 0, prediction.labels > 0)


def _ijkToLPS(volume):
    import vtk

    matrix = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(matrix)
    toRAS = np.array([[matrix.GetElement(i, j) for j in range(4)] for i in range(4)])
    return np.diag([-1, -1, 1, 1]) @ toRAS


def test_slicer_reads_back_what_it_wrote(segmentation, result, volume, tmp_path):
    path = exportSegmentation(segmentation, tmp_path / "a.seg.nrrd")
    read = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode")
    storage = slicer.vtkMRMLSegmentationStorageNode()
    storage.SetFileName(str(path))
    assert storage.ReadData(read)
    segments = read.GetSegmentation()
    assert segments.GetNumberOfSegments() == len(result.prediction.lesions)
    segmentId = segments.GetNthSegmentID(0)
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(read, segmentId, volume)
    np.testing.assert_array_equal(mask[0] > 0, result.prediction.labels == 1)


def test_an_existing_file_is_not_overwritten_unasked(segmentation, tmp_path):
    path = tmp_path / "a.seg.nrrd"
    path.write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        exportSegmentation(segmentation, path)
    assert path.read_text() == "mine"
    exportSegmentation(segmentation, path, overwrite=True)
    assert path.read_bytes().startswith(b"NRRD")


def test_what_cannot_be_written_leaves_nothing_behind(segmentation, tmp_path, monkeypatch):
    with pytest.raises(OutputError, match="cannot be written"):
        exportSegmentation(segmentation, tmp_path / "missing" / "a.seg.nrrd")
    monkeypatch.setattr(slicer.util, "exportNode", lambda node, path, properties: open(path, "w").close())
    with pytest.raises(OutputError, match="cannot be written"):
        exportSegmentation(segmentation, tmp_path / "a.seg.nrrd")
    assert os.listdir(tmp_path) == []


def test_a_failed_export_keeps_the_earlier_file(segmentation, tmp_path, monkeypatch):
    path = exportSegmentation(segmentation, tmp_path / "a.seg.nrrd")
    before = path.read_bytes()

    def full(node, path, properties):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(slicer.util, "exportNode", full)
    with pytest.raises(OutputError, match="No space left"):
        exportSegmentation(segmentation, path, overwrite=True)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.seg.nrrd"]


def test_every_export_gets_its_own_properties(segmentation, tmp_path, monkeypatch):
    given = []
    original = slicer.util.exportNode
    monkeypatch.setattr(slicer.util, "exportNode", lambda node, path, properties: (
        given.append((id(properties), dict(properties))), original(node, path, properties))[1])
    for name in ("a", "b"):
        exportSegmentation(segmentation, tmp_path / name)
    assert [properties for _identity, properties in given] == [{}, {}]


def test_an_empty_segmentation_is_exported_too(empty_result, volume, tmp_path):
    segmentation = results.showPrediction(empty_result.prediction, volume).segmentation
    assert exportSegmentation(segmentation, tmp_path / "empty").read_bytes().startswith(b"NRRD")


def test_no_segmentation_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(OutputError, match="no segmentation"):
        exportSegmentation(None, tmp_path / "a")


@pytest.mark.parametrize(("given", "wanted"), [("a", "a.seg.nrrd"), ("a.nrrd", "a.seg.nrrd"), ("a.b", "a.b.seg.nrrd"),
                                               ("a.seg.nrrd", "a.seg.nrrd"), ("a.seg", "a.seg.nrrd")])
def test_the_name_gets_the_suffix_of_a_segmentation(given, wanted):
    assert segmentationPath(given).name == wanted
