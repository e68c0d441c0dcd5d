"""Seg-Grad-CAM (Vinogradova 2020, doi 10.1609/aaai.v34i10.7244; Selvaraju 2017): a map to compare attention with.

The maps of the deepest decoder level are weighted by the mean gradient of the explained region's mean logit and
added up; what is negative is cut off. Nothing of it is the network's own doing: it is a story told after.
"""

from __future__ import annotations

import torch
from torch.nn.functional import interpolate

from ..network.radiomicnet import RadiomicNet


def grad_cam(network: RadiomicNet, image: torch.Tensor, features: torch.Tensor, region: torch.Tensor) -> torch.Tensor:
    """Map of one image.

    Parameters
    ----------
    network : RadiomicNet
    image : torch.Tensor
        (1, 3, S, S) in 0..1.
    features : torch.Tensor
        (1, F, a, b), standardised.
    region : torch.Tensor
        (S, S) bool, whose mean logit is explained.

    Returns
    -------
    torch.Tensor
        (S, S) float32 in 0..1; all 0 where no gradient is positive.
    """
    with torch.enable_grad():
        maps = {stride: values.detach().requires_grad_() for stride, values in network.encode(image).items()}
        output = network.decode(maps, features)
        level = output.levels[0]
        size = image.shape[-2:]
        gradient = torch.autograd.grad(output.logits[0, 0, : size[0], : size[1]][region].mean(), level)[0]
    weighted = torch.relu((level * gradient.mean(dim=(2, 3), keepdim=True)).sum(dim=1, keepdim=True)).detach()
    stretched = interpolate(weighted, size=output.logits.shape[-2:], mode="bilinear", align_corners=False)
    cut = stretched[0, 0, : size[0], : size[1]]
    return cut / cut.max().clamp(min=1e-12)
