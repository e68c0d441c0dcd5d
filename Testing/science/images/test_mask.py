"""Mask files: which are read, to the same truth, and which are refused for what they would be taken for."""

import unicodedata

import numpy as np
import pytest
import SimpleITK as sitk
from PIL import Image

from radiomicnet.errors import ImageError
from radiomicnet.images.mask import read_mask

SHAPE = (120, 160)
ROWS, COLUMNS = np.mgrid[:SHAPE[0], :SHAPE[1]]
TRUTH = (ROWS - 50) ** 2 + (COLUMNS - 70) ** 2 < 30 ** 2
WHITE = 255 * TRUTH.astype(np.uint8)
EMPTY = np.zeros_like(WHITE)


def saved(folder, name, array, **options):
    """A file that Pillow writes."""
    Image.fromarray(array).save(folder / name, **options)
    return folder / name


def halves(dark, middle, bright):
    """0 outside, and the lesion half the one and half the other."""
    return np.where(TRUTH, np.where(COLUMNS < 70, middle, bright), dark)


@pytest.mark.parametrize("name", ["m.png", "m.bmp", "m.tif", "m.webp"])
@pytest.mark.parametrize("array", [WHITE, np.dstack([WHITE] * 3), np.dstack([WHITE, EMPTY, EMPTY])],
                         ids=["grey", "white", "red"])
def test_every_lossless_format_holds_the_same_truth_in_grey_and_colour(tmp_path, name, array):
    options = {"lossless": True} if name.endswith("webp") else {}
    assert np.array_equal(read_mask(saved(tmp_path, name, array, **options), SHAPE), TRUTH)


@pytest.mark.parametrize(("array", "suffix"), [
    (TRUTH.astype(np.uint8), "png"), (TRUTH, "png"), (TRUTH, "bmp"), (TRUTH, "tif"),
    (WHITE.astype(np.uint16) * 257, "png"), (TRUTH.astype(np.uint16), "tif"),
    (TRUTH.astype(np.float32), "tif"), (np.dstack([WHITE, EMPTY + 255]), "png"), (np.dstack([WHITE, WHITE]), "png"),
    (np.dstack([WHITE, EMPTY + 255]), "tif"), (np.dstack([WHITE, WHITE, WHITE, 255 - WHITE]), "png"),
], ids=["0/1", "1 bit", "1 bit bmp", "1 bit tif", "16 bit", "16 bit 0/1", "float", "opaque", "opacity follows",
        "tif opaque", "opacity against"])
def test_types_of_numbers_and_opacity_do_not_matter(tmp_path, array, suffix):
    assert np.array_equal(read_mask(saved(tmp_path, f"m.{suffix}", array), SHAPE), TRUTH)


def test_palettes_jpeg_noise_and_soft_edges_are_read(tmp_path):
    palette = Image.fromarray(TRUTH.astype(np.uint8)).convert("P")
    palette.putdata(TRUTH.astype(np.uint8).ravel().tolist())
    palette.putpalette([0, 0, 0, 128, 0, 0])
    palette.save(tmp_path / "p.png")
    assert np.array_equal(read_mask(tmp_path / "p.png", SHAPE), TRUTH)
    assert np.array_equal(read_mask(saved(tmp_path, "m.jpg", WHITE, quality=60), SHAPE), TRUTH)
    soft = halves(0, 128, 255).astype(np.uint8)
    assert np.array_equal(read_mask(saved(tmp_path, "s.png", soft), SHAPE), TRUTH)
    assert not read_mask(saved(tmp_path, "e.png", EMPTY), SHAPE).any()
    assert not read_mask(saved(tmp_path, "e.jpg", EMPTY), SHAPE).any()


@pytest.mark.parametrize("name", ["m.nrrd", "m.nii.gz", "m.mha", "flat.nrrd"])
def test_masks_of_medical_formats_are_read_also_as_one_slice(tmp_path, name):
    array = WHITE if name == "flat.nrrd" else WHITE[None]
    sitk.WriteImage(sitk.GetImageFromArray(array), str(tmp_path / name))
    assert np.array_equal(read_mask(tmp_path / name, SHAPE), TRUTH)


