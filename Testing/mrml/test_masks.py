"""Segments read as arrays, without anything being added to the scene."""

from __future__ import annotations

import numpy as np
import pytest
import slicer

from RadiomicNetSegmenterLib.scene import masks, results


@pytest.fixture
def oblique(result, add_volume):
    matrix = np.array([[0.0, -0.2, 0.0, 1.0], [0.0, 0.0, -1.0, 2.0], [0.3, 0.0, 0.0, 3.0], [0.0, 0.0, 0.0, 1.0]])
    return add_volume(result.prediction.image.pixels, "Oblique", matrix)


def test_each_segment_is_exactly_its_pixels(result, oblique):
    segmentation = results.showPrediction(result.prediction, oblique).segmentation
    for label, mask in enumerate(masks.segmentMasks(segmentation, oblique).values(), 1):
        np.testing.assert_array_equal(mask, result.prediction.labels == label)


def test_reading_adds_no_node(result, oblique):
    segmentation = results.showPrediction(result.prediction, oblique).segmentation
    events = []
    slicer.mrmlScene.AddObserver(slicer.mrmlScene.NodeAddedEvent, lambda *_: events.append(1))
    masks.segmentMasks(segmentation, oblique)
    assert events == []


def test_an_edited_and_an_empty_segment_are_read_too(result, oblique):
    segmentation = results.showPrediction(result.prediction, oblique).segmentation
    mine = segmentation.GetSegmentation().AddEmptySegment("mine", "Mine")
    nothing = segmentation.GetSegmentation().AddEmptySegment("nothing", "Nothing")
    drawn = np.zeros((1, *result.prediction.labels.shape), np.uint8)
    drawn[0, 10:20, 30:50] = 1
    slicer.util.updateSegmentBinaryLabelmapFromArray(drawn, segmentation, mine, oblique)
    found = masks.segmentMasks(segmentation, oblique)
    np.testing.assert_array_equal(found["mine"], drawn[0] > 0)
    assert found[nothing].shape == drawn[0].shape and not found[nothing].any()


def test_the_middle_of_a_mask_lies_where_the_image_is_in_the_world(oblique, result):
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    shift = np.eye(4)
    shift[:3, 3] = 10, 20, 30
    transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(shift))
    oblique.SetAndObserveTransformNodeID(transform.GetID())
    mask = np.zeros(result.prediction.labels.shape, bool)
    mask[4:7, 10:21] = True  # the middle is column 15, row 5
    assert masks.center(mask, oblique) == pytest.approx((1 - 0.2 * 5 + 10, 2 + 20, 3 + 0.3 * 15 + 30))
