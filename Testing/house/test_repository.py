"""What holds for the repository as a whole."""

from __future__ import annotations

import re
import tomllib

import pytest
from tree import MODULE, ROOT, repository_files, text_of

TEXTS = {path.relative_to(ROOT).as_posix(): text for path in repository_files() if (text := text_of(path)) is not None}
README = TEXTS.get("README.md", "")


def test_only_the_tests_configuration_looks_for_data_outside_the_repository():
    outside = re.compile(r"\.\./" + r"shared|[\"'/]" + r"shared[\"'/]")
    assert [name for name, text in TEXTS.items() if outside.search(text)] == ["Testing/conftest.py"]


def test_no_file_names_a_folder_of_its_authors_machine():
    folder = re.compile(r"(?<![\w.:/>-])(/(home|Users|root|work|tmp)/\w|[A-Z]:\\Users\\)")
    found = {name: match[0] for name, text in TEXTS.items() if (match := folder.search(text))}
    assert not found


def test_no_file_is_larger_than_20_mebibytes():
    assert not [path.name for path in repository_files() if path.stat().st_size > 20 * 2**20]


def test_text_files_end_their_lines_with_line_feeds():
    assert not [name for name, text in TEXTS.items() if "\r" in text]


def test_the_licence_is_the_one_that_is_named():
    project = tomllib.loads(TEXTS["pyproject.toml"])["project"]
    assert project["license"] == "Apache-2.0"
    assert "Apache License\n" in TEXTS["LICENSE"]
    assert "Version 2.0, January 2004" in TEXTS["LICENSE"]


def test_every_requirement_has_one_exact_version():
    pins = dict(pin_of(line) for line in lines_of("constraints.txt"))
    assert len(pins) == len(lines_of("constraints.txt"))
    assert pins["torch"] == "2.13.0"
    named = {canonical(re.split(r"[ ;<>=]", line)[0]) for name in TEXTS if name.startswith("requirements/")
             for line in lines_of(name)}
    assert named <= set(pins)


def test_what_the_package_and_the_module_need_in_use_is_tested_at_a_version_that_satisfies_it():
    from packaging.requirements import Requirement

    pins = dict(pin_of(line) for line in lines_of("constraints.txt"))
    needed = tomllib.loads(TEXTS["pyproject.toml"])["project"]["dependencies"]
    needed += lines_of("RadiomicNetSegmenter/Resources/requirements.txt")
    for requirement in map(Requirement, needed):
        assert pins[canonical(requirement.name)] in requirement.specifier, requirement


def test_the_continuous_test_is_the_readmes():
    commands = [line for line in TEXTS[".ci/run"].splitlines() if line and not line.startswith("#")]
    assert commands == ['cd "$(dirname "$0")/.." && exec make test']
    assert "make test" in README
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100


def test_every_make_command_of_the_readme_is_in_the_makefile():
    targets = set(re.findall(r"(?m)^([a-z-]+):", TEXTS["Makefile"]))
    named = re.findall(r"\bmake (?:[A-Z_]+=\S+ )*([a-z][a-z-]*)", code_of(README))
    assert {"demo", "test"} <= set(named) <= targets


def test_every_command_of_the_readme_is_a_command_of_the_program():
    from radiomicnet.__main__ import COMMANDS

    named = set(re.findall(r"-m radiomicnet ([a-z-]+)", code_of(README)))
    assert "segment" in named
    assert named <= set(COMMANDS)


def test_every_file_that_the_readme_points_to_is_there():
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)", README)
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]


@pytest.mark.parametrize("word", ["for research use", "licen", "2607.02185", "privacy"])
def test_the_readme_speaks_of(word):
    assert word in README.lower()


def test_the_version_is_said_once():
    assert tomllib.loads(TEXTS["pyproject.toml"])["project"]["dynamic"] == ["version"]
    from radiomicnet import __version__

    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
    assert __version__ in (MODULE / "radiomicnet" / "__init__.py").read_text()


def lines_of(name: str) -> list[str]:
    """A requirement file's lines without comments."""
    lines = (line.partition("#")[0].strip() for line in TEXTS[name].splitlines())
    return [line for line in lines if line]


def pin_of(line: str) -> tuple[str, str]:
    match = re.fullmatch(r"([A-Za-z0-9._-]+)==([0-9][A-Za-z0-9.]*)", line)
    assert match, f"not an exact version: {line}"
    return canonical(match[1]), match[2]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def code_of(markdown: str) -> str:
    """Fenced blocks and inline code of a page."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", markdown, flags=re.DOTALL))
