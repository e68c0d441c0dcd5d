"""Images unlike the training images: told by their distance, and by the features that are out of range."""

import numpy as np
import pytest
from scipy.spatial.distance import mahalanobis
from sklearn.covariance import LedoitWolf

from radiomicnet.features.catalogue import KEYS
from radiomicnet.trust.novelty import fit_novelty, judge_novelty

COUNT = 37
SINGLE = [str(index) for index in range(800)]


@pytest.fixture(scope="module")
def images():
    rng = np.random.default_rng(0)
    mixing = rng.normal(size=(COUNT, COUNT))
    return rng.normal(size=(1600, COUNT)) @ mixing / 3


@pytest.fixture(scope="module")
def fitted(images):
    return fit_novelty(images[:800], SINGLE, images[800:1200])


def test_the_distance_is_mahalanobis_with_ledoit_and_wolfs_covariance_of_standardised_values(images, fitted):
    centre, deviation = images[:800].mean(axis=0), images[:800].std(axis=0)
    reference = LedoitWolf().fit((images[:800] - centre) / deviation)
    expected = mahalanobis((images[900] - centre) / deviation, reference.location_, reference.precision_)
    assert judge_novelty(images[900], fitted).distance == pytest.approx(expected, rel=1e-3)


def test_the_unit_of_a_number_does_not_matter(images, fitted):
    units = np.logspace(-3, 3, COUNT)
    other = fit_novelty(images[:800] * units, SINGLE)
    assert judge_novelty(images[900] * units, other).distance == pytest.approx(
        judge_novelty(images[900], fitted).distance, rel=1e-3)


def test_of_new_images_of_the_same_source_one_in_twenty_is_unusual_and_one_in_a_hundred_foreign(images, fitted):
    levels = [judge_novelty(image, fitted).level for image in images[1200:]]
    assert np.mean([level != "familiar" for level in levels]) == pytest.approx(0.05, abs=0.03)
    assert np.mean([level == "foreign" for level in levels]) == pytest.approx(0.01, abs=0.015)


def test_the_shares_of_held_out_images_beyond_the_limits_are_those_of_the_judge(images, fitted):
    levels = [judge_novelty(image, fitted).level for image in images[800:1200]]
    assert fitted["held_out"] == {"n": 400, "unusual": pytest.approx(np.mean([each != "familiar" for each in levels])),
                                  "foreign": pytest.approx(np.mean([each == "foreign" for each in levels]))}


def test_held_out_images_that_differ_more_raise_the_limit_that_they_are_enough_for(images, fitted):
    wider = fit_novelty(images[:800], SINGLE, 1.3 * images[800:1200])
    assert wider["unusual"] > 1.1 * fitted["unusual"] and wider["held_out"]["unusual"] == pytest.approx(0.05, abs=0.003)
    few = fit_novelty(images[:800], SINGLE, 1.3 * images[800:850])
    assert few["unusual"] == fit_novelty(images[:800], SINGLE)["unusual"] < fitted["unusual"] + 0.5


def test_copies_of_an_image_in_one_group_do_not_vouch_for_each_other(images):
    copied = np.repeat(images[:100], 4, axis=0) + np.random.default_rng(1).normal(scale=1e-3, size=(400, COUNT))
    honest = fit_novelty(copied, [str(index // 4) for index in range(400)])["unusual"]
    deceived = fit_novelty(copied, SINGLE[:400])["unusual"]
    assert honest > 1.1 * deceived


def test_a_feature_beyond_the_training_images_is_named_the_farthest_first(images, fitted):
    image = images[:800].mean(axis=0)
    image[3], image[7] = images[:, 3].max() + 1, images[:, 7].min() - 5
    made = judge_novelty(image, fitted)
    assert made.out_of_range == (KEYS[7], KEYS[3]) and made.level == "foreign"


def test_an_image_at_the_training_mean_is_familiar(fitted):
    made = judge_novelty(np.array(fitted["mean"]), fitted)
    assert made.distance == 0 and made.level == "familiar" and made.out_of_range == ()


def test_a_card_of_the_features_alone_is_still_judged_and_says_so(images, fitted):
    old = fit_novelty(images[:800, :13], SINGLE)
    reference = LedoitWolf().fit((images[:800, :13] - images[:800, :13].mean(axis=0)) / images[:800, :13].std(axis=0))
    made = judge_novelty(images[900], old)
    assert made.features_only and not judge_novelty(images[900], fitted).features_only
    away = (images[900, :13] - images[:800, :13].mean(axis=0)) / images[:800, :13].std(axis=0)
    assert made.distance == pytest.approx(float(np.sqrt(away @ reference.precision_ @ away)), rel=1e-3)
