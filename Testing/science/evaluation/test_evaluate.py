"""``python -m radiomicnet evaluate``: the figures' definitions, and what is refused."""

import json
import shutil
import sys
import unicodedata
from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk
from scipy.ndimage import distance_transform_edt

from radiomicnet.__main__ import main
from radiomicnet.errors import ImageError, TrainingError
from radiomicnet.evaluation.evaluate import Pair, evaluate, pairs_in
from radiomicnet.evaluation.explanation import drawn_by_lot
from radiomicnet.evaluation.final import check_fold
from radiomicnet.evaluation.metrics import dice, hd95
from radiomicnet.explain.reliance import reliance
from radiomicnet.images.phantoms import breast_ultrasound
from radiomicnet.images.read import read_image
from radiomicnet.models.card import ModelCard
from radiomicnet.segmenter import Segmenter

FIGURES = ("dice", "iou", "hd95", "hd95_percent", "ece", "ece_band", "ece_union_band", "brier", "missed_share",
           "empty_share")


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Three phantoms with a lesion and one whose mask is empty."""
    images, masks = tmp_path_factory.mktemp("images"), tmp_path_factory.mktemp("masks")
    for seed in range(4):
        image, truth = breast_ultrasound(seed)
        sitk.WriteImage(sitk.GetImageFromArray(image.pixels), str(images / f"p{seed}.png"))
        mask = 255 * (truth & (seed < 3)).astype(np.uint8)
        sitk.WriteImage(sitk.GetImageFromArray(mask), str(masks / f"p{seed}.png"))
    return images, masks


@pytest.fixture(scope="module")
def figures(small_segmenter, folders):
    return evaluate(small_segmenter, pairs_in(*folders))


def test_every_figure_has_mean_deviation_number_and_interval(figures, small_segmenter):
    for name in FIGURES:
        assert {"mean", "std", "n", "ci95"} <= set(figures[name])
    assert figures["dice"]["n"] == figures["ece_band"]["n"] == 3 and figures["empty_share"]["n"] == 1
    assert figures["ece"]["n"] == figures["brier"]["n"] == 4
    assert figures["model"] == "small" and figures["parameters"] == small_segmenter.card.parameters
    assert [row["name"] for row in figures["rows"]] == ["p0", "p1", "p2", "p3"]


def test_the_rows_are_what_the_product_draws(figures, small_segmenter, folders):
    for row in figures["rows"][:3]:
        prediction = small_segmenter.predict(read_image(folders[0] / f"{row['name']}.png"))
        truth = breast_ultrasound(int(row["name"][1]))[1]
        assert row["dice"] == dice(prediction.labels > 0, truth)
        assert row["brier"] == pytest.approx(((prediction.probability - truth) ** 2).mean())
    assert figures["dice"]["mean"] == pytest.approx(np.mean([row["dice"] for row in figures["rows"][:3]]))


def test_hd95_equals_that_of_distance_maps():
    truth, drawn = breast_ultrasound(0)[1], np.roll(breast_ultrasound(0)[1], (7, -12), axis=(0, 1))
    edges = [mask & (distance_transform_edt(mask) <= 1) for mask in (drawn, truth)]
    there, back = (distance_transform_edt(~edges[1 - k])[edges[k]] for k in (0, 1))
    assert hd95(drawn, truth) == pytest.approx(max(np.percentile(there, 95), np.percentile(back, 95)), abs=1.0)
    assert hd95(truth, truth) == 0
    assert hd95(np.zeros_like(truth), truth) == pytest.approx(np.hypot(*truth.shape))


def test_the_command_writes_json_without_nan_and_prints_every_figure(small_model_folder, folders, tmp_path, capsys):
    words = ["evaluate", "--model", str(small_model_folder / "small"), "--images", str(folders[0]), "--masks",
             str(folders[1]), "--json", str(tmp_path / "figures.json")]
    assert main(words) == 0
    written = json.loads((tmp_path / "figures.json").read_text(), parse_constant=lambda word: pytest.fail(word))
    assert set(FIGURES) <= set(written) and len(written["rows"]) == 4
    printed = capsys.readouterr().out
    assert all(any(line.startswith(name) for line in printed.splitlines()) for name in FIGURES)


def test_images_without_masks_an_empty_folder_and_doubled_names_are_refused(small_segmenter, folders, tmp_path):
    with pytest.raises(TrainingError, match="no image with a mask"):
        evaluate(small_segmenter, pairs_in(tmp_path, tmp_path))
    with pytest.raises(TrainingError, match=r"4 of 4 files in images.* have no mask of their name, p0\.png first"):
        pairs_in(folders[0], tmp_path)
    with pytest.raises(TrainingError, match="cannot be read"):
        pairs_in(tmp_path / "missing", tmp_path)
    for name in ("a.png", "a.jpg"):
        (tmp_path / name).touch()
    with pytest.raises(TrainingError, match="two files named a"):
        pairs_in(tmp_path, folders[1])


def test_a_mask_of_another_size_is_refused(small_segmenter, folders, tmp_path):
    sitk.WriteImage(sitk.GetImageFromArray(np.zeros((10, 10), np.uint8)), str(tmp_path / "p0.png"))
    with pytest.raises(ImageError, match=r"mask p0.png has \(10, 10\) pixels"):
        evaluate(small_segmenter, [Pair("p0", folders[0] / "p0.png", tmp_path / "p0.png", "p0")])


@pytest.mark.parametrize("words", [
    ["--images", "a"], ["--data", "a"], ["--data", "a", "--fold", "1"],
    ["--data", "a", "--fold", "1", "--dataset", "b", "--masks", "c"],
    ["--images", "a", "--masks", "b", "--fold", "0"], ["--images", "a", "--masks", "b", "--dataset", "c"],
])
def test_half_a_choice_of_images_is_refused(words, small_model_folder, tmp_path, capsys):
    model = str(small_model_folder / "small")
    assert main(["evaluate", "--model", model, "--json", str(tmp_path / "f.json"), *words]) == 2
    assert "either --images and --masks, or --data" in capsys.readouterr().err
    assert not (tmp_path / "f.json").exists()


@pytest.fixture(scope="module")
def manifest(folders, tmp_path_factory):
    """The folders' images as a data set with a manifest; all in fold 2."""
    folder = tmp_path_factory.mktemp("data")
    lines = ["dataset,id,image,mask,label,group,fold"]
    for seed in range(4):
        label = "benign" if seed < 3 else "normal"
        lines.append(f"made,p{seed},{folders[0]}/p{seed}.png,{folders[1]}/p{seed}.png,{label},g{seed},2")
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n")
    return folder


