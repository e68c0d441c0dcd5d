"""Probability, uncertainty and attention as NRRD."""

from __future__ import annotations

import nrrd
import numpy as np
import pytest
import SimpleITK as sitk

from radiomicnet.results.maps_nrrd import maps, write_map
from radiomicnet.results.nrrd_file import write_image


def test_every_map_has_a_file_with_its_values_and_the_image_s_geometry(make_result, oblique, tmp_path):
    prediction = make_result(2, geometry=oblique).prediction
    expected = {"-probability.nrrd": prediction.probability, "-uncertainty.nrrd": prediction.uncertainty,
                **{f"-attention-{gate.level}.nrrd": gate.spatial.astype(np.float32) for gate in prediction.attention}}
    written = {ending: (values, keys) for ending, values, keys in maps(prediction)}
    assert set(written) == set(expected)
    for ending, (values, keys) in written.items():
        path = tmp_path / f"scan{ending}"
        write_map(prediction, values, keys, path)
        image = sitk.ReadImage(str(path))
        assert image.GetPixelID() == sitk.sitkFloat32
        np.testing.assert_array_equal(sitk.GetArrayFromImage(image)[0], expected[ending])
        assert image.GetSpacing() == pytest.approx(oblique.spacing, rel=1e-12)
        assert image.GetOrigin() == pytest.approx(oblique.origin, rel=1e-15)
        assert image.GetDirection() == pytest.approx(oblique.direction, abs=1e-12)


def test_a_map_says_what_it_is_and_where_it_comes_from(make_result, tmp_path):
    prediction = make_result(1).prediction
    endings = {ending: (values, keys) for ending, values, keys in maps(prediction)}
    path = tmp_path / "a.nrrd"
    write_map(prediction, *endings["-attention-stride-16.nrrd"], path)
    header = nrrd.read_header(str(path))
    assert header["RadiomicNet.Content"] == "spatial attention, stride-16"
    assert float(header["RadiomicNet.Gamma"]) == prediction.attention[0].gamma
    assert header["RadiomicNet.Model"] == "breast-ultrasound"


def test_a_full_disk_is_noticed_even_for_the_smallest_file(make_result, tmp_path):
    """SimpleITK's writer says nothing here, which is why it is not used."""
    (tmp_path / "map.nrrd").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        write_image(tmp_path / "map.nrrd", np.zeros((3, 3), np.float32), make_result(0).prediction.image.geometry, {})
