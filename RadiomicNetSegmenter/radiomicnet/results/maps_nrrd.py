"""NAME-probability.nrrd, NAME-uncertainty.nrrd and NAME-attention-LEVEL.nrrd: maps on the image's own pixels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from . import names
from .nrrd_file import write_image
from .provenance import provenance
from .result import Prediction


def maps(prediction: Prediction) -> Iterator[tuple[str, np.ndarray, dict[str, str]]]:
    """Ending of the file, (H, W) values in 0..1 and what they are, for every map."""
    yield names.PROBABILITY, prediction.probability, {"RadiomicNet.Content": "probability of a lesion"}
    yield names.UNCERTAINTY, prediction.uncertainty, {"RadiomicNet.Content": "entropy of the probability in bits"}
    for gate in prediction.attention:
        yield names.attention(gate.level), gate.spatial, {
            "RadiomicNet.Content": f"spatial attention, {gate.level}", "RadiomicNet.Gamma": repr(float(gate.gamma))}


def write_map(prediction: Prediction, values: np.ndarray, keys: dict[str, str], path: Path) -> None:
    """Write one map as float32 with the geometry of the image."""
    write_image(path, values.astype(np.float32), prediction.image.geometry, {**keys, **provenance(prediction)})
