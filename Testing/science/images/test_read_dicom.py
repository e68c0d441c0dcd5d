"""Frames of DICOM files in every encoding that ultrasound and endoscopy machines write, against pydicom and ITK."""

from __future__ import annotations

import numpy as np
import pydicom
import pydicom.data
import pytest
import SimpleITK as sitk
from pydicom.pixels import pixel_array

from radiomicnet.errors import ImageError
from radiomicnet.images.read import read_image
from radiomicnet.images.scaling import to_eight_bit

RGB = np.random.default_rng(2).integers(0, 256, (40, 50, 3), dtype=np.uint8)


def bundled(name):
    """A file that comes inside pydicom's package."""
    path = pydicom.data.get_testdata_file(name, download=False)
    assert path, name
    return path


# Photometric interpretation and encoding are in the comment; all of them are read alike by GDCM.
ENCODINGS = [
    "examples_rgb_color.dcm",  # RGB, uncompressed
    "ExplVR_BigEnd.dcm",  # RGB, uncompressed, big-endian
    "examples_palette.dcm",  # palette of 16 bit
    "SC_ybr_full_422_uncompressed.dcm",  # YBR_FULL_422, uncompressed
    "SC_rgb_jpeg_dcmtk.dcm",  # YBR_FULL, JPEG
    "SC_rgb_dcmtk_+eb+cy+np.dcm",  # YBR_FULL_422, JPEG
    "SC_rgb_dcmtk_+eb+cr.dcm",  # RGB, JPEG
    "SC_rgb_jpeg_gdcm.dcm",  # RGB, lossless JPEG
    "JPGExtended.dcm",  # MONOCHROME2, JPEG of 12 bit
    "examples_jpeg2k.dcm",  # YBR_RCT, JPEG 2000
    "SC_rgb_gdcm_KY.dcm",  # RGB, JPEG 2000
    "MR_small_jp2klossless.dcm",  # MONOCHROME2 of 16 bit, JPEG 2000
    "MR_small_jpeg_ls_lossless.dcm",  # MONOCHROME2, JPEG-LS
    "SC_rgb_jls_lossy_line.dcm",  # RGB, JPEG-LS
    "SC_rgb_rle.dcm",  # RGB, RLE
    "MR_small_RLE.dcm",  # MONOCHROME2, RLE
    "image_dfl.dcm",  # MONOCHROME2, deflated
]


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_encoding_gives_the_picture_that_gdcm_and_so_slicer_shows(name):
    image = read_image(bundled(name))
    expected = to_eight_bit(sitk.GetArrayFromImage(sitk.ReadImage(bundled(name), imageIO="GDCMImageIO"))[0])[0]
    assert np.array_equal(image.pixels, expected)


def test_colours_of_16_bit_in_rle_are_those_of_pydicom_where_gdcm_mixes_the_bytes_up():
    image = read_image(bundled("SC_rgb_rle_16bit.dcm"))
    assert np.array_equal(image.pixels, to_eight_bit(pixel_array(bundled("SC_rgb_rle_16bit.dcm")))[0])


def test_signed_values_that_count_darkness_are_turned_over(tmp_path, write_dicom):
    array = np.arange(-1000, 1000).reshape(40, 50).astype(np.int16)
    write_dicom(tmp_path / "a.dcm", array, PhotometricInterpretation="MONOCHROME1", PixelRepresentation=1)
    write_dicom(tmp_path / "b.dcm", -1 - array, PixelRepresentation=1)
    assert np.array_equal(read_image(tmp_path / "a.dcm").pixels, read_image(tmp_path / "b.dcm").pixels)


def test_a_clip_gives_its_first_frame_and_says_so():
    image = read_image(bundled("examples_ybr_color.dcm"))
    assert np.array_equal(image.pixels, pixel_array(bundled("examples_ybr_color.dcm"), index=0))
    assert image.name == "examples_ybr_color-frame-01"
    assert "first of 30 frames" in image.warnings[0]


def test_any_frame_of_a_clip_can_be_chosen_and_lies_where_the_first_one_lies():
    first, last = (read_image(bundled("examples_ybr_color.dcm"), frame) for frame in (1, 30))
    assert np.array_equal(last.pixels, pixel_array(bundled("examples_ybr_color.dcm"), index=29))
    assert not np.array_equal(last.pixels, first.pixels)
    assert last.geometry == first.geometry
    assert last.name == "examples_ybr_color-frame-30"
    assert not any("first of" in warning for warning in last.warnings)


@pytest.mark.parametrize("frame", [0, 31])
def test_a_frame_that_is_not_there_is_refused(frame):
    with pytest.raises(ImageError, match=f"no frame {frame}; it holds the frames 1 to 30"):
        read_image(bundled("examples_ybr_color.dcm"), frame)


def test_a_single_image_has_no_second_frame():
    with pytest.raises(ImageError, match="no frame 2; it holds a single image"):
        read_image(bundled("examples_rgb_color.dcm"), 2)


@pytest.mark.parametrize("name", ["examples_rgb_color.dcm", "SC_rgb_jpeg_dcmtk.dcm", "examples_jpeg2k.dcm",
                                  "SC_rgb_rle.dcm", "SC_rgb_jpeg_gdcm.dcm", "MR_small_jpeg_ls_lossless.dcm",
                                  "examples_ybr_color.dcm"])
@pytest.mark.parametrize("kept", [0.9, 0.5])
def test_a_truncated_file_of_any_encoding_is_refused_with_a_sentence(tmp_path, name, kept):
    with open(bundled(name), "rb") as file:
        content = file.read()
    (tmp_path / "cut.dcm").write_bytes(content[:int(len(content) * kept)])
    with pytest.raises(ImageError, match=r"cut\.dcm holds no picture that can be decoded"):
        read_image(tmp_path / "cut.dcm")


def test_a_film_is_refused_with_what_to_do(tmp_path, write_dicom):
    write_dicom(tmp_path / "a.dcm", RGB)
    data = pydicom.dcmread(tmp_path / "a.dcm")
    data.file_meta.TransferSyntaxUID = pydicom.uid.MPEG4HP41
    data.PixelData = pydicom.encaps.encapsulate([bytes(100)])
    data.save_as(tmp_path / "a.dcm")
    with pytest.raises(ImageError, match=r"holds a film.*Save the frame to segment as PNG"):
        read_image(tmp_path / "a.dcm")


def position(z):
    plane, item = pydicom.Dataset(), pydicom.Dataset()
    plane.ImagePositionPatient = [10, 20, z]
    item.PlanePositionSequence = [plane]
    return item


def test_frames_with_places_of_their_own_are_a_stack_of_which_one_has_to_be_chosen(tmp_path, write_dicom):
    frames = np.random.default_rng(3).integers(0, 256, (4, 40, 50), dtype=np.uint8)
    write_dicom(tmp_path / "a.dcm", frames[0], NumberOfFrames=4, PixelData=frames.tobytes(),
                PerFrameFunctionalGroupsSequence=[position(z) for z in (0, 5, 11, 17)])
    with pytest.raises(ImageError, match=r"4 slices or frames.*Take one slice out, from 1 to 4"):
        read_image(tmp_path / "a.dcm")
    third = read_image(tmp_path / "a.dcm", 3)
    assert np.array_equal(third.pixels, frames[2])
    assert third.geometry.origin == (10, 20, 11)
