"""Imports run one way, downwards: module file, then library, then science; and what is heavy is loaded late."""

from __future__ import annotations

import graphlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tree import LIBRARY, LOADING, MODULE, PACKAGE, dotted, imports, top

SLICER = {"slicer", "vtk", "qt", "ctk", "mrml", "PythonQt", "vtkmodules", "trame_slicer"}
CORE = {"torch", "numpy", "safetensors"}
SCIENCE = sorted(PACKAGE.rglob("*.py"))
PANEL = [*sorted(LIBRARY.rglob("*.py")), MODULE / "RadiomicNetSegmenter.py"]
STANDARD = set(sys.stdlib_module_names)


def name(path: Path) -> str:
    return path.relative_to(MODULE).as_posix()


@pytest.mark.parametrize("path", SCIENCE, ids=name)
def test_the_science_knows_neither_slicer_nor_the_panel(path):
    assert not top(imports(path)) & (SLICER | {"RadiomicNetSegmenter", "RadiomicNetSegmenterLib"})


@pytest.mark.parametrize("path", SCIENCE, ids=name)
def test_the_science_needs_only_its_core_to_be_imported(path):
    assert top(imports(path, when=LOADING)) <= STANDARD | CORE | {"radiomicnet"}


@pytest.mark.parametrize("path", sorted(LIBRARY.rglob("*.py")), ids=name)
def test_the_library_does_not_know_the_module_file(path):
    assert "RadiomicNetSegmenter" not in top(imports(path))


@pytest.mark.parametrize("path", PANEL, ids=name)
def test_slicer_needs_nothing_installed_to_load_the_panels_files(path):
    with_slicer = SLICER | {"numpy", "radiomicnet", "RadiomicNetSegmenterLib"}
    assert top(imports(path, when=LOADING)) <= STANDARD | with_slicer


def test_the_science_does_not_import_in_circles():
    graph = {dotted(path): imports(path, when=LOADING) for path in SCIENCE}
    graph = {module: {name for name in names if name in graph and name != module} for module, names in graph.items()}
    assert set(graphlib.TopologicalSorter(graph).static_order()) == set(graph)


def test_importing_the_package_loads_neither_torch_nor_numpy():
    assert not loaded_by(["radiomicnet"]) & (CORE | {"PIL", "scipy", "SimpleITK"})


def test_asking_for_help_loads_no_torch():
    assert "torch" not in loaded_by(["radiomicnet.__main__"], then="sys.argv[1:] = ['--help']; run()")


def test_what_the_panel_imports_of_the_science_loads_nothing_that_slicer_lacks():
    modules = {module for path in PANEL for module in imports(path, when=LOADING) if is_module(module)}
    lacking = {"torch", "safetensors", "slicerio", "nrrd", "jinja2", "jsonschema", "matplotlib", "radiomics", "skimage"}
    assert not loaded_by(sorted(modules)) & lacking


def is_module(module: str) -> bool:
    place = MODULE / module.replace(".", "/")
    return module.startswith("radiomicnet") and (place.is_dir() or place.with_suffix(".py").is_file())


def loaded_by(modules: list[str], then: str = "") -> set[str]:
    """Packages loaded in a new Python after importing these modules."""
    program = "\n".join([
        "import contextlib, io, json, sys",
        f"sys.path.insert(0, {str(MODULE)!r})",
        *(f"import {module}" for module in modules),
        "def run():",
        "    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):",
        "        radiomicnet.__main__.main()",
        then,
        "print(json.dumps(sorted({module.partition('.')[0] for module in sys.modules})))",
    ])
    result = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return set(json.loads(result.stdout))
