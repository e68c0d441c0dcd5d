"""What the panel says of how far to trust an outline, and the range of its area."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import slicer

from radiomicnet.models import store as models
from RadiomicNetSegmenterLib.scene import areaRange, held, record, results
from RadiomicNetSegmenterLib.scene.results import KIND

CURVE = {"expected": [0.0, 1.0], "error": 0.05, "n": 9}
AREA = {"margin": 1.5, "coverage": 0.9, "n": 99}


def trusting(result, novelty="familiar", dice=0.9, area=AREA):
    """The same result by a card that speaks of trust."""
    from radiomicnet.trust.novelty import Novelty
    from RadiomicNetSegmenterLib.scene import trust

    distance = {"familiar": 1.0, "unusual": 2.5, "foreign": 9.0}[novelty]
    prediction = result.prediction
    probability = np.clip(_blurred(prediction.labels > 0), 0.01, 0.99).astype(np.float32)
    fitted = {"quality": {**CURVE, "dice": [dice, dice]}, "area": area}
    card = replace(prediction.card, trust={key: value for key, value in fitted.items() if value})
    made = replace(prediction.trust, novelty=Novelty(distance, 2.0, 3.0, ("firstorder_Mean",)))
    return replace(result, prediction=trust.judged(
        replace(prediction, probability=probability, card=card, trust=made)))


def _blurred(mask):
    from scipy.ndimage import gaussian_filter

    return gaussian_filter(mask.astype(float), 4)


def outlines():
    return [node for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode")
            if node.GetAttribute(KIND) == areaRange.KIND]


def segmented(module, quick, result):
    quick(result)
    volume = module.load(result.prediction.image.pixels)
    module.segment()
    return volume


def test_before_a_run_nothing_is_said(module, result):
    module.load(result.prediction.image.pixels)
    assert not module.ui.trustWarningLabel.isVisible()
    assert not module.ui.trustLabel.isVisible()


def test_a_familiar_image_gets_no_warning_but_the_dice_to_expect_and_the_range(module, result, quick):
    segmented(module, quick, trusting(result))
    assert not module.ui.trustWarningLabel.isVisible()
    assert "Dice to expect 0.90" in module.ui.trustLabel.text
    assert "in 90 % of such images" in module.ui.trustLabel.text


@pytest.mark.parametrize(("novelty", "words"), [("unusual", "is unusual"), ("foreign", "Do not rely on the result")])
def test_an_image_unlike_the_training_images_is_warned_of(module, result, quick, novelty, words):
    segmented(module, quick, trusting(result, novelty))
    assert module.ui.trustWarningLabel.isVisible()
    assert words in module.ui.trustWarningLabel.text
    assert words not in module.ui.trustLabel.text


def test_an_outline_that_is_likely_poor_is_warned_of(module, result, quick):
    segmented(module, quick, trusting(result, dice=0.4))
    assert "Outline: poor" in module.ui.trustWarningLabel.text


def test_the_warning_comes_with_the_outline_before_the_contributions(module, result, monkeypatch):
    from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic

    answer, seen = trusting(result, "foreign"), []

    def compute(self, image, modelName="auto", threshold=None, progress=None, onPrediction=None, prompts=None):
        import time

        onPrediction(answer.prediction)
        deadline = time.monotonic() + 60
        while not seen and time.monotonic() < deadline:
            progress("contributions", 0.5)
            time.sleep(0.01)
        return answer

    monkeypatch.setattr(RadiomicNetSegmenterLogic, "compute", compute)
    module.load(result.prediction.image.pixels)
    module.ui.segmentButton.click()
    module.wait(lambda: module.ui.trustWarningLabel.isVisible())
    assert module.ui.segmentButton.text == "Cancel"
    seen.append(True)
    module.wait()


def test_inner_and_outer_outline_are_drawn_on_request_and_hidden_again(module, result, quick):
    volume = segmented(module, quick, trusting(result))
    assert outlines() == []
    module.ui.areaRangeCheckBox.click()
    node, = outlines()
    segments = node.GetSegmentation()
    inner, outer = (slicer.util.arrayFromSegmentBinaryLabelmap(node, each, volume)[0] > 0
                    for each in segments.GetSegmentIDs())
    drawn = result.prediction.labels > 0
    assert 0 < inner.sum() < drawn.sum() < outer.sum()
    assert not (inner & ~drawn).any()
    assert not (drawn & ~outer).any()
    said = held.trust(results.findNodes(volume))[1][-1]
    assert f"{inner.sum():,} and {outer.sum():,} pixels" in said
    module.ui.areaRangeCheckBox.click()
    assert outlines() == []


@pytest.mark.parametrize("model", ["breast-ultrasound", "polyp-endoscopy"])
def test_the_range_is_told_from_the_lesions_own_colour(module, result, quick, model):
    target = models.load(model).card.target
    made = trusting(result)
    segmented(module, quick, replace(made, prediction=replace(
        made.prediction, card=replace(made.prediction.card, target=target))))
    module.ui.areaRangeCheckBox.click()
    node, = outlines()
    for segmentId in node.GetSegmentation().GetSegmentIDs():
        color = node.GetSegmentation().GetSegment(segmentId).GetColor()
        assert np.abs(np.subtract(color, target.color)).max() > 0.5


def test_the_range_leaves_with_the_module_and_comes_back(module, result, quick):
    segmented(module, quick, trusting(result))
    module.ui.areaRangeCheckBox.click()
    module.holder.exit()
    assert outlines() == []
    module.holder.enter()
    assert len(outlines()) == 1


def test_a_model_without_a_range_greys_the_box_and_says_why(module, result, quick):
    segmented(module, quick, trusting(result, area=None))
    assert not module.ui.areaRangeCheckBox.enabled
    assert "without such a range" in module.ui.areaRangeCheckBox.toolTip


def test_the_sentences_follow_the_threshold(module, result, quick):
    answer = trusting(result)
    volume = segmented(module, quick, answer)
    before = held.trust(results.findNodes(volume))[1]
    module.panel.logic.drawAt(volume, 0.8)
    after = held.trust(results.findNodes(volume))[1]
    assert before[0] == after[0]  # how familiar the image is
    assert before[-1] != after[-1]


def test_the_record_holds_no_outlines_and_gives_the_trust_back(module, result, quick):
    answer = trusting(result, "unusual")
    volume = segmented(module, quick, answer)
    nodes = results.findNodes(volume)
    assert "area" not in record.content(nodes.record)["prediction"]["trust"]
    again, before = module.panel.logic.result(volume).prediction.trust, answer.prediction.trust
    assert again.novelty == before.novelty
    assert again.quality == before.quality
    np.testing.assert_array_equal(again.area.inner, before.area.inner)
    np.testing.assert_array_equal(again.area.outer, before.area.outer)
