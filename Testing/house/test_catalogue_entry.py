"""The extension's entry in Slicer's catalogue, by the rules that the catalogue's own checks apply."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest
from PIL import Image
from tree import LIBRARY, MODULE, ROOT, cmake_values, repository_files

ENTRY = ROOT / "RadiomicNet.json"
CMAKE = ROOT / "CMakeLists.txt"
ICONS = [ROOT / "Resources" / "RadiomicNet.png", MODULE / "Resources" / "Icons" / "RadiomicNetSegmenter.png"]

# How the catalogue's checks read CMakeLists.txt.
READ_BY_THE_CATALOGUE = {
    "project": r"project\s*\(\s*([^\s\)]+)",
    "icon": r'set\s*\(EXTENSION_ICONURL\s*"([^"]+)"[ ]*\)',
    "screenshots": r'set\s*\(EXTENSION_SCREENSHOTURLS\s*"([^"]+)"\)',
}
# The fields of Slicer's catalogue entry, schema 1.0.1 and 1.0.2.
SCHEMA = {
    "type": "object",
    "required": ["$schema", "category", "scm_url"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"pattern": r"slicer-extension-catalog-entry-schema-v1\.0\.[12]\.json#$"},
        "category": {"enum": ["Segmentation", "Ultrasound", "Quantification"]},
        "scm_url": {"type": "string", "pattern": r"^https://"},
        "scm_revision": {"type": "string"},
        "scm_type": {"enum": ["git", "local"]},
        "build_dependencies": {"type": "array", "items": {"type": "string"}},
        "build_subdirectory": {"type": "string"},
        "dicom_support_rule": {"type": "string"},
        "enabled": {"type": "boolean"},
        "tier": {"type": "integer", "minimum": 1, "maximum": 5},
    },
}


@pytest.fixture(scope="module")
def entry() -> dict:
    return json.loads(ENTRY.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cmake() -> dict[str, list[str]]:
    return cmake_values(CMAKE)


@pytest.fixture(scope="module")
def s4ext() -> dict[str, str]:
    lines = (ROOT / "RadiomicNet.s4ext").read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))


def test_the_entry_keeps_to_the_catalogues_schema(entry):
    jsonschema.Draft7Validator(SCHEMA).validate(entry)


def test_the_entry_ends_its_lines_with_line_feeds():
    assert b"\r" not in ENTRY.read_bytes()


def test_the_entry_the_project_and_the_module_are_named_as_the_catalogue_wants(entry):
    assert re.findall(r"(?m)^project\((\w+)\)", CMAKE.read_text()) == [ENTRY.stem]
    assert not ENTRY.stem.startswith("Slicer")
    assert entry["scm_url"].rsplit("/", 1)[1].startswith("Slicer")
    assert re.findall(r"add_subdirectory\((\w+)\)", CMAKE.read_text()) == [MODULE.name]


@pytest.mark.parametrize("name", ["EXTENSION_ICONURL", "EXTENSION_SCREENSHOTURLS", "EXTENSION_DESCRIPTION"])
def test_the_catalogue_finds_it_on_one_line(name):
    """As the catalogue's checks read it: by a regular expression, line by line."""
    assert re.search(rf'(?m)^set\({name} "[^"\n]+"\)$', CMAKE.read_text())


@pytest.mark.parametrize("name", ["EXTENSION_ICONURL", "EXTENSION_SCREENSHOTURLS"])
def test_every_picture_the_catalogue_shows_is_in_the_repository(cmake, entry, name):
    repository = entry["scm_url"].removesuffix(".git").replace("github.com", "raw.githubusercontent.com")
    base = f"{repository}/{entry['scm_revision']}/"
    for address in " ".join(cmake[name]).split():
        assert address.startswith(base)
        with Image.open(ROOT / address.removeprefix(base)) as picture:
            picture.load()


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.name)
def test_the_icon_has_the_size_that_slicer_shows(path: Path):
    with Image.open(path) as icon:
        assert icon.format == "PNG"
        assert icon.size == (128, 128)
        assert icon.mode == "RGBA"


def test_the_former_entry_says_the_same_as_cmake(s4ext, cmake):
    for key, name in [("homepage", "HOMEPAGE"), ("contributors", "CONTRIBUTORS"), ("iconurl", "ICONURL"),
                      ("description", "DESCRIPTION"), ("screenshoturls", "SCREENSHOTURLS"), ("depends", "DEPENDS")]:
        assert s4ext[key] == " ".join(cmake[f"EXTENSION_{name}"]), key


def test_the_former_entry_says_the_same_as_the_new_one(s4ext, entry):
    assert s4ext["scm"] == entry["scm_type"]
    assert s4ext["scmurl"] == entry["scm_url"]
    assert s4ext["scmrevision"] == entry["scm_revision"]
    assert s4ext["category"] == entry["category"]
    assert s4ext["build_subdirectory"] == entry["build_subdirectory"]
    assert s4ext["depends"].split() == entry["build_dependencies"]
    assert s4ext["enabled"] == str(int(entry["enabled"]))


def test_there_is_one_home_page(entry, cmake):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {project["urls"]["Homepage"], *cmake["EXTENSION_HOMEPAGE"]} == {entry["scm_url"].removesuffix(".git")}


def test_the_module_stands_in_the_category_of_the_entry(entry):
    assert f'"{entry["category"]}")]' in (MODULE / "RadiomicNetSegmenter.py").read_text()


@pytest.mark.parametrize("what", READ_BY_THE_CATALOGUE)
def test_the_catalogues_own_way_of_reading_finds_what_cmake_says(cmake, what):
    found = re.findall(READ_BY_THE_CATALOGUE[what], CMAKE.read_text(), re.IGNORECASE | re.MULTILINE)
    wanted = {"project": ["RadiomicNet"], "icon": cmake["EXTENSION_ICONURL"],
              "screenshots": [" ".join(cmake["EXTENSION_SCREENSHOTURLS"])]}
    assert found == wanted[what]
    assert what == "project" or all(address.startswith("http") for address in found[0].split())


def test_the_licence_file_has_a_name_that_the_catalogue_looks_for():
    assert any((ROOT / name).is_file() for name in ("LICENSE", "LICENSE.txt", "COPYING"))


def test_a_clone_of_one_commit_stays_under_the_catalogues_100_megabytes():
    """A file counts twice, for itself and in .git. Of the history's size the release checklist takes care."""
    assert 2 * sum(path.stat().st_size for path in repository_files()) < 100 * 2**20


def test_the_description_is_for_people_who_do_not_know_the_project(cmake):
    (description,) = cmake["EXTENSION_DESCRIPTION"]
    assert 1 <= len(re.findall(r"\.(?:\s|$)", description)) <= 3
    assert "research use" in description


@pytest.mark.parametrize("path", [*sorted(LIBRARY.rglob("*.py")), MODULE / "RadiomicNetSegmenter.py"],
                         ids=lambda path: path.relative_to(MODULE).as_posix())
def test_loading_a_file_defines_things_and_does_nothing(path: Path):
    """The catalogue's reviewers ask whether code runs as soon as a module is imported."""
    defining = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        only_for_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        assert isinstance(node, defining) or docstring or only_for_types, ast.unparse(node)


def test_the_readme_says_what_each_module_does():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (title,) = re.findall(r'parent\.title = _\("([^"]+)"\)', (MODULE / "RadiomicNetSegmenter.py").read_text())
    assert re.search(rf"(?m)^\| {title} .*\| \w.{{20,}} \|$", readme)
