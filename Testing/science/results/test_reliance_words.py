"""The sentence on how much hung on the radiomics stream: where it stands, and what it says."""

from __future__ import annotations

import dataclasses

import pytest

from radiomicnet.results import words
from radiomicnet.results.page import render
from radiomicnet.results.record_json import record
from radiomicnet.results.result import Reliance


def test_it_is_said_in_percent_of_the_outline():
    assert words.reliance(Reliance(0.974, 0.6), True) == (
        "Without the features' values the outline would be 97 % the same; "
        "without the gates the outline would be 60 % the same. "
        "So little of this outline hung on the features, however they rank.")
    assert "however they rank" not in words.reliance(Reliance(0.94, 0.6), True)


def test_100_percent_is_said_only_where_nothing_changes():
    assert " 99 % the same" in words.reliance(Reliance(0.9999, 1.0), True)
    assert " 100 % the same" in words.reliance(Reliance(0.9999, 1.0), True)


def test_where_nothing_was_outlined_it_says_whether_anything_would_be():
    assert words.reliance(Reliance(1.0, 0.0), False) == (
        "Without the features' values nothing would be outlined either; without the gates something would be outlined.")


@pytest.mark.parametrize("lesions", [0, 1])
def test_page_and_record_hold_it(make_result, lesions):
    made = Reliance(0.75, 0.5)
    result = dataclasses.replace(make_result(lesions), reliance=made)
    assert record(result, [])["reliance"] == {"mean_features": 0.75, "open_gates": 0.5}
    assert words.reliance(made, bool(lesions)).replace("'", "&#39;") in render(result, "scan", [])


def test_a_result_without_it_says_nothing(make_result):
    result = make_result(1)
    assert record(result, [])["reliance"] is None
    assert "Without the features" not in render(result, "scan", [])
