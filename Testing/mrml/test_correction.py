"""What a person corrects, beside what the network drew; and undoing a run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import slicer

from drawing import with_lesions
from RadiomicNetSegmenterLib.scene import correction, record, results
from RadiomicNetSegmenterLib.scene.history import BeforeRun


@pytest.fixture
def volume(add_volume, result):
    return add_volume(result.prediction.image.pixels, "Phantom")


def show(result, volume):
    results.showPrediction(result.prediction, volume)
    return results.showResult(result, volume)


def nodeIDs():
    return {slicer.mrmlScene.GetNthNode(index).GetID() for index in range(slicer.mrmlScene.GetNumberOfNodes())
            if not slicer.mrmlScene.GetNthNode(index).IsA("vtkMRMLColorNode")}


def paint(node, volume, rows, columns, value):
    segmentId = node.GetSegmentation().GetNthSegmentID(0)
    mask = np.zeros(slicer.util.arrayFromVolume(volume).shape[:3], np.uint8)
    mask |= slicer.util.arrayFromSegmentBinaryLabelmap(node, segmentId, volume) > 0
    mask[0, rows, columns] = value
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, segmentId, volume)


def test_the_corrected_segment_is_a_copy_and_the_machines_stays(result, volume):
    show(result, volume)
    nodes = correction.begin(volume)
    before = record.readPrediction(nodes, volume).labels
    paint(nodes.corrected, volume, slice(40, 50), slice(50, 110), 0)
    paint(nodes.corrected, volume, slice(100, 110), slice(0, 10), 1)
    np.testing.assert_array_equal(record.readPrediction(nodes, volume).labels, before)
    drawn = int((before > 0).sum())
    change = correction.change(nodes, volume)
    assert (change.machine, change.corrected) == (drawn, drawn - 600 + 100)
    assert (change.added, change.removed, change.pixelArea) == (100, 600, None)
    assert change.dice == pytest.approx(2 * (drawn - 600) / (2 * drawn - 500))


def test_areas_of_a_calibrated_image_are_known_in_millimetres(result, add_volume):
    volume = add_volume(result.prediction.image.pixels, "Phantom", np.diag([-0.2, -0.3, 1.0, 1.0]))
    show(result, volume)
    assert correction.change(correction.begin(volume), volume).pixelArea == pytest.approx(0.06)


def test_without_a_lesion_there_is_an_empty_segment_to_draw_into(empty_result, volume):
    show(empty_result, volume)
    nodes = correction.begin(volume)
    assert correction.change(nodes, volume).dice == 1.0
    paint(nodes.corrected, volume, slice(0, 10), slice(0, 10), 1)
    assert (correction.change(nodes, volume).dice, correction.change(nodes, volume).added) == (0.0, 100)


def test_what_the_network_drew_is_thin_and_white_beside_the_corrected_outline(result, ultrasound_result, volume):
    show(result, volume)
    nodes = correction.begin(volume)
    for _again in range(2):  # also after another run
        machine, corrected = nodes.segmentation.GetDisplayNode(), nodes.corrected.GetDisplayNode()
        assert machine.GetSliceIntersectionThickness() < corrected.GetSliceIntersectionThickness()
        assert tuple(machine.GetSegmentColor("Lesion_1")) == (1.0, 1.0, 1.0)
        assert tuple(corrected.GetSegmentColor("Lesion_1")) == pytest.approx(result.prediction.card.target.color)
        nodes = show(with_lesions(ultrasound_result, 1), volume)
    correction.discard(nodes)
    assert tuple(machine.GetSegmentColor("Lesion_1")) == pytest.approx(result.prediction.card.target.color)


def test_beginning_again_keeps_what_was_corrected(result, volume):
    show(result, volume)
    first = correction.begin(volume).corrected
    paint(first, volume, slice(40, 50), slice(50, 110), 0)
    nodes = correction.begin(volume)
    assert nodes.corrected is first
    assert correction.change(nodes, volume).removed == 600
    correction.restart(nodes)
    assert correction.change(nodes, volume).dice == 1.0


def test_every_edit_changes_the_version(result, volume):
    show(result, volume)
    nodes = correction.begin(volume)
    versions = [correction.version(nodes)]
    paint(nodes.corrected, volume, slice(40, 50), slice(50, 110), 0)
    versions.append(correction.version(nodes))
    nodes.corrected.GetSegmentation().RemoveSegment(nodes.corrected.GetSegmentation().GetNthSegmentID(0))
    versions.append(correction.version(nodes))
    assert len(set(versions)) == 3
    assert correction.version(nodes) == versions[-1]


def test_discarding_leaves_the_machines_alone(result, volume):
    show(result, volume)
    before = nodeIDs()
    nodes = correction.begin(volume)
    correction.discard(nodes)
    assert {i for i in nodeIDs() - before if "StorageNode" not in i and "SegmentationDisplay" not in i} == set()
    assert results.findNodes(volume).valid is nodes.segmentation


def test_running_again_keeps_what_was_corrected(result, ultrasound_result, volume):
    show(result, volume)
    nodes = correction.begin(volume)
    paint(nodes.corrected, volume, slice(40, 50), slice(50, 110), 0)
    show(with_lesions(ultrasound_result, 1), volume)
    nodes = results.findNodes(volume)
    assert nodes.valid is nodes.corrected
    assert nodes.corrected.GetSegmentation().GetNumberOfSegments() == 2
    assert nodes.segmentation.GetSegmentation().GetNumberOfSegments() == 1


def test_what_was_corrected_on_another_frame_is_set_aside(result, volume):
    show(result, volume)
    corrected = correction.begin(volume).corrected
    slicer.util.updateVolumeFromArray(volume, 255 - slicer.util.arrayFromVolume(volume))
    show(result, volume)
    assert results.findNodes(volume).corrected is None
    assert corrected.GetScene() and results.isAside(corrected)


def test_a_run_is_undone_to_the_one_before(result, ultrasound_result, volume):
    show(result, volume)
    nodes = results.findNodes(volume)
    text = nodes.record.GetText()
    before = BeforeRun(volume)
    other = with_lesions(ultrasound_result, 0)
    attention = other.prediction.attention[:-1]  # a model with a level less
    show(replace(other, prediction=replace(other.prediction, attention=attention)), volume)
    assert record.readPrediction(results.findNodes(volume), volume).lesions == ()
    undone = before.undo(volume)
    assert undone.segmentation is nodes.segmentation
    assert sorted(undone.maps) == sorted(nodes.maps)
    assert undone.record.GetText() == text
    read = record.readResult(undone, volume)
    np.testing.assert_array_equal(read.prediction.labels, result.prediction.labels)
    np.testing.assert_array_equal(read.prediction.probability, result.prediction.probability)
    for mine, theirs in zip(read.prediction.attention, result.prediction.attention, strict=True):
        np.testing.assert_array_equal(mine.spatial, theirs.spatial)
    assert undone.table.GetNumberOfRows() == 13
    assert undone.maps[attention[0].level].GetDisplayNode().GetWindow() == 1.0


@pytest.mark.parametrize("corrected", [False, True])
def test_undoing_a_run_whose_outline_was_removed_shows_the_one_before_again(result, volume, corrected):
    show(result, volume)
    if corrected:
        correction.begin(volume)
    before = BeforeRun(volume)
    show(result, volume)
    slicer.mrmlScene.RemoveNode(results.findNodes(volume).segmentation)
    display = before.undo(volume).segmentation.GetDisplayNode()
    assert display.GetVisibility2DOutline()
    assert display.GetSliceIntersectionThickness() == (1 if corrected else 3)


def test_undoing_the_first_run_takes_its_nodes_away(result, volume):
    before = nodeIDs()
    undo = BeforeRun(volume)
    show(result, volume)
    nodes = undo.undo(volume)
    assert nodes.all == []
    assert {node for node in nodeIDs() - before if "DisplayNode" not in node and "Storage" not in node} == set()


def test_kept_results_stay_and_come_back_when_the_new_one_is_undone(result, ultrasound_result, volume):
    first = show(result, volume)
    before = BeforeRun(volume, keep=True)
    second = show(with_lesions(ultrasound_result, 1), volume)
    assert second.segmentation is not first.segmentation
    assert first.segmentation.GetScene()
    assert first.segmentation.GetSegmentation().GetNumberOfSegments() == 2
    assert not first.segmentation.GetDisplayVisibility()
    assert before.undo(volume).segmentation is first.segmentation
    assert first.segmentation.GetDisplayVisibility()
    assert second.segmentation.GetScene() is None


def test_results_lie_in_one_folder_and_earlier_ones_in_folders_of_their_own(result, volume, monkeypatch):
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    hierarchy.CreateItem(hierarchy.GetSceneItemID(), volume)
    original = results.create

    def create(*arguments):  # the application gives every node an item by itself
        node = original(*arguments)
        hierarchy.CreateItem(hierarchy.GetSceneItemID(), node)
        return node

    monkeypatch.setattr(results, "create", create)
    first = show(result, volume)
    before = BeforeRun(volume, keep=True)
    second = show(result, volume)
    corrected = correction.begin(volume).corrected
    folder = {hierarchy.GetItemParent(hierarchy.GetItemByDataNode(node)) for node in [*second.all, corrected]}
    earlier = {hierarchy.GetItemParent(hierarchy.GetItemByDataNode(node)) for node in first.all}
    assert len(folder) == len(earlier) == 1
    assert hierarchy.GetItemName(folder.copy().pop()) == "Phantom RadiomicNet"
    assert hierarchy.GetItemParent(earlier.copy().pop()) in folder
    correction.discard(results.findNodes(volume))
    before.undo(volume)
    assert {hierarchy.GetItemParent(hierarchy.GetItemByDataNode(node)) for node in first.all} == folder
    assert hierarchy.GetItemChildWithName(folder.pop(), "Earlier run 1") == hierarchy.GetInvalidItemID()


def test_segment_editor_gets_the_corrected_segment_and_the_image(result, volume):
    show(result, volume)
    nodes = correction.begin(volume)
    editor = correction.editorNode(nodes, volume)
    assert editor.GetSegmentationNode() is nodes.corrected
    assert editor.GetSourceVolumeNode() is volume
    assert editor.GetSelectedSegmentID() == "Lesion_1"
    assert correction.editorNode(nodes, volume) is editor
