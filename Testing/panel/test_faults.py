"""What fails becomes a sentence in a dialog, and the panel is ready again."""

from __future__ import annotations

import slicer

from halted import threads
from radiomicnet.errors import ImageError
from RadiomicNetSegmenterLib import dependencies
from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic
from RadiomicNetSegmenterLib.scene import results


def test_a_refusal_in_the_thread_becomes_its_sentence_in_a_dialog(module, volume, monkeypatch, dialogs):
    def compute(self, *_arguments, **_keywords):
        raise ImageError("Too little of the image shows a scan.", "Crop it.")

    monkeypatch.setattr(RadiomicNetSegmenterLogic, "compute", compute)
    before = slicer.mrmlScene.GetNumberOfNodes()
    module.segment()
    assert dialogs == ["Too little of the image shows a scan. Crop it."]
    assert slicer.mrmlScene.GetNumberOfNodes() == before


def test_a_fault_in_the_thread_becomes_a_dialog_and_the_panel_is_ready_again(module, volume, monkeypatch, dialogs):
    def compute(self, *_arguments, **_keywords):
        raise MemoryError("out of memory")

    monkeypatch.setattr(RadiomicNetSegmenterLogic, "compute", compute)
    module.segment()
    assert dialogs == ["The segmentation failed: out of memory"]
    assert module.ui.segmentButton.enabled


def test_a_fault_while_showing_ends_the_run_with_a_dialog(module, run, volume, monkeypatch, dialogs):
    def fail(*_arguments):
        raise RuntimeError("no space for a labelmap")

    monkeypatch.setattr(results, "showPrediction", fail)
    module.ui.segmentButton.click()
    module.wait()
    assert dialogs == ["The segmentation failed: no space for a labelmap"]
    assert threads() == []


def test_missing_torch_is_a_sentence_and_nothing_is_installed(module, volume, monkeypatch, dialogs):
    installed = []
    monkeypatch.setattr(slicer.util, "pip_install", installed.append)
    real = dependencies._version
    monkeypatch.setattr(dependencies, "_version", lambda name: None if name == "torch" else real(name))
    module.segment()
    assert "Extensions Manager" in dialogs[0]
    assert installed == []
    assert threads() == []
