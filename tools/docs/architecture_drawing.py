"""The drawing of the network, with the numbers of the network itself."""

from __future__ import annotations

from html import escape
from itertools import pairwise

from radiomicnet.features.catalogue import KEYS
from radiomicnet.network.architecture import Architecture
from radiomicnet.network.encoder import DEEPEST_CHANNELS, SKIP_CHANNELS
from radiomicnet.network.radiomicnet import LEVELS

WIDTH, HEIGHT = 800, 515


def text(_present: str) -> str:
    """The drawing as SVG."""
    plan = Architecture()
    parts = [_box(20, 60, 110, 60, "Image", "RGB, −1 to 1", "image"), _arrow(130, 90, 160, 90)]
    levels = list(zip(LEVELS, plan.decoder))
    # Encoder from the finest skip connection to the deepest map, left to right.
    strides = [stride for stride, _width in reversed(levels)]
    x = 160
    centres = {}
    for stride in strides:
        parts += [_box(x, 60, 120, 60, f"stride {stride}", f"{SKIP_CHANNELS[stride]} channels", "image"),
                  _arrow(x + 120, 90, x + 150, 90)]
        centres[stride] = x + 60
        x += 150
    parts.append(_box(x, 60, 130, 60, "stride 32", f"{DEEPEST_CHANNELS} channels", "image"))
    parts.append(_label(160, 45, "Image stream: MobileNetV2, started from ImageNet"))
    deepest = x + 65
    # Gates under the skip connections, decoder under the gates.
    parts += [_label(20, 222, "Gates (RAG)"), _label(20, 335, "Decoder")]
    for stride, width in levels:
        centre = centres[stride]
        parts += [_arrow(centre, 120, centre, 185), _box(centre - 60, 185, 120, 62, f"gate 1/{stride}",
                                                         "y = x ((1 − γ) + γ·a)", "gate"),
                  _arrow(centre, 247, centre, 300), _box(centre - 60, 300, 120, 60, f"{width} channels",
                                                         f"level 1/{stride}", "decoder")]
    parts += [_path(f"M{deepest} 120V330H{centres[levels[0][0]] + 64}")]
    for (above, _), (below, _) in pairwise(levels):
        parts.append(_arrow(centres[above] - 60, 330, centres[below] + 64, 330))
    parts += [_arrow(centres[levels[-1][0]] - 60, 330, 134, 330),
              _box(20, 300, 110, 60, "Outline", "probability", "out")]
    # Radiomics stream along the bottom.
    names = f"{len(KEYS)} of the scan + {len(KEYS)} of each tile"
    parts += [_label(20, 505, "Radiomics stream"),
              _box(20, 425, 190, 60, "Radiomics features", names, "radiomics"), _arrow(210, 455, 250, 455),
              _box(250, 425, 190, 60, "Embedding", f"{plan.embedding} numbers per tile", "radiomics")]
    parts += [_path(f"M440 455H{deepest + 100}V216H{centres[LEVELS[0]] + 64}", "drive")]
    parts += [_path(f"M{centres[above] - 60} 216H{centres[below] + 64}", "drive")
              for (above, _), (below, _) in pairwise(levels)]
    first = centres[LEVELS[0]]
    parts += [_path(f"M{first} 455V364", "drive"), _text(first - 8, 410, "joins the first level"),
              _path(f"M{deepest} 455V419", "drive")]
    parts += [_box(deepest - 65, 365, 130, 50, "Presence", "is there a lesion?", "out"), _path(f"M{deepest} 330V361")]
    return _svg(parts)


def _box(x: float, y: float, width: float, height: float, name: str, words: str, kind: str) -> str:
    middle = x + width / 2
    return (f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>'
            f'<text class="name" x="{middle}" y="{y + height / 2 - 3}">{escape(name)}</text>'
            f'<text class="words" x="{middle}" y="{y + height / 2 + 15}">{escape(words)}</text>')


def _arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="flow" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" marker-end="url(#head)"/>'


def _path(way: str, kind: str = "flow") -> str:
    return f'<path class="{kind}" d="{way}" marker-end="url(#{"drivehead" if kind == "drive" else "head"})"/>'


def _text(x: float, y: float, words: str) -> str:
    return f'<text class="note" text-anchor="end" x="{x}" y="{y}">{escape(words)}</text>'


def _label(x: float, y: float, words: str) -> str:
    return f'<text class="title" x="{x}" y="{y}">{escape(words)}</text>'


def _svg(parts: list[str]) -> str:
    body = "\n".join(parts)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">
<title>RadiomicNet: an image stream, a radiomics stream and the gates in which they meet</title>
<defs>
<marker id="head" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">
<path d="M0 0L8 4L0 8z" fill="#44525e"/></marker>
<marker id="drivehead" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">
<path d="M0 0L8 4L0 8z" fill="#b3541e"/></marker>
</defs>
<style>
svg {{ background: #ffffff; font-family: Helvetica, Arial, sans-serif; }}
rect {{ stroke-width: 1.4; }}
.image, .decoder {{ fill: #e6eef5; stroke: #4a6f8f; }} .gate, .radiomics {{ fill: #fbeadf; stroke: #b3541e; }}
.out {{ fill: #e7f3e8; stroke: #47804b; }}
.title {{ font-size: 14px; font-weight: bold; fill: #33414d; }} .note {{ font-size: 11px; fill: #b3541e; }}
.name {{ font-size: 14px; text-anchor: middle; fill: #1c2730; }}
.words {{ font-size: 10.5px; text-anchor: middle; fill: #44525e; }}
.flow {{ stroke: #44525e; stroke-width: 1.4; fill: none; }}
.drive {{ stroke: #b3541e; stroke-width: 1.4; fill: none; stroke-dasharray: 5 3; }}
</style>
{body}
</svg>
"""
