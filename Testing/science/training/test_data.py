"""Manifests, masks, augmentation and experiment files: what is read, what is refused before an epoch is spent."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from radiomicnet.errors import ImageError, TrainingError
from radiomicnet.images.grid import mask_to_grid
from radiomicnet.images.mask import read_mask
from radiomicnet.images.phantoms import breast_ultrasound
from radiomicnet.training.augment import augment
from radiomicnet.training.batches import measure_scale, training_batches
from radiomicnet.training.config import LOSS_WEIGHTS, Config, read_config
from radiomicnet.training.data import Row, load_sample, read_manifest, split_at_random

HEADER = "dataset,id,image,mask,label,group,fold,width,height,foreground"
CONFIG = Config("test", ("made",), ("made",), input_size=64, epochs=2, batch_size=2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Four phantoms in four folds with their masks and a manifest."""
    folder = tmp_path_factory.mktemp("data")
    lines = [HEADER]
    for fold in range(4):
        image, truth = breast_ultrasound(fold)
        sitk.WriteImage(sitk.GetImageFromArray(image.pixels), str(folder / f"{fold}.png"))
        sitk.WriteImage(sitk.GetImageFromArray(255 * truth.astype(np.uint8)), str(folder / f"{fold}m.png"))
        lines.append(f"made,p{fold},{fold}.png,{fold}m.png,benign,g{fold},{fold},512,400,0.1")
    (folder / "manifest.csv").write_text("\n".join(lines))
    return folder


@pytest.fixture(scope="module")
def samples(folder):
    return [load_sample(row, 64) for row in read_manifest(folder / "manifest.csv")]


def test_a_manifest_gives_its_rows_with_paths_beside_it(folder):
    rows = read_manifest(folder / "manifest.csv")
    assert [row.fold for row in rows] == [0, 1, 2, 3]
    assert all(row.image.is_file() and row.mask.is_file() for row in rows)


ROW = "made,1,i,m,benign,g,0,1,1,0"


@pytest.mark.parametrize(("text", "reason"), [
    ("", "lists no image"),
    (HEADER, "lists no image"),
    ("dataset,id\nmade,1", "lacks a column: image, mask, label, group, fold"),
    (HEADER.replace(",", ";"), "lacks a column.*names dataset;id;image.*commas"),
    (HEADER.upper(), "names DATASET, ID.*small letters"),
    (f"{HEADER}\n{ROW}\nmade,2,i", "Line 3 of manifest.csv has fewer values"),
    (f"{HEADER}\n{ROW},1,1", "Line 2 of manifest.csv has more values"),
    (f'{HEADER}\n{ROW}\nmade,"2,i,m,benign,g,0\n{ROW}', "Line 3 of manifest.csv cannot be read.*quotation mark"),
    (f"{HEADER}\nmade,1,i,m,benign,g,one,1,1,0", "Line 2 of manifest.csv, 1, gives the fold one.*from 0 to 4"),
    (f"{HEADER}\nmade,1,i,m,benign,g,0.0,1,1,0", "Line 2.*gives the fold 0.0"),
    (f"{HEADER}\nmade,1,i,m,benign,g,5,1,1,0", "Line 2 of manifest.csv, 1, gives the fold 5"),
    (f"{HEADER}\nmade,1,i,m,benign,g,,1,1,0", "Line 2 of manifest.csv, 1, is empty under fold"),
    (f"{HEADER}\nmade,1,i,m,benign, ,0,1,1,0", "1, is empty under group"),
    (f"{HEADER}\nmade,1,i,,benign,g,0,1,1,0", "1, is empty under mask. Every image needs a mask"),
    (f"{HEADER}\n{ROW}\nmade,2,j,m,benign,g,1,1,1,0", "Group g .* two folds"),
    (f"{HEADER}\n{ROW}\nmade,1,j,m,benign,h,1,1,1,0", "lists 1 of made twice"),
    (f"{HEADER}\n{ROW}\nmade,2,./i,m,benign,h,1,1,1,0", "gives 1 of made and 2 of made the same image, i"),
    (f"{HEADER}\n{ROW}\nmade,2,j,m,benign,h,1,1,1,0", "Of the 4 images and masks .* 4 are not there, .* i \\(1 of"),
])
def test_a_bad_manifest_is_refused_with_a_sentence(tmp_path, text, reason):
    (tmp_path / "manifest.csv").write_text(text)
    with pytest.raises(TrainingError, match=reason):
        read_manifest(tmp_path / "manifest.csv")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_a_manifest_that_is_not_utf_8_is_refused_without_talk_of_codecs(tmp_path, encoding):
    (tmp_path / "manifest.csv").write_text(f"{HEADER}\n{ROW.replace('benign', 'gutartig (für Ärzte)')}", encoding)
    with pytest.raises(TrainingError, match=r"is not UTF-8 text\. Save it") as caught:
        read_manifest(tmp_path / "manifest.csv")
    assert "codec" not in str(caught.value)


