"""Whether to trust one result: all that a card can say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .area import AreaRange, judge_area
from .novelty import Novelty, judge_novelty
from .quality import Quality, judge_quality

if TYPE_CHECKING:
    from ..results.result import Prediction
    from ..segmenter import Segmenter


@dataclass(frozen=True)
class Trust:
    """Each None where the card cannot say it, or where nothing was drawn that it could be said of."""

    novelty: Novelty | None
    quality: Quality | None
    area: AreaRange | None


def judge(segmenter: Segmenter, prediction: Prediction) -> Trust:
    """Judge a prediction by what its model's card holds."""
    fitted, drawn = segmenter.card.trust, prediction.labels > 0
    standardised = segmenter.scale.standardise(prediction.radiomics)[:13, 0, 0]
    return Trust(
        judge_novelty(standardised, fitted["novelty"]) if "novelty" in fitted else None,
        judge_quality(prediction.probability, drawn, fitted["quality"]) if "quality" in fitted else None,
        judge_area(prediction.probability, prediction.threshold, drawn, fitted["area"]) if "area" in fitted else None)
