"""A clip's files in 3D Slicer's own sequences: read by its storage node, played by its browser."""

from __future__ import annotations

import numpy as np
import pytest
import slicer

from radiomicnet.clips.clip import Axis
from radiomicnet.clips.sequence_file import COLOUR, GREY, LABELS, write_sequence
from radiomicnet.images.image import Geometry

GEOMETRY = Geometry((0.2, 0.3, 1.0), (-1.5, 2.25, 3.0), (0.6, 0.8, 0.0, -0.8, 0.6, 0.0, 0.0, 0.0, 1.0), True)
AXIS = Axis.of_seconds([0, 0.04, 0.08, 0.12])


def load(path, name):
    """A sequence node filled by Slicer's storage node."""
    sequence = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSequenceNode", name)
    storage = slicer.vtkMRMLVolumeSequenceStorageNode()
    slicer.mrmlScene.AddNode(storage)
    storage.SetFileName(str(path))
    assert storage.ReadData(sequence)
    return sequence


@pytest.mark.parametrize(("shape", "node"), [((20, 30), LABELS), ((20, 30), GREY), ((20, 30, 3), COLOUR)])
def test_slicer_reads_a_sequence_to_the_pixel_with_its_place_and_times(tmp_path, shape, node):
    frames = np.random.default_rng(0).integers(0, 255, (4, *shape), dtype=np.uint8)
    write_sequence(tmp_path / "a.seq.nrrd", frames, shape, AXIS, GEOMETRY, node, {"RadiomicNet.Notice": "For tests."})
    sequence = load(tmp_path / "a.seq.nrrd", "a")
    assert sequence.GetNumberOfDataNodes() == 4
    assert (sequence.GetIndexName(), sequence.GetIndexUnit()) == ("time", "s")
    assert [sequence.GetNthIndexValue(k) for k in range(4)] == list(AXIS.values)
    assert sequence.GetAttribute("RadiomicNet.Notice") == "For tests."
    for k, frame in enumerate(frames):
        volume = sequence.GetNthDataNode(k)
        assert volume.IsA(node)
        assert np.array_equal(slicer.util.arrayFromVolume(volume)[0], frame)
        place = slicer.util.arrayFromVTKMatrix(matrix_of(volume))
        expected = np.eye(4)
        expected[:3, :3] = np.reshape(GEOMETRY.direction, (3, 3)) * GEOMETRY.spacing
        expected[:3, 3] = GEOMETRY.origin
        assert place == pytest.approx(np.diag([-1, -1, 1, 1]) @ expected, abs=1e-6)


def matrix_of(volume):
    import vtk

    matrix = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(matrix)
    return matrix


def test_outlines_and_images_play_in_step_in_one_browser(tmp_path):
    images = np.stack([np.full((20, 30), 10 * k, np.uint8) for k in range(4)])
    images[:, 0, 0] = 255
    labels = np.stack([np.full((20, 30), k, np.uint8) for k in range(4)])
    write_sequence(tmp_path / "i.seq.nrrd", images, (20, 30), AXIS, GEOMETRY, GREY, {})
    write_sequence(tmp_path / "o.seq.nrrd", labels, (20, 30), AXIS, GEOMETRY, LABELS, {})
    logic = slicer.vtkSlicerSequencesLogic()
    logic.SetMRMLScene(slicer.mrmlScene)  # makes the browser's class known
    browser = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSequenceBrowserNode", "Clip")
    sequences = [load(tmp_path / "i.seq.nrrd", "Images"), load(tmp_path / "o.seq.nrrd", "Outlines")]
    for sequence in sequences:
        browser.AddSynchronizedSequenceNode(sequence)
    for k in (2, 0, 3):
        browser.SetSelectedItemNumber(k)
        logic.UpdateProxyNodesFromSequences(browser)
        shown = [slicer.util.arrayFromVolume(browser.GetProxyNode(sequence)) for sequence in sequences]
        assert shown[0][0, 5, 5] == 10 * k and shown[1][0, 5, 5] == k
