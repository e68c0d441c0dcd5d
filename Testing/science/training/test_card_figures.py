"""What a card of a model trained on everything says of how good it is."""

import pytest

from radiomicnet.report.collect import Evaluation
from radiomicnet.training.card_figures import figures_of_folds

NAMES = {"here": "Here", "there": "There"}


def fold(*images):
    """An evaluation of images of (data set, Dice); of Dice None where there is no lesion."""
    band = {"band": [[10.0] * 15, [5.0] * 15, [5.0] * 15]}
    rows = []
    for number, (dataset, dice) in enumerate(images):
        name = f"{dataset}{number}"
        row = {"name": name, "group": name, "dataset": dataset, "label": "", "brier": 0.1,
               "truth_pixels": 0 if dice is None else 50}
        if dice is None:
            row["empty"] = 1.0
        else:
            row |= {"dice": dice, "iou": dice / 2, "hd95": 3.0, "missed": float(dice < 0.1), "reliability": band}
        rows.append(row)
    return Evaluation("made", 0, 0, {"rows": rows})


def test_of_several_data_sets_each_ones_dice_and_missed_lesions_are_told_apart():
    told = figures_of_folds([fold(("here", 0.9), ("here", 0.05), ("here", None)), fold(("there", 0.6))], NAMES)
    assert told["dice"]["mean"] == pytest.approx((0.9 + 0.05 + 0.6) / 3, abs=1e-4) and told["dice"]["n"] == 3
    assert told["dice_here"]["mean"] == pytest.approx(0.475) and told["dice_here"]["n"] == 2
    assert told["dice_there"]["mean"] == 0.6 and told["dice_there"]["title"] == "Dice, There alone"
    assert told["missed_share_here"]["mean"] == 0.5 and told["missed_share_there"]["mean"] == 0
    assert told["empty_share"]["n"] == 1
    assert {figure["data"] for figure in told.values()} == {
        "test images of 2 folds of Here, There, each by a model of the same recipe that had not seen it"}


def test_of_one_data_set_nothing_is_said_twice_and_what_was_not_measured_is_left_out():
    told = figures_of_folds([fold(("here", 0.9), ("here", 0.7))], NAMES)
    assert set(told) == {"dice", "iou", "hd95", "ece_band", "brier", "missed_share"}