def test_a_manifest_saved_by_a_spreadsheet_and_one_with_blanks_after_commas_are_read(folder):
    text = (folder / "manifest.csv").read_text()
    rows = read_manifest(folder / "manifest.csv")
    for name, made in (("sheet.csv", "\ufeff" + text.replace("\n", "\r\n")), ("blanks.csv", text.replace(",", " , "))):
        (folder / name).write_text(made, encoding="utf-8", newline="")
        assert read_manifest(folder / name) == rows


def test_a_missing_manifest_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(TrainingError, match="cannot be read"):
        read_manifest(tmp_path / "manifest.csv")


def test_a_mask_of_another_size_is_refused(folder, tmp_path):
    from dataclasses import replace

    sitk.WriteImage(sitk.GetImageFromArray(np.zeros((10, 10), np.uint8)), str(tmp_path / "m.png"))
    row = replace(read_manifest(folder / "manifest.csv")[0], mask=tmp_path / "m.png")
    with pytest.raises(ImageError, match=r"p0 of made .* mask m.png has \(10, 10\)"):
        load_sample(row, 64)


@pytest.mark.parametrize("white", [1, 255])
def test_masks_of_0_and_1_and_of_0_and_255_are_the_same(tmp_path, white):
    truth = breast_ultrasound()[1]
    sitk.WriteImage(sitk.GetImageFromArray((white * truth).astype(np.uint8)), str(tmp_path / "m.png"))
    assert np.array_equal(read_mask(tmp_path / "m.png", truth.shape), truth)
    sitk.WriteImage(sitk.GetImageFromArray(np.zeros((9, 9), np.uint8)), str(tmp_path / "empty.png"))
    assert not read_mask(tmp_path / "empty.png", (9, 9)).any()


def test_the_opacity_of_a_mask_is_not_taken_for_its_truth(tmp_path):
    truth = np.zeros((20, 20), bool)
    truth[5:9, 5:9] = True
    grey = np.where(truth, 255, 0)
    pixels = np.dstack([grey, grey, grey, np.full(truth.shape, 255)]).astype(np.uint8)
    sitk.WriteImage(sitk.GetImageFromArray(pixels, isVector=True), str(tmp_path / "m.png"))
    assert np.array_equal(read_mask(tmp_path / "m.png", truth.shape), truth)


def test_a_mask_on_the_grid_keeps_its_share_of_the_picture():
    truth = breast_ultrasound()[1]
    grid = mask_to_grid(truth, 256)
    assert grid.sum() / (256 * 200) == pytest.approx(truth.mean(), rel=0.03)


