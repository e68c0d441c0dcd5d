"""Pictures for the page: the image and its maps as data addresses, outlines as paths of SVG."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL import Image

# Enough for a screen and for half a page of paper; the page stays small enough to send.
LONGEST_SIDE = 1024
LONGEST_SIDE_OF_MAPS = 512

# Of the probability above or below the threshold, where the outline is drawn.
LEAST_HEIGHT = 0.02

# The colour map viridis (Smith and van der Walt, CC0) at 33 even steps: readable without colour vision and in grey.
_VIRIDIS = np.frombuffer(bytes.fromhex("""
    440154 470d60 48186a 482374 472d7b 453681 424086 3f4989 3b528b 375a8d 33638d 2f6a8e 2c728e 297a8e
    26818e 23898e 21908c 1f988b 1f9f88 21a685 28ae80 31b57b 3ebc74 4cc26c 5dc963 6ece58 82d34c 96d83f
    abdc32 c0df24 d5e21a eae51a fde725
"""), np.uint8).reshape(-1, 3)


def picture(rgb: np.ndarray) -> str:
    """An (H, W, 3) uint8 image as the data address of a WebP file."""
    from PIL import Image

    image = Image.fromarray(rgb)
    smaller = image.resize(shown(image.size, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return address(smaller, "webp", quality=90)


def colour_map(values: np.ndarray) -> str:
    """An (H, W) map of values in 0..1 as the data address of a PNG file on the fixed scale 0 to 1.

    The pixels of the PNG are the values in steps of 1/255 and its palette is viridis: no colour is changed by
    compression, and nothing is stretched to the map's own minimum and maximum. What is not a number is shown as 0.
    """
    from PIL import Image

    floats = Image.fromarray(np.nan_to_num(values).astype(np.float32))
    smaller = np.asarray(floats.resize(shown(floats.size, LONGEST_SIDE_OF_MAPS), Image.Resampling.BILINEAR))
    image = Image.fromarray(np.rint(smaller.clip(0, 1) * 255).astype(np.uint8))
    image.putpalette(palette().tobytes())
    return address(image, "png", optimize=True)


def palette() -> np.ndarray:
    """(256, 3) uint8: the colours of the values 0/255 ... 255/255."""
    places = np.linspace(0, len(_VIRIDIS) - 1, 256)
    channels = [np.interp(places, np.arange(len(_VIRIDIS)), channel) for channel in _VIRIDIS.T]
    return np.rint(np.stack(channels, axis=1)).astype(np.uint8)


def scale() -> list[str]:
    """Evenly spaced colours of the scale from 0 to 1, as CSS writes them."""
    return [f"#{colour.tobytes().hex()}" for colour in _VIRIDIS]


def outline(labels: np.ndarray, probability: np.ndarray, threshold: float, aspect: float = 1.0, slack: float = 0.0
            ) -> str:
    """Border of the lesions as an SVG path in pixels, pixel centres at whole numbers, rows scaled by ``aspect``.

    Between a pixel inside and one outside the line runs where the probability crosses the threshold, so that it is as
    smooth as the map and yet parts exactly the pixels of the label map. With a ``slack``, in pixels, points without
    which it runs no farther than that from them are left out: for small pictures of which there are many.
    """
    from contourpy import LineType, contour_generator

    # The sign is the label's, where a person or the removal of specks has overruled the probability too. The least
    # height keeps the line off the pixels' centres, so that writing hundredths of a pixel changes no pixel's side.
    height = np.fmax(abs(probability.astype(float) - threshold), LEAST_HEIGHT)
    height[labels == 0] *= -1
    generator = contour_generator(z=np.pad(height, 1, constant_values=-1), line_type=LineType.Separate)
    lines = [np.asarray(line) for line in generator.lines(0)]
    # Where a lesion is cut off by the border of the picture, so is its outline.
    last = np.array(labels.shape[::-1]) - 0.5
    lines = [(line[:-1] - 1).clip(-0.5, last) for line in lines]
    return "".join(_path(_thinned(line, slack) if slack else line, aspect) for line in lines)


def _thinned(line: np.ndarray, slack: float) -> np.ndarray:
    """The closed line (N, 2) with fewer points (Douglas and Peucker 1973, doi 10.3138/FM57-6770-U75U-7727)."""
    kept = {0, int(np.hypot(*(line - line[0]).T).argmax())}
    parts = [(min(kept), max(kept)), (max(kept), len(line))]
    closed = np.vstack([line, line[:1]])
    while parts:
        start, end = parts.pop()
        if end - start < 2:
            continue
        x, y = (closed[start + 1:end] - closed[start]).T
        across, down = closed[end] - closed[start]
        away = abs(across * y - down * x) / max(float(np.hypot(across, down)), 1e-9)
        if away.max() > slack:
            middle = start + 1 + int(away.argmax())
            kept.add(middle)
            parts += [(start, middle), (middle, end)]
    return line[sorted(kept)]


def _path(line: np.ndarray, aspect: float) -> str:
    """A closed line as SVG; hundredths of a pixel are more than a screen shows."""
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in line * (1, aspect)) + "Z"


def shown(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """Width and height, made smaller where the longer side exceeds the limit."""
    scale = min(1, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def address(image: Image.Image, kind: str, **options: Any) -> str:
    """A Pillow image as the data address of a file of this kind."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode('ascii')}"
