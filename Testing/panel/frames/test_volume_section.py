"""Volumes in the panel, slice by slice."""

from __future__ import annotations

import numpy as np
import slicer
from frameRuns import begin, ended, run

from halted import threads
from RadiomicNetSegmenterLib.scene import clipResult


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
