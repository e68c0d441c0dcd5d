"""Files of every format, made by the libraries that write them, from one picture with known pixels."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
from case import Case

from radiomicnet.images.phantoms import breast_ultrasound, polyp_endoscopy

SIDE = 96, 128  # rows and columns


@cache
def grey() -> np.ndarray:
    """(96, 128) uint8 that uses the whole scale."""
    part = breast_ultrasound()[0].pixels[120:120 + SIDE[0], 200:200 + SIDE[1]].astype(float)
    return ((part - part.min()) / np.ptp(part) * 255).astype(np.uint8)


@cache
def colour() -> np.ndarray:
    """(96, 128, 3) uint8."""
    return np.ascontiguousarray(polyp_endoscopy()[0].pixels[150:150 + SIDE[0], 150:150 + SIDE[1]])


def by_pillow(folder: Path) -> Iterator[Case]:
    """PNG, JPEG, TIFF, BMP, WebP and GIF."""
    from PIL import Image

    one, three = grey(), colour()
    modes = {"grey": Image.fromarray(one), "RGB": Image.fromarray(three),
             "palette": Image.fromarray(three).quantize(64), "1 bit": Image.fromarray(one > 127),
             "RGBA": Image.fromarray(np.dstack([three, one])), "grey with opacity": Image.merge(
                 "LA", [Image.fromarray(one), Image.fromarray(255 - one)])}
    shown = {"grey": one, "RGB": three, "palette": np.array(modes["palette"].convert("RGB")), "RGBA": three,
             "1 bit": np.where(one > 127, np.uint8(255), np.uint8(0)), "grey with opacity": one}
    for name, ending, some in (("PNG", "png", modes), ("TIFF", "tif", modes), ("BMP", "bmp", modes),
                               ("WebP, without loss", "webp", {"RGB", "RGBA"})):
        for mode in some:
            if (name, mode) == ("BMP", "grey with opacity"):  # there is none
                continue
            path = folder / f"{mode}.{ending}".replace(" ", "-")
            modes[mode].save(path, **({"lossless": True, "exact": True} if ending == "webp" else {}))
            # Pillow writes the colours of a TIFF's palette as multiples of 256, not 257: a level is lost in some.
            yield Case(f"{name}, {mode}", path, None if (name, mode) == ("TIFF", "palette") else shown[mode])
    for bits, factor in ((12, 16), (16, 257)):
        wide = one.astype(np.uint16) * factor + (15 if bits == 12 else 0)
        for ending in ("png", "tif"):
            path = folder / f"{bits}.{ending}"
            Image.fromarray(wide).save(path)
            yield Case(f"{'PNG' if ending == 'png' else 'TIFF'}, grey, {bits} bit", path,
                       one if bits == 16 else None)
    for ending, words in (("jpg", "JPEG"), ("webp", "WebP, with loss")):
        for mode in ("grey", "RGB"):
            path = folder / f"loss-{mode}.{ending}"
            modes[mode].save(path, quality=90)
            yield Case(f"{words}, {mode}", path)
    modes["RGB"].save(folder / "progressive.jpg", progressive=True)
    yield Case("JPEG, RGB, progressive", folder / "progressive.jpg")
    exif = Image.Exif()
    exif[0x0112] = 6
    modes["RGB"].save(folder / "turned.jpg", exif=exif)
    yield Case("JPEG, RGB, EXIF rotation", folder / "turned.jpg")
    modes["RGB"].convert("CMYK").save(folder / "cmyk.jpg")
    yield Case("JPEG, CMYK", folder / "cmyk.jpg")
    for packing in ("tiff_lzw", "tiff_adobe_deflate", "packbits"):
        modes["RGB"].save(folder / f"{packing}.tif", compression=packing)
        yield Case(f"TIFF, RGB, {packing.removeprefix('tiff_')}", folder / f"{packing}.tif", three)
    moving = [Image.fromarray(np.roll(three, 4 * number, axis=1)) for number in range(5)]
    for ending, words in (("gif", "GIF"), ("webp", "WebP"), ("png", "PNG"), ("tif", "TIFF")):
        path = folder / f"several.{ending}"
        moving[0].save(path, save_all=True, append_images=moving[1:])
        yield Case(f"{words}, several", path)


def by_tifffile(folder: Path) -> Iterator[Case]:
    """TIFF that other programs rarely write."""
    import tifffile

    one = grey()
    for words, array, options, expected in (
            ("16 bit, big-endian", one.astype(np.uint16) * 257, {"byteorder": ">"}, one),
            ("float, 0 to 1", (one / 255).astype(np.float32), {}, one),
            ("float of 64 bit", one / 255, {}, None), ("float of 16 bit", (one / 255).astype(np.float16), {}, None),
            ("BigTIFF", one, {"bigtiff": True}, one), ("in tiles", one, {"tile": (32, 32)}, one),
            ("RGB in planes", np.moveaxis(colour(), 2, 0), {"photometric": "rgb", "planarconfig": "separate"},
             colour()), ("0 is white", one, {"photometric": "miniswhite"}, None)):
        path = folder / f"{words}.tif".replace(" ", "-").replace(",", "")
        tifffile.imwrite(path, array, **options)
        yield Case(f"TIFF, {words}", path, expected)


def by_itk(folder: Path) -> Iterator[Case]:
    """NRRD, MetaImage and NIfTI: types, colours, geometries, volumes."""
    import SimpleITK as sitk

    one, three = grey(), colour()
    turned = (0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, -1.0)
    endings = {"NRRD": "nrrd", "NRRD, header and data": "nhdr", "MetaImage": "mha",
               "MetaImage, header and data": "mhd", "NIfTI-1": "nii", "NIfTI-1, packed": "nii.gz"}
    for number, (words, ending) in enumerate(endings.items()):
        def save(what: str, image: sitk.Image, expected: np.ndarray | None, ending: str = ending, words: str = words,
                 number: int = number) -> Case:
            path = folder / f"{number}-{what}.{ending}".replace(" × ", "-by-").replace(" ", "-").replace(",", "")
            sitk.WriteImage(image, str(path))
            return Case(f"{words}, {what}", path, expected)

        slab = sitk.GetImageFromArray(one[None])
        slab.SetSpacing((0.2, 0.3, 2.0))
        slab.SetDirection(turned)
        slab.SetOrigin((-12.5, 30.0, 7.0))
        yield save("8 bit, 0.2 × 0.3 mm, turned and flipped", slab, one)
        yield save("16 bit, signed", sitk.GetImageFromArray(one.astype(np.int16) * 4 - 300), None)
        yield save("float, 0 to 1", sitk.GetImageFromArray((one / 255).astype(np.float32)), one)
        yield save("RGB", sitk.GetImageFromArray(three, isVector=True), three)
        volume = sitk.GetImageFromArray(np.stack([np.roll(one, step, axis=0) for step in range(7)]))
        volume.SetSpacing((0.2, 0.2, 1.5))
        yield save("a volume", volume, None)


def by_nibabel(folder: Path) -> Iterator[Case]:
    """NIfTI-2, and a scaled NIfTI-1."""
    import nibabel

    one = grey()
    affine = np.diag([-0.2, -0.3, 1.0, 1.0])
    nibabel.save(nibabel.Nifti2Image(one.T[..., None], affine), folder / "two.nii.gz")
    yield Case("NIfTI-2, 8 bit, 0.2 × 0.3 mm", folder / "two.nii.gz", one)
    scaled = nibabel.Nifti1Image((one.T / 255)[..., None], affine)
    scaled.set_data_dtype(np.int16)
    nibabel.save(scaled, folder / "scaled.nii")
    yield Case("NIfTI-1, 16 bit with a scale", folder / "scaled.nii")


def by_pynrrd(folder: Path) -> Iterator[Case]:
    """A sequence as 3D Slicer writes it."""
    import nrrd

    frames = np.stack([np.roll(grey(), 3 * step, axis=1).T for step in range(6)])
    nrrd.write(str(folder / "sequence.seq.nrrd"), frames, {
        "kinds": ["list", "domain", "domain", "domain"][:3], "axis 0 index type": "numeric",
        "axis 0 index values": "0 0.1 0.2 0.3 0.4 0.5", "labels": ["time", "", ""], "units": ["s", "", ""]})
    yield Case("NRRD, sequence of 6", folder / "sequence.seq.nrrd")


def by_pyav(folder: Path) -> Iterator[Case]:
    """Video."""
    import av

    for words, name, codec, pixel_format in (
            ("MP4, H.264", "h264.mp4", "libx264", "yuv420p"), ("MP4, MPEG-4", "mpeg4.mp4", "mpeg4", "yuv420p"),
            ("MOV, H.264", "h264.mov", "libx264", "yuv420p"), ("AVI, Motion JPEG", "mjpeg.avi", "mjpeg", "yuvj420p"),
            ("AVI, MPEG-4", "mpeg4.avi", "mpeg4", "yuv420p"), ("AVI, uncompressed", "raw.avi", "rawvideo", "bgr24"),
            ("MKV, FFV1", "ffv1.mkv", "ffv1", "bgr0"), ("WebM, VP9", "vp9.webm", "libvpx-vp9", "yuv420p")):
        with av.open(str(folder / name), "w") as file:
            stream = file.add_stream(codec, rate=10)
            stream.width, stream.height, stream.pix_fmt = SIDE[1], SIDE[0], pixel_format
            for step in range(8):
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(np.roll(colour(), 3 * step, axis=1)), "rgb24")
                file.mux(stream.encode(frame))
            file.mux(stream.encode())
        yield Case(f"{words}, 8 frames", folder / name)


def as_pictures(folder: Path) -> Iterator[Case]:
    """A clip as a folder of pictures."""
    from PIL import Image

    place = folder / "frames"
    place.mkdir()
    for step in range(6):
        Image.fromarray(np.roll(colour(), 3 * step, axis=1)).save(place / f"frame-{step}.png")
    yield Case("a folder of 6 PNG files", place)
