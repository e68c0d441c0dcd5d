"""Does the explanation tell what the network goes by? Curves of taking away and putting back (Petsiuk 2018).

Features: each in turn gets the training mean, the largest contribution first (deletion), or each in turn gets this
image's value, all others being average (insertion); measured is the explained quantity. Regions of the picture:
tenths of it, by a map from bright to dark, are replaced by a blurred picture, or put back into one; measured is the
mean probability over what was drawn. An order that tells what matters lets deletion fall early and insertion rise
early. A curve's score is the mean of it: for regions a probability; for features the change from the average image, as
a share of the sum of the absolute contributions and positive in the direction in which all of them together went. The
change itself would not do to divide by, because contributions of both signs may leave next to nothing of it.

Beside each score stand those of other orders on the same image. A random one is taken backwards too, which cancels much
of chance (Mitchell 2022, arXiv 2104.12199); what a random order deletes last is what its reverse inserts first, so its
two scores are one. A random map is of blobs, as coarse as the maps that it is compared with: single pixels at random
would leave every part of the picture half there. The probability, as a map, is what an explanation of the outline has
to beat to say more than the outline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import avg_pool2d

from ..explain.gradcam import grad_cam
from ..explain.quantity import Quantity
from ..explain.shapley import COUNT, worth_of
from ..network.views import PLAIN, infer
from ..results.result import Contributions, Prediction
from ..segmenter import Segmenter, image_tensor

STEPS = 10
RANDOM_ORDERS = 2
# Cells of a random map: those of Grad-CAM and of the deepest gate.
BLOB = 16
BLUR = 31

Scores = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Faithfulness:
    """One image's scores by what gave the order; for deletion less is better, for insertion more.

    ``features`` has "contributions" and "random", ``regions`` "coarsest" and "finest" (the attention of these gates,
    where there are any), "grad-cam", "probability" and "random"; each holds (deletion, insertion).
    ``top_feature_dice`` is the Dice between what was drawn and what would be if the feature that contributed most had
    its training mean; ``other_feature_dice`` the same of another one at random.
    """

    features: Scores
    regions: Scores
    top_feature_dice: float
    other_feature_dice: float


def faithfulness(segmenter: Segmenter, prediction: Prediction, made: Contributions,
                 seed: int = 0) -> Faithfulness | None:
    """Measure the explanation ``made`` of one image; None where nothing was drawn or the features changed nothing."""
    if not prediction.lesions or made.change == 0:
        return None
    rng = np.random.default_rng(seed)
    features = segmenter.feature_tensor(prediction.radiomics)
    quantity = Quantity(segmenter.network, prediction, image_tensor(prediction.grid), features)
    by_key = {item.key: item.contribution for item in made.items}
    # Towards the change: a feature that pushes against it is taken away last.
    values = np.array([by_key[key] for key in prediction.features]) * np.sign(made.change)
    reach = float(np.sign(made.change) * np.abs(values).sum())
    top, *others = np.argsort(-np.abs(values))
    return Faithfulness(_features(quantity, features, np.argsort(-values), reach, rng),
                        _regions(segmenter, prediction, features, quantity.region, rng),
                        _without(segmenter, prediction, features, int(top)),
                        _without(segmenter, prediction, features, int(rng.choice(others))))


def _features(quantity: Quantity, features: torch.Tensor, order: np.ndarray, reach: float,
              rng: np.random.Generator) -> Scores:
    random = [_feature_scores(quantity, features, rng.permutation(COUNT), reach) for _ in range(RANDOM_ORDERS)]
    return {"contributions": _feature_scores(quantity, features, order, reach), "random": _both_ways(random)}


def _feature_scores(quantity: Quantity, features: torch.Tensor, order: np.ndarray, reach: float) -> tuple[float, float]:
    """(deletion, insertion): means of the curves, which are 0 at the average image, in units of ``reach``."""
    inserted = np.zeros((COUNT + 1, COUNT), bool)
    for step, feature in enumerate(order):
        inserted[step + 1 :, feature] = True
    curves = worth_of(quantity, features, np.concatenate([~inserted, inserted])).reshape(2, COUNT + 1)
    deletion, insertion = (curves - curves[1, 0]).mean(axis=1) / reach
    return float(deletion), float(insertion)


def _regions(segmenter: Segmenter, prediction: Prediction, features: torch.Tensor, region: torch.Tensor,
             rng: np.random.Generator) -> Scores:
    image, inside = image_tensor(prediction.grid), prediction.grid.mask
    output = infer(segmenter.network, image, features, (PLAIN,))
    attention = {name: _stretch(gate.spatial, image)
                 for name, gate in zip(("coarsest", "finest"), (*output.gates[:1], *output.gates[-1:]))}
    cells = torch.from_numpy(rng.random((1, 1, *(size // BLOB for size in image.shape[-2:]))))
    maps = {**attention, "grad-cam": grad_cam(segmenter.network, image, features, region),
            "probability": output.logits[0, 0].detach(), "random": _stretch(cells, image)}
    scores = {name: _region_scores(segmenter, image, features, region, values.numpy(), inside)
              for name, values in maps.items()}
    return {**scores, "random": _both_ways([scores["random"]])}


def _stretch(values: torch.Tensor, image: torch.Tensor) -> torch.Tensor:
    scaled = torch.nn.functional.interpolate(values.detach(), size=image.shape[-2:], mode="bilinear",
                                             align_corners=False)
    return scaled[0, 0]


def _region_scores(segmenter: Segmenter, image: torch.Tensor, features: torch.Tensor, region: torch.Tensor,
                   values: np.ndarray, inside: np.ndarray) -> tuple[float, float]:
    """(deletion, insertion) by one map; pixels outside the scan stay as they are."""
    blurred = avg_pool2d(image, BLUR, 1, BLUR // 2, count_include_pad=False)
    ranks = np.full(values.shape, -1)
    order = np.argsort(-values[inside], kind="stable")
    place = np.empty(len(order), int)
    place[order] = np.arange(len(order))
    ranks[inside] = place * STEPS // max(1, len(order))
    steps = torch.from_numpy(ranks)

    def mean_probability(step: int, first: torch.Tensor, then: torch.Tensor) -> float:
        """With the first ``step`` parts of one picture and the rest of the other."""
        mixed = torch.where((steps < step) & (steps >= 0), first, then)
        with torch.inference_mode():
            logits = infer(segmenter.network, mixed, features, (PLAIN,)).logits[0, 0]
        return float(torch.sigmoid(logits[region] / segmenter.card.temperature).mean())

    whole, none = mean_probability(0, blurred, image), mean_probability(0, image, blurred)
    between = range(1, STEPS)
    deleted = [whole, *(mean_probability(step, blurred, image) for step in between), none]
    inserted = [none, *(mean_probability(step, image, blurred) for step in between), whole]
    return float(np.mean(deleted)), float(np.mean(inserted))


def _without(segmenter: Segmenter, prediction: Prediction, features: torch.Tensor, feature: int) -> float:
    average = features.clone()
    average[:, feature::COUNT] = 0
    drawn, other = prediction.labels > 0, segmenter.redraw(prediction, average)
    total = int(drawn.sum()) + int(other.sum())
    return 2 * int((drawn & other).sum()) / total if total else 1.0


def _both_ways(scores: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The one score that random orders and their reverses have for deletion and for insertion."""
    mean = float(np.mean(scores))
    return mean, mean
