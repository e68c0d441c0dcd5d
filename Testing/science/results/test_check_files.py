"""The exported check, repeated by PyRadiomics' own command."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys

import numpy as np
import pytest
import SimpleITK as sitk

from radiomicnet.features.extract import extract
from radiomicnet.results.check_files import (
    pyradiomics_command,
    write_check_image,
    write_check_mask,
    write_check_settings,
)
from radiomicnet.verify.values import SETTINGS


@pytest.fixture
def files(make_result, tmp_path):
    """(grid, folder) with the three files of a result named ``a b``."""
    grid = make_result(1).prediction.grid
    write_check_image(grid, tmp_path / "a b-check-image.nrrd")
    write_check_mask(grid, tmp_path / "a b-check-mask.nrrd")
    write_check_settings(tmp_path / "a b-check-settings.yaml", stem="a b")
    return grid, tmp_path


def test_image_and_mask_are_the_grid_with_a_row_and_a_column_of_zeros_at_its_end(files):
    grid, folder = files
    image = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "a b-check-image.nrrd")))[0]
    mask = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "a b-check-mask.nrrd")))[0]
    np.testing.assert_array_equal(image, np.pad(grid.grey, (0, 1)))
    np.testing.assert_array_equal(mask, np.pad(grid.mask, (0, 1)))
    assert image.dtype.kind == "f", "PyRadiomics 3.0.1 overflows on uint8"


def test_the_settings_are_yaml_with_the_command_on_top(files):
    yaml = pytest.importorskip("yaml")
    _, folder = files
    text = (folder / "a b-check-settings.yaml").read_text(encoding="utf-8")
    assert text.startswith("# pyradiomics 'a b-check-image.nrrd' 'a b-check-mask.nrrd' --param")
    assert yaml.safe_load(text) == SETTINGS == json.loads(text.partition("\n")[2])


def test_pyradiomics_own_command_gives_the_network_s_values(files):
    pytest.importorskip("radiomics", reason="needs PyRadiomics")
    grid, folder = files
    program = "import sys; from radiomics.scripts import parse_args; sys.exit(parse_args())"
    arguments = [part.replace("'", "") for part in pyradiomics_command("scan").split()[1:]]
    for path in list(folder.iterdir()):
        path.rename(folder / path.name.replace("a b", "scan"))
    ran = subprocess.run([sys.executable, "-c", program, *arguments, "--format", "csv", "--out", "values.csv"],
                         cwd=folder, env=os.environ | {"OMP_NUM_THREADS": "1"}, capture_output=True, text=True,
                         timeout=120)
    assert ran.returncode == 0, ran.stderr
    with (folder / "values.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    features = extract(grid.grey, grid.mask).whole
    for key, name, power in [
        ("glcm_Contrast", "original_glcm_Contrast", 1),
        ("glcm_Dissimilarity", "original_glcm_DifferenceAverage", 1),
        ("glcm_Homogeneity", "original_glcm_Idm", 1),
        ("glcm_Energy", "original_glcm_JointEnergy", 0.5),
        ("glcm_Correlation", "original_glcm_Correlation", 1),
        ("glcm_JointEntropy", "original_glcm_JointEntropy", 1),
        ("firstorder_Mean", "original_firstorder_Mean", 1),
        ("firstorder_StandardDeviation", "original_firstorder_StandardDeviation", 1),
        ("firstorder_Skewness", "original_firstorder_Skewness", 1),
        ("firstorder_Kurtosis", "original_firstorder_Kurtosis", 1),
        ("lbp_Entropy", "lbp-2D_firstorder_Entropy", 1),
        ("lbp_Uniformity", "lbp-2D_firstorder_Uniformity", 1),
    ]:
        assert features[key] == pytest.approx(float(row[name]) ** power, rel=1e-6), key
