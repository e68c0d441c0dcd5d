"""The figures in the README are those of the models' cards."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("card", sorted((ROOT / "RadiomicNetSegmenter/Resources/Models").glob("*/card.json")),
                         ids=lambda path: path.parent.name)
def test_the_models_row_says_what_its_card_says(card):
    card = json.loads(card.read_text(encoding="utf-8"))
    (row,) = [line for line in README.splitlines() if line.startswith(f"| `{card['name']}`")]
    dice, missed = card["metrics"]["dice"], card["metrics"]["missed_share"]
    low, high = dice["ci95"]
    assert f"{dice['mean']:.3f} ± {dice['std']:.3f} ({low:.3f} to {high:.3f})" in row
    missed_low, missed_high = (100 * value for value in missed["ci95"])
    assert f"| {100 * missed['mean']:.1f} % ({missed_low:.1f} to {missed_high:.1f} %)" in row
    assert f"| {dice['n']} " in row
    for key, figure in card["metrics"].items():
        if key.startswith("dice_"):
            assert f"{figure['title'].removeprefix('Dice, ')}: {figure['mean']:.3f} ± " in row
    for data in card["training_data"]:
        assert (f"{data['images']} of {data['name']}" in row) == data["use"].startswith("training")


def test_the_share_of_normal_images_without_an_outline_is_the_cards():
    card = json.loads((ROOT / "RadiomicNetSegmenter/Resources/Models/breast-ultrasound/card.json").read_text("utf-8"))
    share = card["metrics"]["empty_share"]
    low, high = (100 * end for end in share["ci95"])
    assert f"drew nothing on {100 * share['mean']:.0f} % ({low:.0f} to {high:.0f} %, n = {share['n']})" in README
