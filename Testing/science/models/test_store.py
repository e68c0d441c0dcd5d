"""Models as folders: found, checked, refused."""

import json
import shutil

import pytest
import torch

from radiomicnet.errors import ModelError
from radiomicnet.models.card import validate
from radiomicnet.models.store import available, load, sha256
from radiomicnet.network.radiomicnet import count_parameters

SHIPPED = ("breast-ultrasound", "polyp-endoscopy")


@pytest.fixture
def folder(small_model_folder, tmp_path):
    shutil.copytree(small_model_folder, tmp_path / "models")
    return tmp_path / "models"


def test_both_models_are_shipped_with_complete_cards_that_keep_to_the_schema():
    cards = {card.name: card for card in available()}
    assert tuple(cards) == SHIPPED
    for card in cards.values():
        validate(card.to_dict())
        assert card.metrics["dice"]["n"] > 100 and len(card.metrics["dice"]["ci95"]) == 2
        assert all(data["citation"] and data["license"] for data in card.training_data)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_model_loads_and_its_card_counts_its_parameters(name):
    model = load(name)
    assert count_parameters(model.network) == model.card.parameters <= 3_270_000
    assert not model.network.training
    assert not any(parameter.requires_grad for parameter in model.network.parameters())


def test_a_model_is_loaded_by_name_or_by_the_path_of_its_folder(small_model_folder):
    by_name, by_path = load("small", small_model_folder), load(str(small_model_folder / "small"))
    assert by_name.card == by_path.card
    image, features = torch.rand(1, 3, 64, 64), torch.zeros(1, 26, 4, 4)
    assert torch.equal(by_name.network(image, features), by_path.network(image, features))


def test_an_unknown_model_is_refused_and_the_known_ones_are_named():
    with pytest.raises(ModelError, match=r"no model named liver.*breast-ultrasound, polyp-endoscopy"):
        load("liver")


def test_weights_that_were_changed_by_one_bit_are_refused(folder):
    weights = folder / "small" / "weights.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ModelError, match="SHA-256 differs"):
        load("small", folder)


def test_missing_weights_are_refused(folder):
    (folder / "small" / "weights.safetensors").unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        load("small", folder)


def test_weights_of_another_architecture_are_refused(folder):
    path = folder / "small" / "card.json"
    card = json.loads(path.read_text())
    card["architecture"]["embedding"] = 4
    path.write_text(json.dumps(card))
    with pytest.raises(ModelError, match="do not fit"):
        load("small", folder)


def test_weights_in_no_format_of_weights_are_refused(folder):
    weights, path = folder / "small" / "weights.safetensors", folder / "small" / "card.json"
    weights.write_bytes(b"not weights")
    path.write_text(json.dumps({**json.loads(path.read_text()), "weights_sha256": sha256(weights)}))
    with pytest.raises(ModelError, match="do not fit"):
        load("small", folder)


@pytest.mark.parametrize(("field", "value"), [("threshold", "half"), ("feature_std", {}), ("architecture", {}),
                                              ("temperature", 0), ("weights_file", "../../other.safetensors")])
def test_a_card_that_breaks_its_schema_is_refused_when_its_model_is_loaded(folder, field, value):
    path = folder / "small" / "card.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), field: value}))
    with pytest.raises(ModelError, match=rf"breaks its schema at \$.{field}"):
        load("small", folder)


@pytest.mark.parametrize("text", ["", "[]", '{"name": "small"}', "not json", "\xff"])
def test_a_damaged_card_is_refused_with_a_sentence(folder, text):
    (folder / "small" / "card.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelError, match="card"):
        load("small", folder)


def test_the_hash_is_that_of_the_file(small_model_folder):
    card = json.loads((small_model_folder / "small" / "card.json").read_text())
    assert sha256(small_model_folder / "small" / "weights.safetensors") == card["weights_sha256"]
