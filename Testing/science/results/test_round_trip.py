"""A segmentation lies on its image to the voxel, whatever the image's format, grid and place in a stack.

Judged by the libraries of others: the image by nibabel (NIfTI) and SimpleITK, the segmentation by slicerio and
SimpleITK.
"""

from __future__ import annotations

import nibabel
import numpy as np
import pytest
import SimpleITK as sitk
import slicerio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from radiomicnet.images.read import read_image
from radiomicnet.results.maps_nrrd import write_map
from radiomicnet.results.segmentation_nrrd import write_segmentation

SHAPE = (24, 37)
FORMATS = ["nrrd", "nhdr", "nii", "nii.gz", "mha", "mhd"]
FLOAT32 = 1e-5  # NIfTI holds its axes in single precision

spacings = st.floats(0.02, 5)
places = st.floats(-500, 500)
# Each axis of the patient along any axis of the image, either way round, then turned by any angles.
directions = st.tuples(st.permutations(range(3)), st.tuples(*[st.sampled_from([-1, 1])] * 3),
                       st.tuples(*[st.floats(-180, 180)] * 3))


def direction_matrix(order, signs, angles):
    return Rotation.from_euler("xyz", angles, degrees=True).as_matrix() @ (np.eye(3)[:, order] * signs)


def write_stack(path, spacing, origin, direction, slices=1):
    voxels = np.random.default_rng(0).integers(0, 256, (slices, *SHAPE), dtype=np.uint8)
    volume = sitk.GetImageFromArray(voxels)
    volume.SetSpacing(spacing)
    volume.SetOrigin(origin)
    volume.SetDirection(direction.ravel().tolist())
    sitk.WriteImage(volume, str(path))
    return voxels


def to_lps(path):
    """(4, 4) matrix from indices to LPS millimetres, by a reader that is not ours."""
    if path.name.endswith((".nii", ".nii.gz")):
        return np.diag([-1, -1, 1, 1]) @ nibabel.load(path).affine
    volume = sitk.ReadImage(str(path))
    matrix = np.eye(4)
    matrix[:3, :3] = np.reshape(volume.GetDirection(), (3, 3)) * volume.GetSpacing()
    matrix[:3, 3] = volume.GetOrigin()
    return matrix


@pytest.fixture
def segmented(build_result, tmp_path_factory):
    """``segmented(path, frame=None)``: (the drawn (H, W) labels, path of the segmentation, path of a map)."""
    def make(path, frame=None):
        image = read_image(path, frame)
        probability = np.zeros(SHAPE)
        probability[3:9, 4:15] = probability[14:22, 20:36] = 0.9
        prediction = build_result(image.pixels, probability, geometry=image.geometry).prediction
        folder = tmp_path_factory.mktemp("out")
        write_segmentation(prediction, folder / "a.seg.nrrd")
        write_map(prediction, prediction.probability, {}, folder / "a.nrrd")
        return prediction.labels, folder / "a.seg.nrrd", folder / "a.nrrd"
    return make


def world(matrix, labels, index=0):
    rows, columns = np.nonzero(labels)
    return (matrix @ np.array([columns, rows, np.full(len(rows), index), np.ones(len(rows))]))[:3].T


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(suffix=st.sampled_from(FORMATS), spacing=st.tuples(*[spacings] * 3), origin=st.tuples(*[places] * 3),
       turned=directions, slices=st.integers(1, 4), data=st.data())
def test_every_segmented_pixel_lies_where_the_image_has_it(
        tmp_path, segmented, suffix, spacing, origin, turned, slices, data):
    path = tmp_path / f"a.{suffix}"
    write_stack(path, spacing, origin, direction_matrix(*turned), slices)
    index = data.draw(st.integers(0, slices - 1))
    labels, segmentation, probability = segmented(path, index + 1)
    assert len(np.unique(labels)) == 3
    expected = world(to_lps(path), labels, index)
    tolerance = FLOAT32 * 1000 if "nii" in suffix else 1e-8

    read = slicerio.read_segmentation(str(segmentation))
    assert np.array_equal(read["voxels"][..., 0].T, labels)
    np.testing.assert_allclose(world(read["ijkToLPS"], read["voxels"][..., 0].T), expected, atol=tolerance)
    for written in (segmentation, probability):
        np.testing.assert_allclose(world(to_lps(written), labels), expected, atol=tolerance)


@pytest.mark.parametrize("suffix", ["nrrd", "mha"])
def test_the_segmentation_of_a_slice_is_that_slice_of_the_stack_for_simpleitk_too(tmp_path, segmented, suffix):
    path = tmp_path / f"a.{suffix}"
    write_stack(path, (0.1, 0.3, 2.5), (5, -7, 30), direction_matrix((2, 0, 1), (1, -1, 1), (10, 20, 30)), 5)
    labels, segmentation, _ = segmented(path, 4)
    stack = sitk.ReadImage(str(path))
    onto = sitk.Resample(sitk.ReadImage(str(segmentation)), stack, sitk.Transform(), sitk.sitkNearestNeighbor)
    resampled = sitk.GetArrayFromImage(onto)
    assert np.array_equal(resampled[3], labels)
    assert not np.delete(resampled, 3, axis=0).any()


def test_the_same_image_gives_the_same_bytes_at_another_time(tmp_path, segmented, monkeypatch):
    import nrrd.writer

    path = tmp_path / "a.nrrd"
    write_stack(path, (0.1, 0.3, 1), (0, 0, 0), np.eye(3))
    first = [written.read_bytes() for written in segmented(path)[1:]]

    class Later(nrrd.writer.datetime):
        @classmethod
        def utcnow(cls):
            return cls(2042, 1, 2)

    monkeypatch.setattr(nrrd.writer, "datetime", Later)
    second = [written.read_bytes() for written in segmented(path)[1:]]
    assert first == second
    assert b"2042" not in second[0]
