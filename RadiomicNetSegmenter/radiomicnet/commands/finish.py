"""``python -m radiomicnet finish``: make a model folder of a training that has come to its end."""

from __future__ import annotations

import argparse
from pathlib import Path

from .arguments import seed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("experiment", type=Path, help="experiment file; NAME.card.toml beside it has the card's texts")
    parser.add_argument("--data", type=Path, required=True, help="folder with manifest.csv and the images it lists")
    parser.add_argument("--run", type=Path, required=True, help="folder of the training's checkpoint")
    parser.add_argument("--fold", type=int, choices=range(-1, 5), help="as in the training")
    parser.add_argument("--seed", type=seed, help="as in the training")
    parser.add_argument("--held-out", type=Path, nargs="+", metavar="FILE",
                        help="answers that evaluate --keep wrote, to fit temperature and thresholds on; by default "
                        "the validation fold's")
    parser.add_argument("--results", type=Path, nargs="+", metavar="FILE",
                        help="evaluations of the recipe's folds, whose figures the card then gives")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")


def main(arguments: argparse.Namespace) -> int:
    from ..report.collect import read_evaluation
    from ..training.card_texts import find_texts, read_texts
    from ..training.config import read_config
    from ..training.finish import finish, refuse_unfounded, refuse_unready
    from ..training.heldout import load
    from ..training.model_folder import refuse_unwritable
    from .train import prepare

    # Whatever can be refused before the images are loaded, which takes minutes, is refused here.
    config = read_config(arguments.experiment, arguments.fold, arguments.seed)
    texts = find_texts(arguments.experiment)
    read_texts(texts, config.datasets)
    refuse_unready(arguments.run, config)
    refuse_unwritable(arguments.out)
    held_out = [item for path in arguments.held_out or () for item in load(path)]
    folds = [read_evaluation(path) for path in arguments.results or ()]
    refuse_unfounded(config, held_out, folds)

    trainer, validation = prepare(arguments.experiment, arguments.data, arguments.run, None, fold=arguments.fold,
                                  seed=arguments.seed)
    card = finish(trainer, validation, texts, arguments.out, held_out, folds)
    for name, figure in card["metrics"].items():
        print(name, figure)
    return 0
