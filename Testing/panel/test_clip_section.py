"""Clips and volumes in the panel: what is offered when, a run from click to plot, and what may interrupt it."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
import slicer

from clipScene import addClip
from radiomicnet.errors import Cancelled, ImageError
from radiomicnet.images.phantoms import breast_ultrasound
from RadiomicNetSegmenterLib.jobs import frameFeed
from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic
from RadiomicNetSegmenterLib.scene import clipResult, clips, clipTable, masks

COUNT = 6


def pixels():
    return breast_ultrasound()[0].pixels


class QuickNetwork:
    """Draws the same in every frame, at once."""

    def __init__(self, prediction) -> None:
        self._prediction, self.card = prediction, prediction.card

    def predict_batch(self, images, threshold=None):
        return tuple(replace(self._prediction, image=image) for image in images)

    def judge(self, *_arguments):
        return self._prediction.trust


@pytest.fixture
def network(result, monkeypatch):
    """A network that answers at once, so that these tests are of what is around it."""
    network = QuickNetwork(result.prediction)
    monkeypatch.setattr(RadiomicNetSegmenterLogic, "_segmenter", lambda *_arguments: network)
    return network


@pytest.fixture
def clip(module, network):
    """A chosen clip; the browser, and the volume that shows its current frame."""
    browser, volume = addClip([np.roll(pixels(), 2 * index, axis=1) for index in range(COUNT)])
    module.ui.inputSelector.setCurrentNode(volume)
    return browser, volume


@pytest.fixture
def stack(module, network):
    """A chosen volume of several slices."""
    array = np.stack([np.roll(pixels(), index, axis=1) for index in range(4)])
    volume = slicer.util.addVolumeFromArray(array, np.diag([-0.2, -0.2, 1.0, 1.0]), "Scan")
    module.ui.inputSelector.setCurrentNode(volume)
    return volume


class Halt:
    """Halts a run over frames after some of them, until it is released."""

    def __init__(self) -> None:
        self.after = 2
        self.reached, self.release = threading.Event(), threading.Event()

    def progress(self, told):
        def progress(done, total):
            told(done, total)
            if done == self.after:
                self.reached.set()
                while not self.release.wait(0.01):
                    told(done, total)  # as the real one, it looks for a cancellation again and again
        return progress


@pytest.fixture
def halt(monkeypatch):
    halt = Halt()
    for name in ("computeClip", "computeStack"):
        real = getattr(RadiomicNetSegmenterLogic, name)
        monkeypatch.setattr(RadiomicNetSegmenterLogic, name, lambda self, *arguments, real=real: real(
            self, *arguments[:-1], halt.progress(arguments[-1])))
    yield halt
    halt.release.set()


def begin(module, halt):
    module.ui.framesButton.click()
    module.wait(halt.reached.is_set)


def run(module):
    module.ui.framesButton.click()
    ended(module)


def ended(module):
    module.wait(lambda: not module.panel._framesRun.active)


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "RadiomicNet"]


def node_ids():
    return {slicer.mrmlScene.GetNthNode(index).GetID() for index in range(slicer.mrmlScene.GetNumberOfNodes())}


def outlined(browser, volume):
    """How many segments the browser shows at each frame."""
    shown = []
    for index in range(browser.GetNumberOfItems()):
        browser.SetSelectedItemNumber(index)
        shown.append(len(masks.segmentMasks(clipResult.find(volume).segmentation, volume)))
    return shown


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
    alone = module.panel.logic._segmenter(image, "auto").predict(image).labels > 0
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


def test_cancel_keeps_the_frames_that_are_done(module, clip, halt, dialogs):
    browser, volume = clip
    begin(module, halt)
    assert module.ui.framesButton.text == "Cancel"
    module.ui.framesButton.click()
    assert (module.ui.framesButton.text, module.ui.framesButton.enabled) == ("Stopping…", False)
    ended(module)
    assert outlined(browser, volume) == [1, 1, 0, 0, 0, 0]
    assert (threads(), dialogs) == ([], [])
    assert module.ui.framesButton.enabled


def test_cancel_before_the_first_frame_leaves_the_scene_as_it_was(module, clip, halt, dialogs):
    halt.after = 0
    before = node_ids()
    begin(module, halt)
    module.ui.framesButton.click()
    ended(module)
    assert (node_ids(), threads(), dialogs) == (before, [], [])


def test_other_frames_may_be_shown_while_it_runs(module, clip, halt):
    browser, volume = clip
    begin(module, halt)
    for index in (3, 5, 0):
        browser.SetSelectedItemNumber(index)
        module.events()
    assert not module.panel._framesRun.stopping
    halt.release.set()
    ended(module)
    assert len(clipResult.find(volume).content.frames) == COUNT


def test_choosing_another_image_stops_the_run_and_keeps_what_is_done_with_its_clip(module, clip, halt, dialogs):
    _browser, volume = clip
    begin(module, halt)
    other = module.load(pixels(), "Other")
    ended(module)
    assert [frame.index for frame in clipResult.find(volume).content.frames] == [0, 1]
    assert clipResult.find(other).content is None
    assert (threads(), dialogs) == ([], [])
    assert not module.ui.clipCollapsibleButton.isVisible()


def test_outlines_of_a_clip_are_not_drawn_on_another_image(module, clip):
    _browser, volume = clip
    run(module)
    display = clipResult.find(volume).segmentation.GetDisplayNode()
    assert display.GetVisibility()
    module.load(pixels(), "Other")
    assert not display.GetVisibility()
    module.ui.inputSelector.setCurrentNode(volume)
    assert display.GetVisibility()


def test_closing_the_scene_stops_the_run_and_leaves_nothing(module, clip, halt, dialogs):
    begin(module, halt)
    slicer.mrmlScene.Clear(0)
    module.events()
    assert (threads(), dialogs) == ([], [])
    for className in ("vtkMRMLSegmentationNode", "vtkMRMLSequenceNode", "vtkMRMLTableNode"):
        assert not slicer.util.getNodesByClass(className)
    assert not module.ui.clipCollapsibleButton.isVisible()


@pytest.mark.parametrize("which", ["browser", "sequence", "volume"])
def test_removing_what_the_run_needs_stops_it_and_nothing_is_written(module, clip, halt, dialogs, which):
    browser, volume = clip
    begin(module, halt)
    slicer.mrmlScene.RemoveNode({"browser": browser, "volume": volume,
                                 "sequence": browser.GetMasterSequenceNode()}[which])
    module.events()
    assert (threads(), dialogs) == ([], [])
    assert not slicer.util.getNodesByClass("vtkMRMLSegmentationNode")
    assert not slicer.util.getNodesByClass("vtkMRMLTableNode")


def test_frames_that_are_taken_out_meanwhile_are_left_out(module, clip, halt, dialogs):
    browser, volume = clip
    begin(module, halt)
    browser.GetMasterSequenceNode().RemoveDataNodeAtValue("0.120")
    halt.release.set()
    ended(module)
    assert outlined(browser, volume) == [1] * (COUNT - 1)
    assert dialogs == []


def test_a_run_goes_on_while_another_module_is_open(module, clip, halt):
    _browser, volume = clip
    begin(module, halt)
    module.holder.exit()
    halt.release.set()
    module.wait(lambda: not module.panel._framesRun.active)
    module.holder.enter()
    assert len(clipResult.find(volume).content.frames) == COUNT
    assert f"of {COUNT} frames" in module.ui.framesLabel.text


def test_closing_the_panel_stops_the_run(module, clip, halt):
    begin(module, halt)
    module.panel.cleanup()
    assert threads() == []


def test_what_goes_wrong_while_writing_is_told_and_leaves_the_scene_as_it_was(module, clip, monkeypatch, dialogs):
    def fail(*_arguments):
        raise RuntimeError("no memory")

    browser, _volume = clip
    before = node_ids()
    monkeypatch.setattr(clipTable, "write", fail)  # when the outlines are there already
    run(module)
    assert "no memory" in dialogs[0]
    assert (node_ids(), threads()) == (before, [])
    assert browser.GetNumberOfSynchronizedSequenceNodes() == 0


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


def test_an_error_while_reading_a_frame_reaches_the_user(module, clip, monkeypatch, dialogs):
    def fail(*_arguments):
        raise MemoryError("too large")

    monkeypatch.setattr(clips, "readFrame", fail)
    run(module)
    assert "too large" in dialogs[0]
    assert threads() == []


def test_a_volume_becomes_one_segment(module, stack, dialogs):
    run(module)
    nodes = clipResult.find(stack)
    assert dialogs == []
    assert nodes.segmentation.GetSegmentation().GetNumberOfSegments() == 1
    assert module.ui.framesLabel.text.startswith("One segment of ")
    assert nodes.segmentation.GetDescription() in module.ui.framesLabel.text
    assert module.ui.steadiestButton.text.startswith("Go to the largest section (slice ")
    module.ui.steadiestButton.click()
    assert not module.ui.shownFrameLabel.isVisible()
    assert module.ui.plotComboBox.isVisible()


def test_cancelling_a_volume_keeps_the_slices_that_are_done(module, stack, halt, dialogs):
    begin(module, halt)
    module.ui.framesButton.click()
    ended(module)
    assert len(clipResult.find(stack).content.frames) == 2
    assert "stopped after 2 of 4 slices" in module.ui.framesLabel.text
    assert dialogs == []


def test_a_volume_whose_voxels_change_meanwhile_is_not_written(module, stack, halt, dialogs):
    begin(module, halt)
    slicer.util.updateVolumeFromArray(stack, np.zeros((3, 32, 32), np.uint8))
    module.events()
    assert clipResult.find(stack).content is None
    assert (threads(), dialogs) == ([], [])


def test_choices_are_kept_in_the_scene(module, clip):
    choose(module, "range")
    module.ui.firstFrameSpinBox.value = 2
    module.ui.smoothCheckBox.click()
    module.holder.exit()
    module.holder.enter()
    assert (module.parameters.clipFrames, module.parameters.firstFrame, module.parameters.smoothClip) == (
        "range", 2, True)
    assert module.ui.firstFrameSpinBox.value == 2


def test_stopping_raises_in_the_thread_where_it_waits_for_frames():
    class Deaf:
        def deliver(self, *_message):
            """Nobody answers."""

    def check():
        raise Cancelled

    with pytest.raises(Cancelled):
        next(frameFeed.FrameFeed(Deaf(), check).read(range(3)))
