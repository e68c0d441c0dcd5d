"""To Segment Editor and back, what changed, starting over, and taking a run back: as clicks."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import qt
import slicer

from drawing import with_lesions
from RadiomicNetSegmenterLib.scene import results


@pytest.fixture
def application(module, monkeypatch):
    """A main window that changes modules; ``.selected`` is the open one, ``.editor`` Segment Editor's panel."""
    editor = qt.QWidget()
    qt.QVBoxLayout(editor).addWidget(qt.QLabel("Segment Editor"))
    state = SimpleNamespace(selected="RadiomicNetSegmenter", editor=SimpleNamespace(layout=lambda: editor.layout()))

    def select(name):
        if state.selected == "RadiomicNetSegmenter":
            module.holder.exit()
        state.selected = name
        if name == "RadiomicNetSegmenter":
            module.holder.enter()

    buttons = lambda: (button for button in editor.findChildren(qt.QPushButton) if not button.isHidden())  # noqa: E731
    state.button = lambda: next(buttons(), None)
    monkeypatch.setattr(slicer.util, "mainWindow", lambda: editor)
    monkeypatch.setattr(slicer.util, "selectModule", select)
    slicer.modules.segmenteditor = SimpleNamespace(widgetRepresentation=lambda: state.editor)
    yield state
    del slicer.modules.segmenteditor
    editor.deleteLater()


@pytest.fixture
def answers(monkeypatch):
    """Answers to the questions that are asked, in turn; ``asked`` holds the questions."""
    state = SimpleNamespace(asked=[], answers=[])
    monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay",
                        lambda text, **_: state.asked.append(text) or state.answers.pop(0))
    return state


def erase(volume, rows):
    """As a person does in Segment Editor."""
    node = results.findNodes(volume).corrected
    segmentId = node.GetSegmentation().GetNthSegmentID(0)
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(node, segmentId, volume).astype(np.uint8)
    mask[0, rows] = 0
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, segmentId, volume)


def drawn(node, volume):
    return int((slicer.util.arrayFromSegmentBinaryLabelmap(node, "Lesion_1", volume) > 0).sum())


def test_before_there_is_a_segment_the_buttons_say_why_they_are_grey(module):
    for button in (module.ui.correctButton, module.ui.undoButton):
        assert not button.enabled and button.toolTip
    assert not module.ui.restartButton.isVisible()


def test_one_click_opens_segment_editor_on_a_copy_and_one_leads_back(module, segmented, application):
    module.ui.correctButton.click()
    assert application.selected == "SegmentEditor"
    editor = slicer.mrmlScene.GetSingletonNode("SegmentEditor", "vtkMRMLSegmentEditorNode")
    nodes = results.findNodes(segmented)
    assert editor.GetSegmentationNode() is nodes.corrected is not nodes.segmentation
    assert editor.GetSourceVolumeNode() is segmented
    for view in slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode"):
        assert view.GetBackgroundVolumeID() == segmented.GetID()
    erase(segmented, slice(40, 50))
    application.button().click()
    module.events()
    assert application.selected == "RadiomicNetSegmenter"
    assert application.button() is None
    assert "area 2,400 pixels → 1,800 pixels" in module.ui.changeLabel.text
    assert "Dice with the network's outline (white) 0.857" in module.ui.changeLabel.text
    assert drawn(nodes.segmentation, segmented) == 2400


def test_reloading_while_segment_editor_is_open_leaves_no_button_behind(module, segmented, application):
    module.ui.correctButton.click()
    module.panel.cleanup()
    module.events()
    assert application.button() is None


def test_both_outlines_are_shown_the_machines_thinner(module, segmented, application):
    module.ui.correctButton.click()
    application.button().click()
    nodes = results.findNodes(segmented)
    assert nodes.segmentation.GetDisplayVisibility() and nodes.corrected.GetDisplayVisibility()
    module.load(slicer.util.arrayFromVolume(segmented)[0][::-1].copy(), "Another")
    module.segment()
    assert not nodes.corrected.GetDisplayVisibility()
    module.ui.inputSelector.setCurrentNode(segmented)
    assert nodes.segmentation.GetDisplayVisibility() and nodes.corrected.GetDisplayVisibility()
    thick, thin = (node.GetDisplayNode().GetSliceIntersectionThickness()
                   for node in (nodes.corrected, nodes.segmentation))
    assert thick > thin


def test_starting_over_and_discarding_ask_first(module, segmented, application, answers):
    module.ui.correctButton.click()
    erase(segmented, slice(40, 50))
    application.button().click()
    answers.answers = [False, True, True]
    module.ui.restartButton.click()
    assert "1,800" in module.ui.changeLabel.text
    module.ui.restartButton.click()
    assert "still what the network drew" in module.ui.changeLabel.text
    module.ui.discardButton.click()
    module.events()
    assert results.findNodes(segmented).corrected is None
    assert not module.ui.changeLabel.isVisible() and not module.ui.discardButton.isVisible()
    assert len(answers.asked) == 3


def test_the_last_run_is_taken_back(module, segmented, result, quick):
    first = results.findNodes(segmented).segmentation
    quick(with_lesions(result, 0))
    module.segment()
    assert "No lesion found" in module.ui.resultLabel.text
    module.ui.undoButton.click()
    assert "1 lesion outlined" in module.ui.resultLabel.text
    assert results.findNodes(segmented).segmentation is first
    assert drawn(first, segmented) == 2400
    assert not module.ui.undoButton.enabled


def test_taking_the_first_run_back_leaves_an_image_without_results(module, segmented):
    module.ui.undoButton.click()
    module.events()
    assert results.findNodes(segmented).all == []
    assert module.ui.resultLabel.text == "Nothing segmented yet."
    assert not slicer.util.getNodesByClass("vtkMRMLSegmentationNode")


@pytest.mark.parametrize("keep", [False, True])
def test_running_again_replaces_or_adds_as_the_user_chose(module, segmented, result, quick, keep):
    module.ui.keepEarlierCheckBox.checked = keep
    listed = module.ui.inputSelector.listed()
    quick(with_lesions(result, 2))
    module.segment()
    assert len(slicer.util.getNodesByClass("vtkMRMLSegmentationNode")) == (2 if keep else 1)
    assert results.findNodes(segmented).segmentation.GetSegmentation().GetNumberOfSegments() == 2
    assert module.ui.inputSelector.listed() == listed


def test_after_the_scene_was_closed_there_is_nothing_to_take_back(module, segmented, result):
    slicer.mrmlScene.Clear(0)
    module.load(result.prediction.image.pixels)
    assert not module.ui.undoButton.enabled
