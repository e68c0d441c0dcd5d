import numpy as np
import pytest

from radiomicnet.evaluation.metrics import dice
from radiomicnet.report.pooled import pooled_dice


@pytest.fixture
def masks():
    """Drawn and true masks of eleven images, large and small, two of them missed."""
    rng = np.random.default_rng(0)
    truths = [np.arange(400).reshape(20, 20) < size for size in rng.integers(5, 300, 11)]
    drawn = [truth ^ (rng.uniform(size=truth.shape) < 0.1) for truth in truths]
    return [np.zeros_like(mask) if index < 2 else mask for index, mask in enumerate(drawn)], truths


def rows(masks, groups=11):
    return [{"group": f"g{index % groups}", "dice": dice(drawn, truth), "drawn_pixels": int(drawn.sum()),
             "truth_pixels": int(truth.sum())} for index, (drawn, truth) in enumerate(zip(*masks))]


def test_one_batch_of_all_images_is_the_dice_of_their_masks_side_by_side(masks):
    drawn, truths = (np.concatenate(part) for part in masks)
    assert pooled_dice(rows(masks), 11, repeats=20)["mean"] == pytest.approx(dice(drawn, truths))


def test_batches_of_one_image_are_the_mean_over_images(masks):
    figure = pooled_dice(rows(masks), 1, repeats=20)
    assert figure["mean"] == pytest.approx(np.mean([row["dice"] for row in rows(masks)]))
    assert figure["n"] == 11


def test_a_batch_that_is_not_full_counts_by_its_images(masks):
    found = [{**row, "dice": 1.0, "drawn_pixels": row["truth_pixels"]} for row in rows(masks)]
    alone = {**found[0], "dice": 0.0, "drawn_pixels": 0}
    equal = [{**row, "truth_pixels": 100, "drawn_pixels": 100 * (row is not alone)} for row in [alone, *found[1:]]]
    # Wherever the missed lesion falls: in one of five batches of two images it takes away a third, or it is the last.
    made = pooled_dice(equal, 2, repeats=3000)["mean"]
    assert made == pytest.approx(1 - (10 * (1 / 3) * 2 + 1) / 11 / 11, abs=0.002)


def test_the_interval_is_over_groups_and_lies_around_the_mean(masks):
    figure = pooled_dice(rows(masks), 4)
    assert figure["ci95"][0] < figure["mean"] < figure["ci95"][1]
    assert pooled_dice(rows(masks, groups=1), 4)["ci95"] is None
