"""Deep supervision: every decoder level but the last, and the embedding, must tell the lesion for themselves.

The heads serve the training and are not part of the model. That of the embedding asks what the texture alone says,
tile by tile; without it the embedding would learn only what the gates happen to ask of it.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.functional import adaptive_avg_pool2d, binary_cross_entropy_with_logits

from ..network.architecture import IMAGE, LOCAL, Architecture
from ..network.radiomicnet import Output


class DeepSupervision(nn.Module):
    """A 1x1 convolution to a logit for each supervised map.

    Parameters
    ----------
    plan : Architecture
        Of the network that is trained.
    """

    def __init__(self, plan: Architecture) -> None:
        super().__init__()
        widths = list(plan.decoder[:-1]) + ([plan.embedding] if plan.driver in (LOCAL, IMAGE) else [])
        self.heads = nn.ModuleList(nn.Conv2d(width, 1, 1) for width in widths)

    def forward(self, output: Output, truth: torch.Tensor) -> torch.Tensor:
        """Mean over the maps of BCE and Dice against the truth (N, 1, H, W), averaged over each of the map's pixels."""
        maps = [*output.levels[:-1], *([output.embedding] if output.embedding is not None else [])]
        losses = [_loss(head(values), truth) for head, values in zip(self.heads, maps)]
        return torch.stack(losses).mean() if losses else truth.new_zeros(())


def _loss(logits: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    rows, columns = logits.shape[-2:]
    share = adaptive_avg_pool2d(truth, (rows, columns))
    probability = torch.sigmoid(logits)
    overlap, total = (probability * share).sum(dim=(1, 2, 3)), (probability + share).sum(dim=(1, 2, 3))
    return binary_cross_entropy_with_logits(logits, share) + (1 - (2 * overlap + 1) / (total + 1)).mean()
