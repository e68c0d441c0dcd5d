"""A training as one readable TOML file: what is trained, on what, how."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from ..errors import TrainingError


@dataclass(frozen=True)
class Config:
    """See ``experiments/*.toml`` for examples with comments.

    ``test_fold`` is never loaded by a training; ``validation_fold`` measures progress and chooses nothing but the
    temperature and the threshold; the other folds train. ``validation_datasets`` are those on whose lesions Dice is
    reported. ``images_per_epoch`` 0 means every image once. Angles are in degrees; ``zoom`` is the range of the
    magnification.
    """

    name: str
    datasets: tuple[str, ...]
    validation_datasets: tuple[str, ...]
    test_fold: int = 0
    validation_fold: int = 1
    input_size: int = 256
    epochs: int = 30
    batch_size: int = 8
    images_per_epoch: int = 0
    seed: int = 0
    learning_rate: float = 1e-3
    encoder_learning_rate: float = 3e-4
    weight_decay: float = 1e-2
    warm_up_epochs: float = 1.0
    average_decay: float = 0.995
    positive_weight: float = 1.5
    loss_weights: dict[str, float] = field(
        default_factory=lambda: {"bce": 1.0, "dice": 1.0, "boundary": 0.2, "consistency": 0.1}
    )
    rotation: float = 15.0
    zoom: tuple[float, float] = (0.8, 1.3)
    flip_vertical: bool = False
    speckle: float = 0.1
    color: float = 0.0
    architecture: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for checkpoints and cards."""
        return asdict(self)


def read_config(path: Path) -> Config:
    """Read an experiment's TOML file.

    Raises
    ------
    TrainingError
        Where the file is missing, no TOML, or names an unknown or lacks a needed setting.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TrainingError(f"The experiment file {path.name} cannot be read.", "Check its name.") from error
    except tomllib.TOMLDecodeError as error:
        raise TrainingError(f"{path.name} is not valid TOML: {error}.") from error
    unknown = set(values) - {item.name for item in fields(Config)}
    if unknown:
        raise TrainingError(f"{path.name} has unknown settings: {', '.join(sorted(unknown))}.", "Check their spelling.")
    try:
        settings: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        return Config(**settings)
    except TypeError as error:
        raise TrainingError(f"{path.name} lacks a setting: {error}.") from error
