"""A training as one readable TOML file: what is trained, on what, how."""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from ..errors import TrainingError
from ..network.architecture import IMAGE, NONE
from .settings import BILINEAR, FOLDS, GROUPED, LOSS_WEIGHTS, MIDDLE, NO_FOLD, RANDOM, check

__all__ = ["FOLDS", "GROUPED", "LOSS_WEIGHTS", "NO_FOLD", "RANDOM", "Config", "base_of", "read_config"]


@dataclass(frozen=True)
class Config:
    """See ``experiments/*.toml`` for examples with comments.

    ``test_fold`` is never loaded by a training; ``validation_fold`` measures progress and chooses nothing but the
    temperature and the thresholds; the other folds train. ``validation_datasets`` are those on whose lesions the
    card's figures are. ``split`` "random" lets near-duplicates and images of one patient fall into different folds, as
    much of the literature does; ``shuffle_features`` gives every image the features of another: both are for
    comparison. ``feature_selection`` is the lambda of :mod:`radiomicnet.training.selection`; 0 lets all 13 features be.

    ``from_chance`` is for comparison, too: its encoder is given no ImageNet weights.

    The first ``frozen_blocks`` blocks of the encoder keep what they bring (edges and blobs; 4 of them work at strides
    2 and 4, where a training spends half its time). Rates are those at the top of the schedule; the gates' scalars
    would hardly move at the rate of a weight and have their own.

    ``views`` are the mirrored and turned images over which the finished model averages its answer.

    Augmentation: angles in degrees; ``zoom`` is the range of the magnification, and a share ``crops`` of the images
    is magnified up to ``largest_crop`` times about a random place, which also yields images without a lesion;
    ``speckle``, ``color``, ``depth_gain`` and ``contrast`` are strengths, ``shadow``, ``blur``, ``callipers`` and
    ``words`` probabilities.
    With ``clean_features`` the features are measured without the speckle, whose grain would be most of their texture;
    ``interpolation`` "bicubic" leaves more of a moved picture's own texture than "bilinear"; ``placement`` "corner"
    lays it where :func:`radiomicnet.images.grid.to_grid` will, "middle" into the middle of the square.
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
    from_chance: bool = False
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
    contrast: float = 0.0
    shadow: float = 0.0
    blur: float = 0.1
    callipers: float = 0.0
    words: float = 0.0
    clean_features: bool = False
    interpolation: str = BILINEAR
    placement: str = MIDDLE
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
        Where the file is missing, no TOML, names an unknown or lacks a needed setting, or sets one to what it cannot
        be; see :mod:`radiomicnet.training.settings`.
    """
    values = _read(path)
    if fold is not None:
        held_out = (fold, (fold + 1) % FOLDS) if fold != NO_FOLD else (NO_FOLD, NO_FOLD)
        values |= dict(zip(("test_fold", "validation_fold"), held_out))
    if seed is not None:
        values["seed"] = seed
    check(path.name, values)
    missing = [item.name for item in fields(Config)
               if item.default is MISSING and item.default_factory is MISSING and item.name not in values]
    if missing:
        raise TrainingError(f"{path.name} lacks a setting: {', '.join(missing)}.", "See experiments/ for examples.")
    values["loss_weights"] = LOSS_WEIGHTS | values.get("loss_weights", {})
    settings: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    config = Config(**settings)
    _check_together(path.name, config)
    return config


def base_of(path: Path) -> str | None:
    """The file that an experiment's file names as its base.

    Raises
    ------
    TrainingError
        Where that, or a base of it, cannot be read or comes back to a file before it.
    """
    return _lineage(path)[0].get("base")


def _check_together(name: str, config: Config) -> None:
    """Refuse settings that are right for themselves and wrong beside each other."""
    others = [dataset for dataset in config.validation_datasets if dataset not in config.datasets]
    for wrong, problem, remedy in (
        (others, f"validates on data sets that it does not name in datasets: {', '.join(others)}", "Add them there."),
        (config.test_fold == config.validation_fold != NO_FOLD, f"tests and validates on fold {config.test_fold}",
         "Give test_fold and validation_fold different numbers."),
        (config.largest_crop < config.zoom[0], "magnifies its largest_crop less than zoom's smaller number",
         "Raise largest_crop."),
        (not any(config.loss_weights.values()), "weighs every loss with 0, so that nothing would be learned",
         "Give one of loss_weights a number above 0."),
        (config.feature_selection and config.architecture.get("driver") in (IMAGE, NONE),
         "selects features for a network that reads none", "Leave feature_selection out, or the driver."),
    ):
        if wrong:
            raise TrainingError(f"{name} {problem}.", remedy)


def _values(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise TrainingError(f"The experiment file {path.name} cannot be read.", "Check its name.") from error
    except UnicodeDecodeError as error:
        raise TrainingError(f"{path.name} is no text in UTF-8.", "Give an experiment's TOML file.") from error
    except ValueError as error:
        raise TrainingError(f"{path.name} is not valid TOML: {error}.", "Correct it there.") from error


def _lineage(path: Path) -> list[dict[str, Any]]:
    """The values of a file, of its base, of the base's base, and so on."""
    found: dict[Path, dict[str, Any]] = {}
    while True:
        if path.resolve() in found:
            raise TrainingError(f"{path.name} is a base of itself.", "Take the base out of one of the files.")
        values = found[path.resolve()] = _values(path)
        base = values.get("base")
        if base is None:
            return list(found.values())
        if not (isinstance(base, str) and base.isprintable()):
            raise TrainingError(f"{path.name} names no file as its base.", "Give the base's file name in quotes.")
        path = path.parent / base


def _read(path: Path) -> dict[str, Any]:
    """The values of a file, over those of its base."""
    values: dict[str, Any] = {}
    for over in reversed(_lineage(path)):
        below, values = values, values | over
        for table in ("architecture", "loss_weights"):
            if isinstance(over.get(table), dict) and isinstance(below.get(table), dict):
                values[table] = below[table] | over[table]
    values.pop("base", None)
    return values
