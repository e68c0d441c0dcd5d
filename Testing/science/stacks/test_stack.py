"""Volumes slice by slice: geometry, agreement, islands, millilitres; files read back by slicerio and SimpleITK."""

from __future__ import annotations

import json

import nibabel
import numpy as np
import pytest
import SimpleITK as sitk
import slicerio
from PIL import Image as Pillow

from radiomicnet.errors import Cancelled, ImageError
from radiomicnet.images.image import Geometry
from radiomicnet.images.phantoms import breast_ultrasound
from radiomicnet.stacks.agree import connected
from radiomicnet.stacks.run import segment_stack
from radiomicnet.stacks.volume import Volume, acquisition_axis, as_clip, from_slices, read_volume, slices
from radiomicnet.stacks.write import write_stack

TURN = np.deg2rad(25)
OBLIQUE = Geometry((0.2, 0.3, 1.5), (10.5, -3.25, 7.0),
                   (np.cos(TURN), 0.0, np.sin(TURN), 0.0, -1.0, 0.0, np.sin(TURN), 0.0, -np.cos(TURN)), True)


@pytest.fixture(scope="module")
def volume():
    """(7, H, W): the phantom at both ends mirrored, so that slices differ."""
    pixels = breast_ultrasound()[0].pixels[::3, ::3]
    return Volume(np.stack([np.roll(pixels, k, axis=1) for k in range(7)]), OBLIQUE, "scan", "scan.nrrd", "US")


@pytest.fixture(scope="module")
def result(small_segmenter, volume):
    return segment_stack(small_segmenter, volume, batch=3)


def test_slices_along_any_axis_come_back_to_the_voxel():
    array = np.arange(2 * 3 * 4).reshape(2, 3, 4)
    for axis in "ijk":
        cut = slices(array, axis)
        assert len(cut) == array.shape[{"k": 0, "j": 1, "i": 2}[axis]]
        assert np.array_equal(from_slices(cut, axis), array)
    assert np.array_equal(slices(array, "i")[3], array[:, :, 3])


@pytest.mark.parametrize(("spacing", "axis"), [((1, 1, 1), "k"), ((0.2, 0.1, 0.5), "k"), ((0.2, 0.7, 0.5), "j"),
                                               ((0.9, 0.7, 0.5), "i"), ((0.5, 0.1, 0.5), "k")])
def test_the_acquisition_axis_is_the_coarsest_and_the_files_own_among_equals(spacing, axis):
    assert acquisition_axis(Volume(np.zeros((2, 2, 2)), Geometry(spacing), "a", "a.nrrd")) == axis


def test_a_slice_across_another_axis_has_that_axis_spacing(volume):
    assert as_clip(volume, "k").geometry.spacing == (0.2, 0.3, 1.5)
    wide = Volume(np.zeros((20, 30, 40), np.uint8) + np.arange(40, dtype=np.uint8), OBLIQUE, "a", "a.nrrd")
    assert as_clip(wide, "j").geometry.spacing == (0.2, 1.5, 0.3)
    assert as_clip(wide, "i").geometry.spacing == (0.3, 1.5, 0.2)
    assert as_clip(wide, "i").axis.values[:3] == ("0", "0.2", "0.4")


def test_slices_too_small_to_be_segmented_are_refused(volume):
    with pytest.raises(ImageError, match="at least 16"):
        as_clip(volume, "j")


def test_probabilities_are_averaged_with_the_neighbours_before_anything_is_drawn(small_segmenter, volume, result):
    images = list(as_clip(volume, "k").frames(range(7)))
    alone = [small_segmenter.predict(image).probability for image in images]
    expected = (alone[2] + 2 * alone[3] + alone[4]) / 4 >= small_segmenter.card.threshold
    assert np.all(expected[result.mask[3] > 0] | (np.abs(alone[3][result.mask[3] > 0] - 0.5) < 0.01))
    for frame, image in zip(result.slices.frames, images):
        assert frame.own_area_pixels == pytest.approx((small_segmenter.predict(image).labels > 0).sum(), abs=5)
        assert frame.area_pixels == result.mask[frame.index].sum()


def solid(shape, *boxes):
    mask = np.zeros(shape, bool)
    for box in boxes:
        mask[box] = True
    return mask


def test_islands_go_and_what_touches_in_space_stays_one_part():
    shape = (6, 60, 60)
    lesion = np.s_[1:4, 10:30, 10:30], np.s_[4:5, 29:45, 29:45]  # joined at a corner
    single, speck, alone = np.s_[2:3, 40:58, 2:20], np.s_[0:6, 2:4, 50:53], np.s_[0:3, 40:55, 48:58]
    agreed = solid(shape, *lesion, single, speck, alone)
    own = solid(shape, *lesion, single, speck)
    mask, parts, islands = connected(agreed, agreed, own, 0.001)
    assert np.array_equal(mask, solid(shape, *lesion)) and islands == 3
    assert parts[0].voxels == mask.sum() and parts[0].ml == pytest.approx(mask.sum() / 1000)
    assert (parts[0].first, parts[0].last) == (1, 4)


def test_a_part_that_never_reaches_the_peak_goes():
    part = solid((4, 40, 40), np.s_[1:3, 5:25, 5:25])
    assert connected(part, np.zeros_like(part), part, None)[0].sum() == 0


