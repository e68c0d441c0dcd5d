"""From a finished training to a model folder: temperature, figures, card, weights."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .. import __version__
from ..errors import TrainingError
from ..evaluation.evaluate import Pair, evaluate
from ..models.card import ModelCard, validate
from ..models.store import CARD, Model, sha256
from ..network.radiomicnet import count_parameters
from ..segmenter import Segmenter
from .data import Row, Sample
from .loop import Trainer

WEIGHTS = "weights.safetensors"
TITLES = {
    "dice": "Dice", "iou": "IoU", "hd95": "95 % Hausdorff distance in pixels; nothing drawn counts as the diagonal",
    "ece_band": "Calibration error around the lesion, pooled; deviation of single images", "brier": "Brier score",
    "missed_share": "Share of lesions missed (Dice below 0.1)",
    "empty_share": "Share of images without a lesion on which nothing was drawn",
}


def finish(trainer: Trainer, rows: list[Row], texts: Path, folder: Path) -> dict[str, Any]:
    """Write a model folder from a training that has come to its end.

    Parameters
    ----------
    trainer : Trainer
    rows : list of Row
        Validation images at their own size, those without a lesion among them; the card's figures come from these.
    texts : pathlib.Path
        TOML with what people have to say of the model: title, licence, data, limits.
    folder : pathlib.Path
        Gets ``card.json`` and ``weights.safetensors``.

    Returns
    -------
    dict
        The card.
    """
    from safetensors.torch import save

    if trainer.epoch < trainer.config.epochs:
        raise TrainingError(f"The training stopped after epoch {trainer.epoch} of {trainer.config.epochs}.",
                            "Run it to its end first.")
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: value.contiguous() for name, value in trainer.averaged.state_dict().items()}
    (folder / WEIGHTS).write_bytes(save(weights))
    card = {**_texts(texts, trainer.training), **_measured(trainer, folder)}
    model = Model(ModelCard.from_dict({**card, "metrics": {}}), trainer.averaged.eval().requires_grad_(False))
    card["metrics"] = figures(Segmenter(model), rows)
    card = ModelCard.from_dict(card).to_dict()
    validate(card)
    (folder / CARD).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return card


def fit_temperature(logits: list[np.ndarray], samples: list[Sample]) -> float:
    """The T that minimises the negative log-likelihood of sigmoid(logit / T) (Guo 2017, arXiv 1706.04599).

    Inside the scans only. Every image gives the same number of pixels, so that large scans do not count more.
    """
    from scipy.optimize import minimize_scalar

    rng = np.random.default_rng(0)
    values, truths = [], []
    for logit, sample in zip(logits, samples):
        inside = np.flatnonzero(sample.grid.mask)
        chosen = rng.choice(inside, min(4000, len(inside)), replace=False)
        values.append(logit.ravel()[chosen])
        truths.append(sample.truth.ravel()[chosen])
    value = torch.from_numpy(np.concatenate(values)).double()
    truth = torch.from_numpy(np.concatenate(truths)).double()

    def loss(log_temperature: float) -> float:
        return float(torch.nn.functional.binary_cross_entropy_with_logits(value / np.exp(log_temperature), truth))

    return float(np.exp(minimize_scalar(loss, bounds=(-1.5, 1.5), method="bounded").x))


def figures(segmenter: Segmenter, rows: list[Row]) -> dict[str, Any]:
    """The card's figures: those of :func:`radiomicnet.evaluation.evaluate.evaluate` on validation images."""
    measured = evaluate(segmenter, [Pair(row.id, row.image, row.mask, row.group) for row in rows])
    where = f"validation fold {rows[0].fold} of {', '.join(sorted({row.dataset for row in rows}))}"
    return {name: _rounded({key: measured[name][key] for key in ("mean", "std", "n", "ci95")})
            | {"title": title, "data": where} for name, title in TITLES.items() if measured[name]["n"]}


def _texts(path: Path, training: list[Sample]) -> dict[str, Any]:
    """The card's texts, each data set of the manifest with the number of its images that were trained on."""
    texts = tomllib.loads(path.read_text(encoding="utf-8"))
    for data_set in texts["training_data"]:
        if "dataset" in data_set:
            name = data_set.pop("dataset")
            data_set["images"] = sum(sample.row.dataset == name for sample in training)
    return texts


def _measured(trainer: Trainer, folder: Path) -> dict[str, Any]:
    """The fields of a card that a training knows."""
    config = trainer.config
    return {
        "name": config.name,
        "version": __version__,
        "architecture": trainer.network.architecture.to_dict(),
        "parameters": count_parameters(trainer.network),
        "input_size": config.input_size,
        **trainer.scale.to_dicts(),
        "threshold": 0.5,
        "temperature": round(fit_temperature(trainer.logits(trainer.validation), trainer.validation), 4),
        "training": {"images": len(trainer.training), "test_fold_untouched": config.test_fold,
                     "validation_fold": config.validation_fold, "epochs": config.epochs, "seed": config.seed,
                     "start": "ImageNet (MobileNetV2, TF-slim)", "configuration": f"experiments/{config.name}.toml"},
        "weights_file": WEIGHTS,
        "weights_sha256": sha256(folder / WEIGHTS),
    }


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {key: [round(x, 4) for x in value] if isinstance(value, list)
            else round(value, 4) if isinstance(value, float) else value for key, value in values.items()}
