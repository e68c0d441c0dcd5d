"""How far to trust an outline, as the model's card allows: judged for the outline as it is drawn, and in sentences."""

from __future__ import annotations

from dataclasses import replace

from radiomicnet.results import trust_words
from radiomicnet.results.result import Prediction
from radiomicnet.trust.area import judge_area
from radiomicnet.trust.quality import judge_quality

POOR = "poor"


def judged(prediction: Prediction) -> Prediction:
    """The prediction with quality and range of the area of its outline as it is now; novelty is the image's own."""
    fitted, seen = prediction.card.trust, prediction.seen
    drawn = seen.labels > 0
    return replace(prediction, trust=replace(
        prediction.trust,
        quality=judge_quality(seen.probability, drawn, fitted["quality"]) if "quality" in fitted else None,
        area=judge_area(seen.probability, seen.threshold, drawn, fitted["area"]) if "area" in fitted else None))


def sentences(prediction: Prediction) -> dict[str, list[str]]:
    """What is to be read first (``warnings``), and what else there is to know (``notes``)."""
    quality = prediction.trust.quality
    urgent = {trust_words.warning(prediction),
              trust_words.quality(quality) if quality and quality.level == POOR else ""}
    said = trust_words.trust(prediction)
    return {"warnings": [each for each in said if each in urgent],
            "notes": [each for each in said if each not in urgent]}
