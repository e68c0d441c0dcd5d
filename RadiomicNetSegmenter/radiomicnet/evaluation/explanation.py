"""Both tests of an explanation, as a row of an evaluation holds them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from ..results.result import Prediction
from ..segmenter import Segmenter
from .faithfulness import faithfulness
from .sanity import randomised, sanity


class ExplanationTests:
    """Tests the explanations of one model; its counterpart of random weights is made once."""

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter, self._random = segmenter, randomised(segmenter)

    def of(self, prediction: Prediction, seed: int) -> dict[str, Any] | None:
        """The scores of one image; None where nothing was drawn."""
        told = self._segmenter.explain(prediction)
        made = faithfulness(self._segmenter, prediction, told, seed)
        if made is None:
            return None
        return {**asdict(made), "sanity": asdict(sanity(self._segmenter, self._random, prediction, told))}


def drawn_by_lot(total: int, count: int) -> list[int]:
    """Places of ``count`` images of ``total``, the same ones every time, or of all where there are fewer.

    A smaller count draws the first of what a larger one draws, so that a test can be extended.
    """
    return np.random.default_rng(0).permutation(total)[:count].tolist()
