"""``python -m radiomicnet finish``: make a model folder of a training that has come to its end."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("experiment", type=Path, help="experiment file; NAME.card.toml beside it has the card's texts")
    parser.add_argument("--data", type=Path, required=True, help="folder with manifest.csv and the images it lists")
    parser.add_argument("--run", type=Path, required=True, help="folder of the training's checkpoint")
    parser.add_argument("--fold", type=int, choices=range(5), help="as in the training")
    parser.add_argument("--seed", type=int, help="as in the training")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")


def main(arguments: argparse.Namespace) -> int:
    from ..training.finish import finish
    from .train import prepare

    trainer, validation = prepare(arguments.experiment, arguments.data, arguments.run, None, fold=arguments.fold,
                                  seed=arguments.seed)
    card = finish(trainer, validation, arguments.experiment.with_suffix(".card.toml"), arguments.out)
    for name, figure in card["metrics"].items():
        print(name, figure)
    return 0
