"""A run that stands still in the middle, so that tests can see what may happen then."""

from __future__ import annotations

import threading

from RadiomicNetSegmenterLib.scene import results


class HaltedRun:
    """A computation that halts before or after its prediction until it is released."""

    def __init__(self, result) -> None:
        self.result = result
        self.reached = threading.Event()
        self.release = threading.Event()
        self.before_prediction = False

    def compute(self, image, modelName="auto", threshold=None, progress=None, onPrediction=None, prompts=None):
        if not self.before_prediction:
            onPrediction(self.result.prediction)
        self.reached.set()
        for _attempt in range(6000):  # as the real one, it looks for a cancellation again and again
            progress("contributions", 0.2)
            if self.release.wait(0.01):
                break
        if self.before_prediction:
            onPrediction(self.result.prediction)
        return self.result


def begin(module, run, volume, shown=True):
    run.before_prediction = not shown
    module.ui.segmentButton.click()
    if shown:
        module.wait(lambda: results.findNodes(volume).segmentation is not None)
    else:
        module.wait(run.reached.is_set)


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "RadiomicNet"]