def on_the_manifest(model_folder, manifest, target, *more):
    return main(["evaluate", "--model", str(model_folder / "small"), "--data", str(manifest), "--dataset", "made",
                 "--fold", "2", "--json", str(target), *more])


def trained(model_folder, folder, name="None", images=1, **training):
    """The small model in ``folder``, with other words on its card about its training."""
    shutil.copytree(model_folder / "small", folder / "small")
    card = json.loads((folder / "small" / "card.json").read_text())
    card["training"] = {"images": images, **training}
    card["training_data"][0] |= {"name": name, "images": images}
    (folder / "small" / "card.json").write_text(json.dumps(card))


def test_the_test_fold_of_a_model_is_refused_unless_it_is_final(small_model_folder, manifest, tmp_path, capsys):
    trained(small_model_folder, tmp_path, test_fold_untouched=2)
    assert on_the_manifest(tmp_path, manifest, tmp_path / "f.json") == 2
    assert "Fold 2 is the test fold of small" in capsys.readouterr().err and not (tmp_path / "f.json").exists()
    assert on_the_manifest(tmp_path, manifest, tmp_path / "f.json", "--final") == 0
    assert not capsys.readouterr().err


@pytest.mark.parametrize(("test", "validation", "reason"), [
    (0, 2, "Fold 2 is not the test fold of small; its test fold is 0. Leave --final out"),
    (0, 1, "Fold 2 is not the test fold of small"),
    (-1, -1, "its test fold is none, for it was trained on all folds"),
])
def test_a_fold_that_is_not_the_models_test_fold_is_no_final_evaluation(
        small_model_folder, manifest, tmp_path, capsys, test, validation, reason):
    trained(small_model_folder, tmp_path, test_fold_untouched=test, validation_fold=validation)
    assert on_the_manifest(tmp_path, manifest, tmp_path / "f.json", "--final") == 2
    assert reason in capsys.readouterr().err
    assert not list(tmp_path.glob("f*.json*"))


