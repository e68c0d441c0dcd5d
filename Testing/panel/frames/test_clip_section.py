"""Clips in the panel: what is offered when, and a run from click to plot."""

from __future__ import annotations

import numpy as np
import slicer
from frameRuns import COUNT, begin, ended, outlined, pixels, run

from clipScene import addClip
from radiomicnet.errors import ImageError
from RadiomicNetSegmenterLib.jobs import frameFeed
from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic
from RadiomicNetSegmenterLib.scene import clipResult, clips, masks


def choose(module, choice):
    module.ui.framesComboBox.setCurrentIndex(module.ui.framesComboBox.findData(choice))
    module.events()


def test_the_section_is_in_sight_only_for_clips_and_volumes(module, clip):
    widget = module.ui.clipCollapsibleButton
    assert widget.isVisible() and widget.text == "Clip"
    module.load(pixels(), "Image")
    assert not widget.isVisible()
    stack = slicer.util.addVolumeFromArray(np.stack([pixels()] * 3), name="Stack")
    module.ui.inputSelector.setCurrentNode(stack)
    assert widget.isVisible() and widget.text == "Volume"
    assert not module.ui.framesComboBox.isVisible() and not module.ui.smoothCheckBox.isVisible()
    assert module.ui.framesButton.text == "Segment all 3 slices"
    assert "Segment all of them under Volume" in module.ui.imageLabel.text


def test_the_section_is_ready_when_the_module_panel_is_opened_after_the_clip_was_chosen(module, network):
    module.holder.hide()
    _browser, volume = addClip([pixels()] * 3)
    module.ui.inputSelector.setCurrentNode(volume)
    module.holder.show()
    assert module.ui.clipCollapsibleButton.isVisible()
    assert (module.ui.framesButton.text, module.ui.framesButton.enabled) == ("Segment 3 frames", True)


def test_all_frames_from_click_to_plot(module, clip, dialogs):
    browser, volume = clip
    assert module.ui.framesButton.text == f"Segment {COUNT} frames"
    assert not module.ui.steadiestButton.isVisible() and not module.ui.plotButton.isVisible()
    run(module)
    assert dialogs == []
    record = clipResult.find(volume).content
    assert [frame.index for frame in record.frames] == list(range(COUNT))
    assert outlined(browser, volume) == [frame.lesions for frame in record.frames]
    assert f"of {COUNT} frames" in module.ui.framesLabel.text
    assert not module.ui.framesProgressBar.isVisible()
    browser.SetSelectedItemNumber(1)
    module.events()
    assert f"{record.frame(1).area_mm2:.1f} mm²" in module.ui.shownFrameLabel.text
    module.ui.plotComboBox.setCurrentIndex(module.ui.plotComboBox.findData("glcm_Contrast"))
    chart = clipResult.find(volume).chart
    assert chart.GetNthPlotSeriesNode(0).GetYColumnName() == "GLCM contrast"
    module.ui.plotButton.click()
    assert dialogs == []


def test_every_outline_is_its_frames_own_unless_smoothing_is_asked_for(module, dialogs):
    _browser, volume = addClip([pixels(), pixels()[:, ::-1].copy()])
    module.ui.inputSelector.setCurrentNode(volume)
    assert not module.ui.smoothCheckBox.checked
    run(module)
    record = clipResult.find(volume).content
    assert (record.smoothing, all(frame.area_pixels == frame.own_area_pixels for frame in record.frames)) == (0, True)
    image = module.panel.logic.readImage(volume)
    alone = module.panel.logic.segmenters.get(image).predict(image).labels > 0
    shown = np.logical_or.reduce(list(masks.segmentMasks(clipResult.find(volume).segmentation, volume).values()))
    assert alone.any() and np.mean(shown != alone) < 1e-3
    module.ui.smoothCheckBox.click()
    run(module)
    assert clipResult.find(volume).content.smoothing == 2
    assert "Smoothed over 2 frames" in module.ui.framesLabel.text
    assert dialogs == []


def test_a_range_leaves_the_other_frames_empty(module, clip):
    browser, volume = clip
    assert not module.ui.rangeWidget.isVisible()
    choose(module, "range")
    module.ui.firstFrameSpinBox.value, module.ui.lastFrameSpinBox.value = 3, 4
    assert module.ui.framesButton.text == "Segment 2 frames"
    assert module.ui.lastFrameSpinBox.maximum == COUNT
    run(module)
    assert outlined(browser, volume) == [0, 0, 1, 1, 0, 0]
    assert "4 frames were not segmented and are empty" in module.ui.framesLabel.text
    assert module.ui.shownFrameLabel.text == "This frame: not segmented."
    assert module.ui.resultLabel.text == "Nothing segmented yet."
    browser.SetSelectedItemNumber(2)
    module.events()
    assert module.ui.resultLabel.text.startswith("Outlined by the run below. Click Segment to explain it too")
    module.ui.firstFrameSpinBox.value = 5
    assert not module.ui.framesButton.enabled
    assert "range is empty" in module.ui.framesButton.toolTip


