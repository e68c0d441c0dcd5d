"""Which images of a manifest train, which choose temperature and thresholds, and which the card's figures are of."""

import csv

import numpy as np
import pytest
from PIL import Image as Picture

from radiomicnet.commands.train import prepare

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
    path.write_text('name = "small"\ndatasets = ["here", "there"]\nvalidation_datasets = ["here"]\ninput_size = 64\n')
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