@pytest.mark.parametrize(("name", "images", "folds", "reason"), [
    ("Made", 3, {"test_fold_untouched": 0, "validation_fold": 1}, "small was trained on fold 2 of made"),
    ("Made", 3, {"test_fold_untouched": -1, "validation_fold": -1}, "small was trained on fold 2 of made"),
    ("Made", 3, {"test_fold_untouched": 0, "validation_fold": 2}, ""),
    ("Other", 3, {"test_fold_untouched": 0, "validation_fold": 1}, ""),
    ("Pictures of our own", 3, {"test_fold_untouched": 0, "validation_fold": 1}, "warning"),
    ("Pictures of our own", 3, {"test_fold_untouched": 0, "validation_fold": 2}, ""),
    ("Made", 3, {}, "warning"),
])
def test_images_that_a_model_was_trained_on_are_refused_and_where_the_card_is_silent_a_warning_says_so(
        small_model_folder, name, images, folds, reason):
    card = ModelCard.from_dict(json.loads((small_model_folder / "small" / "card.json").read_text()))
    card = replace(card, training={"images": images, **folds},
                   training_data=({"name": name, "images": images}, {"name": "ImageNet", "images": 1000}))
    if reason in ("", "warning"):
        told = check_fold(card, 2, ["made"], {"made", "other"}, final=False)
        assert ("does not tell whether it was trained on fold 2 of made" in told) == bool(reason)
        assert bool(told) == bool(reason)
        return
    with pytest.raises(TrainingError, match=reason):
        check_fold(card, 2, ["made"], {"made", "other"}, final=False)


def test_a_warning_about_the_fold_goes_to_stderr_and_the_figures_are_written(
        small_model_folder, manifest, tmp_path, capsys):
    trained(small_model_folder, tmp_path, "Pictures of our own", 3, test_fold_untouched=0, validation_fold=1)
    assert on_the_manifest(tmp_path, manifest, tmp_path / "f.json") == 0
    assert "does not tell whether it was trained on fold 2 of made" in capsys.readouterr().err
    assert (tmp_path / "f.json").exists()


@pytest.fixture
def nothing_computed(monkeypatch):
    """Refusals come before the first image."""
    monkeypatch.setattr(Segmenter, "predict", lambda *_words: pytest.fail("an image was computed"))
    monkeypatch.setattr(Segmenter, "infer", lambda *_words: pytest.fail("an image was computed"))


