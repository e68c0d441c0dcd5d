"""How a picture looks: numbers that other kinds of pictures do not share, whatever their grey levels."""

from dataclasses import replace

import numpy as np
import pytest

from radiomicnet.features.extract import extract
from radiomicnet.images.grid import to_grid
from radiomicnet.images.image import Image
from radiomicnet.images.phantoms import breast_ultrasound, polyp_endoscopy
from radiomicnet.models.store import Model, load
from radiomicnet.prompts.box import Box
from radiomicnet.prompts.prompted import Prompts, predict
from radiomicnet.segmenter import Segmenter
from radiomicnet.trust.appearance import BLOCKS, CHANNELS, appearance
from radiomicnet.trust.novelty import fit_novelty, judge_novelty


@pytest.fixture(scope="module")
def segmenter():
    return Segmenter(load("breast-ultrasound"))


def traits(segmenter, image):
    grid = to_grid(image.rgb, 128)
    return segmenter.traits(grid, extract(grid.grey, grid.mask))


@pytest.fixture(scope="module")
def fitted(segmenter):
    """A card for phantoms of breasts, of a few patients at many brightnesses and places."""
    rng = np.random.default_rng(0)
    seen, patients = [], []
    for patient in range(8):
        pixels = breast_ultrasound(seed=patient)[0].pixels
        for _ in range(8):
            top, left = rng.integers(0, 40, 2)
            lit = np.clip(pixels[top : top + 360, left : left + 460] * rng.uniform(0.8, 1.2), 0, 255).astype(np.uint8)
            seen.append(traits(segmenter, Image(lit)))
            patients.append(str(patient))
    return fit_novelty(np.array(seen), patients)


def test_what_lies_in_the_padding_does_not_count(segmenter):
    grid = to_grid(breast_ultrasound()[0].rgb, 128)
    painted = replace(grid, rgb=grid.rgb.copy())
    painted.rgb[grid.content[0] + 20 :] = 255
    assert grid.content[0] + 20 < 128
    whole = appearance(segmenter.network, grid)
    assert whole.shape == (CHANNELS,) and np.array_equal(whole, appearance(segmenter.network, painted))


def test_both_models_have_the_same_filters_as_these_are_not_trained(segmenter):
    """To half precision, in which a model's file may keep them."""
    one, other = (network.encoder.features[:BLOCKS].state_dict()
                  for network in (segmenter.network, load("polyp-endoscopy").network))
    assert one.keys() == other.keys()
    assert all(np.array_equal(one[name].half(), other[name].half()) for name in one)


@pytest.mark.parametrize("kind", ["inverted", "endoscopy", "grey endoscopy", "noise", "upside down"])
def test_other_kinds_of_pictures_are_told_from_what_a_card_knows(segmenter, fitted, kind):
    ultrasound, endoscopy = breast_ultrasound(seed=99)[0], polyp_endoscopy()[0]
    picture = {
        "inverted": Image(255 - ultrasound.pixels), "endoscopy": endoscopy,
        "grey endoscopy": Image(to_grid(endoscopy.rgb, 128).grey),
        "noise": Image(np.random.default_rng(0).integers(0, 256, (200, 260)).astype(np.uint8)),
        "upside down": Image(ultrasound.pixels[::-1].copy()),
    }[kind]
    assert judge_novelty(traits(segmenter, picture), fitted).level == "foreign"


def test_another_phantom_of_the_kind_is_familiar(segmenter, fitted):
    levels = [judge_novelty(traits(segmenter, breast_ultrasound(seed=100 + k)[0]), fitted).level for k in range(3)]
    assert levels == ["familiar"] * 3


def test_a_prediction_is_judged_by_the_whole_image_wherever_a_person_points(segmenter, fitted):
    image = breast_ultrasound(seed=3)[0]
    knowing = Segmenter(Model(replace(segmenter.card, trust={"novelty": fitted}), segmenter.network))
    rows, columns = image.shape
    whole = knowing.predict(image).trust.novelty
    box = Box(columns // 3, rows // 3, columns // 3 + 60, rows // 3 + 60)
    for prompts in (Prompts(((columns / 2, rows / 2),)), Prompts((), box)):
        assert predict(knowing, image, prompts=prompts).trust.novelty == whole
