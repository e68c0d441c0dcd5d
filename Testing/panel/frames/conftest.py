"""Fixtures of the tests of clips and volumes in the panel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import slicer
from frameRuns import COUNT, Halt, pixels

from clipScene import addClip
from RadiomicNetSegmenterLib.framesLogic import FramesLogic
from RadiomicNetSegmenterLib.segmenters import Segmenters


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
    monkeypatch.setattr(Segmenters, "get", lambda *_arguments: network)
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


@pytest.fixture
def halt(monkeypatch):
    """A run over frames that halts where it is; see :class:`frameRuns.Halt`."""
    halt = Halt()
    for name in ("computeClip", "computeStack"):
        real = getattr(FramesLogic, name)
        monkeypatch.setattr(FramesLogic, name, lambda self, *arguments, real=real: real(
            self, *arguments[:-1], halt.progress(arguments[-1])))
    yield halt
    halt.release.set()
