"""PNG, JPEG, TIFF, BMP and WebP: the pixels that Slicer loads, or a sentence."""

from __future__ import annotations

import shutil

import numpy as np
import PIL.Image
import pytest
import SimpleITK as sitk
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radiomicnet.errors import ImageError
from radiomicnet.images.read import read_image
from radiomicnet.images.scaling import to_eight_bit

GREY = np.random.default_rng(1).integers(0, 256, (40, 50), dtype=np.uint8)
RGB = np.random.default_rng(2).integers(0, 256, (40, 50, 3), dtype=np.uint8)
GREY_16 = np.random.default_rng(3).integers(0, 65536, (40, 50)).astype(np.uint16)
RGB_16 = np.random.default_rng(4).integers(0, 65536, (40, 50, 3)).astype(np.uint16)
OPACITY = np.arange(2000).reshape(40, 50).astype(np.uint8)
EXIF_ORIENTATION = 0x0112


def picture(array, mode=None):
    return PIL.Image.fromarray(array) if mode is None else PIL.Image.fromarray(array).convert(mode)


def vector(array):
    return sitk.GetImageFromArray(array, isVector=True)


@pytest.mark.parametrize("suffix", ["png", "tif", "bmp", "webp"])
def test_colours_are_read_as_they_were_written(tmp_path, suffix):
    picture(RGB).save(tmp_path / f"a.{suffix}", lossless=True)
    assert np.array_equal(read_image(tmp_path / f"a.{suffix}").pixels, RGB)


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_grey_is_read_as_it_was_written(tmp_path, suffix):
    picture(GREY).save(tmp_path / f"a.{suffix}")
    image = read_image(tmp_path / f"a.{suffix}")
    assert np.array_equal(image.pixels, GREY)
    assert (image.name, image.modality, image.warnings) == ("a", None, ())


WRITERS = {
    "grey.jpg": lambda path: picture(GREY).save(path),
    "rgb.jpg": lambda path: picture(RGB).save(path, quality=80),
    "progressive.jpg": lambda path: picture(RGB).save(path, progressive=True),
    "density.jpg": lambda path: picture(RGB).save(path, dpi=(72, 72)),
    "palette.png": lambda path: picture(RGB).quantize(16).save(path),
    "palette.tif": lambda path: picture(RGB).quantize(16).save(path),
    "palette.bmp": lambda path: picture(RGB).quantize(16).save(path),
    "bits.png": lambda path: picture(GREY > 128).save(path),
    "bits.tif": lambda path: picture(GREY > 128).save(path),
    "grey.bmp": lambda path: picture(GREY).save(path),
    "lzw.tif": lambda path: picture(RGB).save(path, compression="tiff_lzw"),
    "density.tif": lambda path: picture(RGB).save(path, dpi=(300, 300)),
    "float.tif": lambda path: picture(GREY.astype(np.float32) / 255).save(path),
    "16.png": lambda path: picture(GREY_16).save(path),
    "16.tif": lambda path: picture(GREY_16).save(path),
    "rgb16.png": lambda path: sitk.WriteImage(vector(RGB_16), str(path)),
    "rgb16.tif": lambda path: sitk.WriteImage(vector(RGB_16), str(path)),
    "rgba.png": lambda path: picture(np.dstack([RGB, OPACITY])).save(path),
    "rgba.tif": lambda path: picture(np.dstack([RGB, OPACITY])).save(path),
}


@pytest.mark.parametrize("name", WRITERS)
def test_pixels_and_geometry_equal_those_of_the_reader_that_slicer_uses(tmp_path, name):
    path = tmp_path / name
    WRITERS[name](path)
    volume = sitk.ReadImage(str(path))
    array = sitk.GetArrayFromImage(volume)
    image = read_image(path)
    assert np.array_equal(image.pixels, to_eight_bit(array[..., :3] if array.ndim == 3 else array)[0])
    assert image.geometry.spacing == (*volume.GetSpacing(), 1.0)
    assert image.geometry.origin == (0, 0, 0)
    assert image.geometry.direction == (1, 0, 0, 0, 1, 0, 0, 0, 1)
    assert not image.geometry.calibrated


def test_a_tiff_with_a_palette_of_dark_colours_stays_dark(tmp_path):
    dark = RGB // 8 * 2
    picture(dark).quantize(256).save(tmp_path / "a.tif")
    expected = np.array(PIL.Image.open(tmp_path / "a.tif").convert("RGB")).astype(int)
    assert expected.max() < 64
    assert abs(read_image(tmp_path / "a.tif").pixels - expected).max() <= 1


