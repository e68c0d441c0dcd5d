"""What every test shares. The one place that looks for data outside of this repository."""

from __future__ import annotations

import json
import locale
import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# Before torch, Qt or matplotlib is imported by any test: two threads, and no window anywhere.
os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("MPLBACKEND", "Agg")

# The same examples on every run; `make test ARGS=--hypothesis-profile=explore` looks for new ones.
settings.register_profile("repeatable", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile("repeatable")

ROOT = Path(__file__).resolve().parents[1]


def pytest_report_header() -> list[str]:
    """Name what set-up could not install, since the tests that need it skip."""
    record = Path(sys.prefix, "setup.json")
    missing = json.loads(record.read_text(encoding="utf-8"))["missing"] if record.is_file() else {}
    return [f"not installed: {name}. {reason}" for name, reason in missing.items()]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real images with masks, where there is one beside this repository."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the real images of ../shared/data, which are not part of this repository")
    return folder


@pytest.fixture(scope="session")
def ultrasound_result():
    """The shipped breast model's result on the speckle phantom."""
    from radiomicnet.images.phantoms import breast_ultrasound

    return _result("breast-ultrasound", breast_ultrasound()[0])


@pytest.fixture(scope="session")
def endoscopy_result():
    """The shipped polyp model's result on the endoscopy scene."""
    from radiomicnet.images.phantoms import polyp_endoscopy

    return _result("polyp-endoscopy", polyp_endoscopy()[0])


def _result(model, image):
    from radiomicnet.models.store import load
    from radiomicnet.run import run
    from radiomicnet.segmenter import Segmenter

    return run(Segmenter(load(model)), image)


@pytest.fixture(autouse=True)
def _own_locale():
    """Slicer's libraries set the C locale for the whole process, in which text files would be read as ASCII."""
    locale.setlocale(locale.LC_CTYPE, "")
