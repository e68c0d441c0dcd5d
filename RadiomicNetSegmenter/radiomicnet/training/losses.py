"""The four terms of the loss, each for logits and truths of shape (N, 1, H, W), each a mean over the batch.

    L = w_bce BCE + w_dice Dice + w_boundary Boundary + w_consistency Consistency

Weighted BCE, Dice, boundary and the Radiomics Consistency Loss are the paper's four; how each is defined is not in
its abstract and is chosen here.
"""

from __future__ import annotations

import torch
from torch.nn.functional import avg_pool2d, binary_cross_entropy_with_logits, pad

# Half of these many pixels to either side of the outline is where the consistency loss compares.
BAND = 15
# Grey levels (of 0..1) of mean local difference at which a texture counts as half complex: about the median inside
# the scans of the training images, so that complexity spreads over 0..1 instead of gathering at one end.
HALF_COMPLEX = 0.03
SMOOTH = 1.0


def weighted_bce(logits: torch.Tensor, truth: torch.Tensor, positive_weight: float = 1.5) -> torch.Tensor:
    """Binary cross entropy, -[w y log p + (1 - y) log(1 - p)], the lesion's pixels weighing ``positive_weight``."""
    return binary_cross_entropy_with_logits(logits, truth, pos_weight=logits.new_tensor(positive_weight))


def dice_loss(logits: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """1 - (2 sum(p y) + s) / (sum p + sum y + s) per image, s = 1 (V-Net, Milletari 2016, arXiv 1606.04797).

    On an image without a lesion it falls to 0 as the drawn area does.
    """
    probability = torch.sigmoid(logits)
    overlap = (probability * truth).sum(dim=(1, 2, 3))
    total = probability.sum(dim=(1, 2, 3)) + truth.sum(dim=(1, 2, 3))
    return (1 - (2 * overlap + SMOOTH) / (total + SMOOTH)).mean()


def boundary_loss(logits: torch.Tensor, truth: torch.Tensor, tolerance: int = 5) -> torch.Tensor:
    """1 - F1 of the outlines (Bokhovkin and Burnaev 2019, arXiv 1905.07852, equations 1 to 7).

    An outline is what max-pooling the complement adds to it; outlines within ``tolerance`` // 2 pixels match. Images
    without a lesion have no outline and do not count.
    """
    probability = torch.sigmoid(logits)
    drawn, true = _outline(probability), _outline(truth)
    precision = (drawn * _widen(true, tolerance)).sum(dim=(1, 2, 3)) / (drawn.sum(dim=(1, 2, 3)) + SMOOTH)
    recall = (true * _widen(drawn, tolerance)).sum(dim=(1, 2, 3)) / (true.sum(dim=(1, 2, 3)) + SMOOTH)
    f1 = 2 * precision * recall / (precision + recall + 1e-7)
    present = (truth.sum(dim=(1, 2, 3)) > 0).float()
    return ((1 - f1) * present).sum() / present.sum().clamp(min=1)


def texture_complexity(image: torch.Tensor) -> torch.Tensor:
    """How complex the texture around each pixel is.

    The dissimilarity of the co-occurrence matrix, E\\|i - j\\| over neighbours at distance 1 and 0 and 90 degrees, in a
    window of 9 x 9 pixels, d, squashed by d / (d + 0.03).

    Parameters
    ----------
    image : torch.Tensor
        (N, 3, H, W) in 0..1.

    Returns
    -------
    torch.Tensor
        (N, 1, H, W) in 0..1, without gradient.
    """
    with torch.no_grad():
        grey = (image * image.new_tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(dim=1, keepdim=True)
        difference = torch.zeros_like(grey)
        difference[..., :, 1:] += (grey[..., :, 1:] - grey[..., :, :-1]).abs() / 2
        difference[..., 1:, :] += (grey[..., 1:, :] - grey[..., :-1, :]).abs() / 2
        local = avg_pool2d(difference, 9, stride=1, padding=4, count_include_pad=False)
        return local / (local + HALF_COMPLEX)


def consistency_loss(logits: torch.Tensor, truth: torch.Tensor, complexity: torch.Tensor) -> torch.Tensor:
    """Radiomics Consistency Loss: mean of (u - t)^2 over the band around the true outline.

    u is the prediction's binary entropy in bits, t the texture complexity; so an outline through a complex texture is
    allowed to be unsure and one through a plain texture is asked to be sure. Only in the band, because far from an
    outline a complex texture is no reason to doubt.
    """
    band = _widen(truth, BAND) - (1 - _widen(1 - truth, BAND))
    uncertainty = binary_entropy(torch.sigmoid(logits))
    return ((uncertainty - complexity) ** 2 * band).sum() / band.sum().clamp(min=1)


def binary_entropy(probability: torch.Tensor) -> torch.Tensor:
    """-p log2 p - (1 - p) log2(1 - p), in bits, 0..1."""
    p = probability.clamp(1e-6, 1 - 1e-6)
    return -(p * torch.log2(p) + (1 - p) * torch.log2(1 - p))


def loss_terms(
    logits: torch.Tensor, truth: torch.Tensor, image: torch.Tensor, positive_weight: float = 1.5
) -> dict[str, torch.Tensor]:
    """All four terms by name, unweighted."""
    return {
        "bce": weighted_bce(logits, truth, positive_weight),
        "dice": dice_loss(logits, truth),
        "boundary": boundary_loss(logits, truth),
        "consistency": consistency_loss(logits, truth, texture_complexity(image)),
    }


def _widen(mask: torch.Tensor, width: int) -> torch.Tensor:
    """Maximum over a square of odd width: row maxima of column maxima."""
    return _running_maximum(_running_maximum(mask, width, -2), width, -1)


def _running_maximum(mask: torch.Tensor, width: int, axis: int) -> torch.Tensor:
    """Maximum over a centred window of odd width, by doubling: a tenth of a pooling layer's time on a CPU."""
    reach = width // 2
    sides = (reach, reach) if axis == -1 else (0, 0, reach, reach)
    maximum, covered = pad(mask, sides), 1
    length = mask.shape[axis]
    while covered < width:
        step = min(covered, width - covered)
        rest = maximum.shape[axis] - step
        maximum = torch.maximum(maximum.narrow(axis, 0, rest), maximum.narrow(axis, step, rest))
        covered += step
    return maximum.narrow(axis, 0, length)


def _outline(mask: torch.Tensor) -> torch.Tensor:
    return _widen(1 - mask, 3) - (1 - mask)
