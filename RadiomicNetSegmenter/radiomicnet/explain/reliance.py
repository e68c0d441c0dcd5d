"""How much the radiomics stream mattered for one image, so that nobody takes its shares for shares of the decision.

The same image is segmented once more with the training mean of every feature, and once with every gate passing its
skip connection untouched; the Dice between what was drawn and what would then be drawn tells how much hangs on the
features' values, and how much on the gates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from ..results.result import Prediction, Reliance

if TYPE_CHECKING:
    from ..segmenter import Segmenter


def reliance(segmenter: Segmenter, prediction: Prediction) -> Reliance:
    """Segment the prediction's image again without the features' values, and without the gates."""
    features = segmenter.feature_tensor(prediction.radiomics)
    drawn = segmenter.redraw(prediction, features)  # the labels, but for what another look drew under another click
    average = segmenter.redraw(prediction, torch.zeros_like(features))
    untouched = segmenter.redraw(prediction, features, gamma=0.0)
    return Reliance(_overlap(drawn, average), _overlap(drawn, untouched))


def _overlap(one: np.ndarray, other: np.ndarray) -> float:
    total = int(one.sum()) + int(other.sum())
    return 2 * int((one & other).sum()) / total if total else 1.0
