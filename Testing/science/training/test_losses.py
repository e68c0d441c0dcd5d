"""The four terms of the loss, against values worked out by hand or by other means."""

import math

import pytest
import torch

from radiomicnet.training.losses import (
    binary_entropy,
    boundary_loss,
    consistency_loss,
    dice_loss,
    loss_terms,
    texture_complexity,
    weighted_bce,
)

SURE = 30.0


def disc(size=64, radius=14.0, middle=(32, 32)):
    row, column = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    return (((row - middle[0]) ** 2 + (column - middle[1]) ** 2).sqrt() <= radius).float()[None, None]


def logits_for(mask):
    return SURE * (2 * mask - 1)


def test_weighted_bce_of_an_undecided_prediction_is_log_2_times_the_mean_weight():
    truth = disc()
    weight = float((1.5 * truth + (1 - truth)).mean())
    assert float(weighted_bce(torch.zeros_like(truth), truth, 1.5)) == pytest.approx(weight * math.log(2), rel=1e-5)


def test_dice_loss_is_0_for_the_truth_and_1_for_its_complement():
    truth = disc()
    assert float(dice_loss(logits_for(truth), truth)) == pytest.approx(0, abs=1e-4)
    assert float(dice_loss(logits_for(1 - truth), truth)) == pytest.approx(1, abs=1e-3)


def test_dice_loss_equals_one_minus_dice_for_a_shifted_disc():
    truth, drawn = disc(), disc(middle=(32, 40))
    dice = 2 * (truth * drawn).sum() / (truth.sum() + drawn.sum())
    assert float(dice_loss(logits_for(drawn), truth)) == pytest.approx(1 - float(dice), abs=1e-3)


def test_dice_loss_on_an_image_without_a_lesion_rewards_drawing_nothing():
    empty = torch.zeros(1, 1, 64, 64)
    assert float(dice_loss(logits_for(empty), empty)) == pytest.approx(0, abs=1e-4)
    assert float(dice_loss(logits_for(disc()), empty)) > 0.9


def test_boundary_loss_forgives_two_pixels_and_no_more():
    truth = disc()
    assert float(boundary_loss(logits_for(truth), truth)) < 0.02
    assert float(boundary_loss(logits_for(disc(radius=15.5)), truth)) < 0.1
    assert float(boundary_loss(logits_for(disc(radius=20)), truth)) > 0.9


def test_boundary_loss_ignores_images_without_a_lesion():
    truth = torch.cat([disc(), torch.zeros(1, 1, 64, 64)])
    drawn = logits_for(torch.cat([disc(), disc()]))
    assert float(boundary_loss(drawn, truth)) < 0.02
    assert float(boundary_loss(drawn[1:], truth[1:])) == 0


def test_a_plain_texture_has_complexity_0_and_noise_a_higher_one_the_stronger_it_is():
    generator = torch.Generator().manual_seed(0)
    noise = torch.rand(1, 1, 64, 64, generator=generator).expand(-1, 3, -1, -1)
    plain, weak, strong = (float(texture_complexity(0.5 + scale * (noise - 0.5)).mean()) for scale in (0.0, 0.1, 1.0))
    assert plain == 0 and 0.3 < weak < strong < 1


def test_complexity_is_dissimilarity_over_dissimilarity_plus_three_hundredths():
    stripes = torch.zeros(1, 3, 64, 64)
    stripes[..., ::2] = 0.06  # neighbours in a row differ by 0.06, in a column by nothing: 0.03 on average
    assert texture_complexity(stripes)[0, 0, 32, 32].item() == pytest.approx(0.5, abs=1e-3)


def test_consistency_loss_is_0_where_uncertainty_equals_complexity():
    truth = disc()
    assert float(consistency_loss(torch.zeros_like(truth), truth, torch.ones_like(truth))) == pytest.approx(0, abs=1e-6)
    assert float(consistency_loss(logits_for(truth), truth, torch.zeros_like(truth))) == pytest.approx(0, abs=1e-4)
    assert float(consistency_loss(logits_for(truth), truth, torch.ones_like(truth))) == pytest.approx(1, abs=1e-3)


def test_consistency_loss_looks_at_the_band_around_the_outline_only():
    truth = disc()
    complexity = torch.zeros_like(truth)
    complexity[..., :8, :8] = 1
    assert float(consistency_loss(logits_for(truth), truth, complexity)) == pytest.approx(0, abs=1e-4)
    assert float(consistency_loss(logits_for(torch.zeros_like(truth)), torch.zeros_like(truth), complexity)) == 0


def test_binary_entropy_is_one_bit_at_one_half_and_0_at_the_ends():
    values = binary_entropy(torch.tensor([0.0, 0.25, 0.5, 1.0]))
    assert values.tolist() == pytest.approx([0, 0.8113, 1, 0], abs=1e-4)


def test_every_term_has_a_gradient_that_is_finite_even_for_extreme_logits():
    truth, image = disc(), torch.rand(1, 3, 64, 64)
    for scale in (0.0, 1.0, 1e4):
        logits = (scale * torch.randn(1, 1, 64, 64)).requires_grad_(True)
        terms = loss_terms(logits, truth, image)
        assert set(terms) == {"bce", "dice", "boundary", "consistency"}
        sum(terms.values()).backward()
        assert torch.isfinite(logits.grad).all()
