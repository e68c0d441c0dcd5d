"""What a clip's run writes, read back by pynrrd, SimpleITK and csv."""

from __future__ import annotations

import csv
import json

import nrrd
import numpy as np
import pytest
import SimpleITK as sitk

from radiomicnet.clips.chart import HEIGHT, WIDTH, chart
from radiomicnet.clips.run import segment_clip
from radiomicnet.clips.write import write_clip
from radiomicnet.errors import OutputError
from radiomicnet.images.image import Geometry

OBLIQUE = Geometry((0.2, 0.3, 1.0), (-1.5, 2.25, 3.0), (0.6, 0.8, 0.0, -0.8, 0.6, 0.0, 0.0, 0.0, 1.0), True)


@pytest.fixture(scope="module")
def written(small_segmenter, moving, tmp_path_factory):
    """A clip's result and the folder with its files."""
    from radiomicnet.clips.clip import Axis, Clip

    clip = Clip("a <b>clip", Axis.of_seconds([k / 25 for k in range(6)]), lambda indices: (moving[k] for k in indices),
                OBLIQUE, warnings=("A warning & more.",), source="clip.mp4")
    result = segment_clip(small_segmenter, clip)
    folder = tmp_path_factory.mktemp("out")
    write_clip(result, folder)
    return result, folder


def test_outlines_come_back_frame_by_frame_on_the_clips_grid(written):
    result, folder = written
    array, header = nrrd.read(str(folder / "a _b_clip-outlines.seq.nrrd"), index_order="F")
    assert array.shape == (*result.frames[0].shape[::-1], 1, 6)
    for k, frame in enumerate(result.frames):
        expected = np.zeros(result.frames[0].shape) if frame.reason else frame.labels
        assert np.array_equal(array[:, :, 0, k].T, expected)
    assert header["kinds"] == ["domain", "domain", "domain", "list"]
    assert header["axis 3 index values"].split() == [frame.place for frame in result.frames]
    directions = np.array(header["space directions"][:3], float).T
    assert directions == pytest.approx(np.reshape(OBLIQUE.direction, (3, 3)) * OBLIQUE.spacing)
    assert header["space origin"] == pytest.approx(OBLIQUE.origin)
    assert "research" in header["RadiomicNet.Notice"]


def test_itk_reads_the_sequence_too_and_the_pictures_are_those_that_were_segmented(written, moving):
    _, folder = written
    array = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "a _b_clip-images.seq.nrrd")))
    assert np.array_equal(np.moveaxis(array[0], -1, 0) if array.shape[0] == 1 else array[:, 0], moving)


def test_the_table_has_a_row_per_frame_and_the_record_says_the_same(written):
    result, folder = written
    with (folder / "a _b_clip-frames.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    record = json.loads((folder / "a _b_clip-frames.json").read_text(encoding="utf-8"))
    assert [row["frame"] for row in rows] == list("123456")
    assert rows[2]["status"] == "not segmented" and rows[2]["area_pixels"] == "" and rows[2]["warning"]
    assert [row["steadiest"] for row in rows].count("yes") == (result.steadiest is not None)
    for row, frame, other in zip(rows, result.frames, record["frames"]):
        assert row["time_s"] == other["time_s"] == frame.place
        if not frame.reason:
            assert int(row["area_pixels"]) == other["area_pixels"] == frame.area_pixels
            assert float(row["area_mm2"]) == pytest.approx(frame.area_pixels * 0.06)
            assert float(row["firstorder_Mean"]) == other["firstorder_Mean"] == frame.features["firstorder_Mean"]
    assert record["complete"] and record["done"] == 6 and set(record["files"]) == {
        path.name for path in folder.iterdir()}


def test_the_page_holds_every_chosen_frame_and_escapes_what_names_hold(written):
    _, folder = written
    page = (folder / "a _b_clip-clip.html").read_text(encoding="utf-8")
    assert "a &lt;b&gt;clip" in page and "<b>clip" not in page and "A warning &amp; more." in page
    assert page.count("<image ") == 5  # the black frame has no picture
    assert page.count("<polyline") >= 16 and "http" not in page.replace("http-equiv", "")
    assert "For research use only" in page and "nothing was smoothed" in page


def test_the_same_clip_gives_the_same_bytes(small_segmenter, written, tmp_path):
    result, folder = written
    write_clip(result, tmp_path)
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_a_clip_of_the_same_name_keeps_a_result_of_its_own_and_a_second_run_replaces_the_first(
        small_segmenter, clip_of_frames, moving, tmp_path):
    for frames in (moving, moving, 255 - moving):
        write_clip(segment_clip(small_segmenter, clip_of_frames(frames, "scan"), range(2)), tmp_path, images=False)
    assert {path.name for path in tmp_path.iterdir() if path.suffix == ".html"} == {"scan-clip.html",
                                                                                    "scan-2-clip.html"}


def test_where_something_cannot_be_written_nothing_is_left(written, tmp_path):
    def broken(path):
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="no room left"):
        write_clip(written[0], tmp_path / "new", more={".broken": broken})
    assert not (tmp_path / "new").exists()


def test_a_line_has_a_gap_where_a_frame_has_no_value():
    made = chart("a", "", [0, 1, 2, 3, 4, 5], [1.0, 3.0, None, 2.0, float("nan"), 5.0])
    assert made.lines == (f"0.0,{HEIGHT:.2f} 200.0,50.00",)
    assert [x for x, _ in made.dots] == [600, WIDTH]
    assert (made.low, made.high) == (1, 5)


def test_a_line_of_one_value_lies_in_the_middle():
    made = chart("a", "", [0, 1], [0.0, 0.0])
    assert made.low < 0 < made.high and made.lines[0].endswith("50.00")
