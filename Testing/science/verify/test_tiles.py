"""The implementation check of local features: the right tiles, and PyRadiomics' values there."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiomicnet.features.catalogue import KEYS
from radiomicnet.features.extract import extract
from radiomicnet.verify.check import verify
from radiomicnet.verify.rules import TILES
from radiomicnet.verify.tiles import TILES_CHECKED, check_tiles, choose_tiles
from radiomicnet.verify.values import pyradiomics_values

needs_pyradiomics = pytest.mark.usefixtures("pyradiomics")


@pytest.fixture
def pyradiomics():
    return pytest.importorskip("radiomics", reason="PyRadiomics is not installed; set-up said why")


@needs_pyradiomics
@pytest.mark.parametrize("kind", ["noise", "smooth", "spikes", "saturated"])
def test_every_tile_agrees_with_pyradiomics_given_that_tile_as_its_mask(kind):
    rng = np.random.default_rng(1)
    walk = np.cumsum(np.cumsum(rng.normal(size=(40, 52)), 0), 1)
    grey = {"noise": rng.integers(0, 256, walk.shape), "smooth": 255 * (walk - walk.min()) / np.ptp(walk),
            "spikes": np.where(rng.random(walk.shape) < 0.004, 255, 3),
            "saturated": np.clip(rng.normal(250, 9, walk.shape), 0, 255)}[kind].astype(np.uint8)
    mask = rng.random(grey.shape) < 0.85
    local = extract(grey, mask).local
    for row, column in choose_tiles(local, None, None):
        tile = np.zeros_like(mask)
        where = np.s_[16 * row : 16 * row + 16, 16 * column : 16 * column + 16]
        tile[where] = mask[where]
        theirs = pyradiomics_values(grey, tile)
        ours = dict(zip(KEYS, local[:, row, column].tolist()))
        assert {key: (ours[key], theirs[key]) for key in KEYS if not TILES[key].holds(ours[key], theirs[key])} == {}


@needs_pyradiomics
def test_a_verification_looks_at_the_tiles_that_contributed_most(small_segmenter, phantom):
    prediction = small_segmenter.predict(phantom[0])
    contributions = small_segmenter.explain(prediction)
    made = verify(prediction, contributions)
    known = ~np.isnan(prediction.radiomics.local[0])
    assert len(made.tiles) == min(TILES_CHECKED, known.sum())
    weight = np.where(known, np.abs(contributions.maps).sum(axis=0), -1)
    assert np.unravel_index(weight.argmax(), weight.shape) in {(tile.row, tile.column) for tile in made.tiles}
    for tile in made.tiles:
        assert tuple(tile.checks) == KEYS and all(check.agrees for check in tile.checks.values())


@needs_pyradiomics
def test_a_wrong_local_value_is_found_and_explained(small_segmenter, phantom):
    prediction = small_segmenter.predict(phantom[0])
    local = prediction.radiomics.local.copy()
    local[KEYS.index("glcm_Contrast")] *= 1.001
    wrong = replace(prediction, radiomics=replace(prediction.radiomics, local=local))
    tiles = check_tiles(wrong, None, "3.0.1", count=2)
    assert len(tiles) == 2
    for tile in tiles:
        differing = [key for key, check in tile.checks.items() if not check.agrees]
        assert differing == ["glcm_Contrast"] and "Discretisation" in tile.checks["glcm_Contrast"].explanation


@needs_pyradiomics
def test_a_model_that_takes_whole_scans_only_has_no_tiles_to_check(small_segmenter, phantom):
    prediction = small_segmenter.predict(phantom[0])
    card = replace(prediction.card, local_feature_mean={}, local_feature_std={})
    assert verify(replace(prediction, card=card)).tiles == ()


@given(st.integers(0, 2**32 - 1), st.integers(1, 20), st.booleans())
def test_tiles_are_distinct_have_values_and_are_chosen_the_same_every_time(seed, count, weighted):
    rng = np.random.default_rng(seed)
    shape = (13, *rng.integers(1, 9, 2))
    local, maps = rng.normal(size=shape), rng.normal(size=shape) if weighted else None
    local[:, rng.random(shape[1:]) < 0.3] = np.nan
    chosen = choose_tiles(local, maps, count)
    assert chosen == choose_tiles(local, maps, count) == sorted(set(chosen))
    known = ~np.isnan(local[0])
    assert len(chosen) == min(count, known.sum()) and all(known[tile] for tile in chosen)
    if weighted and known.any() and count > 1:
        weight = np.where(known, np.abs(maps).sum(axis=0), -1)
        assert np.unravel_index(weight.argmax(), weight.shape) in chosen
