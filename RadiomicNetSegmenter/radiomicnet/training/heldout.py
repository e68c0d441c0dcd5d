"""What a model answers on images it was not trained on: the ground of its temperature and its thresholds.

For a model trained on a part of the data these are its validation images; for one trained on all of it, the test
images of the models of its recipe's folds (out-of-fold predictions).
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..errors import OutputError, TrainingError
from ..features.extract import Radiomics, extract
from ..results.writing import replacing
from ..segmenter import Segmenter
from .data import Sample


@dataclass(frozen=True)
class HeldOut:
    """One image's answer, on the grid.

    Attributes
    ----------
    name, dataset, group : str
        As in the manifest.
    logits : numpy.ndarray
        (S, S) float16, averaged over the views, before any temperature.
    presence : float
        Probability that the image shows a lesion at all, 0..1; NaN where the model does not tell.
    truth, inside : numpy.ndarray
        (S, S) bool: the lesion, and the scan.
    features : numpy.ndarray
        (26, a, b) float16: the 13 of the whole scan, the same everywhere, then the 13 of each tile, NaN where a tile
        has no value; whatever part of them the model takes.
    """

    name: str
    dataset: str
    group: str
    logits: np.ndarray
    presence: float
    truth: np.ndarray
    inside: np.ndarray
    features: np.ndarray


def answer(segmenter: Segmenter, samples: Iterable[Sample]) -> list[HeldOut]:
    """A model's answers, through the path of the product."""
    answers = []
    for sample in samples:
        radiomics = extract(sample.grid.grey, sample.grid.mask)
        with torch.inference_mode():
            output = segmenter.infer(sample.grid, radiomics)
        presence = float("nan") if output.presence is None else float(torch.sigmoid(output.presence))
        answers.append(HeldOut(
            sample.row.id, sample.row.dataset, sample.row.group, output.logits[0, 0].numpy().astype(np.float16),
            presence, sample.truth, sample.grid.mask, _features(radiomics)))
    return answers


def _features(radiomics: Radiomics) -> np.ndarray:
    whole = np.array(list(radiomics.whole.values()))[:, None, None]
    return np.concatenate([np.broadcast_to(whole, radiomics.local.shape), radiomics.local]).astype(np.float16)


def save(path: Path, answers: list[HeldOut]) -> None:
    """Write answers to an ``.npz`` file, whole or not at all.

    Raises
    ------
    OutputError
        Where it cannot be written; what was begun has been taken away again.
    """
    columns: dict[str, Any] = {name: np.stack([getattr(item, name) for item in answers])
                               for name in HeldOut.__dataclass_fields__}
    try:
        with replacing(path) as draft, draft.open("wb") as file:
            np.savez_compressed(file, **columns)
    except OSError as error:
        raise OutputError(f"{path.name or path} cannot be written ({error.strerror}).",
                          "Choose another place.") from error


def load(path: Path) -> list[HeldOut]:
    """Read what :func:`save` wrote.

    Raises
    ------
    TrainingError
        Where the file is missing, damaged or something else.
    """
    try:
        with np.load(path) as file:
            columns = [file[name] for name in HeldOut.__dataclass_fields__]
        return [HeldOut(str(name), str(dataset), str(group), logits, float(presence), truth, inside, features)
                for name, dataset, group, logits, presence, truth, inside, features in zip(*columns, strict=True)]
    except (OSError, EOFError, ValueError, TypeError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise TrainingError(f"{path.name or path} holds no answers to held-out images.",
                            "Give a file that evaluate --keep wrote.") from error
