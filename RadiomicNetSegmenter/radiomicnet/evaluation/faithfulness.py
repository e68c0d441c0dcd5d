"""Does the explanation tell what the network goes by? Curves of taking away and putting back (Petsiuk 2018).

Features: each in turn gets the training mean, the largest contribution first (deletion), or each in turn gets this
image's value, all others being average (insertion); measured is the explained quantity. Regions of the picture:
twentieths of it, by a map from bright to dark, are replaced by a blurred picture, or put back into one; measured is the
mean probability over what was drawn. An order that tells what matters lets deletion fall early and insertion rise
early. A curve's score is the mean of it: for regions a probability; for features the change from the average image, as
a share of the sum of the absolute contributions and positive in the direction in which all of them together went. The
change itself would not do to divide by, because contributions of both signs may leave next to nothing of it. Each score
stands beside that of random orders on the same image.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import avg_pool2d

from ..explain.gradcam import grad_cam
from ..explain.quantity import Quantity
from ..explain.shapley import COUNT
from ..network.views import PLAIN, infer
from ..results.result import Prediction
from ..segmenter import Segmenter, image_tensor

STEPS = 20
RANDOM_ORDERS = 5
BLUR = 31


@dataclass(frozen=True)
class Faithfulness:
    """One image's scores by what gave the order; for deletion less is better, for insertion more.

    ``features`` has "contributions" and "random", ``regions`` "attention", "grad-cam" and "random"; each holds
    (deletion, insertion). ``top_feature_dice`` is the Dice between what was drawn and what would be if the feature that
    contributed most had its training mean.
    """

    features: dict[str, tuple[float, float]]
    regions: dict[str, tuple[float, float]]
    top_feature_dice: float


def faithfulness(segmenter: Segmenter, prediction: Prediction, seed: int = 0) -> Faithfulness | None:
    """Measure one image; None where nothing was drawn or where the features changed nothing."""
    made = segmenter.explain(prediction)
    if not prediction.lesions or made.change == 0:
        return None
    rng = np.random.default_rng(seed)
    features = segmenter.feature_tensor(prediction.radiomics)
    quantity = Quantity(segmenter.network, prediction, image_tensor(prediction.grid), features)
    by_key = {item.key: item.contribution for item in made.items}
    # Towards the change: a feature that pushes against it is taken away last.
    values = np.array([by_key[key] for key in prediction.features]) * np.sign(made.change)
    reach = float(np.sign(made.change) * np.abs(values).sum())
    return Faithfulness(_features(quantity, features, np.argsort(-values), reach, rng),
                        _regions(segmenter, prediction, features, quantity.region, rng),
                        _without(segmenter, prediction, features, int(np.argmax(np.abs(values)))))


def _features(quantity: Quantity, features: torch.Tensor, order: np.ndarray, reach: float,
              rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    orders = [order, *(rng.permutation(COUNT) for _ in range(RANDOM_ORDERS))]
    scores = []
    for each in orders:
        deletion, insertion = (_feature_curve(quantity, features, each, reach, keep) for keep in (False, True))
        scores.append((deletion, insertion))
    return {"contributions": scores[0], "random": _mean(scores[1:])}


def _feature_curve(quantity: Quantity, features: torch.Tensor, order: np.ndarray, reach: float, keep: bool) -> float:
    """Mean of the curve, which is 0 at the average image; in units of ``reach``."""
    members = np.full((COUNT + 1, COUNT), not keep)
    for step, feature in enumerate(order):
        members[step + 1 :, feature] = keep
    blocks = features.shape[1] // COUNT
    kept = torch.from_numpy(np.tile(members, (1, blocks))).float()[:, :, None, None]
    with torch.inference_mode():
        curve = quantity(features * kept).double().numpy()
    return float((curve - curve[0 if keep else -1]).mean() / reach)


def _regions(segmenter: Segmenter, prediction: Prediction, features: torch.Tensor, region: torch.Tensor,
             rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    image = image_tensor(prediction.grid)
    output = infer(segmenter.network, image, features, (PLAIN,))
    finest = output.gates[-1].spatial if output.gates else torch.zeros(1, 1, *image.shape[-2:])
    maps = {"attention": _stretch(finest, image), "grad-cam": grad_cam(segmenter.network, image, features, region)}
    scores = {name: _region_scores(segmenter, image, features, region, values.numpy(), prediction.grid.mask)
              for name, values in maps.items()}
    noise = [_region_scores(segmenter, image, features, region, rng.random(region.shape), prediction.grid.mask)
             for _ in range(2)]
    return {**scores, "random": _mean(noise)}


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

    deleted = [mean_probability(step, blurred, image) for step in range(STEPS + 1)]
    inserted = [mean_probability(step, image, blurred) for step in range(STEPS + 1)]
    return float(np.mean(deleted)), float(np.mean(inserted))


def _without(segmenter: Segmenter, prediction: Prediction, features: torch.Tensor, feature: int) -> float:
    average = features.clone()
    average[:, feature::COUNT] = 0
    drawn, other = prediction.labels > 0, segmenter.redraw(prediction, average)
    total = int(drawn.sum()) + int(other.sum())
    return 2 * int((drawn & other).sum()) / total if total else 1.0


def _mean(scores: Sequence[tuple[float, float]]) -> tuple[float, float]:
    deletion, insertion = np.mean(scores, axis=0)
    return float(deletion), float(insertion)
