"""Between which areas does the truth lie? A range with a stated coverage.

Split conformal prediction (Papadopoulos 2002; Angelopoulos and Bates, arXiv 2107.07511) with nested outlines: on a
held-out image the smallest margin m is sought for which the true area lies between that of the pixels at least m
logits above the threshold and that of the pixels at most m below it. The margin that reaches the coverage on held-out
images then gives an inner and an outer outline of a new one. It holds on average over images like those, for images
that show a lesion of which something was drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

COVERAGE = 0.9


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


def fit_area(margins: Sequence[float]) -> dict[str, Any]:
    """The margin that covers held-out images, with conformal prediction's correction for their number."""
    ordered = np.sort(np.asarray(margins, float))
    rank = math.ceil(COVERAGE * (len(ordered) + 1))
    margin = ordered[rank - 1] if rank <= len(ordered) else math.inf
    return {"margin": round(float(margin), 4) if math.isfinite(margin) else None, "coverage": COVERAGE,
            "n": len(ordered)}


def judge_area(probability: np.ndarray, threshold: float, drawn: np.ndarray,
               fitted: dict[str, Any]) -> AreaRange | None:
    """Inner and outer outline of one image; None where nothing is drawn or no margin gives the coverage.

    Only regions that touch what is drawn belong to the outer outline.
    """
    if not drawn.any() or fitted["margin"] is None:
        return None
    from scipy.ndimage import label

    centre = _logit(threshold)
    inner, outer = (1 / (1 + math.exp(-(centre + side * fitted["margin"]))) for side in (1, -1))
    regions, _ = label(probability >= outer, np.ones((3, 3)))
    touched = np.isin(regions, np.unique(regions[drawn & (regions > 0)]))
    return AreaRange(drawn & (probability >= inner), touched & (regions > 0), fitted["coverage"])


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))