def test_the_segment_lies_on_the_volume_to_the_voxel(result, tmp_path):
    write_stack(result, tmp_path)
    written = slicerio.read_segmentation(str(tmp_path / "scan.seg.nrrd"))
    expected = np.eye(4)
    expected[:3, :3] = np.reshape(OBLIQUE.direction, (3, 3)) * OBLIQUE.spacing
    expected[:3, 3] = OBLIQUE.origin
    assert written["ijkToLPS"] == pytest.approx(expected, abs=1e-9)
    assert np.array_equal(written["voxels"], result.mask.T)
    read = sitk.ReadImage(str(tmp_path / "scan.seg.nrrd"))
    assert read.GetSize() == result.mask.shape[::-1]
    assert read.GetSpacing() == pytest.approx(OBLIQUE.spacing) and read.GetOrigin() == pytest.approx(OBLIQUE.origin)
    assert len(written["segments"]) == (1 if result.mask.any() else 0)


def test_the_volume_in_ml_is_voxels_times_their_size_in_record_and_table(result, tmp_path):
    write_stack(result, tmp_path)
    record = json.loads((tmp_path / "scan-stack.json").read_text())
    assert record["segment"]["ml"] == pytest.approx(result.mask.sum() * 0.2 * 0.3 * 1.5 / 1000)
    assert sum(part["voxels"] for part in record["segment"]["parts"]) == result.mask.sum()
    assert record["complete"] and len(record["slices"]) == 7
    assert record["slices"][2]["position_mm"] == "3"
    lines = (tmp_path / "scan-slices.csv").read_text().splitlines()
    assert len(lines) == 8 and "largest_section" in lines[0]
    page = (tmp_path / "scan-stack.html").read_text()
    assert "slices segmented" in page and page.count("<image ") == 7


def test_across_another_axis_the_segment_still_lies_on_the_volume(small_segmenter, volume):
    turned = Volume(np.ascontiguousarray(from_slices(volume.array, "i")), Geometry((1.5, 0.2, 0.3)), "t", "t.nrrd")
    made = segment_stack(small_segmenter, turned)
    straight = segment_stack(small_segmenter, Volume(volume.array, Geometry(), "s", "s.nrrd"))
    assert made.axis == "i" and made.mask.shape == turned.array.shape
    assert np.array_equal(slices(made.mask, "i"), straight.mask)


def test_a_run_that_is_stopped_keeps_its_slices(small_segmenter, volume):
    def stop(done, total):
        if done == 3:
            raise Cancelled

    made = segment_stack(small_segmenter, volume, progress=stop)
    assert len(made.slices.frames) == 3 and not made.slices.complete
    assert made.mask.shape == volume.array.shape and not made.mask[4:].any()


@pytest.mark.parametrize("suffix", ["nrrd", "mha", "nii.gz"])
def test_a_volume_is_read_with_its_place(tmp_path, volume, suffix):
    image = sitk.GetImageFromArray(volume.array)
    image.SetSpacing(OBLIQUE.spacing)
    image.SetOrigin(OBLIQUE.origin)
    image.SetDirection(OBLIQUE.direction)
    sitk.WriteImage(image, str(tmp_path / f"v.{suffix}"))
    made = read_volume(tmp_path / f"v.{suffix}")
    assert np.array_equal(made.array, volume.array)
    assert made.geometry.direction == pytest.approx(OBLIQUE.direction, abs=1e-6)
    assert made.voxel_ml == pytest.approx(0.2 * 0.3 * 1.5 / 1000)


def test_nifti_2_is_a_volume_too(tmp_path, volume):
    nibabel.save(nibabel.Nifti2Image(volume.array.T, np.diag([0.2, 0.3, 1.5, 1])), tmp_path / "v.nii")
    assert np.array_equal(read_volume(tmp_path / "v.nii").array, volume.array)


def test_a_folder_of_a_dicom_series_is_put_in_the_order_of_its_positions(tmp_path, volume):
    writer = sitk.ImageFileWriter()
    writer.KeepOriginalImageUIDOn()
    for k in (3, 0, 2, 1):
        image = sitk.GetImageFromArray(volume.array[k:k + 1].astype(np.uint8))
        image.SetSpacing((0.2, 0.3, 1.5))
        for key, value in {"0008|0060": "US", "0020|000e": "1.2.3", "0020|000d": "1.2", "0020|0013": str(9 - k),
                           "0008|0018": f"1.2.3.{k}", "0020|0032": f"0\\0\\{1.5 * k}",
                           "0020|0037": "1\\0\\0\\0\\1\\0", "0028|0030": "0.3\\0.2"}.items():
            image.SetMetaData(key, value)
        writer.SetFileName(str(tmp_path / f"{k}.dcm"))
        writer.Execute(image)
    made = read_volume(tmp_path)
    assert np.array_equal(made.array, volume.array[:4]) and made.modality == "US"
    assert made.geometry.spacing == pytest.approx((0.2, 0.3, 1.5)) and made.geometry.calibrated


def test_pictures_in_a_folder_are_a_stack_without_millilitres(tmp_path, volume, capfd):
    for k, section in enumerate(volume.array):
        Pillow.fromarray(section).save(tmp_path / f"{k}.png")
    made = read_volume(tmp_path)
    assert np.array_equal(made.array, volume.array) and made.voxel_ml is None
    assert capfd.readouterr() == ("", "")  # ITK would warn of no DICOM series


def test_a_single_image_and_a_clip_are_no_stack(tmp_path, volume):
    sitk.WriteImage(sitk.GetImageFromArray(volume.array[:1]), str(tmp_path / "one.nrrd"))
    with pytest.raises(ImageError, match="single image, no stack"):
        read_volume(tmp_path / "one.nrrd")
    nibabel.save(nibabel.Nifti1Image(volume.array.T[:, :, None], np.eye(4)), tmp_path / "film.nii")
    with pytest.raises(ImageError, match=r"follow each other in time.*radiomicnet clip"):
        read_volume(tmp_path / "film.nii")
