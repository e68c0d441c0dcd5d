"""Images unlike the training images: told by their distance, and by the features that are out of range."""

import numpy as np
import pytest
from scipy.spatial.distance import mahalanobis
from sklearn.covariance import LedoitWolf

from radiomicnet.features.catalogue import KEYS
from radiomicnet.trust.novelty import fit_novelty, judge_novelty


@pytest.fixture(scope="module")
def images():
    rng = np.random.default_rng(0)
    mixing = rng.normal(size=(13, 13))
    return rng.normal(size=(1200, 13)) @ mixing / 3


@pytest.fixture(scope="module")
def fitted(images):
    return fit_novelty(images[:400], images[400:800])


def test_the_distance_is_mahalanobis_with_ledoit_and_wolfs_covariance(images, fitted):
    reference = LedoitWolf().fit(images[:400])
    expected = mahalanobis(images[900], reference.location_, reference.precision_)
    assert judge_novelty(images[900], fitted).distance == pytest.approx(expected, rel=1e-3)


def test_of_new_images_of_the_same_source_one_in_twenty_is_unusual_and_one_in_a_hundred_foreign(images, fitted):
    levels = [judge_novelty(image, fitted).level for image in images[800:]]
    assert np.mean([level != "familiar" for level in levels]) == pytest.approx(0.05, abs=0.03)
    assert np.mean([level == "foreign" for level in levels]) == pytest.approx(0.01, abs=0.015)


def test_a_feature_beyond_the_training_images_is_named_the_farthest_first(images, fitted):
    image = images[:400].mean(axis=0)
    image[3], image[7] = images[:, 3].max() + 1, images[:, 7].min() - 5
    made = judge_novelty(image, fitted)
    assert made.out_of_range == (KEYS[7], KEYS[3]) and made.level == "foreign"


def test_an_image_at_the_training_mean_is_familiar(images, fitted):
    made = judge_novelty(np.array(fitted["mean"]), fitted)
    assert made.distance == 0 and made.level == "familiar" and made.out_of_range == ()
