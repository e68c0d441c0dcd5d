"""Results with lesions drawn by hand, so that tests of Slicer's side do not depend on what a model finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from radiomicnet.measure.lesions import find_lesions
from radiomicnet.results.result import Result
from radiomicnet.trust.judge import judge

SQUARES = ((slice(40, 80), slice(50, 110)), (slice(200, 230), slice(20, 60)))  # largest first


def with_lesions(result: Result, count: int) -> Result:
    """The same result with ``count`` rectangles as its lesions."""
    prediction = result.prediction
    probability = np.full(prediction.labels.shape, 0.01, np.float32)
    for square in SQUARES[:count]:
        probability[square] = 0.9
    labels, lesions = find_lesions(probability, prediction.threshold, prediction.image.geometry)
    trust = judge(prediction.card.trust, prediction.trust.novelty, probability, prediction.threshold, labels > 0)
    return replace(result, prediction=replace(prediction, probability=probability, labels=labels, lesions=lesions,
                                              trust=trust))
