"""The button: when it may be clicked, what comes first, and the threshold."""

from __future__ import annotations

import threading

import pytest

from drawing import with_lesions
from radiomicnet.features.catalogue import CATALOGUE
from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic
from RadiomicNetSegmenterLib.scene import results


def test_without_an_image_the_button_says_why_it_is_disabled(module):
    assert not module.ui.segmentButton.enabled
    assert "No image is chosen" in module.ui.segmentButton.toolTip
    assert not module.ui.exportButton.enabled
    assert "Segment an image first" in module.ui.exportButton.toolTip


def test_the_outline_appears_before_the_ranking(module, result, monkeypatch):
    go_on = threading.Event()

    def compute(self, image, modelName="auto", threshold=None, progress=None, onPrediction=None, prompts=None):
        onPrediction(result.prediction)
        progress("contributions", 0.2)
        assert go_on.wait(60)
        return result

    monkeypatch.setattr(RadiomicNetSegmenterLogic, "compute", compute)
    volume = module.load(result.prediction.image.pixels)
    module.ui.segmentButton.click()
    module.wait(lambda: results.findNodes(volume).segmentation is not None and module.ui.progressBar.value == 20)
    assert module.ui.segmentButton.text == "Cancel"
    assert module.ui.progressBar.isVisible()
    assert module.ui.progressBar.format == "Contributions … %p %"
    assert results.findNodes(volume).table is None
    assert "follow" in module.ui.checkLabel.text
    go_on.set()
    module.wait()
    assert results.findNodes(volume).table.GetNumberOfRows() == len(CATALOGUE)
    assert not module.ui.progressBar.isVisible()


def test_no_lesion_is_a_result_too(module, result, quick):
    quick(with_lesions(result, 0))
    module.load(result.prediction.image.pixels)
    module.segment()
    assert module.ui.resultLabel.text == "No lesion found; this does not exclude one."
    assert module.ui.featureTable.rowCount == len(CATALOGUE)
    assert module.ui.exportButton.enabled and module.ui.correctButton.enabled


def test_the_threshold_is_the_models_own_unless_the_user_sets_it(module, result, monkeypatch):
    asked = []

    def compute(self, image, modelName="auto", threshold=None, progress=None, onPrediction=None, prompts=None):
        asked.append(threshold)
        onPrediction(result.prediction)
        return result

    monkeypatch.setattr(RadiomicNetSegmenterLogic, "compute", compute)
    module.load(result.prediction.image.pixels)
    assert not module.ui.thresholdSlider.enabled
    module.segment()
    module.ui.modelThresholdCheckBox.checked = False
    module.ui.thresholdSlider.value = 0.25
    module.segment()
    assert asked == [None, 0.25]


def test_a_threshold_outside_of_0_to_1_is_refused(module):
    with pytest.raises(ValueError, match="within"):
        module.parameters.threshold = 1.5
