"""Groups, a second method and repeatability: on the page, in the record and in the tables, or plainly not."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from radiomicnet.explain.shapley import Shapley
from radiomicnet.features.catalogue import BY_KEY, KEYS
from radiomicnet.regions.stability import feature_stability
from radiomicnet.results.explanation_words import shapley as shapley_words
from radiomicnet.results.page import render
from radiomicnet.results.record_json import SCHEMA_FILE, record
from radiomicnet.results.result import Check, TileCheck
from radiomicnet.results.table_csv import write_table
from radiomicnet.results.words import verification

ICC = {"icc": 0.83, "low": 0.8, "high": 0.86, "grade": "good", "images": 120, "measurements": 8}
TRUST = {"groups": [list(KEYS[:2]), *([key] for key in KEYS[2:])],
         "repeatability": {key: {**ICC, "icc": 0.31, "grade": "poor"} if key == KEYS[4] else ICC for key in KEYS},
         "contributions": {"low": dict.fromkeys(KEYS, -9.0), "high": {**dict.fromkeys(KEYS, 9.0), KEYS[5]: -8.0},
                           "n": 1234}}


@pytest.fixture
def explained(make_result):
    """A result with all of it."""
    result = make_result(1)
    prediction = replace(result.prediction, card=replace(result.prediction.card, trust=TRUST))
    by_key = {item.key: item.contribution for item in result.contributions.items}
    second = Shapley(np.array([by_key[key] for key in KEYS]) * 1.1, np.full(13, 0.01), 448)
    stability = feature_stability(prediction.image, prediction.labels > 0)
    return replace(result, prediction=prediction, shapley=second, stability=stability)


def test_the_record_holds_groups_and_shapley_values_and_keeps_to_its_schema(explained):
    made = json.loads(json.dumps(record(explained, ["a.json"])))
    jsonschema.validate(made, json.loads(SCHEMA_FILE.read_text()))
    told = made["contributions"]
    assert len(told["groups"]) == 12 and sum(group["share_percent"] for group in told["groups"]) == pytest.approx(100)
    assert sum(group["contribution"] for group in told["groups"]) == pytest.approx(told["sum"])
    assert told["shapley"]["rank_agreement"] == pytest.approx(1) and not told["shapley"]["exact"]
    assert [item["feature"] for item in told["shapley"]["items"]] == list(KEYS)


def test_each_contribution_stands_on_its_usual_range_everywhere(explained, tmp_path):
    made = {item["feature"]: item for item in record(explained, [])["contributions"]["items"]}
    assert made[KEYS[5]]["usual"] == [-9.0, -8.0] and made[KEYS[0]]["usual"] == [-9.0, 9.0]
    write_table(explained, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["key"]: row for row in csv.DictReader(file)}
    assert (float(rows[KEYS[5]]["usual_low"]), float(rows[KEYS[5]]["usual_high"])) == (-9.0, -8.0)
    page = render(explained, "scan", ["a.json"])
    assert page.count('<rect class="band"') == 13 and "nine in ten of 1,234 pictures" in page
    assert f"Here these end elsewhere: {BY_KEY[KEYS[5]].label} (usually −9.0 to −8.0)." in page
    assert page.count("Contribution usually −9.0 to +9.0.") == 12  # on hovering, and for who cannot see the band
    assert 'class="band" x="-1.0" y="0" width="2.0"' in page  # the widest range fills both sides
    assert "to the longest of them" not in page


def test_where_all_contributions_are_as_usual_the_page_says_so(explained):
    wide = {**TRUST["contributions"], "high": dict.fromkeys(KEYS, 9.0)}
    card = replace(explained.prediction.card, trust={**TRUST, "contributions": wide})
    page = render(replace(explained, prediction=replace(explained.prediction, card=card)), "scan", ["a.json"])
    assert "Here every bar ends where it usually does." in page


def test_a_contribution_that_is_no_number_is_not_called_unusual(explained):
    items = [replace(item, contribution=float("nan")) for item in explained.contributions.items]
    told = replace(explained.contributions, items=tuple(items))
    assert "Here every bar ends where it usually does." in render(replace(explained, contributions=told), "scan", [])


def test_where_nobody_asked_and_the_card_does_not_know_the_record_says_null(make_result):
    made = record(make_result(1), [])["contributions"]
    assert made["groups"] is None or made["groups"] == []
    assert made["shapley"] is None
    assert {item["usual"] for item in made["items"]} == {None}


def test_the_table_holds_them_beside_each_feature(explained, tmp_path):
    write_table(explained, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["key"]: row for row in csv.DictReader(file)}
    assert rows[KEYS[0]]["group"] == rows[KEYS[1]]["group"] != rows[KEYS[2]]["group"]
    both = sum(float(rows[key]["contribution"]) for key in KEYS[:2])
    assert float(rows[KEYS[0]]["group_contribution"]) == pytest.approx(both)
    assert float(rows[KEYS[3]]["shapley"]) == pytest.approx(1.1 * float(rows[KEYS[3]]["contribution"]))
    assert float(rows[KEYS[3]]["shapley_error"]) == 0.01


def test_the_page_shows_groups_the_second_ranking_and_marks_what_nobody_could_repeat(explained):
    page = render(explained, "scan", ["a.json"])
    assert "Taken together" in page
    assert "Shapley values over 448 sampled combinations of features give the same ranking" in page
    assert page.count("✗ poor") == 1
    row = page[page.index(f"<th>{BY_KEY[KEYS[4]].label}</th>", page.index("Inside the outline")) - 40 :][:60]
    assert 'class="doubtful"' in row


def test_the_page_of_a_card_that_knows_neither_says_so(make_result):
    result = make_result(1)
    result = replace(result, stability=feature_stability(result.prediction.image, result.prediction.labels > 0))
    page = render(result, "scan", ["a.json"])
    assert "does not say which of these measures go together" in page
    assert "this model's card does not say" in page and "Shapley" not in page
    assert 'class="band"' not in page and "to the longest of them" in page


def test_rankings_that_disagree_are_called_so(explained):
    reversed_ranks = np.argsort(np.argsort(-np.abs(explained.shapley.values)))
    other = Shapley(1.0 + reversed_ranks, np.zeros(13), 2**13)
    words = shapley_words(explained.contributions, other)
    assert "over all 8,192 combinations" in words and "do not lean on single ranks" in words and "-1.00" in words


def test_tiles_are_counted_in_the_sentence_and_a_disagreement_is_explained_on_the_page(make_result):
    result = make_result(1)
    fine = {key: Check(key, 1.0, 1.0, 0.0, True) for key in KEYS}
    wrong = {**fine, KEYS[2]: Check(KEYS[2], 1.0, 2.0, -1.0, False, "Discretisation: the bins are not the same.")}
    tiles = (TileCheck(0, 0, fine), TileCheck(3, 7, wrong))
    result = replace(result, verification=replace(result.verification, tiles=tiles))
    assert "Of 2 tiles it gives the same value for 25 of 26 local features." in verification(result.verification)
    page = render(result, "scan", ["a.json"])
    assert f"{BY_KEY[KEYS[2]].label} of the tile in row 3, column 7: Discretisation" in page
    made = json.loads(json.dumps(record(result, ["a.json"])))
    jsonschema.validate(made, json.loads(SCHEMA_FILE.read_text()))
    assert made["verification"]["tiles"][1]["differing"] == {KEYS[2]: "Discretisation: the bins are not the same."}
