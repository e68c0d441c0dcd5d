"""A disagreement is explained by what else agrees."""

import math
from dataclasses import replace

import numpy as np
import pytest

from radiomicnet.features.catalogue import KEYS
from radiomicnet.features.extract import extract
from radiomicnet.verify.check import verify
from radiomicnet.verify.disagreement import explained
from radiomicnet.verify.rules import TILES, WHOLE, Rule

VERSION = "3.0.1"


@pytest.fixture
def ours():
    """The features of a noisy image."""
    return values_of(np.random.default_rng(0).integers(0, 256, (40, 40)))


def values_of(grey, mask=None):
    return extract(grey.astype(np.uint8), np.ones(grey.shape, bool) if mask is None else mask).whole


def explanations(ours, theirs, version=VERSION):
    checks = {key: WHOLE[key].check(key, ours[key], theirs[key]) for key in KEYS}
    return {key: check.explanation for key, check in explained(checks, version).items() if check.explanation}


def test_what_agrees_needs_no_explanation(ours):
    assert explanations(ours, ours) == {}


def test_another_bin_width_is_called_discretisation(ours, monkeypatch):
    from radiomicnet.features import glcm

    monkeypatch.setattr(glcm, "BIN_WIDTH", 16)
    theirs = values_of(np.random.default_rng(0).integers(0, 256, (40, 40)))
    said = explanations(ours, theirs)
    assert said and all(key.startswith("glcm_") for key in said)
    assert all(sentence.startswith("Discretisation:") for sentence in said.values())


def test_another_region_is_called_region(ours):
    mask = np.ones((40, 40), bool)
    mask[:10] = False
    said = explanations(ours, values_of(np.random.default_rng(0).integers(0, 256, (40, 40)), mask))
    assert "firstorder_Mean" in said and all(sentence.startswith("Region:") for sentence in said.values())


@pytest.mark.parametrize(("change", "word"), [
    ({"lbp_Entropy": 1.0}, "Filter:"), ({"firstorder_Kurtosis": 1.0}, "Definition:"),
    ({"glcm_Energy": math.nan}, "PyRadiomics gave no number"),
])
def test_other_causes_have_their_own_words(ours, change, word):
    said = explanations(ours, {**ours, **change})
    assert list(said) == list(change) and all(sentence.startswith(word) for sentence in said.values())


def test_a_last_digit_is_called_rounding(ours):
    said = explanations(ours, {**ours, "glcm_Energy": ours["glcm_Energy"] * (1 + 1e-5)})
    assert said["glcm_Energy"].startswith("Rounding:")


def test_a_version_that_was_not_tested_is_named(ours):
    other = {**ours, "lbp_Entropy": 1.0}
    assert "4.2.0" in explanations(ours, other, "4.2.0")["lbp_Entropy"]
    assert "tested" not in explanations(ours, other, "3.0.1.post3")["lbp_Entropy"]


def test_a_verification_carries_the_explanation(small_segmenter, phantom):
    pytest.importorskip("radiomics", reason="PyRadiomics is not installed; set-up said why")
    prediction = small_segmenter.predict(phantom[0])
    wrong = {**prediction.features, "lbp_Entropy": prediction.features["lbp_Entropy"] + 0.5}
    made = verify(replace(prediction, radiomics=replace(prediction.radiomics, whole=wrong)))
    assert {key for key, check in made.checks.items() if check.explanation} == {"lbp_Entropy"}
    assert "not one of the versions" not in made.checks["lbp_Entropy"].explanation  # the pinned one is tested here


@pytest.mark.parametrize("rules", [WHOLE, TILES])
def test_every_feature_has_a_rule(rules):
    assert tuple(rules) == KEYS and all(0 < rule.relative <= 1e-5 for rule in rules.values())


def test_a_rule_takes_the_larger_of_its_two_tolerances_and_refuses_what_is_no_number():
    rule = Rule(1e-2, 1.0)
    assert rule.holds(0.9, 0) and rule.holds(1009, 1000) and not rule.holds(1011, 1000)
    assert not rule.holds(math.nan, 1) and not rule.holds(1, math.nan)
