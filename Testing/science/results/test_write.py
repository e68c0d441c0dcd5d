"""All files of a result or none, on folders, disks and names of every kind."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import pickle
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from PIL import Image

from radiomicnet.errors import OutputError
from radiomicnet.images.read import read_image
from radiomicnet.results import names, write
from radiomicnet.results.place import free_stem
from radiomicnet.results.record_json import SCHEMA_FILE

ENDINGS = [
    "-attention-stride-16.nrrd", "-attention-stride-2.nrrd", "-attention-stride-4.nrrd", "-attention-stride-8.nrrd",
    "-check-image.nrrd", "-check-mask.nrrd", "-check-settings.yaml", "-features.csv", "-probability.nrrd",
    "-uncertainty.nrrd", ".html", ".json", ".seg.nrrd"]


def contents(folder):
    """Every file below a folder, hidden ones too, by its relative path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def entries(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("lesions", [0, 2])
def test_a_result_is_thirteen_files_named_after_the_image(make_result, tmp_path, lesions):
    written = write.write_result(make_result(lesions), tmp_path / "made" / "on demand")
    assert [path.name for path in written] == [f"scan{ending}" for ending in ENDINGS]
    assert entries(tmp_path / "made" / "on demand") == [f"scan{ending}" for ending in ENDINGS]


def test_the_record_lists_the_files_that_are_there(make_result, tmp_path):
    write.write_result(make_result(1), tmp_path, "a")
    data = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
    assert data["files"] == entries(tmp_path)


@pytest.mark.parametrize("name", ["Brüste 1", "检查", "a b'c", "x.y.z", "..", "a/b\\c", "-rf", "", "CON:1", "ä" * 300])
def test_a_name_of_any_kind_stays_inside_the_folder(make_result, tmp_path, name):
    written = write.write_result(make_result(1), tmp_path / "out", name)
    assert len(written) == 13
    assert entries(tmp_path) == ["out"]
    for path in written:
        assert path.parent == tmp_path / "out"
        assert path.is_file()
        assert not set('<>:"/\\|?*') & set(path.name)
        assert not path.name.startswith("-")


def test_the_same_image_keeps_its_name_and_another_of_that_name_gets_a_number(make_result, tmp_path):
    first, other = make_result(1), make_result(2)
    write.write_result(first, tmp_path)
    assert free_stem(first.prediction.image, tmp_path, set()) == "scan"
    assert free_stem(other.prediction.image, tmp_path, set()) == "scan-2"
    assert free_stem(other.prediction.image, tmp_path, {"scan-2"}) == "scan-3"


def test_letters_and_spaces_stay_as_they_are():
    assert names.file_stem("Brüste 检查 1.2") == "Brüste 检查 1.2"


@pytest.mark.parametrize(("name", "stem"), [("CON", "_CON"), ("nul", "_nul"), ("com1.scan", "_com1.scan"),
                                            ("CONE", "CONE"), ("COM10", "COM10")])
def test_a_name_that_windows_keeps_for_a_device_is_changed(name, stem):
    assert names.file_stem(name) == stem


def test_an_earlier_result_of_the_name_is_replaced_as_a_whole_and_nothing_else(make_result, tmp_path):
    (tmp_path / "scan-attention-stride-32.nrrd").write_text("of another model")
    others = ["scan.png", "scan-attention-map.nrrd", "scan-attention-stride-32-probability.nrrd", "scan2.json",
              "ascan.json"]
    for other in others:
        (tmp_path / other).write_text("not ours")
    write.write_result(make_result(2), tmp_path)
    first = contents(tmp_path)
    write.write_result(make_result(0), tmp_path)
    assert entries(tmp_path) == sorted([f"scan{ending}" for ending in ENDINGS] + others)
    assert "No lesion found" in (tmp_path / "scan.html").read_text(encoding="utf-8")
    assert {other: first[other] for other in others} == dict.fromkeys(others, b"not ours")


def test_writing_twice_gives_the_same_result(make_result, tmp_path):
    """But for the date pynrrd puts into a comment of its headers."""
    for folder in ("a", "b"):
        write.write_result(make_result(2), tmp_path / folder)
    a, b = contents(tmp_path / "a"), contents(tmp_path / "b")
    for name, data in a.items():
        lines = [line for line in data.split(b"\n") if not line.startswith(b"# on ")]
        assert lines == [line for line in b[name].split(b"\n") if not line.startswith(b"# on ")], name


def test_no_path_of_the_source_is_in_any_file(make_scene, build_result, tmp_path):
    """From a file in a folder with a name that would be noticed, through reading, to every byte of the result."""
    source = tmp_path / "Mustermann_1957-03-02" / "scan.png"
    source.parent.mkdir()
    pixels, probability = make_scene(1)
    Image.fromarray(pixels).save(source)
    image = read_image(source)
    result = build_result(image.pixels, probability, name=image.name, warnings=image.warnings)
    write.write_result(result, tmp_path / "out")
    written = contents(tmp_path / "out")
    assert len(written) == 13
    for name, data in written.items():
        unpacked = gzip.decompress(data.partition(b"\n\n")[2]) if name.endswith(".nrrd") else b""
        for secret in (b"Mustermann", str(tmp_path).encode()):
            assert secret not in data, name
            assert secret not in unpacked, name


@pytest.mark.parametrize("ending", ENDINGS[::3])
def test_a_writer_that_fails_leaves_nothing_behind(make_result, tmp_path, monkeypatch, ending):
    write.write_result(make_result(2), tmp_path / "kept")
    before = contents(tmp_path)
    writers = write._writers

    def one_fails(result, stem, more):
        def fail(path):
            path.write_text("half")
            raise ValueError("a fault in the writer")
        return {**writers(result, stem, more), ending: fail}
    monkeypatch.setattr(write, "_writers", one_fails)
    for folder in ("kept", "new/deep"):
        with pytest.raises(OutputError, match="a fault in the writer"):
            write.write_result(make_result(0), tmp_path / folder)
    assert contents(tmp_path) == before
    assert entries(tmp_path) == ["kept"]


@pytest.mark.parametrize("after", range(0, 26, 5))
def test_a_move_that_fails_puts_the_earlier_result_back(make_result, tmp_path, monkeypatch, after):
    write.write_result(make_result(2), tmp_path)
    before = contents(tmp_path)
    rename, moves = Path.rename, []

    def fails_once(self, target):
        moves.append(target)
        if len(moves) == after + 1:
            raise PermissionError(13, "Permission denied")
        return rename(self, target)
    monkeypatch.setattr(Path, "rename", fails_once)
    with pytest.raises(OutputError, match="may not be written to"):
        write.write_result(make_result(0), tmp_path)
    assert contents(tmp_path) == before


def test_a_package_that_is_missing_is_named(make_result, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "slicerio", None)
    with pytest.raises(OutputError, match="slicerio"):
        write.write_result(make_result(1), tmp_path / "new")
    assert entries(tmp_path) == []


def test_a_file_in_the_folder_s_place_is_refused(make_result, tmp_path):
    (tmp_path / "out").write_text("mine")
    for folder in (tmp_path / "out", tmp_path / "out" / "deeper"):
        with pytest.raises(OutputError, match="is a file") as caught:
            write.write_result(make_result(1), folder)
        assert str(tmp_path) not in str(caught.value)
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.skipif(os.name == "nt", reason="permissions of Windows are others")
def test_a_folder_that_may_not_be_written_is_refused(make_result, tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    if os.access(folder, os.W_OK):  # root may write anywhere but where the kernel itself says no
        folder = Path("/proc/self")
    with pytest.raises(OutputError):
        write.write_result(make_result(1), folder)
    assert entries(tmp_path / "locked") == []


@pytest.fixture
def file_size_limit():
    """``with file_size_limit(bytes):`` no file may grow beyond, by the system's own limit."""
    resource = pytest.importorskip("resource", reason="needs the limits of POSIX")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    @contextlib.contextmanager
    def limit(size):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    return limit


def test_stopping_while_a_file_is_written_leaves_neither_files_nor_new_folders(make_result, tmp_path, monkeypatch):
    def stop(path, *_):
        path.write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setattr(write, "_writers", lambda result, stem, more: {".json": stop})
    with pytest.raises(KeyboardInterrupt):
        write.write_result(make_result(1), tmp_path / "new" / "deep")
    assert entries(tmp_path) == []


@pytest.mark.parametrize("limit", [100, 700, 5000, 20000])
def test_files_that_may_not_grow_leave_the_earlier_result_whole(make_result, tmp_path, file_size_limit, limit):
    """Writing fails for real, at another file for every limit."""
    write.write_result(make_result(2), tmp_path)
    before = contents(tmp_path)
    result = make_result(0)
    with file_size_limit(limit), pytest.raises(OutputError) as caught:
        write.write_result(result, tmp_path)
    assert str(caught.value) == ("The results of scan cannot be written: there is no room left on the disk. "
                                 "Make room or choose another folder.")
    assert contents(tmp_path) == before


FULL_DISK = """
mount -t tmpfs -o size=$2k tmpfs "$1" || exit 77
cp "$3"/* "$1" || exit 78
"$4" -c "$5" "$1" "$6"
code=$?
cd "$1" && find . -type f -exec sha256sum {} + | sort
exit $code
"""

WRITE_AGAIN = """
import pickle, sys
from radiomicnet.errors import OutputError
from radiomicnet.results.write import write_result
try:
    write_result(pickle.load(open(sys.argv[2], "rb")), sys.argv[1])
except OutputError as error:
    print(error, flush=True)
    sys.exit(3)
"""


def test_a_disk_that_is_full_leaves_the_earlier_result_whole(make_result, tmp_path):
    """A real disk, in a mount namespace of the test's own, that holds a result but not two."""
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare to make a small disk of its own")
    result, earlier, disk = make_result(2), tmp_path / "earlier", tmp_path / "disk"
    disk.mkdir()
    pages = sum(-(-path.stat().st_size // 4096) for path in write.write_result(result, earlier))
    (tmp_path / "result.pickle").write_bytes(pickle.dumps(result))
    ran = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-c", FULL_DISK, "sh", disk, str(6 * pages), earlier,
         sys.executable, WRITE_AGAIN, tmp_path / "result.pickle"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, timeout=120)
    if ran.returncode in (1, 77) and "perm" in ran.stderr.lower():
        pytest.skip(f"this machine lends no disk to a test: {ran.stderr.strip()}")
    assert ran.returncode == 3, ran.stderr
    sentence, *sums = ran.stdout.splitlines()
    assert "there is no room left on the disk" in sentence
    assert sums == sorted(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  ./{path.name}" for path in earlier.iterdir())
