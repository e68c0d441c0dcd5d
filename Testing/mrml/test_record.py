"""The result that a saved scene gives back is the result that was shown."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import numpy as np
import pytest
import slicer

from drawing import with_lesions
from radiomicnet.explain.shapley import Shapley
from RadiomicNetSegmenterLib.scene import held, record, results


@pytest.fixture
def volume(add_volume, result):
    return add_volume(result.prediction.image.pixels, "Phantom")


@pytest.fixture(params=[0, 1, 2])
def shown(request, ultrasound_result, volume):
    """A result in the scene, with none, one or two lesions."""
    result = with_lesions(ultrasound_result, request.param)
    results.showPrediction(result.prediction, volume)
    results.showResult(result, volume)
    return result


def assertSame(one, other, path=""):
    """Equal in every field, arrays and nested values included."""
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype, path
        np.testing.assert_array_equal(one, other, path)
    elif hasattr(one, "__dataclass_fields__"):
        assert type(one) is type(other), path
        for field in fields(one):
            assertSame(getattr(one, field.name), getattr(other, field.name), f"{path}.{field.name}")
    elif isinstance(one, tuple | list):
        assert (type(one), len(one)) == (type(other), len(other)), path
        for index, (mine, theirs) in enumerate(zip(one, other)):
            assertSame(mine, theirs, f"{path}[{index}]")
    elif isinstance(one, dict):
        assert list(one) == list(other), path
        for key in one:
            assertSame(one[key], other[key], f"{path}[{key}]")
    else:
        assert one == other or (one != one and other != other), f"{path}: {one} {other}"


def test_the_scene_gives_the_whole_result_back(shown, volume):
    read = record.readResult(results.findNodes(volume), volume)
    wanted = replace(shown, prediction=replace(
        shown.prediction, image=replace(read.prediction.image, warnings=shown.prediction.image.warnings)))
    assertSame(read, wanted)
    np.testing.assert_array_equal(read.prediction.image.pixels, shown.prediction.image.pixels)


def test_shapley_values_that_came_later_are_part_of_the_result(shown, volume):
    made = Shapley(np.linspace(-1, 1, 13), np.full(13, 0.01), 448)
    record.writeShapley(results.findNodes(volume).record, made)
    assertSame(made, record.readResult(results.findNodes(volume), volume).shapley)
    assertSame(made, held.shapley(results.findNodes(volume)))
    results.showPrediction(shown.prediction, volume)  # another run
    assert held.shapley(results.findNodes(volume)) is None


def test_before_the_explanation_there_is_a_prediction_and_no_result(result, volume):
    results.showPrediction(result.prediction, volume)
    nodes = results.findNodes(volume)
    assert record.readPrediction(nodes, volume).threshold == result.prediction.threshold
    assert record.readResult(nodes, volume) is None


@pytest.mark.parametrize("lost", ["segmentation", "map", "record", "version", "field"])
def test_where_something_is_missing_there_is_none(result, volume, lost):
    results.showPrediction(result.prediction, volume)
    nodes = results.showResult(result, volume)
    if lost == "version":
        nodes.record.SetText("another program's")
    elif lost == "field":
        held = json.loads(nodes.record.GetText())
        del held["prediction"]["threshold"]
        nodes.record.SetText(json.dumps(held))
    else:
        node = {"segmentation": nodes.segmentation, "map": nodes.maps["stride-8"], "record": nodes.record}[lost]
        slicer.mrmlScene.RemoveNode(node)
    assert record.readResult(results.findNodes(volume), volume) is None


def test_a_segment_that_someone_added_is_not_the_networks(result, volume):
    nodes = results.showPrediction(result.prediction, volume)
    nodes.segmentation.GetSegmentation().AddEmptySegment("mine", "mine")
    assert len(record.readPrediction(nodes, volume).lesions) == len(result.prediction.lesions)
