"""``python -m radiomicnet cohort``, as a user types it."""

import csv
import errno
import json
import os
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from cohort_images import contents, save

from radiomicnet.__main__ import main
from radiomicnet.cohort import local
from radiomicnet.cohort.work import process
from radiomicnet.features.catalogue import KEYS


def rows(folder, name="cohort.csv"):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_image_is_a_row_and_a_broken_one_has_its_reason(finished):
    table = {row["path"]: row for row in rows(finished)}
    assert list(table) == ["c.tif", "a/scan.png", "b/broken.png", "b/scan 2 müde.png", "b/scan.png"]
    broken = table.pop("b/broken.png")
    assert broken["status"] == "failed"
    assert "broken.png is damaged or incomplete" in broken["reason"]
    assert len(broken["file_sha256"]) == 64
    assert not broken["segmentation"] and not broken["feature_glcm_Contrast"]
    for row in table.values():
        assert row["status"] == "segmented" and not row["reason"]
        assert row["model"] == "small" and len(row["weights_sha256"]) == 64 and row["version_torch"]
        assert (finished / row["segmentation"]).is_file()
        assert all(row[f"feature_{key}"] and row[f"contribution_{key}"] for key in KEYS)


def test_a_row_says_what_the_segment_command_says(finished, tree, small_model_folder, tmp_path):
    words = ["--model", str(small_model_folder / "small"), "--out", str(tmp_path)]
    assert main(["segment", str(tree / "c.tif"), *words]) == 0
    record = json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))
    row = rows(finished)[0]
    for item in record["contributions"]["items"]:
        assert float(row[f"feature_{item['feature']}"]) == item["value"]
        assert float(row[f"contribution_{item['feature']}"]) == pytest.approx(item["contribution"], abs=1e-5)
    for key, check in record["verification"]["checks"].items():
        assert float(row[f"pyradiomics_{key}"]) == check["pyradiomics"]
        assert row[f"agrees_{key}"] == str(check["agrees"]).lower()
    assert row["pixels_sha256"] == record["image"]["pixels_sha256"]
    assert int(row["lesions"]) == len(record["finding"]["lesions"])
    ours = [lesion for lesion in rows(finished, "lesions.csv") if lesion["path"] == "c.tif"]
    assert [int(lesion["area_pixels"]) for lesion in ours] == [
        lesion["area_pixels"] for lesion in record["finding"]["lesions"]]
    assert (finished / row["segmentation"]).read_bytes() == (tmp_path / "c.seg.nrrd").read_bytes()


def test_no_file_holds_the_folder_of_the_images_or_a_time(finished, tree):
    for name, content in contents(finished).items():
        assert str(tree.parent).encode() not in content, name
        assert not re.search(rb"\b20\d\d-\d\d-\d\d[ T]\d\d:", content), name
    assert re.search(r"20\d\d-\d\d-\d\d .* UTC ended: 5 images done", (finished / "log.txt").read_text())


def test_the_same_images_give_the_same_bytes_also_after_an_interruption(finished, tree, cohort, tmp_path, monkeypatch):
    begun = []

    def interrupted(task):
        begun.append(task)
        if len(begun) == 3:
            raise KeyboardInterrupt
        return process(task)

    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(local, "process", interrupted)
        assert cohort(tree, out) == 130
    assert len(list((out / "parts").iterdir())) == 2
    assert not (out / "cohort.csv").exists()
    assert cohort(tree, out) == 1
    assert "ended: 3 images done, 2 were done before" in (out / "log.txt").read_text()
    assert contents(out) == contents(finished)


def test_a_run_over_finished_results_computes_nothing_and_changes_nothing(finished, tree, cohort, monkeypatch):
    before = contents(finished)
    with monkeypatch.context() as patch:
        patch.setattr("radiomicnet.run.run", None)  # would fail where it is called
        assert cohort(tree, finished) == 1
    assert contents(finished) == before


def test_only_what_changed_is_done_again(own_tree, cohort, tmp_path):
    out = tmp_path / "out"
    cohort(own_tree, out)
    before = rows(out)
    save(own_tree / "b" / "broken.png", 8)
    (out / next(row["segmentation"] for row in before if row["path"] == "c.tif")).write_bytes(b"damaged")
    assert cohort(own_tree, out) == 0
    assert "ended: 2 images done, 1 were done before, 0 could not" in (out / "log.txt").read_text()
    assert {row["path"] for row in rows(out) if row not in before} == {"b/broken.png"}
    cohort(own_tree, tmp_path / "fresh")
    assert contents(out) == contents(tmp_path / "fresh")


def test_results_of_images_that_are_gone_stay_until_they_are_to_be_forgotten(own_tree, cohort, tmp_path, capsys):
    out = tmp_path / "out"
    cohort(own_tree, out)
    before = contents(out)
    (own_tree / "c.tif").unlink()
    assert cohort(own_tree, out) == 2
    assert "holds results of 1 images that are not in the source" in capsys.readouterr().err
    assert contents(out) == before
    assert cohort(own_tree, out, "--forget") == 1
    assert [row["path"] for row in rows(out)] == ["a/scan.png", "b/broken.png"]
    assert [path.name for path in (out / "segmentations").rglob("*.nrrd")] == ["scan.png.seg.nrrd"]
    assert len(list((out / "parts").iterdir())) == 2


