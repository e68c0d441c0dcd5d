"""From a finished training to a model folder: temperature and thresholds, figures, card, weights."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..errors import TrainingError
from ..models.card import ModelCard, validate
from ..models.store import CARD, Model, sha256
from ..network.radiomicnet import count_parameters
from ..report.collect import Evaluation
from ..segmenter import Segmenter
from .card_figures import figures, figures_of_folds
from .config import base_of
from .data import Row, Sample
from .decide import Decision, decide
from .fit_trust import fit_trust
from .heldout import HeldOut, answer
from .loop import Trainer

if TYPE_CHECKING:
    import torch

WEIGHTS = "weights.safetensors"
UNDECIDED = Decision(temperature=1.0, threshold=0.5, peak_threshold=0.0, presence_threshold=0.0)


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
        Gets ``card.json`` and ``weights.safetensors``.
    held_out : sequence of HeldOut
        Answers that temperature and thresholds are fitted on; by default the trainer's own to its validation images.
    folds : sequence of Evaluation
        Of the models of the recipe's folds, for a training that held nothing out: the card's figures are then theirs.

    Returns
    -------
    dict
        The card.
    """
    from safetensors.torch import save

    if trainer.epoch < trainer.config.epochs:
        raise TrainingError(f"The training stopped after epoch {trainer.epoch} of {trainer.config.epochs}.",
                            "Run it to its end first.")
    if not (trainer.validation or (held_out and folds)):
        raise TrainingError("This training held nothing out that its temperature and figures could come from.",
                            "Give --held-out and --results of the recipe's folds.")
    folder.mkdir(parents=True, exist_ok=True)
    network = trainer.averaged.cpu().eval().requires_grad_(False)
    weights = _compact(network.state_dict())
    (folder / WEIGHTS).write_bytes(save(weights))
    network.load_state_dict(weights)  # everything below is of what is shipped
    names, written = _texts(texts, trainer.training)
    card = {**written, **_measured(trainer, folder)}

    def segmenter() -> Segmenter:
        return Segmenter(Model(ModelCard.from_dict({**card, "metrics": {}}), network))

    answers = held_out or answer(segmenter(), trainer.validation)
    decision = decide(answers)
    card |= decision.to_dict() | {
        "trust": fit_trust(segmenter(), trainer.training, trainer.validation, answers, decision)}
    card["metrics"] = figures_of_folds(folds, names) if folds else figures(segmenter(), rows, names)
    card = ModelCard.from_dict(card).to_dict()
    validate(card)
    (folder / CARD).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return card


def _compact(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Kernels in half precision, which halves the download; biases and statistics, a hundredth of it, as they are."""
    return {name: (value.half() if value.ndim > 1 else value).contiguous() for name, value in weights.items()}


def read_texts(experiment: Path) -> Path:
    """The ``.card.toml`` of an experiment, or else of the nearest base that has one.

    Raises
    ------
    TrainingError
        Where none has.
    """
    path: Path | None = experiment
    while path is not None:
        if path.with_suffix(".card.toml").is_file():
            return path.with_suffix(".card.toml")
        base = base_of(path)
        path = path.parent / base if base else None
    raise TrainingError(f"{experiment.stem} has no texts for a card.", f"Write {experiment.stem}.card.toml beside it.")


def _texts(path: Path, training: list[Sample]) -> tuple[dict[str, str], dict[str, Any]]:
    """What the manifest's data sets are called, and the card's texts, with the number of images of each trained on.

    A data set that the texts of a base name and this training does not use is left out.
    """
    texts = tomllib.loads(path.read_text(encoding="utf-8"))
    counts = Counter(sample.row.dataset for sample in training)
    names, data_sets = {}, []
    for data_set in texts["training_data"]:
        key = data_set.pop("dataset", None)
        if key is None or counts[key]:
            data_sets.append(data_set if key is None else data_set | {"images": counts[key]})
        if key is not None:
            names[key] = data_set["name"]
    return names, texts | {"training_data": data_sets}


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
        **UNDECIDED.to_dict(),
        "trust": {},
        "views": list(config.views),
        "training": {"images": len(trainer.training), "test_fold_untouched": config.test_fold,
                     "validation_fold": config.validation_fold, "epochs": config.epochs, "seed": config.seed,
                     "split": config.split, "start": trainer.start,
                     "configuration": f"experiments/{config.name}.toml", **trainer.history()},
        "weights_file": WEIGHTS,
        "weights_sha256": sha256(folder / WEIGHTS),
    }
