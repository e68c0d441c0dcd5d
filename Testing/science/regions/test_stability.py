"""Coefficients of variation under changed outlines."""

import numpy as np
import pytest
from region_images import disc, textured

from radiomicnet.errors import FeatureError
from radiomicnet.features.catalogue import KEYS
from radiomicnet.images.image import Image
from radiomicnet.regions.outlines import outline_variants
from radiomicnet.regions.stability import feature_stability, regional_stability, stability


def test_a_lesion_darker_than_what_is_around_it_has_a_less_stable_mean_than_an_even_picture(lesion):
    image, mask = lesion
    of_lesion = feature_stability(image, mask)
    even = feature_stability(Image(textured(seed=8)), mask)
    assert tuple(of_lesion.items) == KEYS and of_lesion.used == of_lesion.variants == 20
    assert of_lesion.items["firstorder_Mean"].variation > 2 * even.items["firstorder_Mean"].variation
    assert even.items["firstorder_Mean"].stable and 0.8 < of_lesion.dice < 1


def test_mean_deviation_and_coefficient_are_those_of_the_measured_variants(lesion):
    image, mask = lesion
    made = feature_stability(image, mask, jitters=5, seed=3).items["firstorder_Mean"]
    means = [image.pixels[variant].mean() for variant in outline_variants(mask, jitters=5, seed=3)]
    assert made.value == pytest.approx(image.pixels[mask].mean())
    assert made.mean == pytest.approx(np.mean(means)) and made.deviation == pytest.approx(np.std(means, ddof=1))
    assert made.variation == pytest.approx(np.std(means, ddof=1) / np.mean(means))


def test_the_same_seed_gives_the_same_numbers(lesion):
    assert feature_stability(*lesion, jitters=3) == feature_stability(*lesion, jitters=3)
    assert feature_stability(*lesion, jitters=3) != feature_stability(*lesion, jitters=3, seed=1)


def test_a_feature_of_both_signs_has_a_deviation_and_no_coefficient(lesion):
    skewness = feature_stability(*lesion).items["firstorder_Skewness"]
    assert skewness.deviation > 0 and skewness.variation is None and skewness.stable is None
    assert "both signs" in skewness.reason


def test_what_does_not_change_is_stable():
    flat = Image(np.full((80, 80), 100, np.uint8))
    mean = feature_stability(flat, disc((80, 80), 40, 40, 15)).items["firstorder_Mean"]
    assert mean.variation == 0 and mean.stable and mean.reason == ""


def test_too_few_variants_are_said_and_not_judged():
    mask = disc((60, 60), 30, 30, 5)

    def only_the_segment_itself(variant):
        if variant.sum() != mask.sum():
            raise FeatureError("too small")
        return {"area": float(variant.sum())}

    made = stability(only_the_segment_itself, mask, np.ones_like(mask), jitters=4, seed=0)
    assert made.variants == 8 and made.used < 4
    assert made.items["area"].variation is None and "Too few" in made.items["area"].reason


def test_a_segment_that_is_too_small_as_it_is_is_refused():
    with pytest.raises(FeatureError):
        feature_stability(Image(textured((60, 60))), disc((60, 60), 30, 30, 3))


def test_pyradiomics_features_can_be_tried_the_same_way(lesion):
    pytest.importorskip("radiomics", reason="PyRadiomics is not installed; set-up said why")
    image, mask = lesion
    made = regional_stability(image, mask, ("firstorder", "shape2D"), jitters=2)
    ours = feature_stability(image, mask, jitters=2)
    assert made.items["firstorder_Mean"] == pytest.approx(ours.items["firstorder_Mean"]) or (
        made.items["firstorder_Mean"].variation == pytest.approx(ours.items["firstorder_Mean"].variation))
    assert made.items["shape2D_Perimeter"].stable and made.used == 6
