"""Where a file comes from, in the same words in every file that can hold them."""

from __future__ import annotations

from .. import __version__
from ..models.card import ModelCard
from .result import Prediction
from .words import NOTICE


def provenance(prediction: Prediction) -> dict[str, str]:
    """Model, version, hash of the weights, threshold, version of RadiomicNet and what it is for, as tags."""
    return provenance_of(prediction.card, prediction.threshold)


def provenance_of(card: ModelCard, threshold: float) -> dict[str, str]:
    """The same from a model and a threshold."""
    return {
        "RadiomicNet.Model": card.name,
        "RadiomicNet.ModelVersion": card.version,
        "RadiomicNet.WeightsSHA256": card.weights_sha256,
        "RadiomicNet.Threshold": repr(float(threshold)),
        "RadiomicNet.Version": __version__,
        "RadiomicNet.Notice": NOTICE,
    }
