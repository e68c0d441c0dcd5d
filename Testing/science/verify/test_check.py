"""The implementation check: our features against PyRadiomics itself, on random images and masks."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from skimage.feature import local_binary_pattern

from radiomicnet.features.catalogue import KEYS
from radiomicnet.features.extract import extract
from radiomicnet.features.lbp import lbp_codes
from radiomicnet.verify.check import verify
from radiomicnet.verify.pyradiomics import padded_images
from radiomicnet.verify.rules import WHOLE
from radiomicnet.verify.values import lbp_image, pyradiomics_values


@pytest.fixture(autouse=True)
def pyradiomics():
    return pytest.importorskip("radiomics", reason="PyRadiomics is not installed; set-up said why")


def random_case(seed, full=False):
    """An image with flat, smooth and noisy parts, and an irregular mask."""
    rng = np.random.default_rng(seed)
    shape = rng.integers(12, 48, 2)
    smooth = np.cumsum(np.cumsum(rng.normal(size=shape), 0), 1)
    smooth = 255 * (smooth - smooth.min()) / np.ptp(smooth)
    grey = np.where(rng.random(shape) < 0.5, smooth, rng.integers(0, 256, shape)).astype(np.uint8)
    grey[: shape[0] // 3] = rng.integers(0, 256)
    return grey, np.ones(shape, bool) if full else rng.random(shape) < rng.uniform(0.6, 1)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_all_13_features_equal_pyradiomics_on_the_same_array_mask_and_discretisation(seed, full):
    grey, mask = random_case(seed, full)
    ours, theirs = extract(grey, mask).whole, pyradiomics_values(grey, mask)
    assert set(theirs) == set(KEYS)
    differing = {key: (ours[key], theirs[key]) for key in KEYS if not WHOLE[key].holds(ours[key], theirs[key])}
    assert differing == {}


def test_patterns_equal_also_where_the_last_bit_of_the_interpolation_decides():
    """In dark corners a diagonal neighbour can equal its centre but for a last bit, and that hangs on the place."""
    grey = np.tile(np.array([[6, 2, 1], [2, 1, 2], [1, 0, 1]], np.uint8), (100, 100))[:288, :288]
    moved = local_binary_pattern(np.pad(grey, 1), 8, 1, "uniform")[1:-1, 1:-1]
    assert not np.array_equal(moved, lbp_codes(grey))
    assert np.array_equal(lbp_image(grey, np.ones(grey.shape, bool)), lbp_codes(grey))


def test_contrast_is_right_though_pyradiomics_overflows_on_a_uint8_image_under_numpy_2():
    grey, mask = random_case(3, full=True)
    assert pyradiomics_values(grey, mask)["glcm_Contrast"] == pytest.approx(extract(grey, mask).whole["glcm_Contrast"])
    image, region = padded_images(grey, mask)
    types = image.GetPixelIDTypeAsString(), region.GetPixelIDTypeAsString()
    assert types == ("64-bit float", "8-bit unsigned integer")


def test_a_prediction_is_verified_feature_by_feature(small_segmenter, phantom, pyradiomics):
    made = verify(small_segmenter.predict(phantom[0]))
    assert made.made and made.reason == "" and made.version == pyradiomics.__version__.removeprefix("v")
    assert set(made.checks) == set(KEYS) and all(check.agrees for check in made.checks.values())


def test_a_wrong_value_is_told_from_a_right_one(small_segmenter, phantom):
    from dataclasses import replace

    prediction = small_segmenter.predict(phantom[0])
    wrong = {**prediction.features, "glcm_Energy": prediction.features["glcm_Energy"] * (1 + 1e-5)}
    made = verify(replace(prediction, radiomics=replace(prediction.radiomics, whole=wrong)))
    assert [key for key, check in made.checks.items() if not check.agrees] == ["glcm_Energy"]


@pytest.mark.parametrize(("ours", "theirs", "agrees"), [
    (1.0, 1.0 + 5e-7, True), (1.0, 1.0 + 5e-6, False), (0.0, 5e-10, True), (0.0, 5e-9, False),
    (1.0, float("nan"), False),
])
def test_equal_means_a_millionth_relative_or_a_billionth_absolute(ours, theirs, agrees):
    assert WHOLE["glcm_Energy"].check("glcm_Energy", ours, theirs).agrees is agrees


def test_without_pyradiomics_the_run_completes_and_says_how_to_make_the_check(small_segmenter, phantom, monkeypatch):
    monkeypatch.setitem(sys.modules, "radiomics", None)  # what Python does for a module that cannot be imported
    made = verify(small_segmenter.predict(phantom[0]))
    assert not made.made and made.checks == {}
    assert "could not be loaded" in made.reason and "pip install" in made.reason


def test_the_written_settings_repeat_the_check_with_pyradiomics_own_command_line(small_segmenter, phantom, tmp_path):
    """Array, mask and settings as the results hold them, read by the program a reader would use."""
    import csv

    from radiomicnet.results.check_files import write_check_image, write_check_mask, write_check_settings
    from radiomicnet.run import run

    result = run(small_segmenter, phantom[0])
    image, mask, settings_file = tmp_path / "i.nrrd", tmp_path / "m.nrrd", tmp_path / "s.yaml"
    write_check_image(result.prediction.grid, image)
    write_check_mask(result.prediction.grid, mask)
    write_check_settings(settings_file, "x")
    table = tmp_path / "o.csv"
    program = [sys.executable, "-c", "from radiomics.scripts import parse_args; parse_args()"]
    subprocess.run([*program, str(image), str(mask), "--param", str(settings_file), "-o", str(table), "-f", "csv"],
                   check=True, capture_output=True)
    with table.open(newline="") as file:
        values = next(csv.DictReader(file))
    features = result.prediction.features
    assert float(values["original_glcm_DifferenceAverage"]) == pytest.approx(features["glcm_Dissimilarity"], rel=1e-6)
    assert float(values["original_glcm_JointEnergy"]) ** 0.5 == pytest.approx(features["glcm_Energy"], rel=1e-6)
    assert float(values["original_firstorder_StandardDeviation"]) == pytest.approx(
        features["firstorder_StandardDeviation"], rel=1e-6)
    lbp_entropy = next(values[key] for key in values if key.startswith("lbp") and key.endswith("firstorder_Entropy"))
    assert float(lbp_entropy) == pytest.approx(features["lbp_Entropy"], rel=1e-6)
