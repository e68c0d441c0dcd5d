"""From an image to a prediction and its explanation: the one path of the command, the panel and the evaluation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar, cast

import numpy as np
import torch

from .devices import CPU
from .errors import FeatureError
from .explain.contributions import explain
from .explain.shapley import Shapley, shapley
from .features.catalogue import KEYS
from .features.extract import Radiomics, extract
from .features.scale import FeatureScale
from .images.grid import Grid, from_grid, to_grid, to_tensor
from .images.image import Image
from .measure.lesions import connected_regions, find_lesions, reaching
from .models.store import Model
from .network.gate import GateState
from .network.radiomicnet import Output, RadiomicNet
from .network.remote import RemoteNetwork
from .network.views import infer
from .prompts.click import under_clicks
from .results.result import Contributions, GateAttention, Prediction
from .steps import Steps
from .trust.appearance import appearance
from .trust.judge import Trust, judge
from .trust.novelty import Novelty, judge_novelty

T = TypeVar("T")
LONGEST_REASON = 160  # characters of what PyTorch says


class Segmenter:
    """A model ready to segment; may be kept and used again, from one thread at a time.

    Parameters
    ----------
    model : Model
    device : str
        Of :data:`radiomicnet.devices.DEVICES`; one that fails is left for the processor, and ``notice`` says so.

    Attributes
    ----------
    device : str
        Where the network is now.
    notice : str
        A sentence where the device asked for has failed, else empty.
    """

    def __init__(self, model: Model, device: str = CPU) -> None:
        self.card = model.card
        self.network = model.network
        self.device, self.notice = CPU, ""
        self._processors = model.network
        if device != CPU:
            self._move(device)
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
            grid = to_grid(image.rgb, self.card.input_size, image.region)
        with steps.step("features"):
            radiomics = extract(grid.grey, grid.mask)
        with steps.step("network"), torch.inference_mode():
            output = self.infer(grid, radiomics)
        with steps.step("lesions and maps"):
            return self._concluded(image, grid, radiomics, output, threshold)

    def predict_batch(self, images: Sequence[Image], threshold: float | None = None
                      ) -> tuple[Prediction | FeatureError, ...]:
        """Segment several images, of any sizes, in one pass of the network.

        Each gets the answer that :meth:`predict` would give it, up to rounding; an image with too little of a scan
        gets its ``FeatureError`` instead, and the others go on.

        Parameters
        ----------
        images : sequence of Image
        threshold : float, optional
            As for :meth:`predict`.
        """
        grids = [to_grid(image.rgb, self.card.input_size, image.region) for image in images]
        radiomics = [_features_or_error(grid) for grid in grids]
        seen = [place for place, made in enumerate(radiomics) if isinstance(made, Radiomics)]
        if not seen:
            return tuple(made for made in radiomics if isinstance(made, FeatureError))
        with torch.inference_mode():
            pixels = torch.cat([image_tensor(grids[place]) for place in seen])
            features = torch.cat([self.feature_tensor(made) for made in radiomics if isinstance(made, Radiomics)])
            output = self._computed(lambda: infer(self.network, pixels, features, self.card.views))
        return tuple(
            made if isinstance(made, FeatureError) else
            self._concluded(images[place], grids[place], made, _one_of(output, seen.index(place)), threshold)
            for place, made in enumerate(radiomics))

    def _concluded(self, image: Image, grid: Grid, radiomics: Radiomics, output: Output,
                   threshold: float | None) -> Prediction:
        """From the network's answer on one grid to lesions and maps on the image's pixels."""
        probability = self._probability(output, grid)
        presence, by_hand = _presence(output), threshold is not None
        threshold, peak = self.card.thresholds(threshold, presence)
        labels, lesions = find_lesions(probability, threshold, image.geometry, peak)
        gates = zip(self.network.strides, output.gates)
        attention = tuple(_attention(stride, state, grid) for stride, state in gates)
        trust = self.judge(probability, threshold, labels, self.novelty(grid, radiomics))
        return Prediction(image, self.card, grid, radiomics, probability, _entropy(probability), labels, lesions,
                          attention, threshold, presence, trust, by_hand=by_hand)

    def explain(self, prediction: Prediction, steps: Steps | None = None) -> Contributions:
        """What each feature contributed; see :mod:`radiomicnet.explain.contributions`."""
        steps = steps or Steps()
        with steps.step("contributions"):
            image, features = image_tensor(prediction.grid), self.feature_tensor(prediction.radiomics)
            return self._computed(lambda: explain(self.network, prediction, image, features))

    def shapley(self, prediction: Prediction, every: bool = False, steps: Steps | None = None,
                progress: Callable[[float], None] | None = None) -> Shapley:
        """Contributions a second way; see :mod:`radiomicnet.explain.shapley`.

        Parameters
        ----------
        prediction : Prediction
        every : bool
            Whether to ask about all 8,192 coalitions of features, which takes minutes, instead of sampled ones.
        steps : Steps, optional
            Told as it goes on; may raise ``Cancelled``.
        progress : callable, optional
            Told the share done, 0..1, in place of ``steps``; may raise ``Cancelled`` too.
        """
        steps = steps or Steps()
        with steps.step("Shapley values"):
            image, features = image_tensor(prediction.grid), self.feature_tensor(prediction.radiomics)
            return self._computed(
                lambda: shapley(self.network, prediction, image, features, every, progress or steps.repeat))

    def judge(self, probability: np.ndarray, threshold: float, labels: np.ndarray, novelty: Novelty | None) -> Trust:
        """How far to trust an outline in an image of that novelty; see :mod:`radiomicnet.trust`."""
        return judge(self.card.trust, novelty, probability, threshold, labels > 0)

    def novelty(self, grid: Grid, radiomics: Radiomics) -> Novelty | None:
        """How unlike the training images a whole image is; None where the card cannot tell."""
        fitted = self.card.trust.get("novelty")
        return judge_novelty(self.traits(grid, radiomics), fitted) if fitted else None

    def traits(self, grid: Grid, radiomics: Radiomics) -> np.ndarray:
        """(13 + 24,) float64 that novelty goes by: the standardised features of the whole scan, the appearance."""
        features = self.scale.standardise(radiomics)[: len(KEYS), 0, 0]
        return np.concatenate([features, self._computed(lambda: appearance(self.network, grid))])

    def redraw(self, prediction: Prediction, features: torch.Tensor, gamma: float | None = None) -> np.ndarray:
        """(H, W) bool: what would be drawn of the same image, by the same rules, with other features or gates.

        Parameters
        ----------
        prediction : Prediction
        features : torch.Tensor
            (1, F, a, b), standardised.
        gamma : float, optional
            Of every gate, instead of the learned ones.
        """
        with torch.inference_mode():
            image = image_tensor(prediction.grid)
            output = self._computed(lambda: infer(self.network, image, features, self.card.views, gamma))
        probability = self._probability(output, prediction.grid)
        searched = prediction.box.mask(probability.shape) if prediction.box else np.ones(probability.shape, bool)
        if prediction.clicks:
            return connected_regions(under_clicks(np.where(searched, probability, 0), prediction.clicks)) > 0
        chosen = prediction.threshold if prediction.by_hand else None
        drawn = connected_regions(reaching(probability, *self.card.thresholds(chosen, _presence(output)))) > 0
        return drawn if prediction.box is None else connected_regions(drawn & searched) > 0

    def infer(self, grid: Grid, radiomics: Radiomics) -> Output:
        """The network's answer on the grid, averaged over the card's views; not yet calibrated."""
        image, features = image_tensor(grid), self.feature_tensor(radiomics)
        return self._computed(lambda: infer(self.network, image, features, self.card.views))

    def noted(self, prediction: Prediction) -> Prediction:
        """The prediction with the sentence of a device that failed among its image's warnings."""
        warnings = prediction.image.warnings
        if not self.notice or self.notice in warnings:
            return prediction
        return replace(prediction, image=replace(prediction.image, warnings=(*warnings, self.notice)))

    def _computed(self, work: Callable[[], T]) -> T:
        """What the network gives; once more on the processor where the graphics card fails (memory, driver)."""
        try:
            return work()
        except RuntimeError as error:
            if self.device == CPU:
                raise
            self._leave(error)
            return work()

    def _move(self, device: str) -> None:
        try:
            self.network = cast(RadiomicNet, RemoteNetwork(self._processors, device))
            self.device = device
        except (RuntimeError, AssertionError) as error:  # a PyTorch without CUDA asserts
            self.device = device
            self._leave(error)

    def _leave(self, error: Exception) -> None:
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        self.notice = (f"The graphics card ({self.device}) failed, so this was computed on the processor: "
                       f"{reason[:LONGEST_REASON]}.")
        self.network, self.device = self._processors.to(CPU), CPU

    def _probability(self, output: Output, grid: Grid) -> np.ndarray:
        """(H, W) float32, calibrated, on the image's own pixels."""
        return _sigmoid(from_grid(output.logits[0, 0].numpy(), grid) / self.card.temperature)

    def feature_tensor(self, radiomics: Radiomics) -> torch.Tensor:
        """(1, F, a, b) float32, standardised by the training means and deviations."""
        return torch.from_numpy(self.scale.standardise(radiomics))[None]


