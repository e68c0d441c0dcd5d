"""Nothing is installed unasked, and what is missing is said in a sentence."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
import slicer

from RadiomicNetSegmenterLib import dependencies
from RadiomicNetSegmenterLib.dependencies import DependencyError

REQUIREMENTS = Path(__file__).parents[2] / "RadiomicNetSegmenter" / "Resources" / "requirements.txt"


@pytest.fixture
def python(monkeypatch):
    """A Python with only what is in ``.versions``; records what is asked and installed."""
    state = SimpleNamespace(versions={"torch": "2.13.0+cpu", "safetensors": "0.8.0"}, questions=[], installed=[],
                            answer=True)
    monkeypatch.setattr(dependencies, "_version", state.versions.get)
    monkeypatch.setattr(slicer.app, "testingEnabled", lambda: False)

    def ask(text, **_keywords):
        state.questions.append(text)
        return state.answer

    def install(requirements):
        state.installed.append(requirements)
        state.versions.update({line.split(">=")[0]: line.split(">=")[1] for line in requirements.split()})

    monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", ask)
    monkeypatch.setattr(slicer.util, "pip_install", install)
    monkeypatch.delitem(sys.modules, "PyTorchUtils", raising=False)
    return state


@pytest.fixture
def pytorch_extension(monkeypatch, python):
    """The PyTorch extension's logic; records how it was called."""
    calls = []

    class PyTorchUtilsLogic:
        def installTorch(self, **keywords):
            calls.append(keywords)
            if python.answer:
                python.versions["torch"] = "2.13.0"
                return ModuleType("torch")
            return None

    module = ModuleType("PyTorchUtils")
    module.PyTorchUtilsLogic = PyTorchUtilsLogic
    monkeypatch.setitem(sys.modules, "PyTorchUtils", module)
    return calls


def test_torch_is_not_in_the_requirements_and_safetensors_is():
    lines = dependencies._requirementLines(REQUIREMENTS)
    assert [line.split(">=")[0] for line in lines] == ["safetensors"]


def test_with_everything_there_nothing_is_asked(python):
    dependencies.ensure(REQUIREMENTS)
    assert (python.questions, python.installed) == ([], [])


def test_torch_comes_through_the_pytorch_extension(python, pytorch_extension):
    del python.versions["torch"]
    dependencies.ensure(REQUIREMENTS)
    assert pytorch_extension == [{"askConfirmation": True, "torchVersionRequirement": ">=2.2"}]
    assert python.installed == []


def test_without_the_pytorch_extension_the_user_learns_where_it_is(python):
    del python.versions["torch"]
    with pytest.raises(DependencyError, match="Extensions Manager"):
        dependencies.ensure(REQUIREMENTS)
    assert python.installed == []


def test_declined_torch_is_a_sentence(python, pytorch_extension):
    del python.versions["torch"]
    python.answer = False
    with pytest.raises(DependencyError, match="PyTorch was not installed"):
        dependencies.ensure(REQUIREMENTS)


@pytest.mark.parametrize(("version", "enough"), [("2.1.2", False), ("2.2", True), ("2.2.0+cpu", True), ("2.13.0", True),
                                                 ("3.0a1", True), ("1.13.1", False)])
def test_torch_from_2_2_on_is_enough(python, version, enough):
    python.versions["torch"] = version
    if enough:
        dependencies.ensure(REQUIREMENTS)
    else:
        with pytest.raises(DependencyError, match="too old"):
            dependencies.ensure(REQUIREMENTS)


def test_safetensors_is_installed_after_a_yes_where_slicer_has_no_packaging(python):
    del python.versions["safetensors"]
    dependencies.ensure(REQUIREMENTS)
    assert len(python.questions) == 1
    assert python.installed == ["safetensors>=0.4"]


def test_slicers_own_packaging_is_used_where_it_is_there(python, monkeypatch):
    del python.versions["safetensors"]
    ensured = []

    def pip_ensure(requirements, **keywords):
        ensured.append((requirements, keywords))
        python.versions["safetensors"] = "0.8"

    packaging = ModuleType("slicer.packaging")
    packaging.load_requirements = lambda path: Path(path).name
    packaging.pip_ensure = pip_ensure
    monkeypatch.setitem(sys.modules, "slicer.packaging", packaging)
    monkeypatch.setattr(slicer, "packaging", packaging, raising=False)
    dependencies.ensure(REQUIREMENTS)
    assert ensured[0][0] == "requirements.txt"
    assert python.installed == []


def test_a_no_installs_nothing(python):
    del python.versions["safetensors"]
    python.answer = False
    with pytest.raises(DependencyError, match="was not installed"):
        dependencies.ensure(REQUIREMENTS)
    assert python.installed == []


def test_a_failed_installation_is_a_sentence(python, monkeypatch):
    del python.versions["safetensors"]

    def fail(_requirements):
        raise RuntimeError("no network")

    monkeypatch.setattr(slicer.util, "pip_install", fail)
    with pytest.raises(DependencyError, match="no network"):
        dependencies.ensure(REQUIREMENTS)


def test_in_testing_mode_nothing_is_installed(python, pytorch_extension, monkeypatch):
    monkeypatch.setattr(slicer.app, "testingEnabled", lambda: True)
    for name in ("torch", "safetensors"):
        version = python.versions.pop(name)
        with pytest.raises(DependencyError):
            dependencies.ensure(REQUIREMENTS)
        python.versions[name] = version
    assert (python.installed, pytorch_extension) == ([], [])
