"""``python -m radiomicnet clip``, as a user types it."""

from __future__ import annotations

import argparse
import os
import signal

import numpy as np
import pydicom
import pydicom.data
import pytest
from PIL import Image as Pillow

from radiomicnet.commands import clip as command
from radiomicnet.errors import Cancelled, ImageError, RadiomicNetError


@pytest.fixture
def frames(tmp_path, phantom):
    """A folder of 5 frames."""
    folder = tmp_path / "frames"
    folder.mkdir()
    for k in range(5):
        Pillow.fromarray(np.roll(phantom[0].pixels[::2, ::2], k, axis=1)).save(folder / f"{k + 1}.png")
    return folder


@pytest.fixture
def run(small_model_folder, tmp_path):
    """Run the command in this process; the exit status."""
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)

    def call(*words):
        return command.main(parser.parse_args(["--model", str(small_model_folder / "small"), "--out",
                                               str(tmp_path / "out"), *map(str, words)]))
    return call


def test_a_folder_of_frames_gives_outlines_table_record_and_page(run, frames, tmp_path, capsys):
    assert run(frames) == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "frames-outlines.seq.nrrd", "frames-images.seq.nrrd", "frames-frames.csv", "frames-frames.json",
        "frames-clip.html"}
    printed = capsys.readouterr().out
    assert "of 5 frames" in printed and "open frames-clip.html" in printed and "For research use only" in printed


def test_a_range_and_a_step_choose_frames(run, frames, tmp_path):
    assert run(frames, "--frames", "2-5", "--every", 2, "--no-images") == 0
    rows = (tmp_path / "out" / "frames-frames.csv").read_text().splitlines()
    assert [row.partition(",")[0] for row in rows] == ["frame", "2", "4"]
    assert not (tmp_path / "out" / "frames-images.seq.nrrd").exists()


def test_a_range_beyond_the_end_is_refused_with_a_sentence(run, frames):
    with pytest.raises(ImageError, match="has no frame 6; it holds the frames 1 to 5"):
        run(frames, "--frames", "6-9")


@pytest.mark.parametrize("words", [("--frames", "0-3"), ("--frames", "5-2"), ("--frames", "x"), ("--smooth", "0"),
                                   ("--every", "no")])
def test_a_range_or_number_that_is_none_is_refused(run, frames, words):
    with pytest.raises(SystemExit):
        run(frames, *words)


@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGTERM])
def test_the_keyboard_or_the_system_stops_the_run_and_what_is_done_is_written(run, frames, tmp_path, capsys,
                                                                              monkeypatch, blow):
    from radiomicnet.clips import run as clips

    def interrupted(prediction, own, labels, index, place, made=clips.frame_of):
        if index == 1:
            os.kill(os.getpid(), blow)
        return made(prediction, own, labels, index, place)

    monkeypatch.setattr(clips, "frame_of", interrupted)
    before = signal.getsignal(blow)
    assert run(frames) == 130
    assert signal.getsignal(blow) is before
    rows = (tmp_path / "out" / "frames-frames.csv").read_text().splitlines()
    assert [row.partition(",")[0] for row in rows] == ["frame", "1", "2"]
    assert "stopped after 2 of 5 frames" in capsys.readouterr().out


def test_a_run_that_is_killed_has_kept_what_was_done_and_the_next_one_replaces_it(run, frames, tmp_path, monkeypatch):
    from radiomicnet.clips import run as clips

    class Killed(BaseException):
        """Nothing is done any more, as after SIGKILL."""

    def deadly(prediction, own, labels, index, place, made=clips.frame_of):
        if index == 3:
            raise Killed
        return made(prediction, own, labels, index, place)

    def rows():
        text = (tmp_path / "out" / "frames-frames.csv").read_text().splitlines()
        return [row.partition(",")[0] for row in text[1:]]

    monkeypatch.setattr(clips, "KEEP_EVERY", 0.0)
    monkeypatch.setattr(clips, "KEEP_SHARE", 0)
    with monkeypatch.context() as patch:
        patch.setattr(clips, "frame_of", deadly)
        with pytest.raises(Killed):
            run(frames)
    assert rows() == ["1", "2", "3"]
    assert "stopped after 3 of 5 frames" in (tmp_path / "out" / "frames-clip.html").read_text()
    assert run(frames) == 0
    assert rows() == ["1", "2", "3", "4", "5"] and len(list((tmp_path / "out").iterdir())) == 5


def test_a_run_stopped_before_its_first_frame_writes_nothing(run, frames, tmp_path, monkeypatch):
    from radiomicnet.clips import run as clips

    def stopped(*_arguments, **_keywords):
        raise Cancelled
        yield

    monkeypatch.setattr(clips, "segment_frames", stopped)
    assert run(frames) == 130 and not (tmp_path / "out").exists()


def test_a_dicom_segmentation_of_the_frames_that_were_asked_for_is_written_on_request(run, tmp_path):
    pytest.importorskip("highdicom")
    source = pydicom.data.get_testdata_file("examples_ybr_color.dcm", download=False)
    assert run(source, "--frames", "2-6", "--every", 2, "--no-images", "--also", "dicom-seg") == 0
    made = pydicom.dcmread(tmp_path / "out" / "examples_ybr_color-seg.dcm")
    frames = {item.DerivationImageSequence[0].SourceImageSequence[0].ReferencedFrameNumber
              for item in made.PerFrameFunctionalGroupsSequence}
    assert frames == {2, 4, 6} and made.Modality == "SEG"
    assert "examples_ybr_color-seg.dcm" in (tmp_path / "out" / "examples_ybr_color-frames.json").read_text()


def test_a_dicom_segmentation_of_what_is_no_dicom_is_refused_before_anything_is_computed(run, frames, tmp_path):
    with pytest.raises(ImageError, match="frames is a folder"):
        run(frames, "--also", "dicom-seg")
    assert not (tmp_path / "out").exists()


def test_the_exit_status_tells_that_a_frame_could_not_be_segmented(run, frames, capsys):
    Pillow.fromarray(np.array([[0, 255]], np.uint8)).resize((4, 4), Pillow.Resampling.NEAREST).save(frames / "3.png")
    assert run(frames) == 1
    assert "1 frame could not be segmented" in capsys.readouterr().out


def test_smoothing_is_said_and_is_off_unless_asked_for(run, frames, capsys):
    run(frames, "--frames", "1-2")
    assert "nothing was smoothed" in capsys.readouterr().out
    run(frames, "--frames", "1-2", "--smooth")
    assert "averaged over up to 2 frames" in capsys.readouterr().out


def test_frames_that_show_nothing_at_all_are_refused_before_anything_is_written(run, tmp_path):
    folder = tmp_path / "black"
    folder.mkdir()
    for k in range(2):
        pixels = np.zeros((40, 40), np.uint8)
        pixels[0, 0] = 255 * (k == 5)
        Pillow.fromarray(pixels).save(folder / f"{k}.png")
    with pytest.raises(RadiomicNetError, match="same value"):
        run(folder)
    assert not (tmp_path / "out").exists()
