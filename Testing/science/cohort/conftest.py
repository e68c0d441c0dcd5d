"""A small tree of images, and the command on it with the small model."""

from __future__ import annotations

import pytest
from cohort_images import fill

from radiomicnet.__main__ import main


@pytest.fixture(scope="session")
def tree(tmp_path_factory):
    """The images; not to be changed."""
    return fill(tmp_path_factory.mktemp("in") / "images")


@pytest.fixture
def own_tree(tmp_path):
    """Two of the images and the broken one, to be changed as a test likes."""
    return fill(tmp_path / "own", ("a/scan.png", "c.tif"))


@pytest.fixture(scope="session")
def cohort(small_model_folder):
    """Run the command in this process; the exit status."""
    def call(source, out, *words, workers=0):
        side = ["--workers", str(workers)] if workers is not None else []
        return main(["cohort", str(source), "--out", str(out), "--model", str(small_model_folder / "small"), *side,
                     *map(str, words)])
    return call


@pytest.fixture(scope="session")
def finished(tree, cohort, tmp_path_factory):
    """The results of the tree; not to be changed."""
    folder = tmp_path_factory.mktemp("out") / "cohort"
    assert cohort(tree, folder) == 1
    return folder
