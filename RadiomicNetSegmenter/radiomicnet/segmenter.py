"""From an image to a prediction and its explanation: the one path of the command, the panel and the evaluation."""

from __future__ import annotations

import math

import numpy as np
import torch

from .explain.contributions import explain
from .features.catalogue import KEYS
from .features.extract import Radiomics, extract
from .features.scale import FeatureScale
from .images.grid import Grid, from_grid, to_grid, to_tensor
from .images.image import Image
from .measure.lesions import connected_regions, find_lesions, reaching
from .models.store import Model
from .network.gate import GateState
from .network.radiomicnet import Output
from .network.views import infer
from .results.result import Contributions, GateAttention, Prediction
from .steps import Steps
from .trust.judge import Trust, judge


class Segmenter:
    """A model ready to segment; may be kept and used again, from one thread at a time.

    Parameters
    ----------
    model : Model
    """

    def __init__(self, model: Model) -> None:
        self.card = model.card
        self.network = model.network
        self.scale = FeatureScale.from_dicts(model.card.feature_mean, model.card.feature_std,
                                             model.card.local_feature_mean, model.card.local_feature_std)

    def predict(self, image: Image, threshold: float | None = None, steps: Steps | None = None) -> Prediction:
        """Segment an image.

        Parameters
        ----------
        image : Image
        threshold : float, optional
            Probability from which a pixel belongs to a lesion, 0..1. Without it the card decides, which may also ask
            that some pixel of a lesion be surer than that, and that the image be likely to show one at all.
        steps : Steps, optional
            Told of each step as it begins.

        Raises
        ------
        FeatureError
            Where too little of the image shows a scan.
        Cancelled
            Where ``steps`` was asked to stop.
        """
        steps = steps or Steps()
        with steps.step("preparing the image"):
            grid = to_grid(image.rgb, self.card.input_size)
        with steps.step("features"):
            radiomics = extract(grid.grey, grid.mask)
        with steps.step("network"), torch.inference_mode():
            output = self.infer(grid, radiomics)
        with steps.step("lesions and maps"):
            probability = self._probability(output, grid)
            presence = None if output.presence is None else float(torch.sigmoid(output.presence))
            threshold, peak = self._thresholds(threshold, presence)
            labels, lesions = find_lesions(probability, threshold, image.geometry, peak)
            gates = zip(self.network.strides, output.gates)
            attention = tuple(_attention(stride, state, grid) for stride, state in gates)
            trust = self.judge(radiomics, probability, threshold, labels)
        return Prediction(image, self.card, grid, radiomics, probability, _entropy(probability), labels, lesions,
                          attention, threshold, presence, trust)

    def explain(self, prediction: Prediction, steps: Steps | None = None) -> Contributions:
        """What each feature contributed; see :mod:`radiomicnet.explain.contributions`."""
        steps = steps or Steps()
        with steps.step("contributions"):
            return explain(self.network, prediction, image_tensor(prediction.grid),
                           self.feature_tensor(prediction.radiomics))

    def judge(self, radiomics: Radiomics, probability: np.ndarray, threshold: float, labels: np.ndarray) -> Trust:
        """How far to trust an outline; see :mod:`radiomicnet.trust`."""
        features = self.scale.standardise(radiomics)[: len(KEYS), 0, 0]
        return judge(self.card.trust, features, probability, threshold, labels > 0)

    def redraw(self, prediction: Prediction, features: torch.Tensor, gamma: float | None = None) -> np.ndarray:
        """(H, W) bool: what the same image and threshold would give with other features or gates.

        Parameters
        ----------
        prediction : Prediction
        features : torch.Tensor
            (1, F, a, b), standardised.
        gamma : float, optional
            Of every gate, instead of the learned ones.
        """
        with torch.inference_mode():
            output = infer(self.network, image_tensor(prediction.grid), features, self.card.views, gamma)
        peak = self.card.peak_threshold if prediction.threshold == self.card.threshold else 0.0
        mask = reaching(self._probability(output, prediction.grid), prediction.threshold, peak)
        return connected_regions(mask) > 0

    def infer(self, grid: Grid, radiomics: Radiomics) -> Output:
        """The network's answer on the grid, averaged over the card's views; not yet calibrated."""
        return infer(self.network, image_tensor(grid), self.feature_tensor(radiomics), self.card.views)

    def _probability(self, output: Output, grid: Grid) -> np.ndarray:
        """(H, W) float32, calibrated, on the image's own pixels."""
        return _sigmoid(from_grid(output.logits[0, 0].numpy(), grid) / self.card.temperature)

    def _thresholds(self, chosen: float | None, presence: float | None) -> tuple[float, float]:
        """Of a pixel and of a lesion's surest pixel; a peak beyond 1 lets nothing pass."""
        if chosen is not None:
            return chosen, 0.0
        absent = presence is not None and presence < self.card.presence_threshold
        return self.card.threshold, math.inf if absent else self.card.peak_threshold

    def feature_tensor(self, radiomics: Radiomics) -> torch.Tensor:
        """(1, F, a, b) float32, standardised by the training means and deviations."""
        return torch.from_numpy(self.scale.standardise(radiomics))[None]


def image_tensor(grid: Grid) -> torch.Tensor:
    """(1, 3, S, S) float32 in 0..1."""
    return to_tensor(grid.rgb)[None]


def _attention(stride: int, state: GateState, grid: Grid) -> GateAttention:
    spatial = from_grid(state.spatial[0, 0].numpy(), grid).clip(0, 1)
    return GateAttention(f"stride-{stride}", spatial, state.channel[0].numpy(), float(state.gamma))


def _sigmoid(logits: np.ndarray) -> np.ndarray:
    return torch.sigmoid(torch.from_numpy(logits)).numpy()


def _entropy(probability: np.ndarray) -> np.ndarray:
    """Binary entropy in bits, float32 in 0..1."""
    p = probability.clip(1e-7, 1 - 1e-7)
    return (-(p * np.log2(p) + (1 - p) * np.log2(1 - p))).astype(np.float32)
