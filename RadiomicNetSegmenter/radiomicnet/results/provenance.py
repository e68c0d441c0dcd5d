"""Where a file comes from, in the same words in every file that can hold them."""

from __future__ import annotations

from .. import __version__
from ..models.card import ModelCard
from ..prompts.click import UNSURE
from .result import Prediction
from .words import NOTICE


def provenance(prediction: Prediction) -> dict[str, str]:
    """Model, version, hash of the weights, threshold, version of RadiomicNet and what it is for, as tags.

    Where the network could but guess under a click, also the threshold of each click.
    """
    tags = provenance_of(prediction.card, prediction.threshold)
    if any(click.outcome == UNSURE for click in prediction.clicks):
        tags["RadiomicNet.ClickThresholds"] = ", ".join(f"{click.threshold:.4g}" for click in prediction.clicks)
    return tags


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
