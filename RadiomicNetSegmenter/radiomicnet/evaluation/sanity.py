"""Does the explanation depend on what was learned? (Adebayo 2018, arXiv 1810.03292)

The same image is explained by a network of the same plan whose weights were drawn by chance. Were its attention and its
contributions like those of the trained one, they would come from the picture or the plan and explain nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from ..features.catalogue import KEYS
from ..models.store import Model
from ..network.radiomicnet import RadiomicNet, channels_last
from ..results.result import Contributions, Prediction
from ..segmenter import Segmenter


@dataclass(frozen=True)
class Sanity:
    """Spearman's rank correlation, -1..1, between trained and random weights; low is right.

    ``attention`` is that of the finest gate's maps inside the scan, ``contributions`` that of the 13 signed values.
    """

    attention: float
    contributions: float


def randomised(segmenter: Segmenter, seed: int = 0) -> Segmenter:
    """The same model with weights drawn by chance."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = RadiomicNet(segmenter.network.architecture)
    return Segmenter(Model(segmenter.card, channels_last(network.eval().requires_grad_(False))))


def sanity(segmenter: Segmenter, other: Segmenter, prediction: Prediction, made: Contributions) -> Sanity:
    """Compare the explanation ``made`` of a prediction with that of another network, over the same region."""
    from scipy.stats import spearmanr

    inside = prediction.grid.mask
    maps = [each.infer(prediction.grid, prediction.radiomics).gates[-1].spatial[0, 0].detach().numpy()
            for each in (segmenter, other)]
    # A map is coarser than the grid: a cell belongs to the scan where its middle does.
    step = inside.shape[0] // maps[0].shape[0]
    cells = inside[step // 2 :: step, step // 2 :: step][: maps[0].shape[0], : maps[0].shape[1]]
    told = [{item.key: item.contribution for item in each.items} for each in (made, other.explain(prediction))]
    return Sanity(_or_zero(spearmanr(maps[0][cells], maps[1][cells]).statistic),
                  _or_zero(spearmanr(*([one[key] for key in KEYS] for one in told)).statistic))


def _or_zero(correlation: float) -> float:
    """Without variation there is nothing alike."""
    return float(np.nan_to_num(correlation))
