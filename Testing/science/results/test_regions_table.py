"""The files of the regions' and the stability's tables, read back as a reader would."""

import csv

import numpy as np
import pytest

from radiomicnet.features.catalogue import KEYS
from radiomicnet.images.image import Geometry, Image
from radiomicnet.regions.catalogue import FEATURES
from radiomicnet.regions.icc import Icc, from_json, to_json
from radiomicnet.regions.radiomics import RegionalRadiomics, regional_radiomics
from radiomicnet.regions.stability import feature_stability
from radiomicnet.results.regions_table import COLUMNS, region_rows, write_regions
from radiomicnet.results.stability_table import stability_rows, write_stability


@pytest.fixture(scope="module")
def lesion():
    """A noisy image calibrated at half a millimetre, and a square in it."""
    grey = np.random.default_rng(0).integers(30, 200, (64, 64)).astype(np.uint8)
    mask = np.zeros(grey.shape, bool)
    mask[20:44, 22:40] = True
    return Image(grey, Geometry(spacing=(0.5, 0.5, 1), calibrated=True)), mask


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_region_and_feature_has_a_row_with_all_digits_unit_and_ibsi_code(lesion, tmp_path):
    pytest.importorskip("radiomics", reason="PyRadiomics is not installed; set-up said why")
    made = regional_radiomics(*lesion)
    write_regions(made, tmp_path / "r.csv")
    rows = read(tmp_path / "r.csv")
    assert tuple(rows[0]) == COLUMNS and len(rows) == 3 * len(FEATURES)
    segment = {row["feature"]: row for row in rows if row["region"] == "segment" and row["family"] == "shape2D"}
    assert float(segment["PixelSurface"]["value"]) == 24 * 18 * 0.25 and segment["PixelSurface"]["unit"] == "mm²"
    assert segment["Perimeter"]["unit"] == "mm" and segment["PerimeterSurfaceRatio"]["unit"] == "1/mm"
    mean = next(row for row in rows if row["feature"] == "Mean")
    assert float(mean["value"]) == made.regions[0]["firstorder_Mean"].value and mean["ibsi_code"] == "Q4LE"
    ring_shape = [row for row in rows if row["region"] == "ring" and row["family"] == "shape2D"]
    assert all(row["value"] == "" and row["reason"] for row in ring_shape)


def test_regions_that_were_not_measured_leave_a_table_with_its_head_alone(tmp_path):
    made = RegionalRadiomics(False, reason="PyRadiomics is missing.")
    write_regions(made, tmp_path / "r.csv")
    assert read(tmp_path / "r.csv") == [] == list(region_rows(made))


def test_the_stability_table_marks_what_is_not_stable_here_or_poor_in_the_training_data(lesion, tmp_path):
    stability = feature_stability(*lesion)
    trained = {"firstorder_Mean": Icc(0.3, 0.1, 0.5, 40, 20), "glcm_Energy": Icc(0.95, 0.9, 0.97, 40, 20)}
    rows = {row.key: row for row in stability_rows(stability, trained)}
    assert tuple(rows) == KEYS
    assert rows["firstorder_Mean"].grade == "poor" and rows["firstorder_Mean"].marked
    assert rows["glcm_Energy"].grade == "excellent"
    assert rows["firstorder_Skewness"].stable == "unknown" and rows["firstorder_Skewness"].reason
    write_stability(stability, tmp_path / "s.csv", trained)
    written = read(tmp_path / "s.csv")
    assert [row["key"] for row in written] == list(KEYS)
    assert float(written[9]["variation_percent"]) == 100 * stability.items["firstorder_Mean"].variation
    assert written[2]["icc"] == "" and written[9]["grade"] == "poor"


def test_correlations_survive_json():
    trained = {"glcm_Energy": Icc(0.95, 0.9, 0.97, 40, 20), "lbp_Entropy": Icc(None, None, None, 1, 20)}
    assert from_json(to_json(trained)) == trained