def test_a_variant_depends_on_its_seed_alone_and_keeps_picture_and_truth_together(samples):
    one, same, other = (augment(samples[0], CONFIG, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(one, same))
    assert not np.array_equal(one[0], other[0])
    for seen, measured, inside, truth in (one, other):
        assert seen.dtype == np.uint8 and truth.any() and inside.any()
        assert measured is seen or np.array_equal(measured, seen)
        grey = seen.mean(axis=2)
        ring = inside & ~truth
        assert grey[truth].mean() < grey[ring].mean()  # the phantom's lesion is darker than its surroundings


def test_an_epoch_is_the_same_whenever_it_is_drawn_and_differs_from_the_next(samples):
    scale = measure_scale(samples, local=True)
    first, again, second = (next(iter(training_batches(samples, scale, CONFIG, epoch))) for epoch in (0, 0, 1))
    assert all((a == b).all() for a, b in zip(first, again))
    assert not (first[0] == second[0]).all()
    image, features, truth = first
    assert image.shape == (2, 3, 64, 64) and features.shape == (2, 26, 4, 4) and truth.shape == (2, 1, 64, 64)
    assert image.min() >= 0 and image.max() <= 1 and set(truth.unique().tolist()) <= {0.0, 1.0}


@pytest.mark.parametrize(("text", "reason"), [
    ("name = 1 2", "not valid TOML"),
    ('name = "x"', "lacks a setting"),
    ('name = "x"\ndatasets = ["a"]\nvalidation_datasets = ["a"]\nepoch = 3', "unknown settings: epoch"),
])
def test_a_bad_experiment_file_is_refused_with_a_sentence(tmp_path, text, reason):
    (tmp_path / "x.toml").write_text(text)
    with pytest.raises(TrainingError, match=reason):
        read_config(tmp_path / "x.toml")


def test_a_random_split_deals_as_many_of_each_kind_to_each_fold_and_parts_groups():
    rows = [Row("made", f"i{k}", Path("a"), Path("b"), "benign" if k % 3 else "normal", f"g{k // 4}", (k // 4) % 5)
            for k in range(120)]
    dealt = split_at_random(rows)
    assert [(row.id, row.group, row.label) for row in dealt] == [(row.id, row.group, row.label) for row in rows]
    assert Counter((row.label, row.fold) for row in dealt) == Counter((row.label, row.fold) for row in rows)
    assert any(len({row.fold for row in dealt if row.group == group}) > 1 for group in {row.group for row in rows})
    assert split_at_random(rows) == dealt


def test_a_file_says_only_what_it_does_differently_from_its_base(tmp_path):
    (tmp_path / "base.toml").write_text('name = "base"\ndatasets = ["a"]\nvalidation_datasets = ["a"]\nepochs = 7\n'
                                        '[loss_weights]\nbce = 1.0\ndice = 1.0\n[architecture]\nembedding = 12')
    (tmp_path / "other.toml").write_text('base = "base.toml"\nname = "other"\n[loss_weights]\ndice = 0.5\n'
                                         '[architecture]\ndriver = "image"')
    config = read_config(tmp_path / "other.toml", fold=4, seed=9)
    assert (config.name, config.epochs, config.seed) == ("other", 7, 9)
    assert (config.test_fold, config.validation_fold) == (4, 0)
    assert config.loss_weights == LOSS_WEIGHTS | {"bce": 1.0, "dice": 0.5}
    assert config.architecture == {"embedding": 12, "driver": "image"}


def test_a_loss_that_is_not_named_keeps_its_weight_and_one_that_does_not_exist_is_refused(tmp_path):
    lines = 'name = "x"\ndatasets = ["a"]\nvalidation_datasets = ["a"]\n[loss_weights]\n'
    (tmp_path / "x.toml").write_text(lines + "consistency = 0.0")
    assert read_config(tmp_path / "x.toml", fold=0).loss_weights == LOSS_WEIGHTS | {"consistency": 0.0}
    (tmp_path / "x.toml").write_text(lines + "consistncy = 0.0")
    with pytest.raises(TrainingError, match="losses that there are not: consistncy"):
        read_config(tmp_path / "x.toml", fold=0)


def test_a_training_on_everything_holds_no_fold_out(tmp_path):
    (tmp_path / "x.toml").write_text('name = "x"\ndatasets = ["a"]\nvalidation_datasets = ["a"]')
    config = read_config(tmp_path / "x.toml", fold=-1)
    assert config.test_fold == config.validation_fold == -1


EXPERIMENTS = [path for path in sorted((Path(__file__).parents[3] / "experiments").rglob("*.toml"))
               if not path.name.endswith(".card.toml") and path.name != "report.toml"]


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_every_experiment_of_the_repository_can_be_read_and_built(path):
    from radiomicnet.network.architecture import Architecture
    from radiomicnet.network.radiomicnet import RadiomicNet, count_parameters

    config = read_config(path)
    assert config.name == path.stem
    assert count_parameters(RadiomicNet(Architecture.from_dict(config.architecture))) <= 3_270_000
