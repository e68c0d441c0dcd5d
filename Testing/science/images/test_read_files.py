"""What is no image at all is refused with a sentence that names the file and not its folder."""

from __future__ import annotations

import os

import pytest

from radiomicnet.errors import ImageError
from radiomicnet.images.read import read_image


def refusal(path) -> str:
    with pytest.raises(ImageError) as caught:
        read_image(path)
    error = caught.value
    assert error.problem.endswith(".")
    assert error.remedy.endswith(".")
    return str(error)


def test_a_missing_file(tmp_path):
    assert refusal(tmp_path / "none.png") == "There is no file none.png. Check the name and the folder."


def test_a_name_no_file_can_have():
    assert "There is no file" in refusal("a\0b.png")


def test_a_name_that_is_not_utf_8_is_refused_before_itk_ends_the_program(tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png")
    assert refusal(path) == ("The name or the folder of caf?.png holds characters that are not UTF-8. Rename it, and "
                             "try again.")
    assert "not UTF-8" in refusal(os.fsdecode(b"caf\xe9/a.png"))


def test_a_directory(tmp_path):
    (tmp_path / "scans.png").mkdir()
    assert refusal(tmp_path / "scans.png").startswith("scans.png is a folder")
    assert "is a folder" in refusal("")
    assert "is a folder" in refusal("/")


def test_an_empty_file(tmp_path):
    (tmp_path / "a.png").touch()
    assert refusal(tmp_path / "a.png").startswith("a.png is empty.")


@pytest.mark.parametrize(("name", "kind"), [("a.png", "PNG"), ("a.JPG", "JPEG"), ("a.tiff", "TIFF"), ("a.webp", "WebP"),
                                            ("a.nii.gz", "NIfTI"), ("a.dcm", "DICOM"), ("a.nrrd", "NRRD"),
                                            ("a.mha", "MetaImage")])
def test_a_text_file_named_like_an_image(tmp_path, name, kind):
    (tmp_path / name).write_text("Patient was seen today.")
    assert f"{name} is named like a {kind} image but holds something else." in refusal(tmp_path / name)


@pytest.mark.parametrize("content", [b"GIF89a" + bytes(100), b"%PDF-1.7", b"x", b"\x1f\x8b", bytes(2000)])
def test_a_file_of_another_kind(tmp_path, content):
    (tmp_path / "a.bin").write_bytes(content)
    assert "a.bin is not an image that RadiomicNet can read. Open it in the program" in refusal(tmp_path / "a.bin")


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.bmp", "a.webp", "a.nrrd", "a.nii"])
def test_nothing_but_a_signature(tmp_path, name):
    heads = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff\xe0", "tif": b"II*\0", "bmp": b"BM",
             "webp": b"RIFF\0\0\0\0WEBP", "nrrd": b"NRRD0004\n", "nii": bytes(344) + b"n+1\0"}
    (tmp_path / name).write_bytes(heads[name[2:]])
    assert refusal(tmp_path / name).startswith(f"{name} is damaged or incomplete.")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "a.png")
    assert "a.png is not an ordinary file." in refusal(tmp_path / "a.png")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    (tmp_path / "a.png").chmod(0)
    assert "a.png may not be read" in refusal(tmp_path / "a.png")


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="needs Linux's /proc")
def test_a_file_that_the_system_cannot_read():
    assert "mem cannot be read" in refusal("/proc/self/mem")
