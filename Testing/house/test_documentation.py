"""The documentation is true: its links lead somewhere, its code runs, and what is generated is up to date."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from pages import anchors, blocks, links, name, pages
from tree import ROOT

TOOLS = ROOT / "tools" / "docs"
# Other programs that a block may call, which are not ours to check.
OTHERS = {"pip", "pyradiomics", "Slicer"}


@pytest.fixture(scope="module")
def generator():
    """tools/docs as a module; its parts import each other by their bare names."""
    before = list(sys.path)
    sys.path.insert(0, str(TOOLS))
    spec = importlib.util.spec_from_file_location("documentation_tool", TOOLS / "__main__.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.path[:] = before


def test_every_generated_page_is_up_to_date(generator):
    """Where this fails, run `make docs`. Licences come from whatever is installed; their page has a test of its own."""
    pages_of_this_program = [page for page in generator.PAGES if page != "docs/reference/licences.md"]
    assert [page for page in pages_of_this_program
            if generator.written(page) != (ROOT / page).read_text(encoding="utf-8")] == []


def test_the_licence_of_every_package_is_named(generator):
    import licence_page  # on the path since the generator is loaded

    requirements = {f"requirements/{path.name}" for path in (ROOT / "requirements").glob("*.txt")}
    assert requirements <= {*licence_page.GROUPS, "requirements/pyradiomics-build.txt"}
    text = (ROOT / "docs" / "reference" / "licences.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"(?m)^\| `([^`]+)` \| (.+) \|$", text))
    assert set(licence_page.names("constraints.txt")) <= set(told)
    assert not [package for package, licence in told.items() if licence == licence_page.UNKNOWN]


def test_no_import_runs_upwards_in_the_drawing_of_the_house(generator):
    import house_drawing

    assert house_drawing.upward() == []
    assert ("training", "trust") in house_drawing.edges()


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_link_leads_to_a_file_and_to_a_heading_that_are_there(page):
    broken = []
    for link in links(page):
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


CODE = [pytest.param(page, language, code, id=f"{name(page)}-{number}")
        for page in pages() for number, (language, code) in enumerate(blocks(page))]


@pytest.mark.parametrize(("page", "language", "code"), CODE)
def test_every_block_of_code_can_be_what_it_says(page, language, code):
    check = {"sh": check_shell, "python": ast.parse, "toml": tomllib.loads, "yaml": yaml.safe_load,
             "bibtex": lambda code: None, "text": lambda code: None}
    check[language](code)


def check_shell(code: str) -> None:
    """Every line calls a target of the Makefile, a command of ours with options that it has, or a known program."""
    from radiomicnet.__main__ import COMMANDS

    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    for line in code.splitlines():
        words = shlex.split(line, comments=True)
        if not words or words[0] in OTHERS:
            continue
        if words[0] == "make":
            assert {word for word in words[1:] if "=" not in word} <= targets, line
        elif words[1:3] == ["-m", "radiomicnet"]:
            assert words[3] in {*COMMANDS, "COMMAND"}, line
            if words[3] in COMMANDS:
                parser_of(words[3]).parse_args(words[4:])
        elif words[0].startswith("python"):
            assert (ROOT / words[1]).exists(), line
        else:
            pytest.fail(f"nobody knows what this is: {line}")


def parser_of(command: str):
    import argparse
    import importlib

    parser = argparse.ArgumentParser(prog=command, exit_on_error=False)
    importlib.import_module(f"radiomicnet.commands.{command}").add_arguments(parser)
    return parser


def test_the_readmes_ten_lines_of_python_run(tmp_path, monkeypatch, capsys):
    (code,) = [code for language, code in blocks(ROOT / "README.md")
               if language == "python" and "Segmenter(load(" in code]
    assert len(code.splitlines()) == 10
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    ranks = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert ranks == [str(rank) for rank in range(1, 14)]
    assert list((tmp_path / "results").glob("*.html"))


def test_the_site_builds_without_a_warning(tmp_path):
    """Strict: a page that is in no list, a link or an anchor that leads nowhere, ends it."""
    pytest.importorskip("mkdocs")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", ROOT / "mkdocs.yml",
               "--site-dir", tmp_path / "site"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    outside = re.compile(r'<(?:script|link)[^>]+(?:src|href)="(?:https?:)?//(?!github\.com)[^"]+')
    fetched = {match[0] for path in (tmp_path / "site").rglob("*.html")
               for match in outside.finditer(path.read_text(encoding="utf-8")) if "canonical" not in match[0]}
    assert fetched == set()


def test_the_address_is_the_same_everywhere_and_one_command_changes_it(tmp_path):
    spec = importlib.util.spec_from_file_location("address_tool", ROOT / "tools" / "address.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    from test_repository import TEXTS

    address = re.compile(r"github(usercontent)?\.com/\w+/SlicerRadiomicNet")
    naming = {file for file, text in TEXTS.items() if address.search(text)}
    kept = {file for file in naming if file.startswith(("Testing/", "tools/"))}
    assert naming - kept <= set(tool.NAMING)
    for file in tool.NAMING:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(TEXTS[file], encoding="utf-8")
    tool.main("https://github.com/somebody/SlicerElsewhere", tmp_path)
    assert not [file for file in tool.NAMING if address.search((tmp_path / file).read_text(encoding="utf-8"))]
    with contextlib.suppress(SystemExit):
        tool.main("https://github.com/somebody/Elsewhere", tmp_path)
        pytest.fail("an address that the catalogue refuses was taken")


def test_the_citation_names_this_version_licence_and_address():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    from radiomicnet import __version__

    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == __version__
    assert citation["license"] == project["license"]
    assert citation["repository-code"] == project["urls"]["Homepage"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", citation["date-released"])
    assert all(set(author) <= {"name", "family-names", "given-names", "orcid"} for author in citation["authors"])
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [*sorted((ROOT / ".github").rglob("*.yml")), ROOT / ".pre-commit-config.yaml"],
                         ids=lambda path: path.name)
def test_what_the_workflows_call_is_there(path: Path):
    text = path.read_text(encoding="utf-8")
    assert yaml.safe_load(text)
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    assert set(re.findall(r"run: make ([a-z-]+)", text)) <= targets
    named = re.findall(r"(?<![\w/])(?:tools|requirements|Testing)/[\w./-]*\w", text)
    assert not [name for name in named if not (ROOT / name).exists()]
