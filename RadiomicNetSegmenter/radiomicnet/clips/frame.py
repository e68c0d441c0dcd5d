"""What is kept of one frame of a clip, or of one slice of a stack: little enough for thousands of them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..results.result import Prediction
from ..results.trust_words import warning

if TYPE_CHECKING:  # torch, without which a saved result is to be readable too
    from ..segmenter import Segmenter

# From this probability on a pixel has a say in how uncertain a frame is: what lies below is background to the network.
POSSIBLE = 0.05


@dataclass(frozen=True)
class Frame:
    """One frame's outline and measures.

    Attributes
    ----------
    index : int
        From 0 on, in the clip.
    place : str
        The value of the clip's axis: seconds, or a number.
    reason : str
        Why it could not be segmented; empty where it was, and everything below is empty where it was not.
    shape : tuple of int
        (H, W).
    packed : bytes
        The label map, packed.
    lesions : int
        How many were outlined.
    area_pixels : int
        Of all lesions together.
    area_mm2 : float or None
        None where the clip is not calibrated.
    own_area_pixels : int
        What would be outlined from this frame alone; the same where nothing was smoothed.
    uncertainty : float
        Mean binary entropy in bits, 0..1, of the pixels whose probability is at least :data:`POSSIBLE`; 0 without any.
    presence : float or None
        Probability that the frame shows a lesion at all.
    dice : float or None
        The Dice to expect of the outline; None where nothing is drawn or the model's card does not tell.
    novelty, distance : str or None, float or None
        "familiar", "unusual" or "foreign", and the distance from the training images.
    warning : str
        The sentence of an image that is unlike those the model knows.
    features : dict of str to float
        The 13 features of the whole scan.
    agreement : float or None
        Mean Dice with the neighbouring outlines, see :mod:`radiomicnet.clips.steady`.
    """

    index: int
    place: str
    reason: str = ""
    shape: tuple[int, int] = (0, 0)
    packed: bytes = b""
    lesions: int = 0
    area_pixels: int = 0
    area_mm2: float | None = None
    own_area_pixels: int = 0
    uncertainty: float | None = None
    presence: float | None = None
    dice: float | None = None
    novelty: str | None = None
    distance: float | None = None
    warning: str = ""
    features: dict[str, float] | None = None
    agreement: float | None = None

    @property
    def labels(self) -> np.ndarray:
        """(H, W) uint8: 0 background, else the number that a lesion keeps from frame to frame."""
        return np.frombuffer(zlib.decompress(self.packed), np.uint8).reshape(self.shape)

    @property
    def in_range(self) -> bool:
        """Whether the frame is like the images the model was trained on, as far as its card tells."""
        return self.novelty in (None, "familiar")


def frame_of(prediction: Prediction, own: Prediction, labels: np.ndarray, index: int, place: str) -> Frame:
    """What is kept of a prediction.

    Parameters
    ----------
    prediction : Prediction
        What is shown.
    own : Prediction
        What the frame alone gave; the same where nothing was smoothed.
    labels : numpy.ndarray
        (H, W) uint8, the lesions with the numbers they keep.
    index : int
    place : str
    """
    trust, areas = prediction.trust, [lesion.area_mm2 for lesion in prediction.lesions]
    pixel = np.prod(prediction.image.geometry.spacing[:2])
    pixels = int((labels > 0).sum())
    return Frame(
        index, place, shape=prediction.image.shape, packed=zlib.compress(np.ascontiguousarray(labels).tobytes(), 1),
        lesions=len(areas), area_pixels=pixels,
        area_mm2=float(pixels * pixel) if prediction.image.geometry.calibrated else None,
        own_area_pixels=int((own.labels > 0).sum()), uncertainty=uncertainty(prediction.probability),
        presence=prediction.presence, dice=trust.quality.dice if trust.quality else None,
        novelty=trust.novelty.level if trust.novelty else None,
        distance=trust.novelty.distance if trust.novelty else None,
        warning=warning(prediction), features=dict(prediction.features))


def uncertainty(probability: np.ndarray) -> float:
    """Mean binary entropy in bits, 0..1, of the pixels that might be a lesion."""
    p = probability[probability >= POSSIBLE].astype(float).clip(1e-7, 1 - 1e-7)
    return float(-(p * np.log2(p) + (1 - p) * np.log2(1 - p)).mean()) if p.size else 0.0


def judged_again(segmenter: Segmenter, prediction: Prediction) -> Prediction:
    """The prediction with its trust computed from its present outline."""
    trust = segmenter.judge(prediction.probability, prediction.threshold, prediction.labels, prediction.trust.novelty)
    return replace(prediction, trust=trust)
