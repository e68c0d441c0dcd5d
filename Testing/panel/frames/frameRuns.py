"""Runs over the frames of a clip or the slices of a volume, as a person begins them and sees them end."""

from __future__ import annotations

import threading

import slicer

from radiomicnet.images.phantoms import breast_ultrasound
from RadiomicNetSegmenterLib.scene import clipResult, masks

COUNT = 6


def pixels():
    return breast_ultrasound()[0].pixels


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


def begin(module, halt):
    module.ui.framesButton.click()
    module.wait(halt.reached.is_set)


def run(module):
    module.ui.framesButton.click()
    ended(module)


def ended(module):
    module.wait(lambda: not module.panel._framesRun.active)


def node_ids():
    return {slicer.mrmlScene.GetNthNode(index).GetID() for index in range(slicer.mrmlScene.GetNumberOfNodes())}


def outlined(browser, volume):
    """How many segments the browser shows at each frame."""
    shown = []
    for index in range(browser.GetNumberOfItems()):
        browser.SetSelectedItemNumber(index)
        shown.append(len(masks.segmentMasks(clipResult.find(volume).segmentation, volume)))
    return shown
