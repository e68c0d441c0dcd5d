"""Clicks on lesions and a box: placed in MRML as the views do it, followed by the result."""

from __future__ import annotations

import time

import numpy as np
import pytest
import slicer

from drawing import SQUARES
from radiomicnet.images import phantoms
from radiomicnet.prompts.box import Box
from radiomicnet.prompts.prompted import Prompts
from RadiomicNetSegmenterLib.scene import placing, prompts, results

PLACE, VIEW = slicer.vtkMRMLInteractionNode.Place, slicer.vtkMRMLInteractionNode.ViewTransform

GREY = np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8)


@pytest.fixture
def asked(result, monkeypatch):
    """What the computation was asked to look at, run by run; it answers at once with two lesions."""
    from drawing import with_lesions
    from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic

    answer, runs = with_lesions(result, 2), []

    def compute(self, image, modelName="auto", threshold=None, progress=None, onPrediction=None, prompts=None):
        runs.append(prompts)
        onPrediction(answer.prediction)
        return answer

    monkeypatch.setattr(RadiomicNetSegmenterLogic, "compute", compute)
    return runs


@pytest.fixture
def volume(module, result):
    return module.load(result.prediction.image.pixels, "Image", spacing=0.5)


def world(column, row, spacing=0.5):
    return -spacing * column, -spacing * row, 0.0


def click(module, volume, column, row):
    """What a click in a view does while the button is pressed."""
    prompts.find(prompts.CLICKS, volume).AddControlPoint(*world(column, row))


def hand_rests(module):
    from RadiomicNetSegmenterLib.sections.clicks import REST_MILLISECONDS

    until = time.monotonic() + 1.5 * REST_MILLISECONDS / 1000
    module.wait(lambda: time.monotonic() > until)


def interaction():
    return placing.interactionNode().GetCurrentInteractionMode()


def test_the_button_places_points_until_it_is_pressed_again(module, volume, asked):
    button = module.ui.clickButton
    button.click()
    assert interaction() == PLACE
    assert button.checked
    node = prompts.find(prompts.CLICKS, volume)
    assert slicer.modules.markups.logic().GetActiveListID() == node.GetID()
    assert placing.interactionNode().GetPlaceModePersistence()
    button.click()
    assert interaction() == VIEW
    assert not button.checked


def test_escape_in_a_view_releases_the_button(module, volume, asked):
    module.ui.clickButton.click()
    placing.interactionNode().SetCurrentInteractionMode(VIEW)
    assert not module.ui.clickButton.checked


def test_the_result_follows_clicks_added_moved_and_removed(module, volume, asked):
    module.ui.clickButton.click()
    click(module, volume, 30, 40)
    module.wait(lambda: len(asked) == 1)
    module.wait()
    assert asked[-1] == Prompts(((30, 40),))
    node = prompts.find(prompts.CLICKS, volume)
    click(module, volume, 50, 60)
    node.SetNthControlPointPosition(0, *world(31, 41))  # both before the hand rests: one run
    module.wait(lambda: len(asked) == 2)
    module.wait()
    assert asked[-1] == Prompts(((31, 41), (50, 60)))
    module.ui.clicksList.setCurrentRow(0)
    module.ui.removeClickButton.click()
    module.wait(lambda: len(asked) == 3)
    module.wait()
    assert asked[-1] == Prompts(((50, 60),))
    module.ui.clearClicksButton.click()
    module.wait(lambda: len(asked) == 4)
    module.wait()
    assert asked[-1] == Prompts()


def test_a_point_that_is_only_previewed_under_the_mouse_begins_no_run(module, volume, asked):
    module.ui.clickButton.click()
    node = prompts.find(prompts.CLICKS, volume)
    node.AddControlPoint(*world(30, 40))
    for column in range(30, 34):  # as the views move it before the click
        node.SetNthControlPointPosition(0, *world(column, 40), node.PositionPreview)
    hand_rests(module)
    assert asked == []


def test_a_click_while_a_run_goes_on_stops_it_and_begins_another(module, volume, result, monkeypatch):
    from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic

    runs = []

    def compute(self, image, modelName="auto", threshold=None, progress=None, onPrediction=None, prompts=None):
        runs.append(prompts)
        onPrediction(result.prediction)
        while not prompts:  # without a click it would go on for ever, but for the cancellation
            progress("contributions", 0.2)
            time.sleep(0.01)
        return result

    monkeypatch.setattr(RadiomicNetSegmenterLogic, "compute", compute)
    module.ui.segmentButton.click()
    module.wait(lambda: results.findNodes(volume).segmentation is not None)
    module.ui.clickButton.click()
    click(module, volume, 30, 40)
    module.wait(lambda: len(runs) == 2)
    module.wait()
    assert runs == [Prompts(), Prompts(((30, 40),))]
    assert results.findNodes(volume).table is not None


def test_a_box_is_drawn_used_and_removed(module, volume, asked):
    module.ui.boxButton.click()
    assert interaction() == PLACE
    assert not placing.interactionNode().GetPlaceModePersistence()
    box = prompts.find(prompts.BOX, volume)
    box.AddControlPoint(*world(20, 30))
    box.AddControlPoint(*world(100, 80))
    hand_rests(module)
    assert asked == []  # the second corner may still be under the mouse
    placing.interactionNode().SetCurrentInteractionMode(VIEW)  # as the views do after the second click
    module.wait(lambda: len(asked) == 1)
    module.wait()
    assert asked[-1].box == Box(30, 20, 81, 101)
    module.ui.removeBoxButton.click()
    assert prompts.find(prompts.BOX, volume) is None
    module.wait(lambda: len(asked) == 2)
    module.wait()
    assert asked[-1] == Prompts()


