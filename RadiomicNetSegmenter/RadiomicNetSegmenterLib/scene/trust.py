"""How far to trust an outline, as the model's card allows: judged for the outline as it is drawn, and in sentences."""

from __future__ import annotations

from dataclasses import replace

from radiomicnet.results import trust_words
from radiomicnet.results.result import Prediction
from radiomicnet.trust.judge import judge


def judged(prediction: Prediction) -> Prediction:
    """The prediction with quality and range of the area of its outline as it is now; novelty is the image's own."""
    seen = prediction.seen
    return replace(prediction, trust=judge(prediction.card.trust, prediction.trust.novelty, seen.probability,
                                           seen.threshold, seen.labels > 0))


def sentences(prediction: Prediction) -> dict[str, list[str]]:
    """What is to be read first (``warnings``), and what else there is to know (``notes``)."""
    urgent = trust_words.urgent(prediction)
    return {"warnings": list(urgent), "notes": [each for each in trust_words.trust(prediction) if each not in urgent]}
