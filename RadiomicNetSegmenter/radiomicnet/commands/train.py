"""``python -m radiomicnet train``: train a model from an experiment's file and a manifest of images."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from .arguments import seed, whole

if TYPE_CHECKING:
    from ..training.data import Row
    from ..training.loop import Trainer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("experiment", type=Path, help="experiment file (TOML), see experiments/")
    parser.add_argument("--data", type=Path, required=True, help="folder with manifest.csv and the images it lists")
    parser.add_argument("--imagenet", type=Path,
                        help="MobileNetV2 weights to start from (safetensors, torchvision's names)")
    parser.add_argument("--out", type=Path, required=True,
                        help="folder for checkpoint and log; resumed where it has one")
    parser.add_argument("--fold", type=int, choices=range(-1, 5),
                        help="test on this fold and validate on the next; -1 trains on all; default as the file says")
    parser.add_argument("--seed", type=seed, help="instead of the experiment's own")
    parser.add_argument("--threads", type=whole(256), default=0, help="CPU threads; 0 leaves it to torch")
    parser.add_argument("--workers", type=whole(64), default=0,
                        help="processes that prepare images beside the training")


def main(arguments: argparse.Namespace) -> int:
    import torch

    from ..training.run_folder import check_writable

    check_writable(arguments.out)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    trainer, _ = prepare(arguments.experiment, arguments.data, arguments.out, arguments.imagenet, arguments.workers,
                         arguments.fold, arguments.seed)
    print(f"{len(trainer.training)} images to train on, {len(trainer.validation)} to validate on.", flush=True)
    trainer.run()
    return 0


def prepare(
    experiment: Path, data: Path, folder: Path, imagenet: Path | None, workers: int = 0, fold: int | None = None,
    seed: int | None = None,
) -> tuple[Trainer, list[Row]]:
    """A trainer with its images loaded, and the manifest's rows that its card's figures are of.

    The trainer validates on the validation fold of all data sets it trains on, for temperature and thresholds that
    serve them all; the figures are of ``validation_datasets`` alone.

    Raises
    ------
    TrainingError, ImageError
        Where one of the files, or the images together, are not as a training needs them.
    """
    from ..training.choose import choose, refuse_too_few, refuse_without_lesion
    from ..training.config import read_config
    from ..training.data import load_sample, read_manifest
    from ..training.imagenet import check_start
    from ..training.loop import Trainer
    from ..training.run_folder import read_checkpoint
    from ..training.settings import RANDOM

    config = read_config(experiment, fold, seed)
    training, validation = choose(read_manifest(data / "manifest.csv", config.split == RANDOM), config)
    # What the trainer would refuse, before minutes of reading images.
    checkpoint = read_checkpoint(folder, config)
    if checkpoint is None or checkpoint["epoch"] < config.epochs:
        refuse_too_few(len(training), config)
    if checkpoint is None:
        check_start(config, imagenet)
    validating = [load_sample(row, config.input_size) for row in validation]
    refuse_without_lesion(validating, config)
    samples = [load_sample(row, config.input_size) for row in training]
    trainer = Trainer(config, samples, validating, folder, imagenet, lambda text: print(text, flush=True), workers)
    return trainer, [row for row in validation if row.dataset in config.validation_datasets]