def test_buttons_say_why_they_are_grey(module, asked):
    assert not module.ui.clickButton.enabled
    assert "No image is chosen" in module.ui.clickButton.toolTip
    module.load(GREY)
    assert module.ui.clickButton.enabled
    assert not module.ui.clearClicksButton.enabled
    assert "no click" in module.ui.clearClicksButton.toolTip
    assert "no box" in module.ui.removeBoxButton.toolTip


def test_another_image_has_its_own_clicks(module, volume, asked):
    module.ui.clickButton.click()
    click(module, volume, 30, 40)
    module.wait(lambda: len(asked) == 1)
    module.wait()
    node = prompts.find(prompts.CLICKS, volume)
    module.load(GREY, "Other")
    assert module.ui.clicksList.count == 0
    assert not node.GetDisplayVisibility()
    module.ui.inputSelector.setCurrentNode(volume)
    assert module.ui.clicksList.count == 1
    assert node.GetDisplayVisibility()
    assert len(asked) == 1


@pytest.mark.parametrize("leave", ["exit", "cleanup", "close scene"])
def test_leaving_ends_placing_and_observes_nothing_more(module, volume, asked, leave):
    module.ui.clickButton.click()
    node = prompts.find(prompts.CLICKS, volume)
    if leave == "close scene":
        slicer.mrmlScene.Clear(0)
    else:
        getattr(module.holder if leave == "exit" else module.panel, leave)()
        assert interaction() == VIEW
    node.AddControlPoint(*world(30, 40))
    hand_rests(module)
    assert asked == []


def test_a_missed_lesion_is_looked_for_where_the_user_clicks_and_the_panel_says_what_the_features_describe(module):
    image, truth = phantoms.breast_ultrasound()
    volume = module.load(image.pixels, "Phantom", spacing=0.5)
    row, column = (int(place.mean()) for place in np.nonzero(~truth & (image.pixels > 60)))  # nothing is drawn here
    module.ui.clickButton.click()
    click(module, volume, column, row)
    module.wait(lambda: module.ui.segmentButton.text == "Cancel")
    module.wait()
    nodes = results.findNodes(volume)
    prediction = module.panel.logic.result(volume).prediction
    answer, = prediction.clicks
    assert prediction.labels[row, column] > 0
    if answer.looked_at is None:
        assert module.ui.describedLabel.text == ""
    else:
        assert f"columns {answer.looked_at.left}–{answer.looked_at.right - 1}" in module.ui.describedLabel.text
        attention = slicer.util.arrayFromVolume(nodes.maps["stride-16"])[0]
        assert not attention[~answer.looked_at.mask(attention.shape)].any()
    assert "column" in module.ui.clicksList.item(0).text()
    assert "–" in module.ui.clicksList.item(0).text()


def test_the_threshold_draws_the_outline_at_once_without_a_second_run(module, volume, asked):
    module.segment()
    segmentation = results.findNodes(volume).segmentation
    own = module.panel.logic.result(volume).prediction.threshold

    def count():
        return segmentation.GetSegmentation().GetNumberOfSegments()

    assert count() == len(SQUARES)
    module.ui.modelThresholdCheckBox.checked = False
    assert count() == len(SQUARES)  # nothing changes before the slider is moved
    module.ui.thresholdSlider.value = 0.95
    assert count() == 0
    module.ui.thresholdSlider.value = 0.8
    assert count() == len(SQUARES)
    module.wait(lambda: module.panel.logic.result(volume).prediction.threshold == 0.8)
    assert f"contributions describe the outline at the threshold {own:.2f}" in module.ui.resultLabel.text
    module.ui.modelThresholdCheckBox.checked = True
    module.wait(lambda: module.panel.logic.result(volume).prediction.threshold == own)
    assert "describe" not in module.ui.resultLabel.text
    assert len(asked) == 1


def segmentations():
    return [node for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode")
            if node.GetAttribute(results.KIND) == results.SEGMENTATION]


def test_of_runs_that_follow_clicks_only_the_last_is_kept_beside_the_earlier_results(module, volume, asked):
    module.segment()
    module.ui.keepEarlierCheckBox.click()
    whole = results.findNodes(volume).segmentation
    module.ui.clickButton.click()
    for number in (1, 2, 3):
        click(module, volume, 20 + 10 * number, 40)
        module.wait(lambda number=number: len(asked) == 1 + number)
        module.wait()
    assert len(segmentations()) == 2
    assert results.isAside(whole)
    module.segment()  # the button asks for another result
    assert len(segmentations()) == 3


def test_an_unsure_click_is_warned_of(module, volume, result, quick):
    from dataclasses import replace

    from radiomicnet.prompts.click import UNSURE, Click

    made = result.prediction
    quick(replace(result, prediction=replace(made, clicks=(Click(60.0, 50.0, UNSURE, 0.02, None),))))
    module.segment()
    assert "around click 1 is a guess" in module.ui.trustWarningLabel.text
    assert "0.02" in module.ui.trustWarningLabel.text
