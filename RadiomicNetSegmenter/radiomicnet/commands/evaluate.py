"""``python -m radiomicnet evaluate``: a model's figures on images whose truth is known."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import FeatureError, OutputError, TrainingError
from .arguments import positive

if TYPE_CHECKING:
    from ..models.card import ModelCard
    from ..segmenter import Segmenter
    from ..training.data import Row


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", required=True, metavar="NAME", help="a model's name or folder")
    parser.add_argument("--images", type=Path, metavar="DIR", help="folder of images")
    parser.add_argument("--masks", type=Path, metavar="DIR", help="folder of masks, each named as its image")
    parser.add_argument("--data", type=Path, metavar="DIR", help="instead of these, folder with a manifest.csv")
    parser.add_argument("--dataset", action="append", metavar="NAME", help="data set of the manifest; may be repeated")
    parser.add_argument("--fold", type=int, metavar="K", help="fold of the manifest")
    parser.add_argument("--final", action="store_true",
                        help="allow the test fold, which is evaluated once, at the end; logged beside FILE")
    parser.add_argument("--explain", action="store_true",
                        help="also write each image's contributions, and how much hung on features and gates")
    parser.add_argument("--test-explanations", type=positive, nargs="?", const=sys.maxsize, default=0, metavar="N",
                        help="also write how faithful each explanation is, and how unlike that of random weights; "
                             "slow, so N tests only as many images, drawn by lot")
    parser.add_argument("--marks", action="store_true",
                        help="also write whether callipers drawn around healthy tissue pass for a lesion")
    parser.add_argument("--beyond", action="store_true",
                        help="with --data: also write what radiomics tell of the lesion beyond the network's answer")
    parser.add_argument("--keep", type=Path, metavar="FILE",
                        help="with --data: keep the answers, on which finish can fit temperature and thresholds (.npz)")
    parser.add_argument("--json", type=Path, required=True, metavar="FILE", help="where the figures are written")


def main(arguments: argparse.Namespace) -> int:
    from ..evaluation.evaluate import evaluate, pair_of, pairs_in
    from ..evaluation.final import describe, log_look, refuse_a_second_look
    from ..models.store import load
    from ..segmenter import Segmenter

    for path in filter(None, (arguments.json, arguments.keep)):
        _check_place(path)
    segmenter = Segmenter(load(arguments.model))
    rows = _rows(arguments, segmenter.card)
    pairs = [pair_of(row) for row in rows] if rows else pairs_in(arguments.images, arguments.masks)
    look = describe(segmenter.card, arguments.fold, arguments.dataset) if arguments.final else None
    if look:
        refuse_a_second_look(arguments.json.parent, look)
    told = _held_out(segmenter, rows, arguments.keep, arguments.beyond)
    figures = evaluate(segmenter, pairs, lambda count: _tell(count, len(pairs)), arguments.explain,
                       arguments.test_explanations, arguments.marks)
    figures["fold"] = arguments.fold
    for row, loss in zip(figures["rows"], told):
        row |= {"tile_log_loss": loss} if loss else {}
    _write(figures, arguments.json)
    if look:
        log_look(arguments.json.parent, look, figures)
    for name, figure in figures.items():
        if isinstance(figure, dict) and "ci95" in figure:
            print(f"{name:<16}{_text(figure)}")
    return 0


def _rows(arguments: argparse.Namespace, card: ModelCard) -> list[Row]:
    """The manifest's rows that are asked for; none where two folders are given instead."""
    of_a_manifest = (arguments.data, arguments.dataset, arguments.final, arguments.keep, arguments.beyond)
    if arguments.images and arguments.masks and arguments.fold is None and not any(of_a_manifest):
        return []
    if not arguments.data or arguments.images or arguments.masks or arguments.fold is None or not arguments.dataset:
        raise TrainingError("Give either --images and --masks, or --data with --dataset and --fold.")
    from ..evaluation.beyond import refuse_few_groups
    from ..evaluation.final import check_fold
    from ..training.config import RANDOM
    from ..training.data import read_manifest

    listed = read_manifest(arguments.data / "manifest.csv", card.training.get("split") == RANDOM)
    rows = [row for row in listed if row.dataset in arguments.dataset and row.fold == arguments.fold]
    if not rows:
        raise TrainingError(f"The manifest lists no image of {', '.join(arguments.dataset)} in fold {arguments.fold}.")
    warning = check_fold(card, arguments.fold, arguments.dataset, {row.dataset for row in listed}, arguments.final)
    if arguments.beyond:
        refuse_few_groups(row.group for row in rows)  # before every answer is computed
    if warning:
        print(f"radiomicnet: {warning}", file=sys.stderr)
    return rows


def _held_out(segmenter: Segmenter, rows: list[Row], keep: Path | None, asked: bool) -> list[dict[str, float] | None]:
    """Keep the answers where they are to be kept; where it is asked, what radiomics tell beyond them, by row."""
    if not keep and not asked:
        return []
    from ..evaluation.beyond import beyond, tiles_of
    from ..evaluation.evaluate import in_image
    from ..training.data import load_sample
    from ..training.heldout import answer, save

    answers = []
    for row in rows:
        try:
            answers += answer(segmenter, [load_sample(row, segmenter.card.input_size)])
        except FeatureError as error:
            raise in_image(row.image, error) from error
    if keep:
        save(keep, answers)
    return beyond(tiles_of(answers)) if asked else []


def _check_place(path: Path) -> None:
    """Refuse a place that cannot be written to before anything is computed for it."""
    from ..results.write import reason
    from ..results.writing import check_folder

    folder = path.parent
    if not folder.is_dir():
        raise OutputError(f"{path.name or path} cannot be written: there is no folder {folder.name or folder}.",
                          "Make the folder first, or choose another place.")
    if path.is_dir():
        raise OutputError(f"{path.name or path} is a folder.", "Name a file in it.")
    try:
        check_folder(folder)
    except OSError as error:
        problem, remedy = reason(error)
        raise OutputError(f"{path.name} cannot be written: {problem}.", remedy) from error


def _write(figures: dict[str, object], path: Path) -> None:
    """Whole or not at all."""
    from ..results.writing import replacing

    try:
        with replacing(path) as draft:
            draft.write_text(_layout(figures), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path.name} cannot be written ({error.strerror}).", "Choose another place.") from error


def _layout(figures: dict[str, object]) -> str:
    """JSON with a line per figure and per image, so that a person can read it and a repository can hold it."""
    lines = []
    for name, value in figures.items():
        text = json.dumps(value, allow_nan=False)
        if name == "rows" and isinstance(value, list):
            text = "[\n" + ",\n".join("  " + json.dumps(row, allow_nan=False) for row in value) + "\n ]"
        lines.append(f" {json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _tell(count: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K[{count}/{total}]", end="" if count < total else "\n", file=sys.stderr, flush=True)


def _text(figure: dict[str, Any]) -> str:
    """A figure on one line; what there is too little to tell is a dash."""
    mean, deviation = (f"{figure[key]:.4f}" if figure[key] is not None else "-" for key in ("mean", "std"))
    interval = " to ".join(f"{value:.4f}" for value in figure["ci95"] or ()) or "-"
    return f"{mean} ± {deviation}  n = {figure['n']}  95 %: {interval}"