@pytest.mark.parametrize("name", ["m.jpg", "m.bmp", "m.png", "m.tif", "m.webp", "m.nii"])
def test_a_mask_that_is_cut_off_is_refused(tmp_path, name):
    path = tmp_path / name
    noise = np.random.default_rng(0).integers(0, 2, SHAPE).astype(np.uint8) * 255  # does not shrink to nothing
    sitk.WriteImage(sitk.GetImageFromArray(noise), str(path)) if name == "m.nii" else saved(tmp_path, name, noise)
    content = path.read_bytes()
    path.write_bytes(content[:len(content) * 2 // 3])
    with pytest.raises(ImageError, match=rf"The mask {name} cannot be read: {name} is damaged or incomplete"):
        read_mask(path, SHAPE)


@pytest.mark.parametrize(("array", "reason"), [
    (halves(0, 1, 2).astype(np.uint8), r"several labels, or noise \(1, 2 beside 0\)"),
    (halves(0, 1, 2).astype(np.uint16), "several labels"),
    (np.dstack([halves(0, 1, 2).astype(np.uint8)] * 3), "several labels"),
    (np.random.default_rng(0).integers(0, 4, SHAPE).astype(np.uint8), r"noise \(1, 2, 3 beside 0\)"),
    (np.arange(SHAPE[0] * SHAPE[1]).reshape(SHAPE).astype(np.uint8) % 9, r"\(1, 2, 3, 4, ... beside 0\)"),
    (EMPTY + 255, "white everywhere"), (EMPTY + 1, "white everywhere"),
    (np.dstack([EMPTY, EMPTY, EMPTY, WHITE]), "in the opacity alone"),
    (np.dstack([EMPTY + 255, WHITE]), "in the opacity alone"),
], ids=["labels", "16 bit", "rgb", "noise", "many", "white", "ones", "rgba", "la"])
def test_what_holds_no_single_shape_is_refused(tmp_path, array, reason):
    with pytest.raises(ImageError, match=reason) as caught:
        read_mask(saved(tmp_path, "m.png", array), SHAPE)
    assert "one mask per image, black (0) and white (255)" in str(caught.value)


def test_a_tiff_whose_zeros_are_white_is_refused_but_for_one_bit_which_is_turned_over(tmp_path):
    path = saved(tmp_path, "m.tif", 255 - WHITE, tiffinfo={262: 0})
    assert Image.open(path).tag_v2[262] == 0
    with pytest.raises(ImageError, match="says that 0 is white"):
        read_mask(path, SHAPE)
    path = saved(tmp_path, "b.tif", TRUTH, tiffinfo={262: 0})
    assert Image.open(path).tag_v2[262] == 0
    assert np.array_equal(read_mask(path, SHAPE), np.array(Image.open(path)))


def test_negative_values_and_inks_are_refused(tmp_path):
    sitk.WriteImage(sitk.GetImageFromArray(-TRUTH.astype(np.int16)), str(tmp_path / "m.nrrd"))
    with pytest.raises(ImageError, match="negative"):
        read_mask(tmp_path / "m.nrrd", SHAPE)
    Image.fromarray(WHITE).convert("CMYK").save(tmp_path / "m.jpg")
    with pytest.raises(ImageError, match="CMYK"):
        read_mask(tmp_path / "m.jpg", SHAPE)


def test_a_missing_mask_is_said_to_be_missing_and_a_folder_to_be_one(tmp_path, capfd):
    with pytest.raises(ImageError, match=r"The mask gone.png is missing"):
        read_mask(tmp_path / "gone.png", SHAPE)
    with pytest.raises(ImageError, match="is a folder, not a mask"):
        read_mask(tmp_path / "", SHAPE)
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.png").write_text("not an image")
    for name, reason in (("empty.png", "is empty"), ("text.png", "holds something else")):
        with pytest.raises(ImageError, match=rf"The mask {name} cannot be read: .*{reason}"):
            read_mask(tmp_path / name, SHAPE)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", ["m.png", "m.nrrd", "m.tif"])
def test_a_mask_of_another_size_or_of_several_slices_is_refused(tmp_path, name):
    sitk.WriteImage(sitk.GetImageFromArray(WHITE[:-1]), str(tmp_path / name))
    with pytest.raises(ImageError, match=rf"The mask {name} has \(119, 160\) pixels, its image \(120, 160\)"):
        read_mask(tmp_path / name, SHAPE)
    sitk.WriteImage(sitk.GetImageFromArray(np.stack([WHITE, WHITE])), str(tmp_path / "two.nrrd"))
    with pytest.raises(ImageError, match=r"has \(2, 120, 160\) pixels"):
        read_mask(tmp_path / "two.nrrd", SHAPE)


def test_a_name_with_accents_is_read(tmp_path):
    name = unicodedata.normalize("NFD", "läsion.png")
    assert np.array_equal(read_mask(saved(tmp_path, name, WHITE), SHAPE), TRUTH)
