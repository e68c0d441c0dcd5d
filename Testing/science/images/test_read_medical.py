"""NRRD, NIfTI, MetaImage and DICOM: one slice with its exact geometry, or a sentence."""

from __future__ import annotations

import nibabel
import nrrd
import numpy as np
import pydicom.data
import pytest
import SimpleITK as sitk

from radiomicnet.errors import ImageError
from radiomicnet.images.read import read_image

GREY = np.random.default_rng(1).integers(0, 256, (40, 50), dtype=np.uint8)
RGB = np.random.default_rng(2).integers(0, 256, (40, 50, 3), dtype=np.uint8)
SUFFIXES = ["nrrd", "nhdr", "nii", "nii.gz", "mha", "mhd"]
FLIPPED = (0.0, -1.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 1.0)


def volume(array, spacing=(0.2, 0.3, 2.0), origin=(-10.0, 20.5, 7.0), direction=FLIPPED, vector=False):
    result = sitk.GetImageFromArray(array, isVector=vector)
    result.SetSpacing(spacing)
    result.SetOrigin(origin)
    result.SetDirection(direction)
    return result


def bundled(name):
    """A DICOM file that comes inside pydicom's package."""
    path = pydicom.data.get_testdata_file(name, download=False)
    assert path, name
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_one_slice_keeps_its_pixels_and_its_geometry(tmp_path, suffix):
    path = tmp_path / f"scan 1.{suffix}"
    sitk.WriteImage(volume(GREY[None]), str(path))
    image = read_image(path)
    assert np.array_equal(image.pixels, GREY)
    assert image.name == "scan 1"
    assert image.geometry.spacing == pytest.approx((0.2, 0.3, 2))
    assert image.geometry.origin == pytest.approx((-10, 20.5, 7))
    assert image.geometry.direction == pytest.approx(FLIPPED)
    assert image.geometry.calibrated


def test_the_geometry_of_nrrd_is_exact(tmp_path):
    direction = (0.6, 0.8, 0.0, -0.8, 0.6, 0.0, 0.0, 0.0, 1.0)
    sitk.WriteImage(volume(GREY[None], (0.1, 1 / 3, 5), (1e-3, -1e5, np.pi), direction), str(tmp_path / "a.nrrd"))
    geometry = read_image(tmp_path / "a.nrrd").geometry
    reference = sitk.ReadImage(str(tmp_path / "a.nrrd"))
    assert geometry.spacing == reference.GetSpacing()
    assert geometry.origin == reference.GetOrigin()
    assert geometry.direction == reference.GetDirection()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_2d_image_lies_in_a_slice_1_mm_thick(tmp_path, suffix):
    sitk.WriteImage(volume(GREY, (0.2, 0.3), (3, 4), (-1, 0, 0, 1)), str(tmp_path / f"a.{suffix}"))
    geometry = read_image(tmp_path / f"a.{suffix}").geometry
    assert geometry.spacing == pytest.approx((0.2, 0.3, 1))
    assert geometry.origin == pytest.approx((3, 4, 0))
    assert geometry.direction == pytest.approx((-1, 0, 0, 0, 1, 0, 0, 0, 1))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_spacing_of_1_is_not_called_calibrated(tmp_path, suffix):
    sitk.WriteImage(sitk.GetImageFromArray(GREY[None]), str(tmp_path / f"a.{suffix}"))
    assert not read_image(tmp_path / f"a.{suffix}").geometry.calibrated


@pytest.mark.parametrize("suffix", ["nrrd", "nii.gz", "mha"])
def test_colours_are_read(tmp_path, suffix):
    sitk.WriteImage(volume(RGB[None], vector=True), str(tmp_path / f"a.{suffix}"))
    assert np.array_equal(read_image(tmp_path / f"a.{suffix}").pixels, RGB)


