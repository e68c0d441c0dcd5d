"""What a finished training puts into a card about trust, from training images and held-out answers."""

import json
from dataclasses import replace

import jsonschema
import numpy as np
import pytest
import SimpleITK as sitk

from radiomicnet.explain.groups import fit_groups
from radiomicnet.explain.usual import fit_usual
from radiomicnet.features.catalogue import KEYS
from radiomicnet.images.grid import mask_to_grid, to_grid
from radiomicnet.images.image import Image
from radiomicnet.images.read import read_image
from radiomicnet.models.card import SCHEMA_FILE
from radiomicnet.models.store import Model
from radiomicnet.regions.icc import from_json
from radiomicnet.segmenter import Segmenter
from radiomicnet.training.data import Row, Sample
from radiomicnet.training.decide import Decision
from radiomicnet.training.fit_trust import MOVED_OUTLINES, evenly, fit_trust
from radiomicnet.training.heldout import answer

DECISION = Decision(temperature=1.0, threshold=0.5, peak_threshold=0.0, presence_threshold=0.0)


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """Thirty small pictures of a dark disc in speckle, as files and on the grid."""
    folder, rng = tmp_path_factory.mktemp("pictures"), np.random.default_rng(0)
    rows, columns = np.mgrid[:80, :96]
    made = []
    for number in range(30):
        truth = np.hypot(rows - rng.integers(30, 50), columns - rng.integers(30, 60)) < rng.integers(9, 16)
        grey = np.where(truth, 60, 130) * rng.gamma(rng.uniform(4, 12), 1 / 8, truth.shape)
        pixels = grey.clip(0, 255).astype(np.uint8)
        paths = folder / f"{number}.png", folder / f"{number}m.png"
        for path, array in zip(paths, (pixels, 255 * truth.astype(np.uint8))):
            sitk.WriteImage(sitk.GetImageFromArray(array), str(path))
        row = Row("made", f"p{number}", *paths, "benign", f"g{number}", number % 5)
        made.append(Sample(row, to_grid(Image(pixels).rgb, 64), mask_to_grid(truth, 64)))
    return made


def test_a_card_gets_every_part_and_keeps_to_its_schema(small_segmenter, samples):
    fitted = fit_trust(small_segmenter, samples[:25], samples[25:], answer(small_segmenter, samples[25:]), DECISION)
    schema = json.loads(SCHEMA_FILE.read_text())
    jsonschema.validate(fitted, {**schema["properties"]["trust"], "$defs": schema["$defs"]})
    assert set(fitted) == {"novelty", "area", "groups", "repeatability"}  # five held-out groups draw no quality curve
    assert fitted["novelty"]["n"] == 25 and fitted["novelty"]["held_out"]["n"] == 5
    assert sorted(key for group in fitted["groups"] for key in group) == sorted(KEYS)
    assert {icc.images for icc in from_json(fitted["repeatability"]).values()} == {25}


def test_what_is_usual_of_a_model_is_measured_on_its_own_training_images(small_segmenter, samples, monkeypatch):
    monkeypatch.setattr("radiomicnet.explain.usual.FEWEST_IMAGES", 3)
    monkeypatch.setattr("radiomicnet.training.fit_trust.EXPLAINED", 5)
    card = replace(small_segmenter.card, threshold=0.0001, peak_threshold=0.0, presence_threshold=0.0)
    drawing = Segmenter(Model(card, small_segmenter.network))
    fitted = fit_trust(drawing, samples, [], answer(drawing, samples[25:]), DECISION)["contributions"]
    schema = json.loads(SCHEMA_FILE.read_text())
    jsonschema.validate({"contributions": fitted}, {**schema["properties"]["trust"], "$defs": schema["$defs"]})
    made = [drawing.explain(drawing.predict(read_image(sample.row.image))) for sample in evenly(samples, 5)]
    assert fitted == fit_usual(made) and fitted["n"] == 5


def test_of_a_handful_of_images_nothing_is_said(small_segmenter, samples):
    assert set(fit_trust(small_segmenter, samples[:6], [], answer(small_segmenter, samples[6:8]), DECISION)) == {"area"}


def test_features_that_rise_and_fall_together_are_grouped_and_others_stand_alone():
    values = np.random.default_rng(0).normal(size=(400, 13))
    values[:, 1] = np.exp(values[:, 0]) + 0.05 * values[:, 1]  # the ranks are alike, the values are not
    values[:, 5] = -values[:, 3] + 0.1 * values[:, 5]
    assert fit_groups(values) == [[KEYS[0], KEYS[1]], [KEYS[2]], [KEYS[3], KEYS[5]],
                                  *([KEYS[k]] for k in (4, 6, 7, 8, 9, 10, 11, 12))]


def test_images_whose_outlines_are_moved_are_spread_over_all():
    chosen = evenly(list(range(1000)))
    assert len(chosen) == MOVED_OUTLINES and (chosen[0], chosen[-1]) == (0, 999)
    assert evenly([1, 2]) == [1, 2] and evenly([]) == []


def test_outlines_that_the_presence_rule_leaves_away_are_not_fitted_on(small_segmenter, samples):
    drawing = replace(DECISION, threshold=0.0001)
    made = answer(small_segmenter, samples)
    answers = [replace(item, presence=float(number % 2)) for number, item in enumerate(made)]
    some = fit_trust(small_segmenter, [], [], answers, replace(drawing, presence_threshold=0.2))
    every = fit_trust(small_segmenter, [], [], answers, drawing)
    assert some["area"]["n"] == every["area"]["n"] / 2 > 0
