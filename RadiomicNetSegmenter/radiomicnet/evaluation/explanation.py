"""Both tests of an explanation, as a row of an evaluation holds them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

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
        made = faithfulness(self._segmenter, prediction, seed)
        if made is None:
            return None
        return {**asdict(made), "sanity": asdict(sanity(self._segmenter, self._random, prediction))}
