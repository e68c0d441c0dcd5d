"""Between which areas does the truth lie? A range with a stated coverage.

Split conformal prediction (Papadopoulos 2002; Angelopoulos and Bates, arXiv 2107.07511) with nested outlines: on a
held-out image the smallest margin m is sought for which the true area lies between that of the pixels at least m
logits above the threshold and that of the pixels at most m below it. The margin that reaches the coverage on held-out
images then gives an inner and an outer outline of a new one. There is one margin for each third of the held-out images
by the size of what was drawn (Mondrian conformal prediction, Vovk 2003), because large outlines need a smaller one
than small outlines do: a single margin would hold the large ones too often and the small ones too rarely. The coverage
holds on average over images like those, for images that show a lesion of which something was drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

COVERAGE = 0.9
# A third with fewer images than these has no margin of its own.
FEWEST = 30


@dataclass(frozen=True)
class AreaRange:
    """Inner and outer outline, (H, W) bool each, and the share of images whose true area lies between theirs."""

    inner: np.ndarray
    outer: np.ndarray
    coverage: float

    @property
    def pixels(self) -> tuple[int, int]:
        """Areas of the inner and of the outer outline, in pixels."""
        return int(self.inner.sum()), int(self.outer.sum())


def margin_needed(logits: np.ndarray, threshold: float, area: int) -> float:
    """Smallest margin, in logits, at which the range of areas holds the true one; infinite where none does.

    Parameters
    ----------
    logits : numpy.ndarray
        Calibrated logits, any shape.
    threshold : float
        Probability from which a pixel is drawn.
    area : int
        True number of pixels.
    """
    above = np.sort(logits.ravel() - _logit(threshold))[::-1]
    if not 0 < area <= len(above):
        return math.inf
    # At margin m the inner outline holds the pixels >= m and the outer those >= -m.
    inner = above[area] if area < len(above) else -math.inf  # one more than `area` pixels must not reach it
    return max(0.0, math.nextafter(float(inner), math.inf), -float(above[area - 1]))


def size_of(drawn: np.ndarray) -> float:
    """Area of an (H, W) bool mask as a share of the square of its longer side, as the network's grid shows it."""
    return float(drawn.sum()) / max(drawn.shape) ** 2


def fit_area(margins: Sequence[float], sizes: Sequence[float] = ()) -> dict[str, Any]:
    """The margins that cover held-out images, with conformal prediction's correction for their number.

    Parameters
    ----------
    margins : sequence of float
        :func:`margin_needed` of each image.
    sizes : sequence of float
        :func:`size_of` what was drawn in each; without these there is one margin for all.
    """
    needed = np.asarray(margins, float)
    fitted = {"margin": _covering(needed), "coverage": COVERAGE, "n": len(needed)}
    if len(sizes) < 3 * FEWEST:
        return fitted
    edges = [float(f"{edge:.4g}") for edge in np.quantile(sizes, (1 / 3, 2 / 3))]
    thirds = np.digitize(sizes, edges)
    return {**fitted, "by_size": {"edges": edges, "margins": [_covering(needed[thirds == k]) for k in range(3)]}}


def _covering(needed: np.ndarray) -> float | None:
    rank = math.ceil(COVERAGE * (len(needed) + 1))
    margin = np.sort(needed)[rank - 1] if rank <= len(needed) else math.inf
    return round(float(margin), 4) if math.isfinite(margin) else None


def judge_area(probability: np.ndarray, threshold: float, drawn: np.ndarray,
               fitted: dict[str, Any]) -> AreaRange | None:
    """Inner and outer outline of one image; None where nothing is drawn or no margin gives the coverage.

    Only regions that touch what is drawn belong to the outer outline.
    """
    margin = _margin_for(size_of(drawn), fitted)
    if not drawn.any() or margin is None:
        return None
    from scipy.ndimage import label

    centre = _logit(threshold)
    inner, outer = (1 / (1 + math.exp(-(centre + side * margin))) for side in (1, -1))
    regions, _ = label(probability >= outer, np.ones((3, 3)))
    touched = np.isin(regions, np.unique(regions[drawn & (regions > 0)]))
    return AreaRange(drawn & (probability >= inner), touched & (regions > 0), fitted["coverage"])


def _margin_for(size: float, fitted: dict[str, Any]) -> float | None:
    if "by_size" not in fitted:
        return fitted["margin"]
    return fitted["by_size"]["margins"][int(np.digitize(size, fitted["by_size"]["edges"]))]


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))
