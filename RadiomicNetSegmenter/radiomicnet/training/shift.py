"""How far the features that a training shows lie from those of the images themselves, which are what there is at use.

Augmentation may change texture more than recordings differ: noise drawn for every pixel is most of the texture at a
distance of one pixel. A network then learns from features that no picture has.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..features.catalogue import KEYS
from ..features.extract import extract
from ..features.scale import FeatureScale
from ..images.grid import to_grey
from ..network.embedding import FEATURE_LIMIT
from .augment import augment
from .config import Config
from .data import Sample

# Images that are looked at, spread over all.
IMAGES = 90
# The largest share of a feature's values beyond the limit that passes without advice.
MANY = 0.1
WHOLE, TILES = "whole scans", "tiles"


@dataclass(frozen=True)
class Shift:
    """The feature that augmentation moves furthest.

    Attributes
    ----------
    of : str
        :data:`WHOLE` or :data:`TILES`: what the feature is measured on.
    feature : str
        Its key.
    mean : float
        Its mean over augmented pictures, in deviations of the images as they are, whose own mean is 0.
    beyond : float
        Share of its values, 0..1, beyond the limit at which the network cuts them.
    """

    of: str
    feature: str
    mean: float
    beyond: float

    def to_dict(self) -> dict[str, Any]:
        """As a training's log has it."""
        return asdict(self) | {"mean": round(self.mean, 3), "beyond": round(self.beyond, 4)}

    def __str__(self) -> str:
        return (f"of {self.of} {self.feature}, by {self.mean:+.1f} deviations on average, {self.beyond:.0%} of its "
                f"values beyond {FEATURE_LIMIT:.0f}")


def feature_shifts(samples: list[Sample], scale: FeatureScale, config: Config) -> list[Shift]:
    """The shift of whole scans, and of tiles where the network takes them, over a variant each of some of the images.

    A tile outside the scan has no features and does not count.
    """
    whole, tiles = [], []
    for place in np.unique(np.linspace(0, len(samples) - 1, IMAGES).astype(int)):
        variant = augment(samples[place], config, np.random.default_rng([config.seed, place]))
        radiomics = extract(to_grey(variant.measured), variant.inside)
        features = scale.standardise(radiomics)
        whole.append(features[: len(KEYS), 0, 0])
        if len(features) > len(KEYS):
            tiles.append(np.where(np.isfinite(radiomics.local), features[len(KEYS) :], np.nan).reshape(len(KEYS), -1))
    shifts = [_furthest(WHOLE, np.array(whole).T)]
    return [*shifts, _furthest(TILES, np.concatenate(tiles, axis=1))] if tiles else shifts


def _furthest(of: str, features: np.ndarray) -> Shift:
    """The shift among (13, n) standardised features; NaN does not count."""
    means = np.nanmean(features, axis=1)
    place = int(np.abs(means).argmax())
    values = features[place, np.isfinite(features[place])]
    return Shift(of, KEYS[place], float(means[place]), float((np.abs(values) > FEATURE_LIMIT).mean()))


def described(shifts: list[Shift], config: Config) -> str:
    """A sentence, with advice where much lies beyond the limit."""
    said = f"Augmentation moves furthest: {'; '.join(map(str, shifts))}."
    if max(shift.beyond for shift in shifts) <= MANY:
        return said
    advice = ("set clean_features, so that they are measured without the speckle"
              if config.speckle and not config.clean_features else "weaken what changes the texture")
    return f"{said} The network will be shown other features than it learns from; {advice}."
