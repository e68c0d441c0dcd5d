"""Points and boxes of the scene in the pixels of an image, and the logic with them."""

from __future__ import annotations

import numpy as np
import pytest
import slicer
import vtk

from radiomicnet.prompts.box import Box
from radiomicnet.prompts.prompted import Prompts
from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic
from RadiomicNetSegmenterLib.scene import prompts, results

SPACING = 0.25


@pytest.fixture
def volume(add_volume, ultrasound_result):
    matrix = np.diag([-SPACING, -SPACING, 1.0, 1.0])
    matrix[:3, 3] = 10, 20, 30
    return add_volume(ultrasound_result.prediction.image.pixels, "Image", matrix)


@pytest.fixture
def turn():
    """A transform by 90 degrees about the viewing axis, with a shift."""
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    matrix = vtk.vtkMatrix4x4()
    matrix.DeepCopy((0, -1, 0, 5, 1, 0, 0, 6, 0, 0, 1, 7, 0, 0, 0, 1))
    node.SetMatrixTransformToParent(matrix)
    return node


def place(column, row):
    return 10 - SPACING * column, 20 - SPACING * row, 30


def test_a_point_list_is_read_in_pixels(volume):
    clicks = prompts.findOrCreate(prompts.CLICKS, volume)
    clicks.AddControlPoint(*place(12, 34))
    clicks.AddControlPoint(*place(56.5, 7))
    assert prompts.read(volume, clicks) == Prompts(((12, 34), (56.5, 7)))
    clicks.UnsetNthControlPointPosition(0)
    assert prompts.read(volume, clicks) == Prompts(((56.5, 7),))


def test_a_box_holds_the_pixels_whose_centres_it_holds(volume):
    box = prompts.findOrCreate(prompts.BOX, volume)
    assert prompts.read(volume, box=box) == Prompts()
    box.SetCenter(*place(20, 30))
    box.SetSize(SPACING * 10, SPACING * 6, 5)
    assert prompts.read(volume, box=box) == Prompts(box=Box(27, 15, 34, 26))


def test_points_and_boxes_follow_the_transforms_of_image_and_markups(volume, turn):
    clicks, box = (prompts.findOrCreate(kind, volume) for kind in (prompts.CLICKS, prompts.BOX))
    clicks.AddControlPoint(*place(12, 34))
    box.SetCenter(*place(20, 30))
    box.SetSize(SPACING * 10, SPACING * 6, 5)
    still = prompts.read(volume, clicks, box)
    for node in (clicks, box, volume):
        node.SetAndObserveTransformNodeID(turn.GetID())
    assert prompts.read(volume, clicks, box) == still
    clicks.SetAndObserveTransformNodeID(None)
    world = turn.GetTransformToParent().TransformPoint(*place(1, 2))
    clicks.SetNthControlPointPosition(0, *world)
    assert prompts.read(volume, clicks).points == ((1, 2),)


def test_each_image_has_one_point_list_and_one_box(volume, add_volume):
    other = add_volume(np.zeros((8, 8), np.uint8), "Other")
    for kind in prompts.CLASSES:
        node = prompts.findOrCreate(kind, volume)
        assert prompts.findOrCreate(kind, volume) is node
        assert prompts.find(kind, other) is None
    assert len(prompts.everyOne()) == 2


def test_a_script_segments_what_lies_under_a_point_and_in_a_box(volume, ultrasound_result):
    logic = RadiomicNetSegmenterLogic()
    found = ultrasound_result.prediction
    rows, columns = np.nonzero(found.labels == 1)
    row, column = int(np.median(rows)), int(np.median(columns[rows == int(np.median(rows))]))
    nodes = logic.segment(volume, points=[place(column, row)])
    segmentation = nodes.segmentation.GetSegmentation()
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(nodes.segmentation, segmentation.GetNthSegmentID(0), volume)
    assert mask[0][row, column]
    assert prompts.answers(nodes)[0]["outcome"] == "kept"
    assert prompts.lookedAt(nodes) is None
    box = prompts.findOrCreate(prompts.BOX, volume)
    box.SetCenter(*place(20, 20))
    box.SetSize(SPACING * 100, SPACING * 100, 5)
    nodes = logic.segment(volume, box=box)
    assert not slicer.util.arrayFromVolume(nodes.maps["probability"])[0][71:].any()
    assert prompts.lookedAt(nodes)["left"] == 0
    again = logic.result(volume).prediction  # read back from the scene
    assert again.grid.shape == again.looked_at.shape
    assert again.features == pytest.approx(logic.result(volume).prediction.features)


def test_a_script_draws_at_another_threshold_without_a_second_run(volume, result):
    logic = RadiomicNetSegmenterLogic()
    volume = slicer.util.getNode("Image")
    logic.show(result, volume)
    segments = results.findNodes(volume).segmentation.GetSegmentation()
    assert segments.GetNumberOfSegments() == 2
    assert logic.drawAt(volume, 0.95)
    assert segments.GetNumberOfSegments() == 0
    assert logic.result(volume).prediction.threshold == 0.95
    assert logic.drawAt(volume, None)
    assert segments.GetNumberOfSegments() == 2
    slicer.mrmlScene.RemoveNode(results.findNodes(volume).maps["probability"])
    assert not RadiomicNetSegmenterLogic().drawAt(volume, 0.95)
