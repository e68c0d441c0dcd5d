"""``python -m radiomicnet segment``, as a user types it."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from radiomicnet.__main__ import main
from radiomicnet.errors import OutputError


@pytest.fixture
def picture(tmp_path, phantom):
    path = tmp_path / "in" / "scan 1 müde.png"
    path.parent.mkdir()
    sitk.WriteImage(sitk.GetImageFromArray(phantom[0].pixels), str(path))
    return path


@pytest.fixture
def segment(small_model_folder, tmp_path):
    """Run the command in this process; the exit status."""
    def call(*words):
        return main(["segment", "--model", str(small_model_folder / "small"), "--out", str(tmp_path / "out"),
                     *map(str, words)])
    return call


def names(folder):
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_one_image_gives_its_files_a_ranked_table_the_times_and_exit_status_0(segment, picture, tmp_path, capsys):
    assert segment(picture) == 0
    stem = "scan 1 müde"
    endings = (".seg.nrrd", ".json", ".html", "-features.csv", "-probability.nrrd", "-uncertainty.nrrd",
               *(f"-attention-stride-{stride}.nrrd" for stride in (16, 8, 4, 2)))
    assert {f"{stem}{ending}" for ending in endings} <= names(tmp_path / "out")
    printed = capsys.readouterr().out
    ranks = [line.split()[0] for line in printed.splitlines() if line.endswith(("agrees", "not checked"))]
    assert ranks == [str(rank) for rank in range(1, 14)]
    assert "Time: preparing the image" in printed and "contributions" in printed
    assert f"open {stem}.html" in printed and "For research use only" in printed


def test_no_result_holds_the_folder_of_the_source_file(segment, picture, tmp_path):
    segment(picture)
    for path in (tmp_path / "out").iterdir():
        assert str(picture.parent).encode() not in path.read_bytes(), path.name


def test_a_slice_of_a_stack_is_segmented_when_it_is_chosen_and_not_before(segment, tmp_path, phantom, capsys):
    stack = sitk.GetImageFromArray(np.stack([255 - phantom[0].pixels, phantom[0].pixels]))
    sitk.WriteImage(stack, str(tmp_path / "stack.nrrd"))
    assert segment(tmp_path / "stack.nrrd") == 1
    assert "Take one slice out, from 1 to 2. On the command line, --frame" in capsys.readouterr().err
    assert segment(tmp_path / "stack.nrrd", "--frame", 2) == 0
    assert "stack-frame-2.seg.nrrd" in names(tmp_path / "out")


def test_a_bad_file_does_not_stop_the_others_and_the_exit_status_tells(segment, picture, tmp_path, capsys):
    text = tmp_path / "in" / "notes.png"
    text.write_text("not an image")
    assert segment(tmp_path / "in" / "missing.png", text, picture) == 1
    assert "scan 1 müde.html" in names(tmp_path / "out")
    complaints = capsys.readouterr().err
    assert "missing.png: " in complaints and "notes.png: " in complaints and "2 of 3 images" in complaints
    assert not any(name.startswith(("missing", "notes")) for name in names(tmp_path / "out"))


def test_two_inputs_of_one_name_keep_a_result_each(segment, picture, tmp_path, phantom):
    other = tmp_path / "in" / "b" / picture.name
    other.parent.mkdir()
    sitk.WriteImage(sitk.GetImageFromArray(255 - phantom[0].pixels), str(other))
    assert segment(picture, other) == 0
    assert {"scan 1 müde.html", "scan 1 müde-2.html"} <= names(tmp_path / "out")


def test_a_later_run_replaces_the_result_of_the_same_picture_but_not_that_of_another(
        segment, picture, tmp_path, phantom):
    segment(picture)
    before = names(tmp_path / "out")
    segment(picture)
    assert names(tmp_path / "out") == before
    sitk.WriteImage(sitk.GetImageFromArray(255 - phantom[0].pixels), str(picture))
    segment(picture)
    assert "scan 1 müde-2.html" in names(tmp_path / "out")


def test_the_same_picture_gives_the_same_numbers_every_time(segment, picture, tmp_path):
    records = []
    for _ in range(2):
        segment(picture)
        record = json.loads((tmp_path / "out" / "scan 1 müde.json").read_text(encoding="utf-8"))
        del record["seconds"]
        records.append(record)
    assert records[0] == records[1]


def test_an_unknown_model_is_refused_before_anything_is_read_or_written(picture, tmp_path, capsys):
    assert main(["segment", "--model", "liver", "--out", str(tmp_path / "out"), str(picture)]) == 2
    assert "no model named liver" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("value", ["0", "1", "-0.5", "much"])
def test_a_threshold_that_is_no_probability_is_refused(value, picture, tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["segment", "--out", str(tmp_path), f"--threshold={value}", str(picture)])
    assert "not a probability" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("--click", "nan,5"), ("--click", "inf,3"), ("--click", "5")])
def test_a_click_that_is_no_pixel_is_refused(words, segment, picture, tmp_path, capsys):
    with pytest.raises(SystemExit):
        segment(picture, *words)
    assert "is not a pixel such as 120,85" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_guess_under_a_click_and_a_click_beside_the_picture_are_told(segment, picture, tmp_path, phantom, capsys):
    last = phantom[0].pixels.shape[1]
    assert segment(picture, "--threshold", "0.999", "--click", "60,60", "--click", f"{last + 9},5") == 0
    printed = capsys.readouterr().out
    assert "around click 1 is a guess" in printed and "Click 2 lies outside of the image" in printed
    page = (tmp_path / "out" / "scan 1 müde.html").read_text(encoding="utf-8")
    record = json.loads((tmp_path / "out" / "scan 1 müde.json").read_text(encoding="utf-8"))
    threshold = record["pointed_at"]["clicks"][0]["threshold"]
    assert "around click 1 is a guess" in page
    assert f"The outline is drawn at 0.999, {threshold:.3g} around click 1." in page
    header = (tmp_path / "out" / "scan 1 müde.seg.nrrd").read_bytes().partition(b"\n\n")[0].decode()
    assert f"RadiomicNet.ClickThresholds:={threshold:.4g}, 0.999" in header


def test_nothing_found_is_a_result(segment, picture, tmp_path, capsys):
    assert segment("--threshold", "0.999999", picture) == 0
    assert "No lesion found; this does not exclude one." in capsys.readouterr().out
    record = json.loads((tmp_path / "out" / "scan 1 müde.json").read_text(encoding="utf-8"))
    assert record["finding"]["lesions"] == [] and record["contributions"]["region"] == "most-probable-1-percent"


def test_a_folder_that_cannot_be_written_is_a_sentence_and_leaves_nothing(segment, picture, tmp_path, capsys):
    (tmp_path / "out").write_text("a file where the folder should be")
    assert segment(picture) == 2
    assert "what was given as the folder is a file" in capsys.readouterr().err
    assert (tmp_path / "out").read_text() == "a file where the folder should be"


def test_a_full_disk_is_a_sentence_and_leaves_nothing(small_model_folder, picture, tmp_path):
    """A limit on the size of files, which the system enforces as it does a full disk."""
    def small_disk():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = subprocess.run(
        [sys.executable, "-m", "radiomicnet", "segment", "--model", str(small_model_folder / "small"), "--out",
         str(tmp_path / "out"), str(picture)],
        capture_output=True, text=True, preexec_fn=small_disk,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert done.returncode == 2
    assert done.stderr.startswith("radiomicnet: ") and "Traceback" not in done.stderr
    assert names(tmp_path / "out") == set()


def run_elsewhere(small_model_folder, picture, out, **options):
    """The command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "radiomicnet", "segment", "--model", str(small_model_folder / "small"), "--out",
         str(out), str(picture)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **options})


