"""What may happen in the middle of a run, and that it leaves no error, no orphan node and no thread."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
import slicer
from PySide6.QtCore import QCoreApplication, QEvent

from halted import begin, threads
from opened import save
from RadiomicNetSegmenterLib.scene import results


def node_ids():
    return {slicer.mrmlScene.GetNthNode(index).GetID() for index in range(slicer.mrmlScene.GetNumberOfNodes())}


def test_cancel_before_the_outline_leaves_the_scene_as_it_was(module, run, volume, dialogs):
    before = node_ids()
    begin(module, run, volume, shown=False)
    module.ui.segmentButton.click()
    assert module.ui.segmentButton.text == "Stopping…"
    assert not module.ui.segmentButton.enabled
    module.wait()
    assert node_ids() == before
    assert threads() == []
    assert dialogs == []
    assert module.ui.segmentButton.enabled


def test_cancel_after_the_outline_keeps_it_and_says_what_is_missing(module, run, volume, dialogs):
    begin(module, run, volume)
    module.ui.segmentButton.click()
    module.wait()
    assert results.findNodes(volume).segmentation
    assert results.findNodes(volume).table is None
    assert "stopped" in module.ui.checkLabel.text
    assert not module.ui.progressBar.isVisible()
    assert (threads(), dialogs) == ([], [])


def test_progress_moves_the_bar_and_nothing_else(module, run, volume, monkeypatch):
    begin(module, run, volume)
    updates = []
    for section in module.panel.sections:
        monkeypatch.setattr(section, "update", lambda _state, section=section: updates.append(section))
    module.panel._run._showProgress("radiomics of the segment", 0.75)
    assert module.ui.progressBar.value == 75
    assert module.ui.progressBar.format.startswith("Radiomics of the segment")
    assert updates == []


def test_closing_the_scene_stops_the_run(module, run, volume, dialogs):
    begin(module, run, volume)
    slicer.mrmlScene.Clear(0)
    assert threads() == []
    module.events()
    assert module.ui.segmentButton.text == "Segment"
    assert module.parameters.inputVolume is None
    assert not slicer.util.getNodesByClass("vtkMRMLSegmentationNode")
    assert not slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")
    assert dialogs == []


def test_closing_the_scene_while_points_are_placed_ends_it(module, volume, dialogs):
    module.ui.clickButton.click()
    slicer.mrmlScene.Clear(0)
    module.events()
    assert not module.ui.clickButton.checked
    assert not module.ui.clickButton.enabled
    assert dialogs == []


@pytest.mark.parametrize("shown", [False, True])
def test_removing_the_image_stops_the_run_and_takes_its_nodes_along(module, run, volume, dialogs, shown):
    begin(module, run, volume, shown)
    slicer.mrmlScene.RemoveNode(volume)
    module.events()
    assert threads() == []
    assert not slicer.util.getNodesByClass("vtkMRMLSegmentationNode")
    assert not slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")
    assert not module.ui.segmentButton.enabled
    assert dialogs == []


def test_removing_the_image_chooses_the_one_above_it(module, run, volume, result, dialogs):
    second = module.load(result.prediction.image.pixels, "Second")
    begin(module, run, second)
    slicer.mrmlScene.RemoveNode(second)
    module.events()
    assert module.parameters.inputVolume is volume
    assert not slicer.util.getNodesByClass("vtkMRMLSegmentationNode")
    assert module.ui.segmentButton.enabled
    assert module.ui.resultLabel.text == "Nothing segmented yet."
    assert (threads(), dialogs) == ([], [])


def test_removing_a_result_in_the_middle_is_no_error(module, run, volume, dialogs):
    begin(module, run, volume)
    slicer.mrmlScene.RemoveNode(results.findNodes(volume).segmentation)
    run.release.set()
    module.wait()
    assert results.findNodes(volume).table.GetNumberOfRows() == 13
    assert dialogs == []


@pytest.mark.parametrize("kind", ["record", "table", "maps", "corrected"])
def test_any_node_of_the_result_may_be_removed_in_the_middle(module, run, volume, dialogs, kind):
    begin(module, run, volume)
    if kind == "corrected":
        module.panel.logic.correct(volume)
    nodes = results.findNodes(volume)
    for node in list(nodes.maps.values()) if kind == "maps" else [getattr(nodes, kind)]:
        if node:
            slicer.mrmlScene.RemoveNode(node)
    module.events()
    run.release.set()
    module.wait()
    module.wait(lambda: not threads())  # what is inside the segment may still be computed
    assert module.ui.segmentButton.enabled
    assert dialogs == []


def test_removing_the_parameter_node_in_the_middle_is_no_error(module, run, volume, dialogs):
    begin(module, run, volume)
    slicer.mrmlScene.RemoveNode(module.parameters.parameterNode)
    run.release.set()
    module.wait(lambda: not threads())
    assert dialogs == []
    module.holder.exit()
    module.holder.enter()
    module.ui.inputSelector.setCurrentNode(volume)
    assert module.ui.segmentButton.enabled


def test_choosing_another_image_stops_the_run(module, run, volume, result, dialogs):
    begin(module, run, volume, shown=False)
    other = module.load(result.prediction.image.pixels, "Other")
    module.wait()
    assert not results.findNodes(volume).maps
    assert not results.findNodes(other).maps
    assert (threads(), dialogs) == ([], [])


def test_another_image_after_the_outline_stops_the_run_and_leaves_the_outline_with_its_image(module, run, volume,
                                                                                           result, dialogs):
    begin(module, run, volume)
    other = module.load(result.prediction.image.pixels, "Other")
    module.wait()
    assert not results.findNodes(other).all
    assert not results.findNodes(volume).segmentation.GetDisplayVisibility()
    module.ui.inputSelector.setCurrentNode(volume)
    module.events()
    assert results.findNodes(volume).segmentation.GetDisplayVisibility()
    assert "stopped" in module.ui.checkLabel.text
    assert (threads(), dialogs) == ([], [])


def test_changed_pixels_stop_the_run(module, run, volume, dialogs):
    begin(module, run, volume, shown=False)
    slicer.util.updateVolumeFromArray(volume, np.random.default_rng(0).integers(0, 255, (1, 64, 64), np.uint8))
    module.wait()
    assert not results.findNodes(volume).maps
    assert "64 × 64 pixels" in module.ui.imageLabel.text
    assert (threads(), dialogs) == ([], [])


def test_a_scene_saved_in_the_middle_comes_back_without_what_was_not_computed_yet(module, run, volume, tmp_path,
                                                                                  dialogs):
    begin(module, run, volume)
    save(tmp_path / "middle.mrb")
    slicer.mrmlScene.Clear(0)
    module.events()
    assert threads() == []
    assert slicer.mrmlScene.ReadFromMRB(str(tmp_path / "middle.mrb"))
    module.events()
    assert results.findNodes(module.parameters.inputVolume).segmentation
    assert "stopped" in module.ui.checkLabel.text
    assert module.ui.segmentButton.enabled
    assert dialogs == []


def test_a_scene_that_is_added_changes_neither_the_chosen_image_nor_its_run(module, run, volume, tmp_path, dialogs):
    other = slicer.vtkMRMLScene()
    other.AddNewNodeByClass("vtkMRMLModelNode", "Something else")
    other.Commit(str(tmp_path / "other.mrml"))
    chosen = module.load(np.roll(run.result.prediction.image.pixels, 3), "Chosen")
    begin(module, run, chosen)
    shown = []
    module.panel.sections[0].update = lambda state: shown.append(state.parameters.inputVolume)
    slicer.mrmlScene.SetURL(str(tmp_path / "other.mrml"))
    assert slicer.mrmlScene.Import()
    assert set(shown) == {chosen}
    assert module.ui.inputSelector.currentNode() is chosen
    run.release.set()
    module.wait()
    assert results.findNodes(chosen).table
    assert not results.findNodes(volume).all
    assert dialogs == []


def test_a_run_that_has_ended_lets_go_of_its_result(module, run, volume):
    begin(module, run, volume)
    job = weakref.ref(module.panel._run._job)
    run.release.set()
    module.wait()
    QCoreApplication.sendPostedEvents(None, QEvent.DeferredDelete)
    gc.collect()
    assert job() is None


def test_an_image_that_was_removed_is_not_held(module, result):
    deleted = []
    module.load(result.prediction.image.pixels).AddObserver("DeleteEvent", lambda *_: deleted.append(True))
    slicer.mrmlScene.RemoveNode(module.parameters.inputVolume)
    module.events()
    gc.collect()
    assert deleted