def image_tensor(grid: Grid) -> torch.Tensor:
    """(1, 3, S, S) float32 in 0..1."""
    return to_tensor(grid.rgb)[None]


def _features_or_error(grid: Grid) -> Radiomics | FeatureError:
    try:
        return extract(grid.grey, grid.mask)
    except FeatureError as error:
        return error


def _one_of(output: Output, place: int) -> Output:
    """The answer to one image of a batch."""
    only = slice(place, place + 1)
    gates = tuple(GateState(state.spatial[only], state.channel[only], state.gamma) for state in output.gates)
    presence = None if output.presence is None else output.presence[only]
    return Output(output.logits[only], gates, presence, (), None)


def _presence(output: Output) -> float | None:
    return None if output.presence is None else float(torch.sigmoid(output.presence))


def _attention(stride: int, state: GateState, grid: Grid) -> GateAttention:
    spatial = from_grid(state.spatial[0, 0].numpy(), grid).clip(0, 1)
    return GateAttention(f"stride-{stride}", spatial, state.channel[0].numpy(), float(state.gamma))


def _sigmoid(logits: np.ndarray) -> np.ndarray:
    return torch.sigmoid(torch.from_numpy(logits)).numpy()


def _entropy(probability: np.ndarray) -> np.ndarray:
    """Binary entropy in bits, float32 in 0..1."""
    p = probability.clip(1e-7, 1 - 1e-7)
    return (-(p * np.log2(p) + (1 - p) * np.log2(1 - p))).astype(np.float32)
