"""The training: learns, resumes where it was killed, and ends in a model that the product loads."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from made_texts import TEXTS as MADE

from radiomicnet.errors import OutputError, TrainingError
from radiomicnet.images.grid import mask_to_grid, to_grid
from radiomicnet.images.phantoms import breast_ultrasound
from radiomicnet.training.config import Config
from radiomicnet.training.data import Row, Sample
from radiomicnet.training.finish import finish
from radiomicnet.training.loop import Trainer
from radiomicnet.training.run_folder import CHECKPOINT, LOG, read_log
from radiomicnet.training.selection import kept

DRAFT = f".{CHECKPOINT}.part"
TEXTS = MADE + """\
[[training_data]]
dataset = "unused"
name = "What only the base was trained on"
license = "Apache-2.0"
citation = "This project"
"""


def config(**changes):
    values = {"epochs": 4, "batch_size": 2, "input_size": 64, "learning_rate": 3e-3, "warm_up_epochs": 0.5,
              "average_decay": 0.5, "architecture": {"decoder": [16, 12, 8, 8], "embedding": 8}}
    return Config("phantoms", ("made",), ("made",), **{**values, **changes})


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """Four phantoms as files and on the grid."""
    import numpy as np
    import SimpleITK as sitk

    folder, made = tmp_path_factory.mktemp("phantoms"), []
    for seed in range(4):
        image, truth = breast_ultrasound(seed)
        paths = folder / f"{seed}.png", folder / f"{seed}m.png"
        for path, array in zip(paths, (image.pixels, 255 * truth.astype(np.uint8))):
            sitk.WriteImage(sitk.GetImageFromArray(array), str(path))
        row = Row("made", f"p{seed}", *paths, "benign", f"g{seed}", seed)
        made.append(Sample(row, to_grid(image.rgb, 64), mask_to_grid(truth, 64)))
    return made


def train(samples, folder, **changes):
    trainer = Trainer(config(**changes), samples[:3], samples[3:], folder, None, lambda text: None)
    trainer.run()
    return trainer


@pytest.fixture(scope="module")
def one_epoch(samples, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    train(samples, folder, epochs=1)
    return folder


@pytest.fixture
def trained(one_epoch, tmp_path):
    """The folder of a training of one epoch, to be changed at will."""
    return Path(shutil.copytree(one_epoch, tmp_path / "run"))


def test_the_loss_falls_and_every_epoch_is_logged_with_terms_gammas_and_seconds(samples, tmp_path):
    train(samples, tmp_path, epochs=12)
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [record["epoch"] for record in log] == list(range(1, 13))
    assert log[-1]["loss"] < 0.97 * log[0]["loss"]
    assert {"bce", "dice", "boundary", "consistency", "gamma", "seconds"} <= set(log[0])
    assert len(log[0]["gamma"]) == 4 and "validation_dice" in log[-1]
    assert [shift["of"] for shift in log[0]["shifts"]] == ["whole scans", "tiles"] and "shifts" not in log[1]


@pytest.mark.parametrize("driver", ["none", "image"])
def test_a_training_without_radiomics_says_nothing_of_what_augmentation_does_to_them(samples, tmp_path, driver):
    trainer = train(samples, tmp_path, epochs=1, architecture={"decoder": [16, 12, 8, 8], "driver": driver})
    assert "shifts" not in read_log(tmp_path, trainer.epoch)[0]


def test_a_training_killed_between_epochs_ends_as_if_it_had_not_been(samples, tmp_path):
    whole = train(samples, tmp_path / "whole")

    class Killed(Exception):
        pass

    def kill_after_two(text):
        if text.startswith('{"epoch": 2,'):
            raise Killed

    with pytest.raises(Killed):
        Trainer(config(), samples[:3], samples[3:], tmp_path / "halves", None, kill_after_two).run()
    resumed = train(samples, tmp_path / "halves")
    assert resumed.epoch == whole.epoch == 4
    for name, value in whole.averaged.state_dict().items():
        assert torch.allclose(value.float(), resumed.averaged.state_dict()[name].float(), atol=1e-5), name


def test_a_checkpoint_of_another_configuration_is_refused(samples, tmp_path):
    train(samples, tmp_path, epochs=1)
    with pytest.raises(TrainingError, match="another configuration"):
        train(samples, tmp_path, epochs=1, seed=9)


@pytest.mark.parametrize(("changes", "stored"), [
    ({"name": "renamed", "views": ("plain",), "validation_datasets": ("other",)}, {}),
    ({}, {"images_per_epoch": 0}),
])
def test_settings_that_shape_no_weight_do_not_keep_a_training_from_being_resumed(samples, trained, changes, stored):
    rewrite(trained, stored)
    resumed = replace(config(epochs=1), **changes)
    assert Trainer(resumed, samples[:3], samples[3:], trained, None, lambda _text: None).epoch == 1


@pytest.mark.parametrize("stored", [{"images_per_epoch": 500}, {"sharpening": 0}, {3: 4}])
def test_a_checkpoint_with_a_setting_that_there_is_not_is_of_another_configuration(samples, trained, stored):
    rewrite(trained, stored)
    with pytest.raises(TrainingError, match="another configuration"):
        train(samples, trained, epochs=1)


def rewrite(folder, settings):
    """A checkpoint with further settings in its configuration."""
    state = torch.load(folder / CHECKPOINT, weights_only=True)
    state["config"] |= settings
    torch.save(state, folder / CHECKPOINT)


def cut(path):
    path.write_bytes(path.read_bytes()[:5000])


def without(key):
    def leave_out(path):
        state = torch.load(path, weights_only=True)
        del state[key]
        torch.save(state, path)

    return leave_out


def folder_instead(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [
    cut, folder_instead, without("epoch"), without("config"), without("optimizer"),
    lambda path: path.write_bytes(b""), lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
    lambda path: torch.save([1, 2], path), lambda path: torch.save({"config": "none", "epoch": 1}, path),
], ids=["cut", "folder", "no epoch", "no configuration", "no optimizer", "empty", "picture", "list", "words"])
def test_a_damaged_or_foreign_checkpoint_is_named_and_left_alone(samples, trained, damage):
    damage(trained / CHECKPOINT)
    with pytest.raises(TrainingError, match=r"checkpoint\.pt in .* is damaged or something else\. Remove it to start"):
        train(samples, trained, epochs=1)
    assert (trained / CHECKPOINT).exists()


def test_too_few_images_for_a_batch_are_refused_before_anything_is_written(samples, tmp_path):
    with pytest.raises(TrainingError, match="3 images to train on, fewer than the batch_size of 4"):
        train(samples, tmp_path / "run", batch_size=4)
    assert not (tmp_path / "run").exists()


def test_a_folder_that_cannot_be_made_is_told_before_the_first_epoch(samples, tmp_path):
    (tmp_path / "taken").write_text("a file")
    trainer = Trainer(config(), samples[:3], [], tmp_path / "taken" / "run", None, lambda _text: None)
    with pytest.raises(OutputError, match="what was given as the folder is a file"):
        trainer.run()
    assert trainer.step == 0


def test_a_training_whose_loss_is_no_number_stops_and_keeps_the_last_whole_epoch(samples, trained):
    before = (trained / CHECKPOINT).read_bytes()
    trainer = Trainer(config(epochs=1), samples[:3], [], trained, None, lambda _text: None)
    trainer.config = config(epochs=2)
    with torch.no_grad():
        trainer.network.head.bias.fill_(float("nan"))
    with pytest.raises(TrainingError, match=r"no number any more in epoch 2\. Lower learning_rate"):
        trainer.run()
    assert (trained / CHECKPOINT).read_bytes() == before
    assert len((trained / LOG).read_text().splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full is Linux's")
@pytest.mark.parametrize("place", [DRAFT, LOG])
def test_a_full_disk_ends_in_a_sentence_and_keeps_the_checkpoint_before(samples, trained, place):
    before = (trained / CHECKPOINT).read_bytes()
    (trained / place).unlink(missing_ok=True)
    (trained / place).symlink_to("/dev/full")
    trainer = Trainer(config(epochs=1), samples[:3], [], trained, None, lambda _text: None)
    trainer.config = config(epochs=2)
    with pytest.raises(OutputError, match=r"no room left on the disk\. Make room"):
        trainer.run()
    assert (trained / CHECKPOINT).read_bytes() == before
    assert not (trained / DRAFT).is_symlink()


def test_an_epoch_is_in_the_log_before_its_checkpoint_is_written(samples, tmp_path):
    (tmp_path / DRAFT).mkdir()  # no checkpoint can be written
    with pytest.raises(OutputError):
        train(samples, tmp_path, epochs=1)
    (tmp_path / DRAFT).rmdir()
    train(samples, tmp_path, epochs=1)
    assert len((tmp_path / LOG).read_text().splitlines()) == 2
    assert [record["epoch"] for record in read_log(tmp_path, 1)] == [1]


def test_the_log_leaves_out_cut_lines_and_epochs_that_are_not_this_trainings(tmp_path):
    lines = ['{"epoch": 1, "seconds": 5}', '{"epoch": 2, "sec', '{"epoch": 1, "seconds": 7}', "[]", '{"epoch": 9}',
             '{"epoch": 3, "seconds": 1}']
    (tmp_path / LOG).write_text("\n".join(lines))
    assert read_log(tmp_path, 2) == [{"epoch": 1, "seconds": 7}]
    with pytest.raises(TrainingError, match=r"no log\.jsonl that tells of its epochs"):
        read_log(tmp_path / "nowhere", 2)


def test_a_finished_training_becomes_a_model_that_the_product_loads(samples, tmp_path):
    from radiomicnet.models.card import validate
    from radiomicnet.models.store import load

    trainer = train(samples, tmp_path / "run", epochs=1)
    trained = {name: value.clone() for name, value in trainer.averaged.state_dict().items()}
    (tmp_path / "texts.toml").write_text(TEXTS)
    card = finish(trainer, [samples[3].row], tmp_path / "texts.toml", tmp_path / "models" / "phantoms")
    validate(card)
    assert [(data["name"], data["images"]) for data in card["training_data"]] == [("Phantoms", 3)]
    assert card["metrics"]["dice"]["n"] == 1
    model = load("phantoms", tmp_path / "models")
    for name, value in model.network.state_dict().items():
        assert torch.equal(value, trainer.averaged.state_dict()[name]), "the figures are not of what is shipped"
        if value.ndim > 1:  # kernels lie in the file in half precision
            assert torch.allclose(value, trained[name], rtol=5e-4, atol=1e-7)
        else:
            assert torch.equal(value, trained[name])
    size = (tmp_path / "models" / "phantoms" / "weights.safetensors").stat().st_size
    assert size < 2.3 * card["parameters"] + 200_000


def test_a_training_that_was_not_run_to_its_end_is_not_made_a_model(samples, tmp_path):
    trainer = Trainer(config(), samples[:3], samples[3:], tmp_path, None, lambda text: None)
    with pytest.raises(TrainingError, match="stopped after epoch 0 of 4"):
        finish(trainer, [], tmp_path / "texts.toml", tmp_path / "model")


@pytest.mark.parametrize(("strength", "left"), [(1e4, 0), (1e-4, 13)])
def test_a_selection_keeps_as_many_features_as_its_strength_allows(samples, tmp_path, strength, left):
    trainer = Trainer(config(epochs=1, feature_selection=strength), samples, [], tmp_path, None, lambda _text: None)
    trainer.run()
    assert len(trainer.history()["features"]) == left
    assert len(kept(trainer.averaged)) == left


def test_the_minutes_of_a_training_leave_out_a_pause(samples, tmp_path):
    trainer = Trainer(config(), samples, [], tmp_path, None, lambda _text: None)
    trainer.epoch = 4
    seconds = (60.0, 66.0, 3600.0, 54.0)
    (tmp_path / "log.jsonl").write_text("".join(
        json.dumps({"epoch": epoch, "seconds": value}) + "\n" for epoch, value in enumerate(seconds, start=1)))
    assert trainer.history()["minutes"] == pytest.approx(4 * 63 / 60)
