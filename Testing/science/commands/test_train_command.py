"""Which images of a manifest train, which choose temperature and thresholds, and which the card's figures are of."""

import csv

import numpy as np
import pytest
import torch
from PIL import Image as Picture
from safetensors.torch import save_file

from radiomicnet.__main__ import main
from radiomicnet.commands.train import prepare
from radiomicnet.errors import RadiomicNetError, TrainingError
from radiomicnet.network.encoder import Encoder
from radiomicnet.training.imagenet import load_imagenet

FOLDS = 5


@pytest.fixture
def data(tmp_path):
    """A manifest of two data sets with one image in every fold."""
    rng = np.random.default_rng(0)
    mask = np.zeros((48, 64), np.uint8)
    mask[16:32, 20:40] = 255
    Picture.fromarray(mask).save(tmp_path / "mask.png")
    with (tmp_path / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["dataset", "id", "image", "mask", "label", "group", "fold"])
        for dataset in ("here", "there"):
            for fold in range(FOLDS):
                name = f"{dataset}{fold}"
                Picture.fromarray(rng.integers(0, 255, mask.shape, np.uint8)).save(tmp_path / f"{name}.png")
                table.writerow([dataset, name, f"{name}.png", "mask.png", "lesion", name, fold])
    return tmp_path


@pytest.fixture
def experiment(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text('name = "small"\ndatasets = ["here", "there"]\nvalidation_datasets = ["here"]\ninput_size = 64\n'
                    "batch_size = 2\nepochs = 1\nfrozen_blocks = 0\n")
    return path


def names(samples):
    return {sample.row.id for sample in samples}


def test_all_data_sets_choose_the_thresholds_and_the_figures_are_of_those_that_are_named(experiment, data, tmp_path):
    trainer, figures = prepare(experiment, data, tmp_path / "run", None, fold=0)
    assert names(trainer.validation) == {"here1", "there1"}
    assert [row.id for row in figures] == ["here1"]


@pytest.mark.parametrize("fold", [0, 4])
def test_neither_the_test_fold_nor_the_one_after_it_is_trained_on(experiment, data, tmp_path, fold):
    trainer, _ = prepare(experiment, data, tmp_path / "run", None, fold=fold)
    held_out = {fold, (fold + 1) % FOLDS}
    expected = {f"{dataset}{k}" for dataset in ("here", "there") for k in set(range(FOLDS)) - held_out}
    assert names(trainer.training) == expected


def test_without_a_fold_everything_is_trained_on_and_nothing_held_out(experiment, data, tmp_path):
    trainer, figures = prepare(experiment, data, tmp_path / "run", None, fold=-1)
    assert len(trainer.training) == 2 * FOLDS and trainer.validation == [] and figures == []


def no_image_is_read(monkeypatch):
    def read(*_arguments):
        raise AssertionError("an image was read")

    monkeypatch.setattr("radiomicnet.training.data.load_sample", read)


def change(experiment, **settings):
    lines = [line for line in experiment.read_text().splitlines() if line.split(" = ")[0] not in settings]
    experiment.write_text("\n".join([*lines, *(f"{key} = {value}" for key, value in settings.items())]) + "\n")


@pytest.mark.parametrize(("settings", "fold", "sentence"), [
    ({"datasets": '["here", "nowhere"]'}, 0, "lists no image of nowhere. It lists here, there;"),
    ({"batch_size": "7"}, 0, "6 images to train on, fewer than the batch_size of 7"),
    ({"batch_size": "11"}, -1, "10 images to train on, fewer than the batch_size of 11"),
    ({"epochs": "0"}, 0, "sets epochs to 0"),
])
def test_what_cannot_be_trained_is_refused_before_an_image_is_read_and_nothing_is_written(
        experiment, data, tmp_path, monkeypatch, capsys, settings, fold, sentence):
    no_image_is_read(monkeypatch)
    change(experiment, **settings)
    words = ["train", str(experiment), "--data", str(data), "--out", str(tmp_path / "run"), "--fold", str(fold)]
    assert main(words) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def keep(data, *kept):
    """Leave only images of these folds, or names, in the manifest."""
    lines = (data / "manifest.csv").read_text().splitlines()
    rest = [line for line in lines[1:] if int(line.rsplit(",", 1)[1]) in kept or line.split(",")[1] in kept]
    (data / "manifest.csv").write_text("\n".join([lines[0], *rest]) + "\n")


@pytest.mark.parametrize(("folds", "sentence"), [
    ((0, 1), "none is left to train on"),
    ((0, 2, 3), "Fold 1, on which the training is to validate, has no image of here"),
])
def test_folds_that_leave_nothing_to_train_or_validate_on_are_refused(
        experiment, data, tmp_path, monkeypatch, folds, sentence):
    no_image_is_read(monkeypatch)
    keep(data, *folds)
    with pytest.raises(TrainingError, match=sentence):
        prepare(experiment, data, tmp_path / "run", None, fold=0)


def test_a_validation_fold_without_a_lesion_is_refused(experiment, data, tmp_path):
    Picture.fromarray(np.zeros((48, 64), np.uint8)).save(tmp_path / "mask.png")
    with pytest.raises(TrainingError, match=r"Fold 1, .* has no lesion of here"):
        prepare(experiment, data, tmp_path / "run", None, fold=0)


def weights(folder, change):
    """A file of ImageNet weights with something changed."""
    path, layers = folder / "weights.safetensors", dict(Encoder().state_dict())
    change(layers)
    save_file(layers, path)
    return path


def cut(folder):
    path = weights(folder, lambda layers: None)
    path.write_bytes(path.read_bytes()[:100_000])
    return path


def picture(folder):
    path = folder / "weights.png"
    Picture.new("L", (32, 32)).save(path)
    return path


@pytest.mark.parametrize(("path", "sentence"), [
    (lambda folder: folder / "missing.safetensors", "cannot be read"),
    (lambda folder: folder, "cannot be read"),
    (picture, "no safetensors file, or is damaged"),
    (cut, "no safetensors file, or is damaged"),
    (lambda folder: weights(folder, lambda layers: layers.pop("features.0.0.weight")), "lacks 1 of the 255 parts"),
    (lambda folder: weights(folder, lambda layers: layers.update({"features.0.0.weight": torch.zeros(3)})),
     "in other shapes (features.0.0.weight)"),
], ids=["missing", "folder", "picture", "cut", "a layer less", "another shape"])
def test_weights_that_are_not_the_encoders_are_refused_before_an_image_is_read(
        experiment, data, tmp_path, monkeypatch, path, sentence):
    no_image_is_read(monkeypatch)
    with pytest.raises(TrainingError) as caught:
        prepare(experiment, data, tmp_path / "run", path(tmp_path), fold=0)
    assert sentence in str(caught.value) and "Give --imagenet" in caught.value.remedy


@pytest.mark.parametrize(("line", "given", "remedy"), [
    ("from_chance = true", True, "Leave --imagenet out."),
    ("frozen_blocks = 4", False, "Give --imagenet, or set frozen_blocks to 0."),
])
def test_a_training_starts_as_its_experiment_says_or_not_at_all(
        experiment, data, tmp_path, monkeypatch, line, given, remedy):
    text = experiment.read_text(encoding="utf-8").replace("frozen_blocks = 0", line)
    experiment.write_text(text)
    no_image_is_read(monkeypatch)
    with pytest.raises(TrainingError) as caught:
        prepare(experiment, data, tmp_path / "run", weights(tmp_path, dict) if given else None, fold=0)
    assert caught.value.remedy == remedy


def test_weights_without_counters_of_batches_start_the_encoder(tmp_path):
    def leave_counters_out(layers):
        for name in [name for name in layers if name.endswith("num_batches_tracked")]:
            del layers[name]
        layers["features.0.1.bias"] = torch.full((32,), 3.0)

    encoder = Encoder()
    load_imagenet(encoder, weights(tmp_path, leave_counters_out))
    assert (encoder.features[0][1].bias == 3).all()


@pytest.mark.parametrize("place", ["taken", "taken/run", "taken/deep/run"])
def test_a_folder_that_cannot_be_made_is_refused_before_an_image_is_read(
        experiment, data, tmp_path, monkeypatch, capsys, place):
    no_image_is_read(monkeypatch)
    (tmp_path / "taken").write_text("a file")
    assert main(["train", str(experiment), "--data", str(data), "--out", str(tmp_path / place)]) == 2
    assert "what was given as the folder is a file. Choose another folder." in capsys.readouterr().err
    assert (tmp_path / "taken").read_text() == "a file"


def test_a_damaged_checkpoint_is_refused_before_an_image_is_read(experiment, data, tmp_path, monkeypatch):
    no_image_is_read(monkeypatch)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "checkpoint.pt").write_bytes(b"")
    with pytest.raises(RadiomicNetError, match="damaged"):
        prepare(experiment, data, tmp_path / "run", None, fold=0)


@pytest.mark.parametrize("option", ["--threads", "--workers", "--seed"])
@pytest.mark.parametrize("value", ["-1", "99999999999", "1.5", "many", "²"])
def test_a_number_that_cannot_be_is_refused_with_a_sentence(experiment, data, tmp_path, capsys, option, value):
    with pytest.raises(SystemExit) as caught:
        main(["train", str(experiment), "--data", str(data), "--out", str(tmp_path / "run"), f"{option}={value}"])
    assert caught.value.code == 2
    assert f"{value} is no whole number from 0 to " in capsys.readouterr().err


def test_the_command_trains_and_a_finished_training_is_read_again_however_few_its_images(experiment, data, tmp_path):
    words = ["train", str(experiment), "--data", str(data), "--out", str(tmp_path / "run"), "--fold", "0"]
    assert main(words) == 0
    keep(data, 1, "here2")
    trainer, figures = prepare(experiment, data, tmp_path / "run", None, fold=0)
    trainer.run()
    assert trainer.epoch == 1 and len(trainer.training) == 1 and [row.id for row in figures] == ["here1"]
