"""The 13 features as a page, from their catalogue."""

from __future__ import annotations

import math

from radiomicnet.features.catalogue import CATALOGUE, Feature

INTRODUCTION = """\
# The 13 features

<!-- Written by `make docs` from radiomicnet/features/catalogue.py. -->

Every image is described by these 13 numbers: once as a whole, inside the scan, and once for every tile of 16 × 16
pixels. They are computed on the grey picture that the network sees, with 32 grey levels of width 8, at distance 1, over
four angles, symmetric, averaged over the angles; [the choices](../choices.md) say why. In the formulas *p(i, j)* is the
normalised co-occurrence matrix, *h(c)* the share of the local binary pattern *c*, *x* the grey levels, 0 to 255.

PyRadiomics computes each of them a second time on the same array, mask and settings, and the panel and the page show
both values side by side. Where they agree, the implementation is right; that says nothing about the image.
"""


def text(_present: str) -> str:
    """The page."""
    rows = ["| feature | key | PyRadiomics | IBSI | range |", "|---|---|---|---|---|", *map(_row, CATALOGUE)]
    sections = [_section(feature) for feature in CATALOGUE]
    return "\n".join([INTRODUCTION, *rows, "", *sections])


def _row(feature: Feature) -> str:
    span = f"{_number(feature.low)} to {_number(feature.high)}"
    return (f"| [{feature.label}](#{_anchor(feature.label)}) | `{feature.key}` | {feature.pyradiomics} | "
            f"{feature.ibsi or '–'} | {span} |")


def _section(feature: Feature) -> str:
    return f"## {feature.label}\n\n    {feature.formula}\n\n{feature.meaning} Source: {feature.source}.\n"


def _number(value: float) -> str:
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:.4g}".replace("-", "−")


def _anchor(label: str) -> str:
    return label.lower().replace(" ", "-")
