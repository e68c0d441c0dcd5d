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
them): a network that has seen an image knows its lesion, and nothing would be left to tell. The other image is drawn
from the same data set and the same fold: else it would give the data set away, or a learner that has seen the other's
patient would know more of a stranger than of the image itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import TrainingError
from ..features.local import TILE

if TYPE_CHECKING:
    from ..training.heldout import HeldOut

FOLDS = 5
DRAWS = 3  # of other images, over which ``other`` is averaged
SURE = 1e-5  # no probability is nearer to 0 or 1, so that one tile cannot outweigh all others
SOURCES = ("nothing", "radiomics", "network", "both", "other")


@dataclass(frozen=True)
class Tiles:
    """One image's tiles.

    Attributes
    ----------
    dataset, group : str
        Of the image.
    inside : numpy.ndarray
        (a, b) bool: tiles of which more than half lies inside the scan; these are judged.
    answer : numpy.ndarray
        (a, b, 8): mean, highest and lowest logit of the tile, mean of its four neighbours' means, row and column
        (0..1), probability that there is a lesion (NaN where the model has none), highest logit of the image.
    radiomics : numpy.ndarray
        (a, b, 26): the scan's features and the tile's, NaN where it has none.
    lesion : numpy.ndarray
        (a, b) bool: more than half of the tile is lesion.
    """

    dataset: str
    group: str
    inside: np.ndarray
    answer: np.ndarray
    radiomics: np.ndarray
    lesion: np.ndarray


def tiles_of(answers: Iterable[HeldOut]) -> list[Tiles]:
    """The tiles of held-out images."""
    made = []
    for item in answers:
        logits = item.logits.astype(np.float32)
        inside, lesion = (_tiles(mask).mean(axis=(1, 3)) > 0.5 for mask in (item.inside, item.truth))
        made.append(Tiles(item.dataset, item.group, inside, _answer(logits, item.presence),
                          np.moveaxis(item.features.astype(np.float32), 0, -1), lesion))
    return made


def refuse_few_groups(groups: Iterable[str]) -> None:
    """Raise a TrainingError for images of fewer than two groups a fold: one to be judged, one to be its stranger."""
    number = len(set(groups))
    if number < 2 * FOLDS:
        raise TrainingError(f"To tell what the radiomics know takes images of at least {2 * FOLDS} groups; here are "
                            f"{number}.", "Leave --beyond out, or give a larger fold.")


def beyond(images: Sequence[Tiles]) -> list[dict[str, float] | None]:
    """Each image's mean log loss (natural logarithm, per tile inside the scan) by source; None without such a tile.

    Raises
    ------
    TrainingError
        With fewer than ten groups of images, or where no tile or every tile is lesion.
    """
    from sklearn.model_selection import GroupKFold

    groups = np.array([image.group for image in images])
    refuse_few_groups(groups)
    truth = np.concatenate([image.lesion[image.inside] for image in images])
    if truth.all() or not truth.any():
        raise TrainingError("To tell what the radiomics know takes tiles with and without a lesion.")
    fold = np.empty(len(images), int)
    for number, (_, asked) in enumerate(GroupKFold(FOLDS).split(groups, groups=groups)):
        fold[asked] = number
    place = np.repeat(np.arange(len(images)), [image.inside.sum() for image in images])

    def losses(seen: np.ndarray) -> np.ndarray:
        return _log_loss(_guessed(seen, truth, fold[place]), truth)

    answer = np.concatenate([image.answer[image.inside] for image in images])
    own = np.concatenate([image.radiomics[image.inside] for image in images])
    told = {"nothing": losses(answer[:, :0]), "radiomics": losses(own), "network": losses(answer),
            "both": losses(np.hstack([answer, own])),
            "other": np.mean([losses(np.hstack([answer, _of_strangers(images, fold, draw)]))
                              for draw in range(DRAWS)], axis=0)}
    return [{source: round(float(told[source][place == index].mean()), 6) for source in SOURCES}
            if image.inside.any() else None for index, image in enumerate(images)]


def _of_strangers(images: Sequence[Tiles], fold: np.ndarray, seed: int) -> np.ndarray:
    """Radiomics of the tiles of another image in the place of each image's own."""
    rng = np.random.default_rng(seed)
    datasets, groups = (np.array([getattr(image, name) for image in images]) for name in ("dataset", "group"))
    parts = []
    for index, image in enumerate(images):
        others = (fold == fold[index]) & (groups != groups[index])
        alike = others & (datasets == datasets[index])
        stranger = images[rng.choice(np.flatnonzero(alike if alike.any() else others))]
        parts.append(stranger.radiomics[image.inside])
    return np.concatenate(parts)


def _guessed(seen: np.ndarray, truth: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """(n,) probability of lesion of every tile, by learners that saw no tile of its fold."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    guessed = np.empty(len(truth))
    for number in range(FOLDS):
        asked, known = fold == number, fold != number
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