def test_a_printing_resolution_is_kept_as_spacing_but_not_called_calibrated(tmp_path):
    picture(RGB).save(tmp_path / "a.tif", dpi=(254, 254))
    geometry = read_image(tmp_path / "a.tif").geometry
    assert geometry.spacing == pytest.approx((0.1, 0.1, 1))
    assert not geometry.calibrated


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_16_bit_is_scaled_by_its_full_range(tmp_path, suffix):
    picture(GREY_16).save(tmp_path / f"a.{suffix}")
    assert np.array_equal(read_image(tmp_path / f"a.{suffix}").pixels, np.rint(GREY_16 / 257.0))


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_grey_with_opacity_gives_the_grey_and_a_warning(tmp_path, name):
    PIL.Image.merge("LA", (picture(GREY), picture(OPACITY))).save(tmp_path / name)
    image = read_image(tmp_path / name)
    assert np.array_equal(image.pixels, GREY)
    assert "opacity" in image.warnings[0]


def test_grey_png_with_a_transparent_level_and_1_bit_bmp_are_read_although_itk_cannot(tmp_path):
    picture(GREY).save(tmp_path / "a.png", transparency=3)
    picture(GREY > 128).save(tmp_path / "a.bmp")
    assert np.array_equal(read_image(tmp_path / "a.png").pixels, GREY)
    assert np.array_equal(read_image(tmp_path / "a.bmp").pixels, np.where(GREY > 128, 255, 0))


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
def test_cmyk_is_refused_with_a_sentence(tmp_path, suffix):
    picture(RGB, "CMYK").save(tmp_path / f"a.{suffix}")
    with pytest.raises(ImageError, match=r"CMYK.*Convert it to RGB"):
        read_image(tmp_path / f"a.{suffix}")


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_an_exif_turn_is_not_applied_and_a_warning_says_so(tmp_path, suffix):
    plain, turned = tmp_path / f"plain.{suffix}", tmp_path / f"turned.{suffix}"
    exif = PIL.Image.Exif()
    exif[EXIF_ORIENTATION] = 6
    picture(RGB).save(plain, lossless=True)
    picture(RGB).save(turned, lossless=True, exif=exif)
    image = read_image(turned)
    assert image.shape == read_image(plain).shape
    assert "EXIF orientation 6" in image.warnings[0]
    if suffix != "tif":  # ITK mirrors TIFF on the way to the turn that it does not make
        assert np.array_equal(image.pixels, read_image(plain).pixels)


@pytest.mark.parametrize(("orientation", "upright"), [(2, RGB[:, ::-1]), (3, RGB[::-1, ::-1]), (4, RGB[::-1])])
def test_a_tiff_that_itk_turns_over_comes_without_a_warning(tmp_path, orientation, upright):
    exif = PIL.Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    picture(RGB).save(tmp_path / "a.tif", exif=exif)
    image = read_image(tmp_path / "a.tif")
    assert np.array_equal(image.pixels, upright)
    assert image.warnings == ()


@pytest.mark.parametrize("name", ["Bild für Größe 1.png", "超音波 (2).png", "no suffix", "x.y.z.png", ".png"])
def test_any_name_works(tmp_path, name):
    picture(RGB).save(tmp_path / name, format="png")
    image = read_image(tmp_path / name)
    assert np.array_equal(image.pixels, RGB)
    assert image.name == (name.removesuffix(".png") or name)


@pytest.mark.parametrize(("content", "name"), [("jpg", "a.png"), ("png", "a.jpg"), ("tif", "a.bmp"), ("bmp", "a.nrrd"),
                                               ("webp", "a.png"), ("png", "a.dcm"), ("jpg", "a")])
def test_the_content_counts_where_the_name_lies(tmp_path, content, name):
    true = tmp_path / f"true.{content}"
    picture(RGB).save(true)
    shutil.copy(true, tmp_path / name)
    assert np.array_equal(read_image(tmp_path / name).pixels, read_image(true).pixels)


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "bmp", "webp"])
@pytest.mark.parametrize("kept", [0.999, 0.9, 0.5, 0.1])
def test_a_truncated_file_is_refused_with_a_sentence(tmp_path, suffix, kept):
    whole = tmp_path / f"whole.{suffix}"
    picture(np.random.default_rng(0).integers(0, 256, (120, 130, 3), dtype=np.uint8)).save(whole)
    content = whole.read_bytes()
    cut = tmp_path / f"cut.{suffix}"
    cut.write_bytes(content[:int(len(content) * kept)])
    with pytest.raises(ImageError, match=rf"^cut\.{suffix} is damaged or incomplete"):
        read_image(cut)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(suffix=st.sampled_from(["png", "jpg", "tif", "bmp", "webp"]), data=st.data())
def test_a_damaged_file_gives_an_image_or_one_of_our_errors(tmp_path, suffix, data):
    path = tmp_path / f"a.{suffix}"
    picture(RGB).save(path)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, min(len(content), 400) - 1))
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        outcome = read_image(path).pixels.dtype
    except ImageError as error:
        outcome = str(error)
    assert outcome == np.uint8 or str(tmp_path) not in outcome


