"""What one run knows about one image: plain data, so that any writer, page or MRML scene can be made from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from ..features.extract import Radiomics
from ..images.grid import Grid
from ..images.image import Image
from ..models.card import ModelCard
from ..prompts.box import Box, crop
from ..prompts.click import Click
from ..trust.judge import Trust

if TYPE_CHECKING:
    from ..explain.shapley import Shapley
    from ..regions.radiomics import RegionalRadiomics
    from ..regions.stability import Stability


@dataclass(frozen=True)
class GateAttention:
    """What the Radiomics Attention Gate of one decoder level did.

    Attributes
    ----------
    level : str
        ``stride-16`` ... ``stride-2``: how much coarser than the network's input the level is.
    spatial : numpy.ndarray
        (H, W) float32 in 0..1 on the image's own pixels.
    channel : numpy.ndarray
        (C,) float32 in 0..1, one weight per channel of the skip connection.
    gamma : float
        The learnable gate, 0..1: 0 passes the skip connection untouched, 1 passes only what was attended to.
    """

    level: str
    spatial: np.ndarray
    channel: np.ndarray
    gamma: float


@dataclass(frozen=True)
class Lesion:
    """Size of one connected region. Lengths and areas in pixels, and in mm where the image is calibrated.

    ``longest_ends`` and ``perpendicular_ends`` are ((column, row), (column, row)) in pixels, pixel centres at
    whole numbers, so that the diameters can be drawn.
    """

    label: int
    area_pixels: int
    area_mm2: float | None
    longest_pixels: float
    longest_mm: float | None
    perpendicular_pixels: float
    perpendicular_mm: float | None
    longest_ends: tuple[tuple[float, float], tuple[float, float]]
    perpendicular_ends: tuple[tuple[float, float], tuple[float, float]]
    mean_probability: float


@dataclass(frozen=True)
class Prediction:
    """The network's answer, on the image's own pixels.

    Attributes
    ----------
    image : Image
    card : ModelCard
    grid : Grid
        What the network and the features saw.
    radiomics : Radiomics
        The 13 features of the scan and of its tiles, as computed on the grid.
    probability : numpy.ndarray
        (H, W) float32 in 0..1, calibrated by the card's temperature.
    uncertainty : numpy.ndarray
        (H, W) float32 in 0..1: binary entropy of the probability in bits.
    labels : numpy.ndarray
        (H, W) uint8; 0 background, 1..n the lesions, largest first.
    lesions : tuple of Lesion
        Same order as the labels; empty where nothing was found.
    attention : tuple of GateAttention
        Deepest level first.
    threshold : float
        Probability from which a pixel belongs to a lesion; of a lesion under a click, the click's own.
    presence : float or None
        Probability that the image shows a lesion at all; None where the model does not tell.
    trust : Trust
        How far to trust this, as far as the model's card can tell.
    clicks : tuple of Click
        Points that a person put on lesions, each with its answer; where there are some, only what lies under them is
        outlined.
    box : Box or None
        Where lesions were searched for; None for the whole image.
    by_hand : bool
        Whether a person set the threshold or clicked. If not, the card decided, which may also ask that some pixel of
        a lesion be surer than the threshold, and that the image be likely to show one at all.
    looked_at : Box or None
        The part of the image that the grid shows and that features, attention and explanation are of; None for the
        whole image. Outside of it the attention is 0.
    """

    image: Image
    card: ModelCard
    grid: Grid
    radiomics: Radiomics
    probability: np.ndarray
    uncertainty: np.ndarray
    labels: np.ndarray
    lesions: tuple[Lesion, ...]
    attention: tuple[GateAttention, ...]
    threshold: float
    presence: float | None = None
    trust: Trust = field(default_factory=Trust)
    clicks: tuple[Click, ...] = ()
    box: Box | None = None
    by_hand: bool = False
    looked_at: Box | None = None

    @property
    def seen(self) -> Prediction:
        """This prediction of the part of the image that the grid shows, for what lays maps and grid over each other."""
        if self.looked_at is None:
            return self
        part = self.looked_at.slices
        return replace(
            self, image=crop(self.image, self.looked_at), probability=self.probability[part],
            uncertainty=self.uncertainty[part], labels=self.labels[part],
            attention=tuple(replace(gate, spatial=gate.spatial[part]) for gate in self.attention),
            clicks=tuple(click.seen_in(self.looked_at) for click in self.clicks),
            box=self.box and self.box.seen_in(self.looked_at), looked_at=None)

    @property
    def features(self) -> dict[str, float]:
        """The 13 values of the whole scan, in the order of :data:`radiomicnet.features.catalogue.CATALOGUE`."""
        return self.radiomics.whole


@dataclass(frozen=True)
class Contribution:
    """How much one feature moved the explained quantity away from what the training mean would give.

    ``contribution`` is signed, in logits; ``share`` is \\|contribution\\| in percent of the sum over features.
    """

    rank: int
    key: str
    value: float
    reference: float
    contribution: float
    share: float


@dataclass(frozen=True)
class Contributions:
    """Integrated gradients over the features, most important first.

    Attributes
    ----------
    items : tuple of Contribution
    quantity : float
        Mean logit over the region, with this image's features.
    reference_quantity : float
        The same with the training mean of every feature.
    region : str
        ``predicted`` or, where nothing was found, ``most-probable-1-percent``.
    residual : float
        Sum of contributions minus the change of the quantity, in logits.
    steps : int
        Points on the path from the reference to the image.
    maps : numpy.ndarray or None
        (13, a, b) float32: what each tile's own features contributed, in logits and in the catalogue's order; part of
        the items. None for a model that takes the features of whole scans only.
    """

    items: tuple[Contribution, ...]
    quantity: float
    reference_quantity: float
    region: str
    residual: float
    steps: int
    maps: np.ndarray | None = field(default=None, compare=False)

    @property
    def change(self) -> float:
        """Δ: what the features moved the quantity by, in logits."""
        return self.quantity - self.reference_quantity

    @property
    def total(self) -> float:
        """Σ\\|c\\|, in logits."""
        return float(sum(abs(item.contribution) for item in self.items))


@dataclass(frozen=True)
class Check:
    """One feature of the network's beside PyRadiomics' value on the same array, mask and settings.

    ``explanation`` is a sentence on what a disagreement can come from, empty where the two agree.
    """

    key: str
    network: float
    pyradiomics: float
    difference: float
    agrees: bool
    explanation: str = ""


@dataclass(frozen=True)
class TileCheck:
    """The features of one tile, by key, beside PyRadiomics' values with that tile as the mask.

    ``row`` and ``column`` are those of the maps of local features.
    """

    row: int
    column: int
    checks: dict[str, Check]


@dataclass(frozen=True)
class Verification:
    """The implementation check against PyRadiomics.

    Attributes
    ----------
    made : bool
        False where PyRadiomics could not be used; ``reason`` then says why and how to make the check.
    checks : dict of str to Check
        By feature key; empty where the check was not made.
    reason : str
        Empty where the check was made.
    version : str
        PyRadiomics' version, empty where there is none.
    tiles : tuple of TileCheck
        The tiles that were looked at; empty for a model that takes the features of whole scans only.
    """

    made: bool
    checks: dict[str, Check] = field(default_factory=dict)
    reason: str = ""
    version: str = ""
    tiles: tuple[TileCheck, ...] = ()


@dataclass(frozen=True)
class Reliance:
    """How much of the outline hung on the radiomics stream: overlap with the mask that was drawn.

    Attributes
    ----------
    mean_features : float
        Dice, 0..1, with what would be drawn if every feature had its training mean; 1 where both are empty.
    open_gates : float
        The same if every gamma were 0.
    """

    mean_features: float
    open_gates: float


@dataclass(frozen=True)
class Result:
    """Everything about one image; ``seconds`` holds the time of each step by its name.

    ``reliance`` is None where it was not computed, ``regions`` (PyRadiomics at the image's own resolution) and
    ``stability`` (of the 13 features inside the outline) also where nothing was drawn; ``shapley`` where nobody asked.
    """

    prediction: Prediction
    contributions: Contributions
    verification: Verification
    seconds: dict[str, float] = field(default_factory=dict)
    reliance: Reliance | None = None
    regions: RegionalRadiomics | None = None
    stability: Stability | None = None
    shapley: Shapley | None = None
