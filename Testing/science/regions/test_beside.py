"""Features inside a segment on the network's grid, comparable with those of the whole image."""

from __future__ import annotations

import numpy as np
import pytest

from radiomicnet.features.catalogue import KEYS
from radiomicnet.features.extract import extract
from radiomicnet.images.grid import to_grid
from radiomicnet.images.phantoms import breast_ultrasound
from radiomicnet.regions import beside
from radiomicnet.regions.beside import beside_whole


@pytest.fixture(scope="module")
def phantom():
    image, truth = breast_ultrasound()
    return image, truth > 0


def test_a_segment_that_is_the_whole_scan_gives_the_values_of_the_whole_scan(phantom, monkeypatch):
    image, _truth = phantom
    grid = to_grid(image.rgb, max(image.shape))  # the grid has the image's own pixels, so the mask is not resampled
    scan = grid.mask[: image.shape[0], : image.shape[1]]
    whole = extract(grid.grey, grid.mask).whole
    inside = beside_whole(image, scan, max(image.shape)).values
    assert list(inside) == list(KEYS)
    assert inside == pytest.approx(whole, rel=1e-6, abs=1e-9)


def test_with_and_without_pyradiomics_the_values_are_the_same(phantom, monkeypatch):
    pytest.importorskip("radiomics")
    image, lesion = phantom
    by_pyradiomics = beside_whole(image, lesion, 256)
    assert by_pyradiomics.program.startswith("PyRadiomics ")
    monkeypatch.setattr(beside, "installed", lambda: ("", "missing"))
    by_us = beside_whole(image, lesion, 256)
    assert by_us.program == "RadiomicNet"
    assert by_us.values == pytest.approx(by_pyradiomics.values, rel=1e-6, abs=1e-9)


def test_a_lesion_is_darker_than_the_whole_picture(phantom):
    image, lesion = phantom
    assert beside_whole(image, lesion, 256).values["firstorder_Mean"] < image.rgb.mean()


def test_an_empty_or_tiny_segment_is_a_sentence(phantom):
    image, lesion = phantom
    assert beside_whole(image, np.zeros_like(lesion), 256).reason == "The segment is empty."
    tiny = np.zeros_like(lesion)
    tiny[100:104, 100:104] = True
    assert "too few for texture features" in beside_whole(image, tiny, 256).reason


def test_where_pyradiomics_fails_it_is_said_whose_the_values_are(phantom, monkeypatch):
    def fail(*_):
        raise RuntimeError("no")

    monkeypatch.setattr(beside, "installed", lambda: ("3.0.1", ""))
    monkeypatch.setattr(beside, "pyradiomics_values", fail)
    image, lesion = phantom
    made = beside_whole(image, lesion, 256)
    assert "PyRadiomics failed here (no)" in made.program
    assert made.values.keys() == set(KEYS)