def test_an_image_of_16000_by_16000_is_refused_by_its_header(tmp_path, write_empty_png):
    path = tmp_path / "vast.png"
    write_empty_png(path, 16000, 16000)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(ImageError, match=r"vast\.png is 16000 × 16000 pixels \(256 megapixels\)"):
        read_image(path)


def test_a_vast_webp_is_refused_by_its_header(tmp_path):
    path = tmp_path / "vast.webp"
    PIL.Image.new("RGB", (16000, 20), (1, 2, 3)).save(path, lossless=True)
    header = bytearray(path.read_bytes())
    width, height = 16000 - 1, 16000 - 1  # 14 bits each behind the signature of VP8L
    header[21:25] = (width | height << 14 | int.from_bytes(header[21:25], "little") >> 28 << 28).to_bytes(4, "little")
    path.write_bytes(header)
    with pytest.raises(ImageError, match=r"vast\.webp has far more than the 64 megapixels"):
        read_image(path)


@pytest.mark.parametrize(("suffix", "size"), [("png", (1, 1)), ("webp", (15, 300)), ("jpg", (300, 15)),
                                              ("tif", (2, 2))])
def test_an_image_of_few_pixels_is_refused_with_a_sentence(tmp_path, suffix, size):
    PIL.Image.new("RGB", size).save(tmp_path / f"a.{suffix}")
    with pytest.raises(ImageError, match=f"only {size[0]} × {size[1]} pixels"):
        read_image(tmp_path / f"a.{suffix}")


def test_a_constant_image_is_refused_with_a_sentence(tmp_path):
    PIL.Image.new("RGB", (60, 40), (9, 8, 7)).save(tmp_path / "a.png")
    with pytest.raises(ImageError, match="same value"):
        read_image(tmp_path / "a.png")


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_tiff_of_half_and_double_precision_is_refused_rather_than_garbled(tmp_path, dtype):
    tifffile.imwrite(tmp_path / "a.tif", (GREY / 255).astype(dtype))
    with pytest.raises(ImageError, match=r"floating-point numbers of (16|64) bit; RadiomicNet reads those of 32 bit"):
        read_image(tmp_path / "a.tif")


@pytest.mark.parametrize("options", [{"bigtiff": True}, {"compression": "zlib"}, {"tile": (16, 16)}])
def test_tiff_in_its_other_shapes_is_read(tmp_path, options):
    tifffile.imwrite(tmp_path / "a.tif", GREY, **options)
    assert np.array_equal(read_image(tmp_path / "a.tif").rgb[..., 0], GREY)


def test_a_tiff_whose_zeros_are_white_is_a_negative_as_in_slicer_and_a_warning_says_so(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", GREY, photometric="miniswhite")
    image = read_image(tmp_path / "a.tif")
    assert np.array_equal(image.pixels, sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "a.tif"))))
    assert "0 is white" in image.warnings[0]


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_12_bit_is_scaled_by_its_full_range(tmp_path, suffix):
    picture(GREY_16 // 16).save(tmp_path / f"a.{suffix}")
    assert np.array_equal(read_image(tmp_path / f"a.{suffix}").pixels, np.rint(GREY_16 // 16 * (255 / 4095)))


@pytest.fixture
def pages(tmp_path):
    """A TIFF and a WebP of the same three pages."""
    made = [picture(RGB), picture(RGB[::-1]), picture(RGB[:, ::-1])]
    for suffix in ("tif", "webp"):
        made[0].save(tmp_path / f"a.{suffix}", save_all=True, append_images=made[1:], lossless=True)
    return tmp_path


def test_a_page_has_to_be_chosen(pages):
    with pytest.raises(ImageError, match=r"3 slices or frames.*Take one slice out, from 1 to 3"):
        read_image(pages / "a.tif")


def test_a_moving_webp_gives_its_first_frame_and_says_so(pages):
    image = read_image(pages / "a.webp")
    assert np.array_equal(image.pixels, RGB)
    assert "first of 3 frames" in image.warnings[0]


@pytest.mark.parametrize("suffix", ["tif", "webp"])
def test_the_page_or_frame_that_was_chosen_is_read_and_named(pages, suffix):
    image = read_image(pages / f"a.{suffix}", frame=3)
    assert np.array_equal(image.pixels, RGB[:, ::-1])
    assert (image.name, image.warnings) == ("a-frame-3", ())


@pytest.mark.parametrize("frame", [0, 4, -1])
def test_a_frame_that_is_not_there_is_refused_with_those_that_are(pages, frame):
    with pytest.raises(ImageError, match=f"has no frame {frame}; it holds the frames 1 to 3"):
        read_image(pages / "a.webp", frame=frame)