@pytest.mark.parametrize(("words", "reason"), [
    (["--json", "missing/f.json"], "f.json cannot be written: there is no folder missing"),
    (["--json", "afile/f.json"], "f.json cannot be written: there is no folder afile"),
    (["--json", "."], "is a folder"),
    (["--json", "f.json", "--keep", "missing/a.npz"], "a.npz cannot be written: there is no folder missing"),
    (["--json", "f.json", "--beyond"], "at least 10 groups; here are 4"),
])
def test_what_cannot_be_written_or_told_is_refused_before_anything_is_computed(
        small_model_folder, manifest, tmp_path, capsys, monkeypatch, nothing_computed, words, reason):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "afile").touch()
    assert main(["evaluate", "--model", str(small_model_folder / "small"), "--data", str(manifest), "--dataset", "made",
                 "--fold", "2", *words]) == 2
    error = capsys.readouterr().err
    assert reason in error and len(error.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["afile"]


@pytest.mark.parametrize("line", ['{"experiment": "small", "fo', "[1]", "\udcff"])
def test_a_broken_log_of_looks_is_refused_with_a_sentence(
        small_model_folder, manifest, tmp_path, capsys, nothing_computed, line):
    (tmp_path / "final-evaluations.jsonl").write_text(f"{{}}\n{line}\n", encoding="utf-8", errors="surrogateescape")
    assert on_the_manifest(small_model_folder, manifest, tmp_path / "f.json", "--final") == 2
    error = capsys.readouterr().err
    assert "final-evaluations.jsonl, the log of looks at test folds, " in error
    assert "Line 2 of" in error or "cannot be read" in error


def test_an_image_that_shows_too_little_of_the_scan_is_named(small_model_folder, tmp_path, capsys):
    images, masks = tmp_path / "images", tmp_path / "masks"
    strip = np.random.default_rng(0).integers(0, 256, (1600, 16)).astype(np.uint8)
    for folder, array in ((images, strip), (masks, np.zeros_like(strip))):
        folder.mkdir()
        sitk.WriteImage(sitk.GetImageFromArray(array), str(folder / "strip.png"))
    assert main(["evaluate", "--model", str(small_model_folder / "small"), "--images", str(images), "--masks",
                 str(masks), "--json", str(tmp_path / "f.json")]) == 2
    assert "strip.png: O" in capsys.readouterr().err and not (tmp_path / "f.json").exists()


def test_a_mask_that_is_missing_is_noticed_before_anything_is_computed(small_segmenter, folders, nothing_computed):
    pairs = [*pairs_in(*folders), Pair("gone", folders[0] / "p0.png", folders[1] / "gone.png", "gone")]
    with pytest.raises(ImageError, match=r"The mask gone.png is missing"):
        evaluate(small_segmenter, pairs)


def test_names_that_look_the_same_are_the_same_and_what_is_no_image_is_named_with_its_ending(tmp_path):
    images, masks = tmp_path / "images", tmp_path / "masks"
    for folder, form in ((images, "NFC"), (masks, "NFD")):
        folder.mkdir()
        (folder / unicodedata.normalize(form, "läsion.png")).touch()
    (pair,) = pairs_in(images, masks)
    assert pair.name == "läsion" and pair.image.parent == images and pair.mask.parent == masks
    (images / "Thumbs.db").touch()
    with pytest.raises(TrainingError, match=r"1 of 2 files in images .* Thumbs\.db first.*take out what is no image"):
        pairs_in(images, masks)


def test_rows_of_a_manifest_name_data_set_and_label_and_add_up_to_the_pooled_error(
        small_model_folder, manifest, tmp_path):
    from radiomicnet.evaluation.calibration import counts_error

    assert on_the_manifest(small_model_folder, manifest, tmp_path / "f.json") == 0
    figures = json.loads((tmp_path / "f.json").read_text())
    assert [(row["dataset"], row["label"]) for row in figures["rows"]] == [("made", "benign")] * 3 + [
        ("made", "normal")]
    counts = np.sum([row["reliability"]["band"] for row in figures["rows"] if row["truth_pixels"]], axis=0)
    assert counts_error(counts) == pytest.approx(figures["ece_band"]["mean"], abs=1e-4)


def test_on_request_rows_say_what_the_features_contributed_and_how_much_hung_on_them(
        small_model_folder, small_segmenter, manifest, folders, tmp_path):
    assert on_the_manifest(small_model_folder, manifest, tmp_path / "f.json", "--explain") == 0
    row = json.loads((tmp_path / "f.json").read_text())["rows"][0]
    prediction = small_segmenter.predict(read_image(folders[0] / "p0.png"))
    made, hung = small_segmenter.explain(prediction), reliance(small_segmenter, prediction)
    assert row["contributions"] == pytest.approx({item.key: item.contribution for item in made.items}, abs=1e-5)
    assert row["dice_to_mean_features"] == pytest.approx(hung.mean_features, abs=1e-4)
    assert row["dice_to_open_gates"] == pytest.approx(hung.open_gates, abs=1e-4)


def test_explanations_are_tested_on_as_many_images_as_asked_for_drawn_by_lot(small_model_folder, folders, tmp_path):
    words = ["evaluate", "--model", str(small_model_folder / "small"), "--images", str(folders[0]), "--masks",
             str(folders[1]), "--json", str(tmp_path / "f.json"), "--test-explanations", "2"]
    assert main(words) == 0
    written = json.loads((tmp_path / "f.json").read_text())
    places = [place for place, row in enumerate(written["rows"]) if "explanation" in row]
    assert sorted(places) == sorted(drawn_by_lot(4, 2))
    outlined = sum(row.get("explanation") is not None for row in written["rows"])
    assert written["explanations_tested"] == {"images": 2, "of": 4, "with_outline": outlined}


def test_a_larger_lot_holds_the_smaller_one_and_the_largest_every_image():
    assert drawn_by_lot(100, 60)[:20] == drawn_by_lot(100, 20)
    assert sorted(drawn_by_lot(100, sys.maxsize)) == list(range(100))


def test_a_final_evaluation_is_logged_and_refused_the_second_time(small_model_folder, manifest, tmp_path, capsys):
    assert on_the_manifest(small_model_folder, manifest, tmp_path / "f.json", "--final") == 0
    (line,) = (tmp_path / "final-evaluations.jsonl").read_text().splitlines()
    assert json.loads(line)["experiment"] == "small" and json.loads(line)["fold"] == 2
    assert on_the_manifest(small_model_folder, manifest, tmp_path / "g.json", "--final") == 2
    assert "tested on fold 2 before" in capsys.readouterr().err and not (tmp_path / "g.json").exists()


def test_kept_answers_are_those_of_the_product(small_model_folder, small_segmenter, manifest, folders, tmp_path):
    from radiomicnet.images.grid import to_grid
    from radiomicnet.training.heldout import load

    assert on_the_manifest(small_model_folder, manifest, tmp_path / "f.json", "--keep", str(tmp_path / "a.npz")) == 0
    answers = load(tmp_path / "a.npz")
    assert [item.name for item in answers] == ["p0", "p1", "p2", "p3"]
    prediction = small_segmenter.predict(read_image(folders[0] / "p0.png"))
    assert answers[0].presence == pytest.approx(prediction.presence)
    grid = to_grid(read_image(folders[0] / "p0.png").rgb, 64)
    logits = small_segmenter.infer(grid, prediction.radiomics).logits[0, 0].detach().numpy()
    assert answers[0].logits == pytest.approx(logits, abs=2e-3) and np.array_equal(answers[0].inside, grid.mask)


def test_on_request_rows_say_what_radiomics_tell_beyond_the_network(small_model_folder, manifest, tmp_path, capsys):
    from radiomicnet.evaluation.beyond import SOURCES

    assert on_the_manifest(small_model_folder, manifest, tmp_path / "f.json", "--beyond") == 2
    assert "at least 10 groups" in capsys.readouterr().err and not (tmp_path / "f.json").exists()
    lines = ["dataset,id,image,mask,label,group,fold"]
    for seed in range(10):
        image, _truth = breast_ultrasound(seed)
        half = np.zeros(image.shape, np.uint8)
        half[:, : half.shape[1] // 2] = 255
        for name, array in ((f"{seed}.png", image.pixels), (f"{seed}m.png", half)):
            sitk.WriteImage(sitk.GetImageFromArray(array), str(tmp_path / name))
        lines.append(f"made,p{seed},{seed}.png,{seed}m.png,benign,g{seed},2")
    (tmp_path / "manifest.csv").write_text("\n".join(lines) + "\n")
    assert on_the_manifest(small_model_folder, tmp_path, tmp_path / "f.json", "--beyond") == 0
    rows = json.loads((tmp_path / "f.json").read_text())["rows"]
    assert all(set(row["tile_log_loss"]) == set(SOURCES) for row in rows)