def test_further_dimensions_of_1_do_not_matter(tmp_path):
    image = sitk.JoinSeries(volume(GREY[None], direction=np.eye(3).ravel().tolist()))
    sitk.WriteImage(image, str(tmp_path / "a.nrrd"))
    read = read_image(tmp_path / "a.nrrd")
    assert np.array_equal(read.pixels, GREY)
    assert read.geometry.spacing == pytest.approx((0.2, 0.3, 2))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_stack_is_refused_with_how_to_take_a_slice(tmp_path, suffix):
    sitk.WriteImage(volume(np.stack([GREY] * 7)), str(tmp_path / f"a.{suffix}"))
    with pytest.raises(ImageError, match=r"7 slices or frames.*Take one slice out"):
        read_image(tmp_path / f"a.{suffix}")


@pytest.mark.parametrize("suffix", ["nii", "nrrd"])
def test_axes_that_are_not_at_right_angles_are_refused_with_a_sentence(tmp_path, suffix):
    path, axes = tmp_path / f"a.{suffix}", np.array([[0.5, 0.2, 0], [0, 0.7, 0], [0, 0, 2]])
    if suffix == "nii":
        affine = np.eye(4)
        affine[:3, :3] = axes
        sheared = nibabel.Nifti1Image(GREY.T[..., None], affine)
        sheared.set_qform(None, 0)
        nibabel.save(sheared, path)
    else:
        nrrd.write(str(path), GREY.T[..., None], {"space": "left-posterior-superior", "space directions": axes.T,
                                                  "space origin": [0, 0, 0]})
    with pytest.raises(ImageError, match=r"axes of a\.n\w+ are not at right angles"):
        read_image(path)


@pytest.mark.parametrize("suffix", ["nrrd", "nii", "nii.gz", "mha"])
@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("kept", [0.95, 0.5])
def test_a_truncated_file_is_refused_with_a_sentence(tmp_path, suffix, compressed, kept):
    path = tmp_path / f"a.{suffix}"
    sitk.WriteImage(volume(GREY[None]), str(path), compressed)
    content = path.read_bytes()
    path.write_bytes(content[:int(len(content) * kept)])
    with pytest.raises(ImageError, match=rf"^a\.{suffix} is damaged or incomplete"):
        read_image(path)


def test_a_header_without_its_data_is_refused_with_a_sentence(tmp_path):
    sitk.WriteImage(volume(GREY[None]), str(tmp_path / "a.nhdr"))
    (tmp_path / "a.raw").unlink()
    with pytest.raises(ImageError, match=r"a\.nhdr is damaged or incomplete"):
        read_image(tmp_path / "a.nhdr")


def test_a_header_that_promises_too_much_is_refused_before_anything_is_decoded(tmp_path):
    (tmp_path / "a.nrrd").write_bytes(b"NRRD0004\ntype: double\ndimension: 2\nsizes: 99999 99999\nencoding: raw\n"
                                      b"endian: little\n\n")
    with pytest.raises(ImageError, match=r"99999 × 99999 pixels"):
        read_image(tmp_path / "a.nrrd")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nan_and_infinity_are_refused_with_a_sentence(tmp_path, bad):
    array = GREY.astype(np.float32)
    array[3, 4] = bad
    sitk.WriteImage(sitk.GetImageFromArray(array), str(tmp_path / "a.nrrd"))
    with pytest.raises(ImageError, match="NaN"):
        read_image(tmp_path / "a.nrrd")


def test_complex_numbers_and_five_components_are_refused_with_a_sentence(tmp_path):
    sitk.WriteImage(sitk.GetImageFromArray(GREY.astype(np.complex64)), str(tmp_path / "complex.nrrd"))
    five = np.repeat(GREY[..., None], 5, axis=2)
    sitk.WriteImage(sitk.GetImageFromArray(five, isVector=True), str(tmp_path / "five.nrrd"))
    for name in ("complex.nrrd", "five.nrrd"):
        with pytest.raises(ImageError) as caught:
            read_image(tmp_path / name)
        assert "damaged" not in str(caught.value)


