"""Which images a cohort is made of."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiomicnet.cohort.source import Item, read_source, segmentation_places
from radiomicnet.errors import CohortError


def paths(place, *skip):
    return [item.path for item in read_source(place, skip).items]


def table(tmp_path, text, name="cases.csv", encoding="utf-8"):
    (tmp_path / name).write_bytes(text.encode(encoding))
    return tmp_path / name


def test_a_tree_is_listed_in_the_order_of_its_names_broken_images_too_and_other_files_not(tree):
    assert paths(tree) == ["c.tif", "a/scan.png", "b/broken.png", "b/scan 2 müde.png", "b/scan.png"]
    assert read_source(tree).left_out == 1


def test_a_dicom_folder_is_listed_by_content_and_its_index_is_no_image(tmp_path):
    from pydicom.data import get_testdata_file

    for name in ("IM000001", "sub/IM000002"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(get_testdata_file("examples_rgb_color.dcm", download=False), tmp_path / name)
    shutil.copy(get_testdata_file("CT_small.dcm", download=False), tmp_path / "DICOMDIR")
    assert paths(tmp_path) == paths(tmp_path / "DICOMDIR") == ["IM000001", "sub/IM000002"]


def test_hidden_files_and_results_beside_their_images_are_left_out(own_tree, cohort, small_segmenter, tmp_path):
    from radiomicnet.images.read import read_image
    from radiomicnet.results.write import write_result
    from radiomicnet.run import run

    before = paths(own_tree)
    (own_tree / ".thumbnails").mkdir()
    shutil.copy(own_tree / "c.tif", own_tree / ".thumbnails" / "c.tif")
    shutil.copy(own_tree / "c.tif", own_tree / "._c.tif")
    write_result(run(small_segmenter, read_image(own_tree / "c.tif")), own_tree, "c")
    assert paths(own_tree) == before


def test_patterns_leave_paths_out(tree):
    assert paths(tree, "b/*", "*.tif") == ["a/scan.png"]
    with pytest.raises(CohortError, match=r"holds no image that --skip leaves"):
        read_source(tree, ("*",))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_file_brings_its_columns_along(tmp_path, separator):
    rows = [["image", "id", "batch", "model", "frame", "age"], ["a/x.dcm", "p 1", "GE", "small", "2", "61"],
            ["b/x.png", "p 2", "", "", "", ""]]
    text = "\ufeff" + "\r\n".join(separator.join(row) for row in rows) + "\r\n\r\n"
    source = read_source(table(tmp_path, text))
    assert source.given == ("age",)
    first, second = source.items
    assert first == Item("a/x.dcm", tmp_path / "a/x.dcm", 2, "p 1", "GE", "small", ("61",))
    assert second == Item("b/x.png", tmp_path / "b/x.png", None, "p 2", "", "", ("",))


@pytest.mark.parametrize(("text", "sentence"), [
    ("name,age\nx,3\n", "has no column of paths; it has name, age"),
    ("", "has no column of paths; it has no column"),
    ("path,frame\nx.png,first\n", "Line 2 .* has the frame first, which is no whole number"),
    ("path,frame\nx.png,0\n", "has the frame 0"),
    ("path,id\nx.png\n", "Line 2 .* more or fewer cells"),
    ("path,id\nx.png,1,2\n", "Line 2 .* more or fewer cells"),
    ("path,id\n,1\n", "Line 2 .* has no path"),
    ("path\nx.png\nx.png\n", "lists x.png twice"),
    ("path,age,age\nx.png,1,2\n", "two columns of one name"),
    ('path\n"x.png\n', "cannot be read as a CSV file"),
    ("path\n", "holds no image"),
])
def test_a_csv_file_that_cannot_be_understood_is_refused_with_a_sentence(tmp_path, text, sentence):
    with pytest.raises(CohortError, match=sentence):
        read_source(table(tmp_path, text))


def test_a_csv_file_that_is_no_text_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(CohortError, match="cannot be read as a CSV file in UTF-8"):
        read_source(table(tmp_path, "path\nmüde.png\n", encoding="latin-1"))


def test_two_frames_of_one_file_are_two_images(tmp_path):
    source = read_source(table(tmp_path, "path,frame\nclip.dcm,1\nclip.dcm,2\n"))
    assert len(set(segmentation_places(source.items))) == 2


def test_an_empty_folder_and_one_that_is_not_there_are_refused(tmp_path):
    with pytest.raises(CohortError, match="holds no image"):
        read_source(tmp_path)
    with pytest.raises(CohortError, match="There is no folder or CSV file nowhere"):
        read_source(tmp_path / "nowhere")


PARTS = st.text("aA.. b/\\:é", min_size=1, max_size=8) | st.sampled_from(["..", "C:\\x", "/etc/x", "CON", "a" * 300])


@given(st.lists(st.lists(PARTS, min_size=1, max_size=3).map("/".join), min_size=1, max_size=6, unique=True))
def test_every_segmentation_has_a_place_of_its_own_inside_the_results(names):
    items = tuple(Item(name, Path(name)) for name in names)
    places = segmentation_places(items)
    assert len({place.casefold() for place in places}) == len(names)
    root = Path("results", "segmentations").resolve()
    for place in places:
        assert Path("results", place).resolve().is_relative_to(root)
        assert all(len(part.encode()) < 250 for part in Path(place).parts)
    assert segmentation_places(items) == places
