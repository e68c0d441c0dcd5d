"""A training as one readable TOML file: what is trained, on what, how."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from ..errors import TrainingError
from ..network.architecture import IMAGE, NONE

FOLDS = 5
GROUPED, RANDOM = "grouped", "random"
# In place of a fold: nothing is held out.
NO_FOLD = -1
LOSS_WEIGHTS = {"bce": 1.0, "dice": 1.0, "boundary": 0.2, "consistency": 0.1, "deep": 0.4, "presence": 0.2}


@dataclass(frozen=True)
class Config:
    """See ``experiments/*.toml`` for examples with comments.

    ``test_fold`` is never loaded by a training; ``validation_fold`` measures progress and chooses nothing but the
    temperature and the thresholds; the other folds train. ``validation_datasets`` are those on whose lesions the
    card's figures are. ``split`` "random" lets near-duplicates and images of one patient fall into different folds, as
    much of the literature does; ``shuffle_features`` gives every image the features of another: both are for
    comparison. ``feature_selection`` is the lambda of :mod:`radiomicnet.training.selection`; 0 lets all 13 features be.

    The first ``frozen_blocks`` blocks of the encoder keep what they bring (edges and blobs; 4 of them work at strides
    2 and 4, where a training spends half its time). Rates are those at the top of the schedule; the gates' scalars
    would hardly move at the rate of a weight and have their own.

    ``views`` are the mirror images over which the finished model averages its answer.

    Augmentation: angles in degrees; ``zoom`` is the range of the magnification, and a share ``crops`` of the images
    is magnified up to ``largest_crop`` times about a random place, which also yields images without a lesion;
    ``speckle``, ``color`` and ``depth_gain`` are strengths, ``shadow``, ``blur`` and ``callipers`` probabilities.
        """

    name: str
    datasets: tuple[str, ...]
    validation_datasets: tuple[str, ...]
    test_fold: int = 0
    validation_fold: int = 1
    split: str = GROUPED
    input_size: int = 256
    epochs: int = 30
    batch_size: int = 8
    seed: int = 0
    learning_rate: float = 1e-3
    encoder_learning_rate: float = 3e-4
    gate_learning_rate: float = 2e-2
    frozen_blocks: int = 4
    weight_decay: float = 1e-2
    warm_up_epochs: float = 1.0
    average_decay: float = 0.995
    positive_weight: float = 1.5
    loss_weights: dict[str, float] = field(default_factory=lambda: dict(LOSS_WEIGHTS))
    rotation: float = 15.0
    zoom: tuple[float, float] = (0.75, 1.4)
    crops: float = 0.15
    largest_crop: float = 2.5
    flip_vertical: bool = False
    speckle: float = 0.1
    color: float = 0.0
    depth_gain: float = 0.0
    shadow: float = 0.0
    blur: float = 0.1
    callipers: float = 0.0
    shuffle_features: bool = False
    feature_selection: float = 0.0
    views: tuple[str, ...] = ("plain", "horizontal")
    architecture: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for checkpoints and cards."""
        return asdict(self)


def read_config(path: Path, fold: int | None = None, seed: int | None = None) -> Config:
    """Read an experiment's TOML file.

    A file may name another, relative to itself, as its ``base`` and say only what it does differently; its
    ``architecture`` and ``loss_weights`` are laid over those of the base, and these over the defaults.

    Parameters
    ----------
    path : pathlib.Path
    fold : int, optional
        Test on this fold of five instead, and validate on the next; -1 trains on all of them.
    seed : int, optional
        Instead of the file's.

    Raises
    ------
    TrainingError
        Where the file is missing, no TOML, or names an unknown or lacks a needed setting.
    """
    values = _read(path)
    if fold is not None:
        held_out = (fold, (fold + 1) % FOLDS) if fold != NO_FOLD else (NO_FOLD, NO_FOLD)
        values |= dict(zip(("test_fold", "validation_fold"), held_out))
    if seed is not None:
        values["seed"] = seed
    unknown = set(values) - {item.name for item in fields(Config)}
    if unknown:
        raise TrainingError(f"{path.name} has unknown settings: {', '.join(sorted(unknown))}.", "Check their spelling.")
    values["loss_weights"] = LOSS_WEIGHTS | values.get("loss_weights", {})
    unknown = set(values["loss_weights"]) - set(LOSS_WEIGHTS)
    if unknown:
        raise TrainingError(f"{path.name} weighs losses that there are not: {', '.join(sorted(unknown))}.",
                            f"There are {', '.join(LOSS_WEIGHTS)}.")
    if values.get("feature_selection") and values.get("architecture", {}).get("driver") in (IMAGE, NONE):
        raise TrainingError(f"{path.name} selects features for a network that reads none.",
                            "Leave feature_selection out, or the driver.")
    try:
        settings: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        return Config(**settings)
    except TypeError as error:
        raise TrainingError(f"{path.name} lacks a setting: {error}.") from error


def base_of(path: Path) -> str | None:
    """The file that an experiment's file names as its base."""
    return _values(path).get("base")


def _values(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TrainingError(f"The experiment file {path.name} cannot be read.", "Check its name.") from error
    except tomllib.TOMLDecodeError as error:
        raise TrainingError(f"{path.name} is not valid TOML: {error}.") from error


def _read(path: Path) -> dict[str, Any]:
    """The values of a file, over those of its base."""
    values = _values(path)
    base = values.pop("base", None)
    if base is None:
        return values
    below = _read(path.parent / base)
    for table in ("architecture", "loss_weights"):
        if table in values and table in below:
            values[table] = below[table] | values[table]
    return below | values