def test_dicom_tells_its_modality_and_its_spacing(tmp_path, write_dicom):
    write_dicom(tmp_path / "a.dcm", GREY, PixelSpacing=[0.3, 0.2])
    image = read_image(tmp_path / "a.dcm")
    assert np.array_equal(image.pixels, GREY)
    assert image.modality == "US"
    assert image.geometry.spacing == (0.2, 0.3, 1.0)
    assert image.geometry.calibrated


def test_dicom_in_colour_is_read_and_needs_no_ending(tmp_path, write_dicom):
    write_dicom(tmp_path / "IM_0001", RGB, Modality="ES")
    image = read_image(tmp_path / "IM_0001")
    assert np.array_equal(image.pixels, RGB)
    assert (image.name, image.modality, image.geometry.calibrated) == ("IM_0001", "ES", False)


def test_dicom_that_counts_darkness_is_inverted(tmp_path, write_dicom):
    write_dicom(tmp_path / "a.dcm", GREY, PhotometricInterpretation="MONOCHROME1")
    assert np.array_equal(read_image(tmp_path / "a.dcm").pixels, 255 - GREY)


def test_dicom_of_12_bit_is_scaled_by_its_full_range(tmp_path, write_dicom):
    array = (np.arange(2000).reshape(40, 50) * 2).astype(np.uint16)
    write_dicom(tmp_path / "a.dcm", array, BitsStored=12, HighBit=11)
    assert np.array_equal(read_image(tmp_path / "a.dcm").pixels, np.rint(array.astype(float) * 255 / 4095))


def test_the_calibrated_region_of_an_ultrasound_image_gives_its_spacing(tmp_path, write_dicom, region):
    write_dicom(tmp_path / "a.dcm", GREY, SequenceOfUltrasoundRegions=[region(0.005, 0.006)])
    geometry = read_image(tmp_path / "a.dcm").geometry
    assert geometry.spacing == pytest.approx((0.05, 0.06, 1))
    assert geometry.calibrated


@pytest.mark.parametrize("regions", [[(0.005, 0.006), (0.01, 0.01)], [(0.005, 0.006, 4)], [(0.005, 0.006, 3, 2)],
                                     [(0.0, 0.006)]])
def test_regions_that_do_not_say_how_large_a_pixel_is_calibrate_nothing(tmp_path, write_dicom, region, regions):
    write_dicom(tmp_path / "a.dcm", GREY, SequenceOfUltrasoundRegions=[region(*values) for values in regions])
    geometry = read_image(tmp_path / "a.dcm").geometry
    assert geometry.spacing == (1, 1, 1)
    assert not geometry.calibrated


@pytest.mark.parametrize(("name", "shape", "modality"), [
    ("examples_rgb_color.dcm", (240, 320, 3), "US"), ("examples_palette.dcm", (350, 800, 3), "US"),
    ("ExplVR_BigEnd.dcm", (60, 80, 3), "US"), ("MR_small_RLE.dcm", (64, 64), "MR"),
    ("MR_small_jp2klossless.dcm", (64, 64), "MR"), ("SC_rgb_jpeg_dcmtk.dcm", (100, 100, 3), "OT")])
def test_real_dicom_files_of_many_encodings_are_read(name, shape, modality):
    path = bundled(name)
    image = read_image(path)
    assert image.pixels.shape == shape
    assert image.modality == modality
    assert image.geometry.spacing == pytest.approx(sitk.ReadImage(path).GetSpacing())


def test_uncompressed_ultrasound_equals_what_pydicom_reads():
    path = bundled("examples_rgb_color.dcm")
    assert np.array_equal(read_image(path).pixels, pydicom.dcmread(path).pixel_array)


@pytest.mark.parametrize("name", ["MR_truncated.dcm", "test-SR.dcm", "rtplan.dcm"])
def test_dicom_without_a_whole_picture_is_refused_with_a_sentence(name):
    with pytest.raises(ImageError, match=f"{name} holds no picture that can be decoded"):
        read_image(bundled(name))


def test_hounsfield_units_are_windowed_with_a_warning():
    image = read_image(bundled("CT_small.dcm"))
    assert image.pixels.min() == 0
    assert image.pixels.max() == 255
    assert "percentiles" in image.warnings[0]
