"""Which images of a manifest train and which validate, and whether these will do."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import TrainingError
from .config import Config
from .data import Row, Sample
from .settings import NO_FOLD


def choose(rows: list[Row], config: Config) -> tuple[list[Row], list[Row]]:
    """The rows to train on and those to validate on.

    Both are of all data sets that the experiment names; its test fold is in neither.

    Raises
    ------
    TrainingError
        Where the manifest lists nothing of a data set, nothing is left to train on, or what the card's figures would
        come from is not there.
    """
    listed = sorted({row.dataset for row in rows})
    unlisted = [name for name in config.datasets if name not in listed]
    if unlisted:
        raise TrainingError(f"The manifest lists no image of {', '.join(unlisted)}.",
                            f"It lists {', '.join(listed)}; name some of these in datasets.")
    rows = [row for row in rows if row.dataset in config.datasets]
    training = [row for row in rows if row.fold not in (config.test_fold, config.validation_fold)]
    if not training:
        raise TrainingError("All images lie in the test fold and in the validation fold; none is left to train on.",
                            "Put images into other folds of the manifest, or train on all of them with --fold -1.")
    if config.validation_fold == NO_FOLD:
        return training, []
    validation = [row for row in rows if row.fold == config.validation_fold]
    if not any(row.dataset in config.validation_datasets for row in validation):
        raise _nothing_to_validate_on("image", config)
    return training, validation


def refuse_without_lesion(validation: Iterable[Sample], config: Config) -> None:
    """Raise a TrainingError where a validation fold shows no lesion of the data sets that the figures are of."""
    shown = any(sample.truth.any() for sample in validation if sample.row.dataset in config.validation_datasets)
    if config.validation_fold != NO_FOLD and not shown:
        raise _nothing_to_validate_on("lesion", config)


def refuse_too_few(images: int, config: Config) -> None:
    """Raise a TrainingError where the images to train on do not fill one batch: nothing would be learned from them."""
    if images < config.batch_size:
        raise TrainingError(f"There are {images} images to train on, fewer than the batch_size of {config.batch_size}.",
                            "Lower batch_size, or add images.")


def _nothing_to_validate_on(what: str, config: Config) -> TrainingError:
    return TrainingError(
        f"Fold {config.validation_fold}, on which the training is to validate, has no {what} of "
        f"{', '.join(config.validation_datasets)}.",
        "Choose another fold, change validation_datasets, or train on everything with --fold -1.")
