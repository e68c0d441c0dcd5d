import os
from pathlib import Path

import pytest

from radiomicnet.results.writing import check_folder, replacing


def test_a_file_is_replaced_whole(tmp_path):
    place = tmp_path / "table.csv"
    place.write_text("before")
    with replacing(place) as draft:
        draft.write_text("after")
        assert place.read_text() == "before"
    assert place.read_text() == "after" and os.listdir(tmp_path) == ["table.csv"]


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt])
def test_where_writing_fails_the_file_before_stays_and_the_draft_goes(tmp_path, fault):
    place = tmp_path / "table.csv"
    place.write_text("before")

    def write():
        with replacing(place) as draft:
            draft.write_text("half")
            raise fault

    with pytest.raises(fault):
        write()
    assert place.read_text() == "before" and os.listdir(tmp_path) == ["table.csv"]


def test_the_fault_is_told_also_where_the_folder_is_gone(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "gone" / "table.csv") as draft:
        draft.write_text("half")


@pytest.mark.parametrize("letter", ["x", "ö", "字", "🙂"])
def test_the_longest_name_that_the_disk_takes_can_be_written(tmp_path, letter):
    place = tmp_path / (letter * (255 // len(letter.encode())))
    with replacing(place) as draft:
        draft.write_text("whole")
    assert place.read_text() == "whole"


def test_a_folder_is_looked_at_and_not_made(tmp_path):
    check_folder(tmp_path)
    check_folder(tmp_path / "new" / "deeper")
    assert not os.listdir(tmp_path)


def test_a_folder_in_the_folder_of_the_program_is_found_without_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check_folder(Path("new"))


def test_a_file_is_no_folder_and_holds_none(tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "new"):
        with pytest.raises(NotADirectoryError):
            check_folder(folder)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to_is_told(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError):
        check_folder(tmp_path / "new")
