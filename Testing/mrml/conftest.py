"""A real MRML scene (slicer-core) for these tests; what it needs beside that is in Testing/panel/standin."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
for folder in (ROOT / "Testing" / "panel", ROOT / "RadiomicNetSegmenter"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


try:
    from standin import application, python

    python.install()
    MISSING = ""
except ImportError as error:
    MISSING = f"needs slicer-core and trame-slicer ({error})"


class _Skipped(pytest.Module):
    """A test file whose imports would fail."""

    def collect(self):
        pytest.skip(MISSING)


def pytest_pycollect_makemodule(module_path, parent):
    """Skip the files of this folder, with the reason, where MRML is not installed."""
    return _Skipped.from_parent(parent, path=module_path) if MISSING else None


@pytest.fixture(autouse=True)
def scene():
    """An empty scene."""
    import slicer

    application.start()
    application.clearScene()
    return slicer.mrmlScene


@pytest.fixture
def add_volume():
    """Function that puts an array as an image volume into the scene."""
    import numpy as np
    import slicer

    def add(pixels, name="Image", matrix=None):
        className = "vtkMRMLVectorVolumeNode" if pixels.ndim == 3 else "vtkMRMLScalarVolumeNode"
        matrix = np.diag([-1.0, -1.0, 1.0, 1.0]) if matrix is None else matrix
        node = slicer.util.addVolumeFromArray(pixels[None], matrix, name, className)
        node.CreateDefaultDisplayNodes()
        return node

    return add


@pytest.fixture
def result(ultrasound_result):
    """A result with two lesions."""
    from drawing import with_lesions

    return with_lesions(ultrasound_result, 2)


@pytest.fixture
def empty_result(ultrasound_result):
    """A result without a lesion."""
    from drawing import with_lesions

    return with_lesions(ultrasound_result, 0)
