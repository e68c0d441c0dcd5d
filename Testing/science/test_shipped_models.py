"""The two shipped models on images whose truth is known: generated ones always, real ones where there are any."""

import csv

import numpy as np
import pytest

from radiomicnet.evaluation.metrics import dice
from radiomicnet.explain.usual import unusual, usual
from radiomicnet.images.mask import read_mask
from radiomicnet.images.modality import choose_model
from radiomicnet.images.phantoms import breast_ultrasound, polyp_endoscopy
from radiomicnet.images.read import read_image
from radiomicnet.models.store import available, load
from radiomicnet.results.write import write_result
from radiomicnet.segmenter import Segmenter
from radiomicnet.training.config import NO_FOLD

PHANTOMS = {"breast-ultrasound": breast_ultrasound, "polyp-endoscopy": polyp_endoscopy}
# Dice that the models' cards have to show, on lesions of BUSI and on Kvasir-SEG.
FLOORS = {"breast-ultrasound": 0.70, "polyp-endoscopy": 0.82}
DATASETS = {"breast-ultrasound": "busi", "polyp-endoscopy": "kvasir-seg"}


@pytest.fixture(scope="module", params=PHANTOMS)
def segmenter(request):
    return Segmenter(load(request.param))


@pytest.mark.parametrize("seed", range(3))
def test_the_lesion_of_a_phantom_is_found_by_the_model_that_auto_chooses(segmenter, seed):
    image, truth = PHANTOMS[segmenter.card.name](seed)
    assert choose_model(image, available()) == segmenter.card
    assert dice(segmenter.predict(image).labels > 0, truth) > 0.7


def test_the_card_reaches_the_floor_and_names_what_it_was_measured_on(segmenter):
    figure = segmenter.card.metrics["dice"]
    assert figure["mean"] >= FLOORS[segmenter.card.name]
    assert figure["ci95"][0] < figure["mean"] < figure["ci95"][1] and figure["data"]


def test_real_images_are_outlined_as_well_as_the_card_promises(segmenter, shared_data):
    """Sixteen images of the fold that the card's figures come from; of all folds where none was held out."""
    fold = segmenter.card.training["validation_fold"]
    with (shared_data / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["dataset"] == DATASETS[segmenter.card.name]
                and (fold == NO_FOLD or int(row["fold"]) == fold) and float(row["foreground"]) > 0]
    scores = []
    for row in rows[:: len(rows) // 16][:16]:
        image = read_image(shared_data / row["image"])
        scores.append(dice(segmenter.predict(image).labels > 0, read_mask(shared_data / row["mask"], image.shape)))
    figure = segmenter.card.metrics["dice"]
    better = np.mean(scores) - figure["mean"]
    assert better > -3 * figure["std"] / 4  # 16 images: three standard errors
    assert better < 3 * figure["std"] / 4 or fold == NO_FOLD  # of images it was trained on it may know more


def test_most_contributions_lie_where_the_card_says_that_they_usually_do(segmenter, shared_data):
    with (shared_data / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["dataset"] == DATASETS[segmenter.card.name]
                and float(row["foreground"]) > 0]
    outside, told = 0, 0
    for row in rows[7 :: len(rows) // 8][:8]:
        prediction = segmenter.predict(read_image(shared_data / row["image"]))
        made = segmenter.explain(prediction)
        ranges = usual(made, prediction)
        outside += sum(unusual(item.contribution, ranges.get(item.key)) for item in made.items)
        told += len(ranges)
    assert told >= 6 * 13 and outside <= 0.3 * told  # a tenth of many images; of few, several together may be unusual


def test_the_contributions_of_a_shipped_model_are_complete_and_checked(ultrasound_result, endoscopy_result):
    for result in (ultrasound_result, endoscopy_result):
        assert abs(result.contributions.residual) <= 0.01 * result.contributions.total
        assert not result.verification.made or all(check.agrees for check in result.verification.checks.values())


def test_the_results_of_the_shipped_models_are_written_whole(ultrasound_result, endoscopy_result, tmp_path):
    for result in (ultrasound_result, endoscopy_result):
        files = write_result(result, tmp_path)
        expected = 10 + len(result.prediction.attention) + bool(result.regions and result.regions.made)
        assert len(files) == expected and all(path.stat().st_size > 0 for path in files)
