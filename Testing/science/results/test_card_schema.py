"""The model card's schema: describes every field, takes a good card, names what is wrong with a bad one."""

from __future__ import annotations

import json
from dataclasses import fields

import jsonschema
import pytest

from radiomicnet.errors import ModelError
from radiomicnet.models.card import SCHEMA_FILE, ModelCard, Target, validate

SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("cls", "described"), [(ModelCard, SCHEMA), (Target, SCHEMA["$defs"]["target"])])
def test_every_field_is_described_and_required(cls, described):
    names = {field.name for field in fields(cls)}
    assert set(described["properties"]) == set(described["required"]) == names
    for name, rule in described["properties"].items():
        assert "description" in (rule | SCHEMA["$defs"].get(rule.get("$ref", "").rpartition("/")[2], {})), name


def test_a_good_card_passes_and_survives_the_way_through_the_class(card_data):
    validate(card_data)
    validate(ModelCard.from_dict(card_data).to_dict())


@pytest.mark.parametrize(("place", "value"), [
    (("name",), "Breast Ultrasound"),
    (("version",), "new"),
    (("threshold",), 1.2),
    (("temperature",), 0),
    (("input_size",), 250),
    (("parameters",), 3_270_001),
    (("feature_mean",), {"glcm_Contrast": 1.0}),
    (("feature_std", "glcm_Contrast"), 0),
    (("weights_sha256",), "abc"),
    (("weights_file",), "../weights.safetensors"),
    (("target", "color"), [1, 2, 3]),
    (("target", "type"), ["SCT", "4147007", "Mass~"]),
    (("training_data",), []),
    (("metrics",), {}),
    (("metrics", "dice"), 0.8),
    (("metrics", "dice", "ci95"), [0.7]),
    (("metrics", "dice", "n"), None),
    (("limits",), []),
    (("surprise",), 1),
])
def test_a_bad_value_is_named_with_its_place(card_data, place, value):
    holder = card_data
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    with pytest.raises(ModelError, match=r"breaks its schema at \$"):
        validate(card_data)


@pytest.mark.parametrize("field", [field.name for field in fields(ModelCard)])
def test_a_missing_field_is_refused(card_data, field):
    del card_data[field]
    with pytest.raises(ModelError, match=field):
        validate(card_data)
