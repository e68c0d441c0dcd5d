"""The machine-readable record against its schema."""

from __future__ import annotations

import dataclasses
import json

import jsonschema
import numpy as np
import pytest

from radiomicnet.results.place import pixels_sha256
from radiomicnet.results.record_json import SCHEMA_FILE, record, write_record

SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


def checked(path):
    """The record as it lies on the disk, held to the schema; a NaN in it would not be JSON."""
    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")
    data = json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    return data


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("lesions", [0, 1, 3])
@pytest.mark.parametrize("checked_too", [True, False])
def test_every_record_keeps_to_the_schema(make_result, tmp_path, lesions, checked_too):
    write_record(make_result(lesions, checked=checked_too), tmp_path / "r.json", ["r.json"])
    data = checked(tmp_path / "r.json")
    assert len(data["finding"]["lesions"]) == lesions
    assert data["verification"]["made"] is checked_too
    assert data["notice"] == "For research use only. Not a medical device."


def test_the_record_holds_the_result(make_result, oblique, tmp_path):
    result = make_result(2, geometry=oblique, name="Brüste 1")
    write_record(result, tmp_path / "r.json", ["r.json"])
    data = checked(tmp_path / "r.json")
    assert data["image"] == {
        "name": "Brüste 1", "columns": 160, "rows": 120, "channels": 1, "modality": "US",
        "pixels_sha256": pixels_sha256(result.prediction.image),
        "geometry": {"spacing": list(oblique.spacing), "origin": list(oblique.origin),
                     "direction": list(oblique.direction), "calibrated": True}}
    assert data["finding"]["lesions"][0]["longest_mm"] == result.prediction.lesions[0].longest_mm
    assert data["finding"]["threshold"] == 0.45
    assert data["model"]["weights_sha256"] == "0123456789abcdef" * 4
    assert [gate["gamma"] for gate in data["attention"]] == [gate.gamma for gate in result.prediction.attention]
    assert data["software"]["pyradiomics"] == "3.0.1"
    assert data["software"]["numpy"] == np.__version__


def test_contributions_add_up_to_the_change_and_the_residual(make_result):
    data = record(make_result(1), ["r.json"])["contributions"]
    assert sum(item["contribution"] for item in data["items"]) == pytest.approx(data["sum"])
    assert data["sum"] - data["change"] == pytest.approx(data["residual"])
    assert data["quantity"] - data["reference_quantity"] == pytest.approx(data["change"])
    assert data["residual_percent"] == pytest.approx(0.1)


def test_what_is_not_a_number_becomes_null(make_result, tmp_path):
    result = make_result(1)
    prediction = result.prediction
    items = (dataclasses.replace(result.contributions.items[0], value=float("nan"), contribution=float("inf")),
             *result.contributions.items[1:])
    contributions = dataclasses.replace(result.contributions, items=items, residual=float("nan"))
    gate = dataclasses.replace(prediction.attention[0], gamma=float("nan"), channel=np.array([0.5, np.nan], np.float32))
    broken = dataclasses.replace(result, contributions=contributions,
                                 prediction=dataclasses.replace(prediction, attention=(gate,)))
    write_record(broken, tmp_path / "r.json", ["r.json"])
    data = checked(tmp_path / "r.json")
    assert data["contributions"]["items"][0]["value"] is None
    assert data["contributions"]["residual"] is None
    assert data["attention"][0] == {"level": "stride-16", "gamma": None, "channel": [0.5, None]}


def test_features_that_move_nothing_leave_no_share_to_divide_by(make_result, tmp_path):
    result = make_result(0)
    items = tuple(dataclasses.replace(item, contribution=0.0, share=0.0) for item in result.contributions.items)
    contributions = dataclasses.replace(result.contributions, items=items, quantity=1.5, residual=0.0)
    write_record(dataclasses.replace(result, contributions=contributions), tmp_path / "r.json", ["r.json"])
    assert checked(tmp_path / "r.json")["contributions"]["residual_percent"] is None


def test_the_warnings_of_the_image_are_told(make_result):
    assert record(make_result(1, warnings=("a", "b")), ["r.json"])["warnings"] == ["a", "b"]
