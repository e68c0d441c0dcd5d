"""The model is chosen by the file's own word, then by how much of the picture is coloured."""

from __future__ import annotations

import csv
from types import SimpleNamespace

import numpy as np
import pytest

from radiomicnet.errors import ModalityUnclearError
from radiomicnet.images.image import Image
from radiomicnet.images.modality import choose_model, coloured_share
from radiomicnet.images.phantoms import breast_ultrasound, polyp_endoscopy
from radiomicnet.images.read import read_image

ULTRASOUND = SimpleNamespace(name="breast-ultrasound", title="Breast lesion", modality="ultrasound",
                             dicom_modalities=("US",))
ENDOSCOPY = SimpleNamespace(name="polyp-endoscopy", title="Polyp", modality="endoscopy", dicom_modalities=("ES",))
CARDS = (ULTRASOUND, ENDOSCOPY)
BREAST = breast_ultrasound()[0].pixels
POLYP = polyp_endoscopy()[0].pixels


def with_box(share: float) -> np.ndarray:
    """An ultrasound image with a box in strong colours over a share of its width and height."""
    pixels = np.repeat(BREAST[..., None], 3, axis=2)
    rows, columns = (round(side * share ** 0.5) for side in BREAST.shape)
    pixels[:rows, :columns] = (220, 40, 30)
    return pixels


@pytest.mark.parametrize("pixels", [BREAST, np.repeat(BREAST[..., None], 3, axis=2)])
def test_grey_is_ultrasound_whatever_the_number_of_channels(pixels):
    assert choose_model(Image(pixels), CARDS) is ULTRASOUND


def test_coloured_is_endoscopy():
    assert choose_model(Image(POLYP), CARDS) is ENDOSCOPY


def test_the_word_of_the_file_goes_before_the_colours():
    assert choose_model(Image(POLYP, modality="US"), CARDS) is ULTRASOUND
    assert choose_model(Image(BREAST, modality="ES"), CARDS) is ENDOSCOPY


@pytest.mark.parametrize("word", ["OT", "SC"])
def test_a_word_that_says_nothing_leaves_it_to_the_colours(word):
    assert choose_model(Image(POLYP, modality=word), CARDS) is ENDOSCOPY


def test_a_modality_without_a_model_asks_and_names_the_choices():
    with pytest.raises(ModalityUnclearError, match=r"modality is CT.*breast-ultrasound.*polyp-endoscopy"):
        choose_model(Image(BREAST, modality="CT"), CARDS)


def test_a_coloured_logo_or_doppler_box_does_not_make_it_endoscopy():
    assert choose_model(Image(with_box(0.02)), CARDS) is ULTRASOUND
    assert choose_model(Image(with_box(0.2)), CARDS) is ULTRASOUND


def half_grey(pixels: np.ndarray) -> np.ndarray:
    result = pixels.copy()
    middle = pixels.shape[1] // 2
    result[:, :middle] = pixels[:, :middle, 1:2]
    return result


@pytest.mark.parametrize("pixels", [with_box(0.5), half_grey(POLYP)])
def test_neither_grey_nor_coloured_asks_and_names_the_choices(pixels):
    with pytest.raises(ModalityUnclearError, match=r"% of image is coloured.*Choose one: breast-ultrasound"):
        choose_model(Image(pixels), CARDS)


def test_two_models_for_one_modality_ask_and_name_only_these():
    thyroid = SimpleNamespace(name="thyroid", title="Nodule", modality="ultrasound", dicom_modalities=("US",))
    with pytest.raises(ModalityUnclearError, match="more than one model fits") as caught:
        choose_model(Image(BREAST), (*CARDS, thyroid))
    assert "polyp" not in caught.value.remedy


def test_no_model_at_all_is_said():
    with pytest.raises(ModalityUnclearError, match="no model is installed"):
        choose_model(Image(BREAST), ())


def test_a_black_image_has_no_coloured_share():
    assert coloured_share(Image(np.zeros((20, 20, 3), np.uint8))) == 0


@pytest.mark.parametrize(("dataset", "card"), [("busi", ULTRASOUND), ("bus-bra", ULTRASOUND),
                                               ("kvasir-seg", ENDOSCOPY)])
def test_real_images_get_their_model(shared_data, dataset, card):
    with (shared_data / "manifest.csv").open(newline="") as file:
        images = [row["image"] for row in csv.DictReader(file) if row["dataset"] == dataset]
    for name in images[::25]:
        assert choose_model(read_image(shared_data / name), CARDS) is card, name
