"""How far the features that a training shows lie from those of the images themselves, which are what there is at use.

Augmentation may change texture more than recordings differ: noise drawn for every pixel is most of the texture at a
distance of one pixel. A network then learns from features that no picture has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..features.catalogue import KEYS
from ..features.scale import FeatureScale
from ..network.embedding import FEATURE_LIMIT
from .batches import Variants
from .config import Config
from .data import Sample

# Images that are looked at, spread over all.
IMAGES = 90
# The widest mean shift that passes without advice, in deviations.
FAR = 1.0


@dataclass(frozen=True)
class Shift:
    """The feature that augmentation moves furthest, of tiles where the network takes them, else of whole scans.

    Attributes
    ----------
    feature : str
        Its key.
    mean : float
        Its mean over augmented pictures, in deviations of the images as they are, whose own mean is 0.
    beyond : float
        Share of its values, 0..1, beyond what the network tells apart.
    """

    feature: str
    mean: float
    beyond: float

    def to_dict(self) -> dict[str, Any]:
        """As a training's log has it."""
        return {"feature": self.feature, "mean": round(self.mean, 3), "beyond": round(self.beyond, 4)}

    def __str__(self) -> str:
        told = (f"Augmentation moves {self.feature} furthest of the features: by {self.mean:+.1f} deviations on "
                f"average, {self.beyond:.0%} of its values beyond {FEATURE_LIMIT:.0f}.")
        if abs(self.mean) <= FAR:
            return told
        return (f"{told} Images hardly have such features at use. If it is the speckle's doing, set clean_features; "
                "else make weaker what changes the texture.")


def feature_shift(samples: list[Sample], scale: FeatureScale, config: Config) -> Shift:
    """The shift of a training, over a variant each of at most :data:`IMAGES` of its images."""
    chosen = [samples[index] for index in np.unique(np.linspace(0, len(samples) - 1, IMAGES).astype(int))]
    variants = Variants(chosen, scale, config, epoch=0)
    parts = [variants[index][1].numpy()[-len(KEYS):].reshape(len(KEYS), -1) for index in range(len(variants))]
    features = np.concatenate(parts, axis=1)
    means = features.mean(axis=1)
    furthest = int(np.abs(means).argmax())
    beyond = np.abs(features[furthest]) > FEATURE_LIMIT
    return Shift(KEYS[furthest], float(means[furthest]), float(beyond.mean()))
