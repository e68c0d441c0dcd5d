"""Clips of every kind of file, each written by a library that is not RadiomicNet's."""

from __future__ import annotations

import sys

import nibabel
import nrrd
import numpy as np
import pydicom.data
import pytest
import SimpleITK as sitk
import tifffile
from PIL import Image as Pillow

from radiomicnet.clips.open import open_clip
from radiomicnet.errors import ImageError
from radiomicnet.images.image import Image

FRAMES = np.random.default_rng(1).integers(0, 256, (5, 40, 50), dtype=np.uint8)
COLOURED = np.random.default_rng(2).integers(0, 256, (5, 40, 50, 3), dtype=np.uint8)

NO_VECTOR = [np.nan] * 3


def pixels(clip, indices=None):
    images = list(clip.frames(range(clip.count) if indices is None else indices))
    assert all(isinstance(image, Image) for image in images), images
    return np.stack([image.pixels for image in images])


def video(path, codec="mpeg4", frames=12, size=(64, 48), rate=20):
    """A block that moves two pixels a frame over grey."""
    av = pytest.importorskip("av")
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for k in range(frames):
            array = np.full((size[1], size[0], 3), 90, np.uint8)
            array[16:32, 2 * k:2 * k + 16] = 220
            for packet in stream.encode(av.VideoFrame.from_ndarray(array, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


@pytest.mark.parametrize("suffix", ["mp4", "avi", "mkv"])
def test_a_video_gives_its_frames_in_order_with_their_times(tmp_path, suffix):
    video(tmp_path / f"scan.{suffix}")
    clip = open_clip(tmp_path / f"scan.{suffix}")
    assert (clip.name, clip.count, clip.axis.name, clip.axis.unit) == ("scan", 12, "time", "s")
    assert clip.axis.values[:3] == ("0.000", "0.050", "0.100")
    shown = pixels(clip).astype(int)
    left = [int(np.argmax(frame[24, :, 0] > 155)) for frame in shown]
    assert np.abs(np.array(left) - 2 * np.arange(12)).max() <= 2
    assert np.array_equal(pixels(clip, [3, 7]), shown[[3, 7]])


def test_a_video_that_breaks_off_gives_what_it_has_and_a_reason_for_the_rest(tmp_path):
    video(tmp_path / "scan.mkv", frames=60, size=(320, 240))
    clip = open_clip(tmp_path / "scan.mkv")
    whole = (tmp_path / "scan.mkv").read_bytes()
    (tmp_path / "scan.mkv").write_bytes(whole[:len(whole) // 2])  # as a disk that is taken away
    frames = list(clip.frames(range(clip.count)))
    assert len(frames) == 60 and isinstance(frames[0], Image)
    assert "Frame 60 of scan.mkv cannot be decoded" in str(frames[-1])


@pytest.mark.parametrize("content", [b"\x00\x00\x00\x18ftypisom" + bytes(200), b"no video at all"])
def test_a_video_of_nothing_is_refused_with_a_sentence(tmp_path, content):
    pytest.importorskip("av")
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(ImageError, match=r"^a\.mp4 is damaged, incomplete"):
        open_clip(tmp_path / "a.mp4")


def test_without_the_package_that_decodes_video_the_sentence_says_how_to_get_it(tmp_path, monkeypatch):
    (tmp_path / "a.mp4").write_bytes(b"\x00\x00\x00\x18ftypisom" + bytes(200))
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ImageError, match=r"package av, which is missing.*pip install av"):
        open_clip(tmp_path / "a.mp4")


def test_a_gif_is_shown_frame_by_frame_with_its_own_times(tmp_path):
    pages = [Pillow.fromarray(frame) for frame in FRAMES]
    pages[0].save(tmp_path / "a.gif", save_all=True, append_images=pages[1:], duration=[40, 80, 40, 40, 40])
    clip = open_clip(tmp_path / "a.gif")
    assert clip.axis.values == ("0.000", "0.040", "0.120", "0.160", "0.200")
    assert np.abs(pixels(clip)[..., 0].astype(int) - FRAMES).max() <= 1


@pytest.mark.parametrize("suffix", ["webp", "png"])
def test_an_animation_without_loss_comes_back_to_the_pixel(tmp_path, suffix):
    pages = [Pillow.fromarray(frame) for frame in COLOURED]
    pages[0].save(tmp_path / f"a.{suffix}", save_all=True, append_images=pages[1:], duration=40, lossless=True)
    assert np.array_equal(pixels(open_clip(tmp_path / f"a.{suffix}")), COLOURED)


@pytest.mark.parametrize("frames", [FRAMES, COLOURED], ids=["grey", "colour"])
def test_pages_of_a_tiff_are_frames(tmp_path, frames):
    tifffile.imwrite(tmp_path / "a.tif", frames, photometric="rgb" if frames.ndim == 4 else "minisblack")
    clip = open_clip(tmp_path / "a.tif")
    assert np.array_equal(pixels(clip), frames)
    assert not clip.geometry.calibrated and clip.warnings == ()


@pytest.mark.parametrize("suffix", ["nrrd", "mha", "nii.gz"])
def test_a_volume_taken_for_a_clip_warns_that_it_does_not_tell_of_time(tmp_path, suffix):
    volume = sitk.GetImageFromArray(FRAMES)
    volume.SetSpacing((0.2, 0.3, 1.5))
    sitk.WriteImage(volume, str(tmp_path / f"a.{suffix}"))
    clip = open_clip(tmp_path / f"a.{suffix}")
    assert np.array_equal(pixels(clip), FRAMES)
    assert clip.geometry.spacing == pytest.approx((0.2, 0.3, 1.5))
    assert "radiomicnet stack" in clip.warnings[0]


def test_a_file_of_four_dimensions_follows_its_fourth(tmp_path):
    array = np.ascontiguousarray(FRAMES.transpose(2, 1, 0)[:, :, None, :])
    nibabel.save(nibabel.Nifti1Image(array, np.diag([0.2, 0.3, 1, 1])), tmp_path / "a.nii")
    clip = open_clip(tmp_path / "a.nii")
    assert np.array_equal(pixels(clip), FRAMES) and clip.warnings == ()


@pytest.mark.parametrize("first", [True, False], ids=["list first", "list last"])
@pytest.mark.parametrize("frames", [FRAMES, COLOURED], ids=["grey", "colour"])
def test_a_sequence_of_slicer_keeps_its_index_and_its_place(tmp_path, first, frames):
    """Slicer writes the axis of time last, older versions wrote it first."""
    array = frames[:, None]  # time, slice, row, column, component
    colour = [4] if frames.ndim == 4 else []
    order = ([*colour, 3, 2, 1, 0] if not first else [0, *colour, 3, 2, 1])
    kinds = {0: "list", 1: "domain", 2: "domain", 3: "domain", 4: "RGB-color"}
    vectors = {1: [0, 0, 2.0], 2: [0, 0.3, 0], 3: [-0.2, 0, 0]}
    nrrd.write(str(tmp_path / "a.seq.nrrd"), array.transpose(order), {
        "space": "right-anterior-superior", "kinds": [kinds[axis] for axis in order],
        "space directions": [vectors.get(axis, NO_VECTOR) for axis in order], "space origin": [1.0, 2.0, 3.0],
        "labels": ["time" if axis == 0 else "" for axis in order],
        "units": ["s" if axis == 0 else "" for axis in order],
        f"axis {0 if first else 3} index values": "0 0.5 1 1.5 2"}, index_order="F")
    clip = open_clip(tmp_path / "a.seq.nrrd")
    assert np.array_equal(pixels(clip), frames)
    assert (clip.axis.name, clip.axis.unit, clip.axis.values) == ("time", "s", ("0", "0.5", "1", "1.5", "2"))
    assert clip.geometry.spacing == pytest.approx((0.2, 0.3, 2.0))
    assert clip.geometry.origin == pytest.approx((-1, -2, 3))
    assert clip.geometry.direction == pytest.approx((1, 0, 0, 0, -1, 0, 0, 0, 1))


def test_a_sequence_of_volumes_is_refused_with_what_to_do(tmp_path):
    nrrd.write(str(tmp_path / "a.nrrd"), np.zeros((20, 20, 4, 3), np.uint8), {
        "kinds": ["domain", "domain", "domain", "list"], "space": "left-posterior-superior",
        "space directions": [[1, 0, 0], [0, 1, 0], [0, 0, 1], NO_VECTOR], "space origin": [0, 0, 0]})
    with pytest.raises(ImageError, match=r"sequence of volumes of 4 slices\. Take one of the volumes out"):
        open_clip(tmp_path / "a.nrrd")


def test_a_folder_of_pictures_comes_in_the_order_of_its_numbers(tmp_path):
    folder = tmp_path / "my frames"
    folder.mkdir()
    for k, frame in enumerate(FRAMES):
        Pillow.fromarray(frame).save(folder / f"frame {[1, 2, 9, 10, 11][k]}.png")
    (folder / "notes.txt").write_text("not a frame")
    (folder / ".hidden.png").write_bytes(b"")
    clip = open_clip(folder)
    assert np.array_equal(pixels(clip), FRAMES)
    assert clip.name == "my frames" and clip.warnings[0].endswith("no images were left out: 1.")


def test_a_frame_of_another_size_or_that_is_damaged_is_a_reason_and_not_the_end(tmp_path):
    for k, frame in enumerate(FRAMES):
        Pillow.fromarray(frame[:30] if k == 1 else frame).save(tmp_path / f"{k}.png")
    path = tmp_path / "3.png"
    path.write_bytes(path.read_bytes()[:200])
    made = list(open_clip(tmp_path).frames(range(5)))
    assert [isinstance(frame, Image) for frame in made] == [True, False, True, False, True]
    assert "another size" in str(made[1]) and "damaged" in str(made[3])


def test_a_multi_frame_ultrasound_of_pydicoms_own_is_a_clip_with_its_times():
    path = pydicom.data.get_testdata_file("examples_ybr_color.dcm", download=False)
    header = pydicom.dcmread(path, stop_before_pixels=True)
    clip = open_clip(path)
    assert clip.count == header.NumberOfFrames and clip.modality == header.Modality
    step = float(header.FrameTime) / 1000
    assert clip.axis.values[:3] == tuple(f"{k * step:.3f}" for k in range(3))
    from pydicom.pixels import pixel_array

    assert np.array_equal(pixels(clip, [0, 2])[1], pixel_array(path, index=2))


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.gif", "a.tif"])
def test_a_single_image_is_no_clip(tmp_path, name):
    Pillow.fromarray(FRAMES[0]).save(tmp_path / name)
    with pytest.raises(ImageError, match="single image, no clip"):
        open_clip(tmp_path / name)


def test_a_folder_without_images_and_what_is_no_image_are_refused(tmp_path):
    with pytest.raises(ImageError, match="holds no image"):
        open_clip(tmp_path)
    (tmp_path / "a.txt").write_text("words")
    with pytest.raises(ImageError, match="not an image"):
        open_clip(tmp_path / "a.txt")