def test_a_csv_files_own_columns_are_carried_over_and_a_missing_image_is_a_row(tree, cohort, tmp_path):
    cases = tmp_path / "cases.csv"
    cases.write_text(f"path,id,batch,age\n{tree / 'c.tif'},p1,GE,61\ngone.png,p2,Esaote,\n", encoding="utf-8")
    assert cohort(cases, tmp_path / "out") == 1
    first, second = rows(tmp_path / "out")
    assert (first["id"], first["batch"], first["given_age"], first["status"]) == ("p1", "GE", "61", "segmented")
    assert "There is no file gone.png" in second["reason"]
    assert json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["batches"]["GE"]["images"] == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_no_text_and_one_of_two_lines_are_rows_like_others(cohort, tmp_path, capsys):
    tree = tmp_path / "tree"
    save(tree / "two\nlines.png", 1)
    os.link(tree / "two\nlines.png", os.fsencode(tree) + b"/caf\xe9.png")
    assert cohort(tree, tmp_path / "out") == 1
    first, second = rows(tmp_path / "out")
    assert (first["path"], second["path"]) == ("caf?.png", "two\nlines.png")
    assert "characters that are not UTF-8" in first["reason"]
    assert (tmp_path / "out" / second["segmentation"]).is_file()
    assert "\n" not in second["segmentation"]


def test_the_summary_adds_up(finished):
    summary = json.loads((finished / "summary.json").read_text(encoding="utf-8"))
    table = [row for row in rows(finished) if row["status"] == "segmented"]
    assert (summary["images"], summary["segmented"], summary["failed"]) == (5, 4, 1)
    assert summary["files_that_are_no_images"] == 1
    (reason,) = summary["reasons"]
    assert reason == "… is damaged or incomplete. Export or copy it again."
    small = summary["models"]["small"]
    assert small.get("outlined", 0) + small.get("nothing outlined", 0) == 4
    values = np.array([float(row["feature_firstorder_Mean"]) for row in table])
    assert small["numbers"]["feature_firstorder_Mean"] == {
        "n": 4, "mean": pytest.approx(values.mean()), "std": pytest.approx(values.std(ddof=1))}


@pytest.mark.parametrize(("change", "sentence"), [
    (["--threshold", "0.3"], r"holds a cohort of other settings \(threshold: none there, 0.3 now\)"),
    (["--model", "breast-ultrasound"], "holds a cohort of other settings .*model: small there, breast-ultrasound now"),
])
def test_other_settings_are_not_mixed_into_the_same_results(finished, tree, cohort, capsys, change, sentence):
    before = contents(finished)
    assert cohort(tree, finished, *change) == 2
    assert re.search(sentence, capsys.readouterr().err)
    assert contents(finished) == before


def test_results_among_the_images_are_refused(own_tree, cohort, capsys):
    assert cohort(own_tree, own_tree / "b" / "results") == 2
    assert "lies inside of the images' folder" in capsys.readouterr().err
    assert not (own_tree / "b" / "results").exists()


def test_a_folder_with_somebody_elses_files_is_refused(tree, cohort, tmp_path, capsys):
    (tmp_path / "thesis.tex").write_text("mine")
    assert cohort(tree, tmp_path) == 2
    assert "holds other files (thesis.tex)" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--model", "liver"], ["--workers", "-1"],
                                   ["--scheduler", "tcp://127.0.0.1:1", "--workers", "2"]])
def test_what_cannot_be_is_refused_before_anything_is_written(tree, tmp_path, words, capsys):
    assert main(["cohort", str(tree), "--out", str(tmp_path / "out"), *words]) == 2
    assert capsys.readouterr().err.startswith("radiomicnet: ")
    assert not (tmp_path / "out").exists()


def test_a_full_disk_ends_the_run_with_a_sentence_and_what_is_done_is_kept(tree, cohort, finished, tmp_path, capsys,
                                                                           monkeypatch):
    real, written = Path.write_bytes, []

    def full(path, content):
        written.append(path)
        if len(written) == 4:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        assert cohort(tree, tmp_path / "out") == 2
    complaint = capsys.readouterr().err
    assert "no room left on the disk" in complaint and "What is done so far is kept." in complaint
    assert not list((tmp_path / "out").rglob("*.part"))
    cohort(tree, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(finished)


def test_a_fault_of_ours_on_one_image_does_not_cost_the_others(own_tree, cohort, tmp_path, monkeypatch):
    def at_fault(image, *words):
        if image.name == "c":
            raise ZeroDivisionError(f"in {own_tree}")
        return find(image, *words)

    import radiomicnet.segmenters as segmenters

    find = segmenters.choose_model
    monkeypatch.setattr(segmenters, "choose_model", at_fault)
    tree, out = own_tree, tmp_path / "out"
    (tree / "a" / "scan.png").unlink()
    assert main(["cohort", str(tree), "--out", str(out), "--workers", "0"]) == 1
    reasons = [row["reason"] for row in rows(out)]
    assert reasons[0] == "RadiomicNet failed on this image (ZeroDivisionError: in). Please report this."
    assert "broken.png" in reasons[1]


def test_a_parquet_file_holds_the_cells_of_the_csv_file(finished):
    from radiomicnet.cohort.tables import read_table

    pytest.importorskip("pyarrow")
    for name in ("cohort", "lesions"):
        text, typed = (read_table(finished / f"{name}{ending}").columns for ending in (".csv", ".parquet"))
        assert list(text) == list(typed)
        for column, cells in typed.items():
            assert [cell_of(cell) for cell in cells] == text[column], column


def cell_of(value):
    if value is None or value == "":
        return None
    return str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, float) else str(value)


def test_without_pyarrow_the_csv_file_is_there_and_a_sentence_says_what_is_not(tree, cohort, tmp_path, monkeypatch,
                                                                               capsys):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert cohort(tree, tmp_path / "out", "--skip", "b/*", "--skip", "a/*") == 0
    assert "pyarrow is missing" in capsys.readouterr().err
    assert not list((tmp_path / "out").glob("*.parquet")) and len(rows(tmp_path / "out")) == 1
    assert "cohort.parquet" not in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
