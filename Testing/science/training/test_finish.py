"""``finish``, as a user types it: a whole model folder or none, and a sentence for whatever is not in order."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from made_texts import TEXTS as MADE

from radiomicnet.__main__ import main
from radiomicnet.commands.train import prepare
from radiomicnet.errors import TrainingError
from radiomicnet.images.phantoms import breast_ultrasound
from radiomicnet.models.store import load
from radiomicnet.training.card_texts import CardTexts, find_texts, read_texts
from radiomicnet.training.config import read_config
from radiomicnet.training.finish import finish as finish_training

EXPERIMENT = """
name = "small"
datasets = ["made"]
validation_datasets = ["made"]
input_size = 64
epochs = 1
frozen_blocks = 0
batch_size = 2
[architecture]
decoder = [16, 12, 8, 8]
embedding = 8
"""
TEXTS = MADE + """\
[[training_data]]
start = true
name = "ImageNet"
images = 1281167
license = "research"
citation = "Russakovsky 2015"
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A training of one epoch that has come to its end: images, experiment, texts and run in a folder."""
    place = tmp_path_factory.mktemp("trained")
    (place / "data").mkdir()
    lines = ["dataset,id,image,mask,label,group,fold"]
    for number in range(6):
        image, truth = breast_ultrasound(number)
        for name, pixels in ((f"{number}.png", image.pixels), (f"{number}m.png", 255 * truth.astype(np.uint8))):
            sitk.WriteImage(sitk.GetImageFromArray(pixels), str(place / "data" / name))
        lines.append(f"made,p{number},{number}.png,{number}m.png,benign,g{number},{number % 5}")
    (place / "data" / "manifest.csv").write_text("\n".join(lines))
    (place / "small.toml").write_text(EXPERIMENT)
    (place / "small.card.toml").write_text(TEXTS)
    assert main(["train", f"{place}/small.toml", "--data", f"{place}/data", "--out", f"{place}/run"]) == 0
    return place


@pytest.fixture
def place(trained, tmp_path):
    """A copy of it that a test may spoil."""
    return shutil.copytree(trained, tmp_path / "place")


@pytest.fixture
def finish(place, capsys):
    """Call the command; what it refused with, or nothing where it did not."""
    def call(*more, out="model", run="run"):
        status = main(["finish", f"{place}/small.toml", "--data", f"{place}/data", "--run", f"{place}/{run}",
                       "--out", f"{place}/{out}", *map(str, more)])
        said = capsys.readouterr().err
        assert status == (2 if said else 0)
        return said.removeprefix("radiomicnet: ").strip()
    return call


@pytest.fixture
def no_images(monkeypatch):
    """Whatever is refused has to be refused before an image is read."""
    def read(*_):
        raise AssertionError("images were loaded first")
    monkeypatch.setattr("radiomicnet.training.data.load_sample", read)


def everything(place):
    return {path.relative_to(place): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
            for path in place.rglob("*")}


def test_a_finished_training_becomes_a_whole_model_and_the_next_takes_its_place(finish, place):
    assert finish() == ""
    assert {path.name for path in (place / "model").iterdir()} == {"card.json", "weights.safetensors"}
    assert load(str(place / "model")).card.name == "small"
    card = (place / "model" / "card.json").read_text()
    (place / "model" / "weights.safetensors").write_bytes(b"damaged")
    assert finish() == ""
    assert load(str(place / "model")) and (place / "model" / "card.json").read_text() == card


def test_what_an_encoder_that_began_with_chance_did_not_see_is_not_on_its_card(finish, place):
    finish()
    card = json.loads((place / "model" / "card.json").read_text())
    assert card["training"]["start"] == "chance"
    assert card["training_data"] == [{"name": "Phantoms", "license": "Apache-2.0", "citation": "This project",
                                      "images": 3}]


def test_what_an_encoder_started_from_is_on_its_card():
    texts = CardTexts({"training_data": [{"dataset": "made", "name": "A"}, {"start": True, "name": "B", "images": 9}]})
    assert texts.of({"made": 3}, False)["training_data"] == [{"name": "A", "images": 3}, {"name": "B", "images": 9}]


def test_a_model_trained_on_everything_has_thresholds_and_figures_of_images_that_others_held_out(
        finish, place, capsys, monkeypatch):
    finish(out="fold")
    kept, results = place / "kept.npz", place / "fold-1.json"
    assert main(["evaluate", "--model", f"{place}/fold", "--data", f"{place}/data", "--dataset", "made", "--fold", "1",
                 "--keep", f"{kept}", "--json", f"{results}"]) == 0
    assert main(["train", f"{place}/small.toml", "--data", f"{place}/data", "--out", f"{place}/all",
                 "--fold", "-1"]) == 0
    capsys.readouterr()
    with monkeypatch.context() as without_images:
        without_images.setattr("radiomicnet.training.data.load_sample", None)
        assert finish("--fold", -1, run="all").startswith("This training held nothing out")
    assert finish("--fold", -1, "--held-out", kept, "--results", results, run="all") == ""
    card, fold = (json.loads((place / name / "card.json").read_text()) for name in ("model", "fold"))
    assert card["training"]["images"] == 6 and card["temperature"] == fold["temperature"]
    assert card["metrics"]["dice"]["data"].startswith("test images of")


@pytest.mark.parametrize("step", ["decide", "figures", "write"])
def test_a_failure_at_any_step_leaves_the_earlier_model_and_nothing_else(finish, place, monkeypatch, step):
    (place / "model").mkdir()
    (place / "model" / "card.json").write_text("good card")
    (place / "model" / "weights.safetensors").write_bytes(b"good weights")
    before = everything(place)

    def full(*_):
        raise OSError(28, "No space left on device")

    target = "model_folder._write" if step == "write" else f"finish.{step}"
    monkeypatch.setattr(f"radiomicnet.training.{target}", full)
    if step == "write":
        assert finish() == ("The model cannot be written to model: there is no room left on the disk. "
                            "Make room or choose another folder.")
    else:
        with pytest.raises(OSError, match="No space left"):
            finish()
    assert everything(place) == before


def test_a_failure_leaves_no_new_folder(finish, place, monkeypatch):
    before = everything(place)

    def full(content, path):
        if path.name.startswith("weights"):
            raise OSError(28, "No space left on device")
        path.write_bytes(content)

    monkeypatch.setattr("radiomicnet.training.model_folder._write", full)
    assert "no room left" in finish(out="new/model")
    assert everything(place) == before


def test_a_folder_without_a_training_is_refused_and_not_made(finish, place, no_images):
    assert finish(run="rum").startswith("rum holds no training: there is no checkpoint.pt in it.")
    assert not (place / "rum").exists()


@pytest.mark.parametrize("log", [None, b"", b'{"epoch": 1, "sec', b"[]\n", b"\xff\xfe", b'{"epoch": 1}\n'])
def test_a_log_that_is_missing_or_damaged_is_refused(finish, place, no_images, log):
    (place / "run" / "log.jsonl").unlink()
    if log is not None:
        (place / "run" / "log.jsonl").write_bytes(log)
    assert finish().startswith("run has no log.jsonl that tells of its epochs.")


def test_a_training_that_stopped_early_is_refused_before_its_images_are_loaded(finish, place, no_images):
    checkpoint = torch.load(place / "run" / "checkpoint.pt", weights_only=True)
    torch.save({**checkpoint, "epoch": 0}, place / "run" / "checkpoint.pt")
    assert finish().startswith("The training stopped after epoch 0 of 1.")


def test_a_training_of_another_experiment_is_refused_before_its_images_are_loaded(finish, place, no_images):
    (place / "small.toml").write_text(EXPERIMENT.replace("epochs = 1", "epochs = 3"))
    assert finish().startswith("run holds a checkpoint of another configuration.")


@pytest.mark.parametrize(("wrong", "right", "said"), [
    ('title = "Test"', 'title = "Test', "is not valid TOML"),
    ('title = "Test"', "", "at the top: 'title' is a required property"),
    ('title = "Test"', 'titel = "Test"', "'titel' was unexpected"),
    ('name = "Phantoms"', "", "training_data[0]: 'name' is a required property"),
    ("images = 1281167", "", "training_data[1]: 'images' is a required property"),
    ("color = [1.0, 0.5, 0.0]", "color = [1.0, 0.5]", "target.color"),
    ('dicom_modalities = ["US"]', 'dicom_modalities = "US"', "dicom_modalities: 'US' is not of type 'array'"),
    (TEXTS[TEXTS.index("[[training_data]]"):], "", "at the top: 'training_data' is a required property"),
    ('dataset = "made"', 'dataset = "mode"', "does not describe made, which the model is trained on"),
])
def test_texts_that_are_not_in_order_are_refused_with_the_field_to_mend(finish, place, no_images, wrong, right, said):
    assert wrong in TEXTS
    (place / "small.card.toml").write_text(TEXTS.replace(wrong, right))
    answer = finish()
    assert answer.startswith("small.card.toml") and said in answer and "Install" not in answer
    assert not (place / "model").exists()


def test_texts_of_another_encoding_are_refused(finish, place, no_images):
    (place / "small.card.toml").write_bytes(TEXTS.replace("Test.", "Prüfung.").encode("latin-1"))
    assert finish().startswith("small.card.toml, the texts for the card, is not valid TOML")


@pytest.mark.parametrize("out", ["small.toml", "small.toml/model"])
def test_a_file_in_place_of_the_model_folder_is_refused(finish, place, no_images, out):
    before = everything(place)
    assert "what was given as the folder is a file" in finish(out=out)
    assert everything(place) == before


def test_answers_that_are_none_are_refused(finish, place, no_images):
    (place / "none.npz").write_bytes(b"")
    assert finish("--held-out", place / "none.npz").startswith("none.npz holds no answers to held-out images.")


@pytest.mark.parametrize("rows", [{}, {"rows": []}, {"rows": [{"dice": 1.0}]}])
def test_an_evaluation_without_figures_of_images_is_refused(finish, place, no_images, rows):
    (place / "fold.json").write_text(json.dumps({"fold": 0, "training": {"seed": 0}, **rows}))
    answer = finish("--results", place / "fold.json")
    assert "fold.json" in answer and "evaluate --data" in answer


@pytest.mark.parametrize("lacking", ["images", "lesions"])
def test_figures_of_no_lesion_are_refused_before_anything_is_computed(place, monkeypatch, lacking):
    trainer, rows = prepare(place / "small.toml", place / "data", place / "run", None)
    if lacking == "images":
        rows = []
    else:
        trainer.validation = [replace(sample, truth=np.zeros_like(sample.truth)) for sample in trainer.validation]
    monkeypatch.setattr("radiomicnet.training.finish.answer", None)
    with pytest.raises(TrainingError, match="No image that the card's figures are to be of shows a lesion"):
        finish_training(trainer, rows, place / "small.card.toml", place / "model")
    assert not (place / "model").exists()


EXPERIMENTS = [path for path in sorted((Path(__file__).parents[3] / "experiments").rglob("*.toml"))
               if not path.name.endswith(".card.toml") and path.name != "report.toml"]


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_every_experiment_of_the_repository_has_texts_for_its_card(path):
    texts = read_texts(find_texts(path), read_config(path).datasets)
    names = [item["name"] for item in texts.of({}, from_chance=False)["training_data"]]
    assert names == ["ImageNet (ILSVRC 2012)"] and texts.of({}, from_chance=True)["training_data"] == []
