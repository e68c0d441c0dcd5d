"""What radiomics know beyond the network: found where it is there, not found where it is not."""

from dataclasses import replace

import numpy as np
import pytest

from radiomicnet.errors import TrainingError
from radiomicnet.evaluation.beyond import Tiles, beyond, tiles_of
from radiomicnet.features.catalogue import KEYS
from radiomicnet.images.grid import mask_to_grid, to_grid
from radiomicnet.images.phantoms import breast_ultrasound
from radiomicnet.training.data import Row, Sample
from radiomicnet.training.heldout import answer

SHAPE = (12, 12)


def made(radiomics_know: float, network_knows: float, count: int = 12) -> list[Tiles]:
    """Images of noise, in which the truth stands to some part in a feature and in the network's answer."""
    rng = np.random.default_rng(3)
    images = []
    for number in range(count):
        lesion = rng.uniform(size=SHAPE) < 0.3
        answer, radiomics = rng.normal(size=(*SHAPE, 8)), rng.normal(size=(*SHAPE, 26))
        radiomics[..., 4] += radiomics_know * lesion
        answer[..., 0] += network_knows * lesion
        images.append(Tiles("made", f"g{number}", np.ones(SHAPE, bool), answer, radiomics, lesion))
    return images


def means(images):
    told = beyond(images)
    return {name: np.mean([item[name] for item in told]) for name in told[0]}


def test_what_only_the_radiomics_know_is_found():
    images = made(radiomics_know=5, network_knows=1)
    loss, share = means(images), np.mean([image.lesion for image in images])
    assert loss["both"] < 0.5 * loss["other"]
    assert loss["radiomics"] < 0.5 * loss["nothing"]
    assert loss["nothing"] == pytest.approx(-share * np.log(share) - (1 - share) * np.log(1 - share), abs=0.005)


def test_what_the_network_knows_too_is_nothing_more():
    images = made(radiomics_know=0, network_knows=5)
    for image in images:
        image.radiomics[..., 7] = image.answer[..., 0]
    loss = means(images)
    assert loss["radiomics"] < 0.5 * loss["nothing"]
    assert loss["both"] == pytest.approx(loss["other"], abs=0.02)


def test_images_of_one_group_are_never_learned_from_and_judged_together():
    """A feature that tells the group by heart would otherwise give the answer away."""
    images = made(radiomics_know=0, network_knows=0)
    for number, image in enumerate(images):
        image.lesion[:] = number % 2
        image.radiomics[..., 0] = number
    assert means(images)["radiomics"] > means(images)["nothing"] - 0.05


def test_tiles_without_a_value_and_images_without_a_tile_are_borne():
    images = made(radiomics_know=5, network_knows=1)
    images[2].radiomics[3:6] = np.nan
    images[4].inside[:] = False
    told = beyond(images)
    assert told[4] is None and all(np.isfinite(list(item.values())).all() for item in told if item)


def test_too_few_groups_and_a_truth_without_a_lesion_are_refused():
    with pytest.raises(TrainingError, match="at least 10 groups"):
        beyond(made(1, 1, count=9))
    images = made(1, 1)
    for image in images:
        image.lesion[:] = False
    with pytest.raises(TrainingError, match="with and without a lesion"):
        beyond(images)


def test_a_strangers_patient_gives_nothing_away():
    """Half of one data set has no lesion; in the other, features tell the patient, of whom there are two images.

    Given these as strangers, side by side as they stand, a learner would know the images without a lesion by them."""
    images = made(radiomics_know=0, network_knows=1, count=40)
    for number, image in enumerate(images):
        if number < 20:
            images[number] = replace(image, lesion=image.lesion & (number >= 10))
        else:
            image.radiomics[:] = number // 2
            images[number] = replace(image, dataset="patients", group=f"patient {number // 2}")
    told = beyond(images)
    assert np.mean([item["both"] - item["other"] for item in told[:10]]) < 0.03


def test_tiles_hold_the_networks_answer_and_the_features_of_the_product(small_segmenter, tmp_path):
    import torch

    image, truth = breast_ultrasound(1)
    row = Row("made", "one", tmp_path, tmp_path, "benign", "g", 0)
    sample = Sample(row, to_grid(image.rgb, 64), mask_to_grid(truth, 64))
    (tiles,) = tiles_of(answer(small_segmenter, [sample]))
    seen = small_segmenter.predict(image)
    with torch.inference_mode():
        logits = small_segmenter.infer(seen.grid, seen.radiomics).logits[0, 0].numpy()
    assert tiles.answer[1, 2, 0] == pytest.approx(logits[16:32, 32:48].mean(), abs=2e-3)
    assert tiles.answer[1, 2, 1] == pytest.approx(logits[16:32, 32:48].max(), abs=2e-3)
    assert tiles.answer[1, 2, 3] == pytest.approx(np.mean([tiles.answer[place][0] for place in (
        (0, 2), (2, 2), (1, 1), (1, 3))]), rel=1e-5)
    assert tiles.radiomics[1, 2, :13] == pytest.approx([seen.radiomics.whole[key] for key in KEYS], rel=1e-3)
    assert tiles.radiomics[1, 2, 13:] == pytest.approx(seen.radiomics.local[:, 1, 2], rel=1e-3, nan_ok=True)
    assert tiles.lesion[1, 2] == (sample.truth[16:32, 32:48].mean() > 0.5)
