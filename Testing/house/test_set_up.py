"""tools/setup.py and the Makefile, run for real on a small house of their own that needs no network."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tree import ROOT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="make and a virtual environment's bin folder are POSIX")


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Path:
    """A folder with a space and an accent in its name, nothing required and one optional package that is nowhere."""
    root = tmp_path_factory.mktemp("a hoûse")
    (root / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "setup.py", root / "tools")
    (root / "requirements").mkdir()
    for path in (ROOT / "requirements").glob("*.txt"):
        (root / "requirements" / path.name).write_text("# nothing\n")
    (root / "requirements" / "pyradiomics.txt").write_text("a-package-that-is-nowhere\n")
    (root / "constraints.txt").write_text("a-package-that-is-nowhere==1.0\n")
    package = root / "RadiomicNetSegmenter" / "radiomicnet"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    return root


@pytest.fixture(scope="module")
def said(house) -> str:
    """What set-up prints; it runs once, because making an environment takes seconds."""
    return run_set_up(house)


def test_what_cannot_be_installed_is_said_with_its_reason_and_set_up_goes_on(house, said):
    missing = json.loads((house / ".venv" / "setup.json").read_text())["missing"]
    assert "a-package-that-is-nowhere" in missing["PyRadiomics"]
    assert "No module named 'PySide6'" in missing["PySide6"]
    assert "Setting up .venv" in said
    assert all(f"Not installed: {name}. {reason}" in said for name, reason in missing.items())


def test_the_package_is_found_where_it_lies_also_after_the_folder_was_moved(house, said):
    moved = house.with_name("mœved")
    house.rename(moved)
    try:
        where = "import radiomicnet; print(radiomicnet.__file__)"
        result = subprocess.run([moved / ".venv" / "bin" / "python", "-c", where], cwd="/", check=True,
                                capture_output=True, encoding="utf-8", env=without("PYTHONPATH"))
        assert Path(result.stdout.strip()).samefile(moved / "RadiomicNetSegmenter" / "radiomicnet" / "__init__.py")
    finally:
        moved.rename(house)


def test_a_second_run_makes_nothing_and_names_what_is_missing_again(house, said):
    mark = house / ".venv" / "mark"
    mark.touch()
    again = run_set_up(house)
    assert mark.exists()
    assert "Setting up" not in again
    assert "Not installed: PyRadiomics." in again


@pytest.fixture
def tool(house, said, monkeypatch):
    """tools/setup.py of the small house as a module, which counts how often it would make an environment."""
    spec = importlib.util.spec_from_file_location("set_up_tool", house / "tools" / "setup.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.made = 0

    def make() -> dict:
        module.made += 1
        return {"missing": {}}

    monkeypatch.setattr(module, "make", make)
    return module


def test_a_comment_in_a_requirement_file_makes_nothing(tool, house):
    (house / "requirements" / "mrml.txt").write_text("# still nothing\n")
    tool.main(again=False)
    assert tool.made == 0


def test_a_pin_that_changed_makes_the_environment_anew(tool, house):
    pins = (house / "constraints.txt").read_text()
    (house / "constraints.txt").write_text(pins.replace("1.0", "2.0"))
    tool.main(again=False)
    (house / "constraints.txt").write_text(pins)
    assert tool.made == 1


def test_a_set_up_that_was_broken_off_begins_again(tool, house):
    record = (house / ".venv" / "setup.json").rename(house / "setup.json")
    tool.main(again=False)
    record.rename(house / ".venv" / "setup.json")
    assert tool.made == 1


def test_an_environment_whose_python_is_gone_is_made_anew(tool, house, monkeypatch):
    monkeypatch.setattr(tool, "VENV_PYTHON", str(house / "gone" / "python"))
    tool.main(again=False)
    assert tool.made == 1


@pytest.mark.parametrize("version", [(3, 9), (3, 14)])
def test_a_python_that_does_not_fit_is_told_which_ones_do(tool, monkeypatch, version):
    monkeypatch.setattr(tool.sys, "version_info", version)
    monkeypatch.setattr(tool.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"needs Python 3\.11, 3\.12 or 3\.13"):
        tool.main(again=True)
    assert tool.made == 0


def test_what_is_required_is_required(house, said, monkeypatch):
    """The sentence, and no record, so that the next run begins again."""
    spec = importlib.util.spec_from_file_location("set_up_tool", house / "tools" / "setup.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    monkeypatch.setattr(tool, "install", lambda requirements: "no network")
    monkeypatch.setattr(tool.subprocess, "run", lambda *words, **settings: None)  # the empty environment
    monkeypatch.setattr(tool, "RECORD", str(house / "record.json"))
    with pytest.raises(SystemExit, match="could not be installed: no network"):
        tool.make()
    assert not (house / "record.json").exists()


def run_set_up(house: Path) -> str:
    """Output of the small house's set-up, without network."""
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_EXTRA_INDEX_URL": ""}
    command = [sys.executable, house / "tools" / "setup.py"]
    result = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8")
    assert result.returncode == 0, result.stderr
    return result.stdout


def without(*prefixes: str) -> dict[str, str]:
    """The environment without the variables that begin like these."""
    return {key: value for key, value in os.environ.items() if not key.startswith(prefixes)}


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize("name", ["plain.png", "with a space.png", "it's \"quoted\".png", "co$ts.png",
                                  "Bröst; ls & 乳.png", "-v.png"])
def test_make_demo_hands_any_file_name_on_as_it_is(tmp_path, name):
    words = make_demo(tmp_path, f"IMAGE={name}", "MODEL=polyp-endoscopy")
    assert words == ["-m", "radiomicnet", "segment", "--model", "polyp-endoscopy", "--out", "demo-results", "--", name]


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_demo_alone_shows_the_generated_images_whatever_the_environment_calls_image(tmp_path, monkeypatch):
    monkeypatch.setenv("IMAGE", "registry.example/some-container")
    assert make_demo(tmp_path) == ["-m", "radiomicnet", "demo", "--out", "demo-results"]


def make_demo(folder: Path, *settings: str) -> list[str]:
    """The words that ``make demo`` calls the environment's Python with; nothing is set up."""
    echo = folder / "echo-words"
    echo.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    echo.chmod(0o755)
    command = ["make", "--silent", "demo", "PYTHON=true", f"RUN={echo}", *settings]
    environment = without("MAKE", "MFLAGS")
    result = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, encoding="utf-8")
    return result.stdout.splitlines()
