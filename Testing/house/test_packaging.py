"""Slicer packages what RadiomicNetSegmenter/CMakeLists.txt lists, so the list has to be the folder."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tree import LIBRARY, MODULE, PACKAGE, ROOT, cmake_values, packaged, repository_files

CMAKE_THERE = bool(shutil.which("cmake") and shutil.which("c++"))
# Stands in for Slicer while CMake reads our files; notes what Slicer's macro is given, and installs it as that does.
SLICER_FOR_CMAKE = """
set(Slicer_USE_FILE ${CMAKE_CURRENT_LIST_DIR}/use.cmake)
set(Slicer_EXTENSION_GENERATE_CONFIG ${CMAKE_CURRENT_LIST_DIR}/use.cmake)
set(Slicer_EXTENSION_CPACK ${CMAKE_CURRENT_LIST_DIR}/use.cmake)
macro(slicer_add_python_unittest)
  cmake_parse_arguments(TEST "" "SCRIPT" "" ${ARGN})
  if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${TEST_SCRIPT})
    message(FATAL_ERROR "given a test that is not there: ${TEST_SCRIPT}")
  endif()
endmacro()
macro(slicerMacroBuildScriptedModule)
  cmake_parse_arguments(GIVEN "WITH_GENERIC_TESTS" "NAME" "SCRIPTS;RESOURCES" ${ARGN})
  foreach(item ${GIVEN_UNPARSED_ARGUMENTS})
    message(FATAL_ERROR "not a keyword of Slicer's macro: ${item}")
  endforeach()
  foreach(item ${GIVEN_SCRIPTS} ${GIVEN_RESOURCES})
    if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${item})
      message(FATAL_ERROR "given a file that is not there: ${item}")
    endif()
    file(APPEND ${CMAKE_BINARY_DIR}/given.txt "${item}\\n")
    get_filename_component(place ${item} DIRECTORY)
    install(FILES ${item} DESTINATION qt-scripted-modules/${place})
  endforeach()
endmacro()
"""


def test_the_lists_are_the_folder():
    """Where this fails, run `make package-lists`."""
    folder = [path.relative_to(MODULE).as_posix() for path in repository_files() if path.is_relative_to(MODULE)]
    assert sorted(packaged()) == sorted(set(folder) - {"CMakeLists.txt"})


def test_scripts_and_resources_are_told_apart():
    values = cmake_values(MODULE / "CMakeLists.txt")
    assert all(name.endswith(".py") for name in values["MODULE_PYTHON_SCRIPTS"])
    assert not any(name.endswith(".py") for name in values["MODULE_PYTHON_RESOURCES"])


def test_the_command_that_writes_the_lists_would_change_nothing():
    spec = importlib.util.spec_from_file_location("package_lists", ROOT / "tools" / "package_lists.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    values = cmake_values(MODULE / "CMakeLists.txt")
    assert tool.packaged_files(MODULE) == (values["MODULE_PYTHON_SCRIPTS"], values["MODULE_PYTHON_RESOURCES"])


@pytest.mark.parametrize("folder", [LIBRARY, PACKAGE], ids=lambda folder: folder.name)
def test_every_folder_with_python_in_it_is_a_package(folder):
    assert all((path.parent / "__init__.py").is_file() for path in folder.rglob("*.py"))


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """CMake's build folder of the whole extension."""
    if not CMAKE_THERE:
        pytest.skip("needs CMake and a C++ compiler")
    folder = tmp_path_factory.mktemp("cmake")
    slicer, build = folder / "slicer", folder / "build"
    slicer.mkdir()
    (slicer / "SlicerConfig.cmake").write_text(SLICER_FOR_CMAKE)
    (slicer / "use.cmake").write_text("")
    run("cmake", "-S", ROOT, "-B", build, f"-DSlicer_DIR={slicer}", "-DBUILD_TESTING=ON")
    return build


def test_cmake_hands_the_whole_list_to_slicers_macro(built):
    assert (built / "given.txt").read_text().split() == packaged()


@pytest.fixture(scope="module")
def installed(tmp_path_factory, request) -> Path:
    """The files as CMake installs them, or, without it, as the lists say: each at its own place."""
    folder = tmp_path_factory.mktemp("an installed extension")
    if CMAKE_THERE:
        run("cmake", "--install", request.getfixturevalue("built"), "--prefix", folder)
    for name in [] if CMAKE_THERE else packaged():
        place = folder / "qt-scripted-modules" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULE / name, place)
    return folder / "qt-scripted-modules"


def run(*command: object) -> None:
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def run_in(folder: Path, program: str) -> str:
    """Output of a new Python that finds this folder and not the repository."""
    program = f"import sys\nsys.path[:] = [path for path in sys.path if path != {str(MODULE)!r}]\n" \
              f"sys.path.insert(0, {str(folder)!r})\n{program}"
    result = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_every_module_of_the_science_can_be_imported_where_it_is_installed(installed):
    found = json.loads(run_in(installed, (
        "import importlib, json, pkgutil, radiomicnet\n"
        "modules = [module.name for module in pkgutil.walk_packages(radiomicnet.__path__, 'radiomicnet.')]\n"
        "files = [importlib.import_module(name).__file__ for name in modules if not name.endswith('__main__')]\n"
        "print(json.dumps(files))")))
    assert len(found) >= len(list(PACKAGE.rglob("*.py"))) - 2
    assert all(Path(path).is_relative_to(installed) for path in found)


def test_both_models_are_installed_and_their_weights_are_the_cards(installed):
    loaded = json.loads(run_in(installed, (
        "import json\n"
        "from radiomicnet.models.store import available, load\n"
        "print(json.dumps([load(card.name).card.name for card in available()]))")))
    assert {"breast-ultrasound", "polyp-endoscopy"} <= set(loaded)


def test_the_installed_extension_stays_under_the_catalogues_100_megabytes(installed):
    assert sum(path.stat().st_size for path in installed.rglob("*") if path.is_file()) < 100e6
