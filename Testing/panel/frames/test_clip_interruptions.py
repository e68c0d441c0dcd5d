"""What may interrupt a run over the frames of a clip, and what then is kept."""

from __future__ import annotations

import pytest
import slicer
from frameRuns import COUNT, begin, ended, node_ids, outlined, pixels, run

from halted import threads
from radiomicnet.errors import Cancelled
from RadiomicNetSegmenterLib.jobs import frameFeed
from RadiomicNetSegmenterLib.scene import clipResult, clips, clipTable


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


def test_an_error_while_reading_a_frame_reaches_the_user(module, clip, monkeypatch, dialogs):
    def fail(*_arguments):
        raise MemoryError("too large")

    monkeypatch.setattr(clips, "readFrame", fail)
    run(module)
    assert "too large" in dialogs[0]
    assert threads() == []


def test_stopping_raises_in_the_thread_where_it_waits_for_frames():
    class Deaf:
        def deliver(self, *_message):
            """Nobody answers."""

    def check():
        raise Cancelled

    with pytest.raises(Cancelled):
        next(frameFeed.FrameFeed(Deaf(), check).read(range(3)))
