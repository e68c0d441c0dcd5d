"""NIfTI-2, and files of four dimensions, written by nibabel."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
import pytest

from radiomicnet.errors import ImageError
from radiomicnet.images.nifti import as_itk_reads_it
from radiomicnet.images.read import read_image
from radiomicnet.images.scaling import to_eight_bit

PIXELS = np.random.default_rng(3).integers(0, 256, (50, 40, 1, 6), dtype=np.uint8)  # columns, rows, slices, times
TURN = np.deg2rad(30)
AFFINE = np.array([[-0.2 * np.cos(TURN), 0.3 * np.sin(TURN), 0, 7], [-0.2 * np.sin(TURN), -0.3 * np.cos(TURN), 0, -5],
                   [0, 0, 2, 11], [0, 0, 0, 1]])


@pytest.mark.parametrize("suffix", ["nii", "nii.gz"])
def test_nifti_2_is_read_to_the_pixel_and_lies_where_its_nifti_1_twin_lies(tmp_path, suffix):
    first, second = tmp_path / f"one.{suffix}", tmp_path / f"two.{suffix}"
    nibabel.save(nibabel.Nifti1Image(PIXELS[..., 0], AFFINE), first)
    nibabel.save(nibabel.Nifti2Image(PIXELS[..., 0], AFFINE), second)
    one, two = read_image(first), read_image(second)
    assert np.array_equal(two.pixels, PIXELS[:, :, 0, 0].T)
    assert np.array_equal(one.pixels, two.pixels)
    assert one.geometry == two.geometry
    assert two.geometry.calibrated and two.name == "two"


def test_the_scale_of_the_values_of_nifti_2_is_kept(tmp_path):
    image = nibabel.Nifti2Image(PIXELS[..., 0].astype(np.int16), AFFINE)
    image.header.set_slope_inter(2, 5)
    nibabel.save(image, tmp_path / "a.nii")
    with as_itk_reads_it(tmp_path / "a.nii") as copy:
        assert np.array_equal(nibabel.load(copy).get_fdata(), nibabel.load(tmp_path / "a.nii").get_fdata())


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("suffix", ["nii", "nii.gz"])
def test_whole_numbers_with_a_scale_are_complete_with_the_bytes_they_have(tmp_path, order, suffix):
    """ITK makes 32 or 64 bit of each of these 16."""
    image = nibabel.Nifti1Image(PIXELS[..., 0].astype(f"{order}i2"), AFFINE, nibabel.Nifti1Header(endianness=order))
    image.set_data_dtype(np.int16)
    image.header.set_slope_inter(0.5, 0)
    nibabel.save(image, tmp_path / f"a.{suffix}")
    assert np.array_equal(read_image(tmp_path / f"a.{suffix}").pixels,
                          to_eight_bit(nibabel.load(tmp_path / f"a.{suffix}").get_fdata()[:, :, 0].T)[0])
    if suffix == "nii":
        content = (tmp_path / "a.nii").read_bytes()
        (tmp_path / "cut.nii").write_bytes(content[:-100])
        with pytest.raises(ImageError, match="damaged or incomplete"):
            read_image(tmp_path / "cut.nii")


def test_nibabels_own_scaled_functional_image_is_told_to_be_several_volumes():
    path = Path(nibabel.__file__).parent / "tests" / "data" / "functional.nii"
    with pytest.raises(ImageError, match=r"holds several volumes \(3 × 20 images\)"):
        read_image(path)


def test_the_copy_that_itk_reads_is_gone_afterwards(tmp_path):
    nibabel.save(nibabel.Nifti2Image(PIXELS[..., 0], AFFINE), tmp_path / "a.nii")
    with as_itk_reads_it(tmp_path / "a.nii") as copy:
        assert copy.exists() and copy != tmp_path / "a.nii"
    assert not copy.exists()


def test_nifti_2_that_breaks_off_is_refused_with_a_sentence(tmp_path):
    path = tmp_path / "a.nii"
    nibabel.save(nibabel.Nifti2Image(PIXELS[..., 0], AFFINE), path)
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(ImageError, match=r"^a\.nii is damaged or incomplete"):
        read_image(path)


@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
def test_a_frame_of_a_file_of_four_dimensions_is_chosen_like_a_slice(tmp_path, kind):
    path = tmp_path / "film.nii.gz"
    nibabel.save(kind(PIXELS, AFFINE), path)
    with pytest.raises(ImageError, match=r"film\.nii\.gz holds 6 slices or frames.*from 1 to 6"):
        read_image(path)
    image = read_image(path, 3)
    assert np.array_equal(image.pixels, PIXELS[:, :, 0, 2].T)
    assert image.name == "film-frame-3"
    assert image.geometry.origin == pytest.approx((-7, 5, 11))


def test_a_sequence_of_volumes_is_no_damaged_file_and_the_sentence_says_what_to_do(tmp_path):
    volumes = np.random.default_rng(1).integers(0, 256, (50, 40, 4, 6), dtype=np.uint8)
    nibabel.save(nibabel.Nifti1Image(volumes, AFFINE), tmp_path / "a.nii")
    with pytest.raises(ImageError, match=r"several volumes \(4 × 6 images\)\. Take one of the volumes out"):
        read_image(tmp_path / "a.nii", 2)
