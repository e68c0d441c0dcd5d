"""Integrated gradients: complete, repeatable, and equal to what a brute-force sum over the path gives."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from radiomicnet.explain import contributions as contributing
from radiomicnet.explain.quantity import MOST_PROBABLE, PREDICTED, Quantity, explained_region
from radiomicnet.features.catalogue import KEYS
from radiomicnet.features.extract import Radiomics
from radiomicnet.network.views import infer
from radiomicnet.segmenter import image_tensor


@pytest.fixture(scope="module")
def prediction(small_segmenter, phantom):
    """With a threshold at which the untrained network draws a part of the image."""
    probability = small_segmenter.predict(phantom[0]).probability
    return small_segmenter.predict(phantom[0], threshold=float(np.quantile(probability, 0.8)))


@pytest.fixture(scope="module")
def contributions(small_segmenter, prediction):
    return small_segmenter.explain(prediction)


def quantity_along_path(segmenter, prediction, positions):
    """Mean logit over the region at positions 0..1 of the path, and its gradients.

    By the network's forward on the image and on its mirror image.
    """
    image, features = image_tensor(prediction.grid), segmenter.feature_tensor(prediction.radiomics)
    region, _ = explained_region(segmenter.infer(prediction.grid, prediction.radiomics).logits[0, 0], prediction)
    path = (torch.tensor(positions, dtype=torch.float32)[:, None, None, None] * features).requires_grad_(True)
    images = image.expand(len(path), -1, -1, -1)
    logits = (segmenter.network(images, path) + segmenter.network(images.flip(-1), path.flip(-1)).flip(-1)) / 2
    values = logits[:, 0, region].mean(dim=1)
    gradients = torch.autograd.grad(values.sum(), path)[0]
    everywhere = (gradients * features).detach().double().sum(dim=(2, 3)).numpy()
    return values.detach().numpy(), everywhere.reshape(len(path), -1, len(KEYS)).sum(axis=1)


def test_contributions_add_up_to_the_change_of_the_explained_quantity(contributions):
    assert contributions.total > 0.001
    total = sum(item.contribution for item in contributions.items)
    assert total - contributions.change == pytest.approx(contributions.residual, abs=1e-9)
    assert abs(contributions.residual) <= 0.01 * contributions.total


def test_the_quantity_is_the_mean_logit_over_the_region_with_and_without_the_features(
        small_segmenter, prediction, contributions):
    values, _ = quantity_along_path(small_segmenter, prediction, [0.0, 1.0])
    assert contributions.reference_quantity == pytest.approx(values[0], abs=1e-4)
    assert contributions.quantity == pytest.approx(values[1], abs=1e-4)


def test_with_turned_views_the_quantity_is_the_mean_logit_of_the_averaged_answer(small_segmenter, prediction):
    turning = replace(prediction, card=replace(prediction.card, views=("plain", "left", "both", "right")))
    image, features = image_tensor(prediction.grid), small_segmenter.feature_tensor(prediction.radiomics)
    quantity = Quantity(small_segmenter.network, turning, image, features)
    with torch.inference_mode():
        averaged = infer(small_segmenter.network, image, features, turning.card.views).logits[0, 0]
        assert float(quantity(features)) == pytest.approx(float(averaged[quantity.region].mean()), abs=1e-5)


def test_where_too_few_points_were_taken_more_are_added_and_none_is_forgotten(small_segmenter, prediction, monkeypatch):
    true, asked = contributing._mean_gradient, []

    def missing(quantity, features, points):
        """One time too much and the next too little, as where kinks lie between the points."""
        asked.append(points)
        return (1.2 if points == 16 else 0.9) * true(quantity, features, 128)

    monkeypatch.setattr(contributing, "_mean_gradient", missing)
    made = small_segmenter.explain(prediction)
    assert asked == [16, 32] and made.steps == 48  # (16 * 1.2 + 32 * 0.9) / 48 = 1
    assert abs(made.residual) <= 0.01 * made.total


def test_contributions_equal_a_riemann_sum_over_two_hundred_points(small_segmenter, prediction, contributions):
    sums = np.mean([quantity_along_path(small_segmenter, prediction, part)[1].mean(axis=0)
                    for part in ((np.arange(200) + 0.5) / 200).reshape(10, 20)], axis=0)
    ours = {item.key: item.contribution for item in contributions.items}
    for key, expected in zip(KEYS, sums):
        assert ours[key] == pytest.approx(expected, abs=0.05 * contributions.total)


def test_a_second_call_gives_the_very_same_numbers(small_segmenter, prediction, contributions):
    assert small_segmenter.explain(prediction) == contributions


def test_items_are_ranked_by_size_and_their_shares_are_percent_of_the_absolute_sum(contributions):
    sizes = [abs(item.contribution) for item in contributions.items]
    assert sizes == sorted(sizes, reverse=True)
    assert [item.rank for item in contributions.items] == list(range(1, 14))
    assert {item.key for item in contributions.items} == set(KEYS)
    assert sum(item.share for item in contributions.items) == pytest.approx(100)


def test_a_feature_at_its_training_mean_contributes_nothing(small_segmenter, prediction):
    local = prediction.radiomics.local.copy()
    local[KEYS.index("glcm_Contrast")] = small_segmenter.card.local_feature_mean["glcm_Contrast"]
    whole = {**prediction.features, "glcm_Contrast": small_segmenter.card.feature_mean["glcm_Contrast"]}
    items = {item.key: item for item in
             small_segmenter.explain(replace(prediction, radiomics=Radiomics(whole, local))).items}
    assert items["glcm_Contrast"].contribution == 0


def test_maps_tell_what_the_tiles_contributed_and_the_whole_scan_did_the_rest(small_segmenter, prediction,
                                                                              contributions):
    assert contributions.maps.shape == prediction.radiomics.local.shape == (13, 4, 4)
    without = Radiomics(prediction.features, np.full_like(prediction.radiomics.local, np.nan))
    alone = small_segmenter.explain(replace(prediction, radiomics=without))
    assert np.abs(contributions.maps).sum() > 0 and not alone.maps.any()
    nowhere = np.isnan(prediction.radiomics.local[0])
    assert not contributions.maps[:, nowhere].any()


def test_the_explained_region_is_what_was_drawn(small_segmenter, prediction, contributions):
    logits = small_segmenter.infer(prediction.grid, prediction.radiomics).logits[0, 0]
    region, name = explained_region(logits, prediction)
    rows, columns = prediction.grid.content
    assert name == contributions.region == PREDICTED
    assert not region[rows:].any() and not region[:, columns:].any()
    assert float(region.sum()) / (rows * columns) == pytest.approx((prediction.labels > 0).mean(), abs=0.05)


def test_where_nothing_was_drawn_the_most_probable_hundredth_is_explained(small_segmenter, phantom):
    nothing = small_segmenter.predict(phantom[0], threshold=0.999999)
    assert nothing.lesions == ()
    logits = small_segmenter.infer(nothing.grid, nothing.radiomics).logits[0, 0]
    region, name = explained_region(logits, nothing)
    rows, columns = nothing.grid.content
    assert name == small_segmenter.explain(nothing).region == MOST_PROBABLE
    assert int(region.sum()) == round(0.01 * rows * columns)
    assert logits[region].min() >= logits[:rows, :columns][~region[:rows, :columns]].max()
