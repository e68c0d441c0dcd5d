"""What the radiomics of a tile tells of the lesion beyond what the network says already.

Learners of one kind (gradient boosting) guess of every tile whether most of it is lesion, each from something else:

``nothing``
    the share of lesion tiles;
``radiomics``
    the 13 features of the tile and those of the whole scan;
``network``
    the network's answer in the tile and around it, the presence of a lesion and the tile's place;
``both``
    the two together;
``other``
    the network's answer with the radiomics of another image. As many inputs as ``both``, so what a learner loses by
    looking at more is in each of the two, and what is left of the difference is what the image's own radiomics know.

They learn from images that the network was not trained on, and are judged on images of other groups (five folds of
them): a network that has seen an image knows its lesion, and nothing would be left to tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from ..errors import TrainingError
from ..features.extract import extract
from ..features.local import TILE
from ..segmenter import Segmenter

if TYPE_CHECKING:
    from ..training.data import Sample

FOLDS = 5
SURE = 1e-5  # no probability is nearer to 0 or 1, so that one tile cannot outweigh all others
SOURCES = ("nothing", "radiomics", "network", "both", "other")


@dataclass(frozen=True)
class Tiles:
    """One image's tiles.

    Attributes
    ----------
    group : str
        Of the image.
    inside : numpy.ndarray
        (a, b) bool: tiles of which more than half lies inside the scan; these are judged.
    answer : numpy.ndarray
        (a, b, 8): mean, highest and lowest logit of the tile, mean of its four neighbours' means, row and column
        (0..1), logit of presence (NaN where the model has none), highest logit of the image.
    radiomics : numpy.ndarray
        (a, b, 26): the tile's features, NaN where it has none, and the scan's.
    lesion : numpy.ndarray
        (a, b) bool: more than half of the tile is lesion.
    """

    group: str
    inside: np.ndarray
    answer: np.ndarray
    radiomics: np.ndarray
    lesion: np.ndarray


def tiles_of(segmenter: Segmenter, samples: Iterable[Sample]) -> list[Tiles]:
    """The tiles of held-out images, answered through the path of the product."""
    made = []
    for sample in samples:
        radiomics = extract(sample.grid.grey, sample.grid.mask)
        with torch.inference_mode():
            output = segmenter.infer(sample.grid, radiomics)
        presence = float("nan") if output.presence is None else float(output.presence)
        local = np.moveaxis(radiomics.local, 0, -1)
        whole = np.broadcast_to(list(radiomics.whole.values()), local.shape)
        made.append(Tiles(sample.row.group, _tiles(sample.grid.mask).mean(axis=(1, 3)) > 0.5,
                          _answer(output.logits[0, 0].numpy(), presence), np.concatenate([local, whole], axis=-1),
                          _tiles(sample.truth).mean(axis=(1, 3)) > 0.5))
    return made


def beyond(images: Sequence[Tiles]) -> list[dict[str, float] | None]:
    """Each image's mean log loss (natural logarithm, per tile inside the scan) by source; None without such a tile.

    Raises
    ------
    TrainingError
        With fewer than five groups of images, or where no tile or every tile is lesion.
    """
    if len({image.group for image in images}) < FOLDS:
        raise TrainingError(f"To tell what the radiomics know takes images of at least {FOLDS} groups.")
    # Half a set away, because files of one lesion often stand side by side.
    others = [images[(place + len(images) // 2) % len(images)] for place in range(len(images))]
    truth = np.concatenate([image.lesion[image.inside] for image in images])
    if truth.all() or not truth.any():
        raise TrainingError("To tell what the radiomics know takes tiles with and without a lesion.")
    answer, own, other = (np.concatenate(parts) for parts in zip(*(
        (image.answer[image.inside], image.radiomics[image.inside], stranger.radiomics[image.inside])
        for image, stranger in zip(images, others))))
    place = np.repeat(np.arange(len(images)), [image.inside.sum() for image in images])
    groups = np.array([image.group for image in images])[place]
    seen = {"nothing": answer[:, :0], "radiomics": own, "network": answer, "both": np.hstack([answer, own]),
            "other": np.hstack([answer, other])}
    losses = {source: _log_loss(_guessed(seen[source], truth, groups), truth) for source in SOURCES}
    return [{source: round(float(loss[place == index].mean()), 6) for source, loss in losses.items()}
            if image.inside.any() else None for index, image in enumerate(images)]


def _guessed(seen: np.ndarray, truth: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """(n,) probability of lesion of every tile, by learners that saw no tile of its group."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import GroupKFold
    from threadpoolctl import threadpool_limits

    guessed = np.empty(len(truth))
    for known, asked in GroupKFold(FOLDS).split(truth, groups=groups):
        if not seen.shape[1]:
            guessed[asked] = truth[known].mean()
            continue
        learner = HistGradientBoostingClassifier(max_iter=150, learning_rate=0.06, max_leaf_nodes=15,
                                                 min_samples_leaf=60, l2_regularization=5.0, random_state=0)
        with threadpool_limits(1, "openmp"):  # trees this small only wait for each other on busy cores
            guessed[asked] = learner.fit(seen[known], truth[known]).predict_proba(seen[asked])[:, 1]
    return guessed


def _log_loss(probability: np.ndarray, truth: np.ndarray) -> np.ndarray:
    p = probability.clip(SURE, 1 - SURE)
    return -np.log(np.where(truth, p, 1 - p))


def _answer(logits: np.ndarray, presence: float) -> np.ndarray:
    tiles = _tiles(logits)
    mean = tiles.mean(axis=(1, 3))
    rows, columns = mean.shape
    framed = np.pad(mean, 1, mode="edge")
    around = (framed[:-2, 1:-1] + framed[2:, 1:-1] + framed[1:-1, :-2] + framed[1:-1, 2:]) / 4
    row, column = np.mgrid[:rows, :columns]
    return np.stack([mean, tiles.max(axis=(1, 3)), tiles.min(axis=(1, 3)), around, row / rows, column / columns,
                     np.full(mean.shape, presence), np.full(mean.shape, logits.max())], axis=-1)


def _tiles(values: np.ndarray) -> np.ndarray[Any, Any]:
    """(H, W) as (a, 16, b, 16), continued at the edge where H or W is no multiple of 16."""
    framed = np.pad(values, [(0, -n % TILE) for n in values.shape], mode="edge")
    return framed.reshape(framed.shape[0] // TILE, TILE, framed.shape[1] // TILE, TILE)