def test_a_terminal_of_another_alphabet_shows_question_marks_and_no_traceback(small_model_folder, picture, tmp_path):
    process = run_elsewhere(small_model_folder, picture, tmp_path / "out", PYTHONIOENCODING="ascii")
    printed, complaints = process.communicate()
    assert process.returncode == 0, complaints.decode()
    assert b"scan 1 m?de.html" in printed and complaints == b""


def test_a_reader_of_the_output_that_leaves_early_sees_no_traceback(small_model_folder, picture, tmp_path):
    process = run_elsewhere(small_model_folder, picture, tmp_path / "out")
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 1
    assert "scan 1 müde.html" in names(tmp_path / "out")


def test_a_package_that_is_missing_is_named(segment, picture, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "SimpleITK", None)
    assert segment(picture) == 2
    assert "package SimpleITK is missing" in capsys.readouterr().err
    assert names(tmp_path / "out") == set()


def test_auto_asks_for_a_model_where_it_cannot_tell_and_leaves_nothing(tmp_path, capsys):
    pixels = np.random.default_rng(0).integers(90, 110, (64, 64, 3)).astype(np.uint8)
    pixels[:32, :, 0] = 255  # half of the picture in red: more than a Doppler box, less than mucosa
    sitk.WriteImage(sitk.GetImageFromArray(pixels, isVector=True), str(tmp_path / "unclear.png"))
    assert main(["segment", "--out", str(tmp_path / "out"), str(tmp_path / "unclear.png")]) == 1
    complaint = capsys.readouterr().err
    assert "breast-ultrasound" in complaint and "polyp-endoscopy" in complaint
    assert names(tmp_path / "out") == set()


def test_importing_the_package_loads_no_torch_and_no_file_format():
    heavy = {"torch", "SimpleITK", "PIL", "scipy", "radiomics"}
    code = f"import sys, radiomicnet; print(sorted({heavy} & set(sys.modules)))"
    package = str(Path(__file__).parents[3] / "RadiomicNetSegmenter")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=package, check=True)
    assert done.stdout.strip() == "[]"


def test_an_output_error_stops_the_run_since_no_later_image_could_be_written_either(segment, picture, monkeypatch):
    written = []

    def full(*arguments):
        written.append(arguments)
        raise OutputError("The disk is full.")

    monkeypatch.setattr("radiomicnet.results.write.write_result", full)
    assert segment(picture, picture) == 2
    assert len(written) == 1
