"""The README's figures of the models, from their cards."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

MODELS = Path(__file__).resolve().parents[2] / "RadiomicNetSegmenter" / "Resources" / "Models"
BEGIN, END = "<!-- models: written by `make docs` from the cards -->", "<!-- end of models -->"


def text(present: str) -> str:
    """The README with the part between its two marks written anew."""
    if present.count(BEGIN) != 1 or present.count(END) != 1:
        raise SystemExit("README.md lacks its marks around the table of the models.")
    before, _, rest = present.partition(BEGIN)
    return f"{before}{BEGIN}\n{part()}{END}{rest.partition(END)[2]}"


def part() -> str:
    """The table, what its figures are worth, and a sentence on images without a lesion for each model."""
    cards = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(MODELS.glob("*/card.json"))]
    head = ("| model | trained on | measured on | Dice: mean ± std (95 % interval) | lesions missed | weights |\n"
            "|---|---|---|---|---|---|\n")
    sentences = [sentence for sentence in (_tuned(cards), *map(_empty, cards)) if sentence]
    return head + "".join(map(_row, cards)) + "\n" + "\n".join(sentences) + "\n"


def _row(card: dict) -> str:
    terms = card["license"].removeprefix("Weights: ").split(" with ")[0]
    figure = card["metrics"]["dice"]
    return (f"| `{card['name']}` | {_training(card)} | {figure['n']} {_data(figure['data'])} | "
            f"{_by_data_set(card, 'dice', _dice)} | {_by_data_set(card, 'missed_share', _percent)} | {terms} |\n")


def _by_data_set(card: dict, name: str, text: Callable[[dict], str]) -> str:
    """A figure over all images, then over those of each data set where the card tells them apart."""
    alone = {key: figure for key, figure in card["metrics"].items() if key.startswith(f"{name}_")}
    return "<br>".join([text(card["metrics"][name]), *(
        f"{figure['title'].split(', ')[-1]}: {text(figure)}" for figure in alone.values())])


def _dice(figure: dict) -> str:
    low, high = figure["ci95"]
    return f"{figure['mean']:.3f} ± {figure['std']:.3f} ({low:.3f} to {high:.3f})"


def _percent(figure: dict) -> str:
    low, high = (100 * value for value in figure["ci95"])
    return f"{100 * figure['mean']:.1f} % ({low:.1f} to {high:.1f} %)"


def _training(card: dict) -> str:
    """The data sets of images like those it is for, each with how many of them; not what the encoder began with."""
    return ", ".join(f"{data['images']} of {data['name']}" for data in card["training_data"]
                     if data.get("use", "").startswith("training"))


def _tuned(cards: list[dict]) -> str:
    """A sentence where figures come from images that the models were tuned on, and where to read more."""
    tuned = [f"`{card['name']}`" for card in cards if card["metrics"]["dice"]["data"].startswith("validation")]
    flattered = (f"Recipe and thresholds of {' and '.join(tuned)} were chosen on the validation images, which "
                 "flatters the figures.\n") if tuned else ""
    return flattered + "How it was measured, what each part is worth, and how others do: [results](docs/results.md)."


def _data(words: str) -> str:
    """The images that figures are of, to follow their number."""
    return words if words.startswith("test images") else f"images, {words}"


def _empty(card: dict) -> str:
    share = card["metrics"].get("empty_share")
    if share is None:
        return f"`{card['name']}` has not been measured on images without a lesion; its card says what to expect."
    low, high = (100 * end for end in share["ci95"])
    return (f"On images without a lesion models like `{card['name']}` drew nothing on {100 * share['mean']:.0f} % "
            f"({low:.0f} to {high:.0f} %, n = {share['n']}).")