def test_the_frame_that_is_shown_is_added_to_those_before(module, clip):
    browser, volume = clip
    choose(module, "current")
    for index in (4, 1):
        browser.SetSelectedItemNumber(index)
        module.events()
        assert module.ui.framesButton.text == "Segment 1 frame"
        run(module)
    assert outlined(browser, volume) == [0, 1, 0, 0, 1, 0]


def test_the_steadiest_frame_is_suggested_and_gone_to(module, clip):
    browser, volume = clip
    run(module)
    steadiest = clipResult.find(volume).content.steadiest.index
    browser.SetSelectedItemNumber((steadiest + 2) % COUNT)
    module.events()
    assert module.ui.steadiestButton.text == f"Go to the steadiest frame ({steadiest + 1})"
    assert "Dice" in module.ui.steadiestButton.toolTip
    module.ui.steadiestButton.click()
    assert browser.GetSelectedItemNumber() == steadiest


def test_progress_counts_frames_and_tells_the_time_that_is_left(module, clip, halt):
    begin(module, halt)
    module.wait(lambda: module.ui.framesProgressBar.value == 2)
    assert module.ui.framesProgressBar.isVisible()
    assert module.ui.framesProgressBar.maximum == COUNT
    assert module.ui.framesProgressBar.format.startswith(f"2 of {COUNT}, about ")
    assert not module.ui.segmentButton.enabled
    assert not module.ui.framesComboBox.enabled
    halt.release.set()
    ended(module)
    assert module.ui.segmentButton.enabled


def test_outlines_of_a_clip_are_not_drawn_on_another_image(module, clip):
    _browser, volume = clip
    run(module)
    display = clipResult.find(volume).segmentation.GetDisplayNode()
    assert display.GetVisibility()
    module.load(pixels(), "Other")
    assert not display.GetVisibility()
    module.ui.inputSelector.setCurrentNode(volume)
    assert display.GetVisibility()


def test_a_clip_whose_model_is_not_clear_is_told_and_nothing_is_written(module, dialogs):
    half = np.dstack([pixels()] * 3)
    half[:, : half.shape[1] // 2, 1:] = 0  # half of it is red
    _browser, volume = addClip([half, half])
    module.ui.inputSelector.setCurrentNode(volume)
    assert not module.ui.framesButton.enabled
    assert "coloured" in module.ui.framesButton.toolTip
    assert module.ui.framesButton.toolTip == module.ui.segmentButton.toolTip


def test_a_frame_that_cannot_be_segmented_is_told_with_its_reason(module, network):
    _browser, volume = addClip([np.zeros_like(pixels()), pixels(), pixels()])
    module.ui.inputSelector.setCurrentNode(volume)
    assert module.ui.framesButton.enabled  # though the frame that is shown is black
    run(module)
    assert "1 could not be segmented; frame 1: " in module.ui.framesLabel.text
    assert "same value" in module.ui.shownFrameLabel.text


def test_frames_are_handed_over_a_few_at_a_time(module, monkeypatch):
    tiny = [np.random.default_rng(index).integers(0, 255, (20, 20), np.uint8) for index in range(60)]
    _browser, volume = addClip(tiny)
    module.ui.inputSelector.setCurrentNode(volume)
    held, most, seen = [0], [0], []
    real = clips.readFrame

    def count(sequence, index):
        held[0] += 1
        most[0] = max(most[0], held[0])
        return real(sequence, index)

    def compute(self, clip, modelName, threshold, indices, smoothing, progress):
        for index, array in zip(range(clip.count), clip.read(range(clip.count)), strict=True):
            np.testing.assert_array_equal(array, tiny[index])
            seen.append(index)
            held[0] -= 1
            progress(index + 1, clip.count)
        raise ImageError("Read to the end.")

    monkeypatch.setattr(clips, "readFrame", count)
    monkeypatch.setattr(RadiomicNetSegmenterLogic, "computeClip", compute)
    monkeypatch.setattr(slicer.util, "errorDisplay", lambda *_, **__: None)
    run(module)
    assert seen == list(range(60))
    assert most[0] <= 2 * frameFeed.AT_A_TIME


def test_choices_are_kept_in_the_scene(module, clip):
    choose(module, "range")
    module.ui.firstFrameSpinBox.value = 2
    module.ui.smoothCheckBox.click()
    module.holder.exit()
    module.holder.enter()
    assert (module.parameters.clipFrames, module.parameters.firstFrame, module.parameters.smoothClip) == (
        "range", 2, True)
    assert module.ui.firstFrameSpinBox.value == 2
