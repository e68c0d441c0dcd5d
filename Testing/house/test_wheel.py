"""What `pip install .` installs: everything, the models too, where the program finds them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from tree import MODULE, PACKAGE, ROOT, imports, top

BUILT_FROM = ("pyproject.toml", "setup.py", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A wheel, built offline from a copy (building litters the folder), and unpacked as pip unpacks it."""
    pytest.importorskip("setuptools", minversion="77")
    source, site = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("site-packages")
    for name in BUILT_FROM:
        shutil.copy(ROOT / name, source)
    shutil.copytree(MODULE, source / MODULE.name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    command = [sys.executable, "-m", "pip", "wheel", source, "--no-deps", "--no-index", "--no-build-isolation",
               "--wheel-dir", source]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    (wheel,) = source.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def test_the_wheel_holds_every_file_of_the_package_and_no_other_package(installed):
    wanted = {path.relative_to(MODULE) for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    found = {path.relative_to(installed) for path in installed.rglob("*") if path.is_file()}
    assert wanted <= found
    assert {path.parts[0] for path in found if not path.parts[0].endswith(".dist-info")} == {"radiomicnet"}


def test_both_models_are_found_and_loaded_where_only_the_wheel_is(installed):
    program = (f"import json, sys\nsys.path[:] = [path for path in sys.path if path != {str(MODULE)!r}]\n"
               f"sys.path.insert(0, {str(installed)!r})\n"
               "from radiomicnet.models import store\n"
               "names = [store.load(card.name).card.name for card in store.available()]\n"
               "print(json.dumps([str(store.FOLDER), names]))")
    result = subprocess.run([sys.executable, "-c", program], cwd=installed, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    folder, names = json.loads(result.stdout)
    assert Path(folder).is_relative_to(installed)
    assert names == sorted(path.parent.name for path in (MODULE / "Resources" / "Models").glob("*/card.json"))


# What is imported -> what pip calls it, where the two differ; and what is asked for only where a file needs it.
NAMES = {"PIL": "pillow", "nrrd": "pynrrd"}
ON_REQUEST = {"av", "highdicom"}


@pytest.mark.parametrize("folder", ["images", "results", "measure", "models", "clips", "stacks"])
def test_with_its_extra_the_wheel_brings_what_images_and_results_take(folder):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    brought = {re.split("[<>=]", name)[0]
               for name in [*project["dependencies"], *project["optional-dependencies"]["command"]]}
    used = set().union(*(top(imports(path)) for path in (PACKAGE / folder).rglob("*.py")))
    used -= set(sys.stdlib_module_names) | {"radiomicnet"} | ON_REQUEST
    assert {NAMES.get(name, name) for name in used} <= brought
