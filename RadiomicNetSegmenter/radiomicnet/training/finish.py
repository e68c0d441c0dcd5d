"""From a finished training to a model folder: temperature and thresholds, figures, card, weights."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..errors import TrainingError
from ..models.card import ModelCard, validate
from ..models.store import CARD, Model
from ..network.radiomicnet import count_parameters
from ..report.collect import Evaluation
from ..segmenter import Segmenter
from .card_figures import figures, figures_of_folds
from .card_texts import read_texts
from .config import Config
from .data import Row
from .decide import Decision, decide
from .fit_trust import fit_trust
from .heldout import HeldOut, answer
from .loop import Trainer
from .model_folder import write_model
from .run_folder import CHECKPOINT, read_checkpoint, read_log
from .settings import NO_FOLD

if TYPE_CHECKING:
    import torch

WEIGHTS = "weights.safetensors"
# What the trainer calls the start of an encoder without --imagenet.
CHANCE = "chance"
UNDECIDED = Decision(temperature=1.0, threshold=0.5, peak_threshold=0.0, presence_threshold=0.0)
UNMEASURED = {"dice": {"mean": None, "std": None, "n": 0, "ci95": None}}


def finish(trainer: Trainer, rows: list[Row], texts: Path, folder: Path,
           held_out: Sequence[HeldOut] = (), folds: Sequence[Evaluation] = ()) -> dict[str, Any]:
    """Write a model folder from a training that has come to its end.

    Parameters
    ----------
    trainer : Trainer
    rows : list of Row
        Validation images at their own size, those without a lesion among them; the card's figures come from these.
    texts : pathlib.Path
        TOML with what people have to say of the model: title, licence, data, limits.
    folder : pathlib.Path
        Gets ``card.json`` and ``weights.safetensors``, both at the end or neither; an earlier model there stays until
        then.
    held_out : sequence of HeldOut
        Answers that temperature and thresholds are fitted on; by default the trainer's own to its validation images.
    folds : sequence of Evaluation
        Of the models of the recipe's folds, for a training that held nothing out: the card's figures are then theirs.

    Returns
    -------
    dict
        The card.

    Raises
    ------
    TrainingError
        Where the training is not at its end, held nothing out that shows a lesion, or the texts are not complete.
    ModelError
        Where what comes of it breaks the card's schema.
    OutputError
        Where the folder cannot be written.
    """
    from safetensors.torch import save

    _refuse(trainer, rows, held_out, folds)
    images = Counter(sample.row.dataset for sample in trainer.training)
    written = read_texts(texts, images)
    network = trainer.averaged.cpu().eval().requires_grad_(False)
    weights = _compact(network.state_dict())
    network.load_state_dict(weights)  # everything below is of what is shipped
    content = save(weights)
    card = {**written.of(images, trainer.start == CHANCE), **_measured(trainer),
            "weights_sha256": hashlib.sha256(content).hexdigest()}
    validate(ModelCard.from_dict({**card, "metrics": UNMEASURED}).to_dict())  # before what takes minutes

    def segmenter() -> Segmenter:
        return Segmenter(Model(ModelCard.from_dict({**card, "metrics": {}}), network))

    answers = held_out or answer(segmenter(), trainer.validation)
    decision = decide(answers)
    card |= decision.to_dict()
    card["trust"] = fit_trust(segmenter(), trainer.training, trainer.validation, answers, decision)
    names = written.names
    card["metrics"] = figures_of_folds(folds, names) if folds else figures(segmenter(), rows, names)
    card = ModelCard.from_dict(card).to_dict()
    validate(card)
    write_model(folder, {CARD: (json.dumps(card, indent=2, ensure_ascii=False) + "\n").encode(), WEIGHTS: content})
    return card


def refuse_unready(run: Path, config: Config) -> None:
    """Refuse a training's folder that no model can be made of; needs no image, so it can be asked first.

    Raises
    ------
    TrainingError
        Where its checkpoint is missing, damaged, of another configuration or not of the last epoch, or where its log,
        which the card's history comes from, is missing or damaged.
    """
    checkpoint = read_checkpoint(run, config)
    if checkpoint is None:
        raise TrainingError(f"{run.name or run} holds no training: there is no {CHECKPOINT} in it.",
                            "Give the folder that was --out of the training.")
    _refuse_unfinished(checkpoint["epoch"], config)
    read_log(run, config.epochs)


def _refuse_unfinished(epoch: int, config: Config) -> None:
    if epoch < config.epochs:
        raise TrainingError(f"The training stopped after epoch {epoch} of {config.epochs}.", "Run it to its end first.")


def refuse_unfounded(config: Config, held_out: Sequence[HeldOut], folds: Sequence[Evaluation]) -> None:
    """Refuse where thresholds and figures would come from nothing; needs no image either.

    Raises
    ------
    TrainingError
        Where the training held nothing out and answers or evaluations of others are missing, or show no lesion.
    """
    if config.validation_fold == NO_FOLD and not (held_out and folds):
        raise TrainingError("This training held nothing out that its temperature and figures could come from.",
                            "Give --held-out and --results of the recipe's folds.")
    if folds and not any(row["truth_pixels"] for fold in folds for row in fold.rows):
        raise TrainingError("No image of the evaluations given as --results shows a lesion.",
                            "Give those of folds with lesions.")


def _refuse(trainer: Trainer, rows: list[Row], held_out: Sequence[HeldOut], folds: Sequence[Evaluation]) -> None:
    """Refuse what no card can be made of, before anything is computed."""
    _refuse_unfinished(trainer.epoch, trainer.config)
    refuse_unfounded(trainer.config, held_out, folds)
    with_lesion = {sample.row for sample in trainer.validation if sample.truth.any()}
    if not folds and with_lesion.isdisjoint(rows):
        raise TrainingError("No image that the card's figures are to be of shows a lesion.",
                            "Validate on a fold with lesions of the validation_datasets.")


def _compact(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Kernels in half precision, which halves the download; biases and statistics, a hundredth of it, as they are."""
    return {name: (value.half() if value.ndim > 1 else value).contiguous() for name, value in weights.items()}


def _measured(trainer: Trainer) -> dict[str, Any]:
    """The fields of a card that a training knows."""
    config = trainer.config
    return {
        "name": config.name,
        "version": __version__,
        "architecture": trainer.network.architecture.to_dict(),
        "parameters": count_parameters(trainer.network),
        "input_size": config.input_size,
        **trainer.scale.to_dicts(),
        **UNDECIDED.to_dict(),
        "trust": {},
        "views": list(config.views),
        "training": {"images": len(trainer.training), "test_fold_untouched": config.test_fold,
                     "validation_fold": config.validation_fold, "epochs": config.epochs, "seed": config.seed,
                     "split": config.split, "start": trainer.start,
                     "configuration": f"experiments/{config.name}.toml", **trainer.history()},
        "weights_file": WEIGHTS,
    }
