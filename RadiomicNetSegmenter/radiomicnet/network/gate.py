"""The Radiomics Attention Gate (RAG): lets the radiomics embedding decide what of a skip connection passes.

With x the skip connection, d the decoder's map at the same resolution, e the embedding of the features::

    channel   a_c = sigmoid(V2 ReLU(V1 [mean(x), mean(e)]))             one weight per channel
    spatial   a_s = sigmoid(psi ReLU(W_x x + W_d d + W_e e))            one weight per pixel
    output    y   = x ((1 - gamma) + gamma a_c a_s),   gamma = sigmoid(g), g learned, one per gate

The abstract names channel and spatial attention, the embedding as their driver and a learnable gate gamma; the
equations are chosen here. The spatial part is the additive attention of Attention U-Net (Oktay 2018,
arXiv 1804.03999), the channel part squeeze-and-excitation (Hu 2018, arXiv 1709.01507), both with the embedding as a
further input. Mixing with gamma in 0..1 gives it a meaning a reader can use: at 0 the skip connection passes
untouched, at 1 only what was attended to passes.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn
from torch.nn.functional import interpolate


class GateState(NamedTuple):
    """What a gate did: spatial (N, 1, h, w), channel (N, C) and gamma (scalar tensor), all in 0..1."""

    spatial: torch.Tensor
    channel: torch.Tensor
    gamma: torch.Tensor


class RadiomicsAttentionGate(nn.Module):
    """Gate of one decoder level.

    Parameters
    ----------
    skip, decoder, embedding : int
        Channels of the skip connection, of the decoder's map and of the embedding.
    """

    def __init__(self, skip: int, decoder: int, embedding: int) -> None:
        super().__init__()
        hidden = max(8, skip // 2)
        self.squeeze = nn.Linear(skip + embedding, hidden)
        self.excite = nn.Linear(hidden, skip)
        self.from_skip = nn.Conv2d(skip, hidden, 1, bias=False)
        self.from_decoder = nn.Conv2d(decoder, hidden, 1, bias=False)
        self.from_embedding = nn.Conv2d(embedding, hidden, 1)
        self.psi = nn.Conv2d(hidden, 1, 1)
        self.gate = nn.Parameter(torch.zeros(()))

    def forward(
        self, skip: torch.Tensor, decoder: torch.Tensor, embedding: torch.Tensor
    ) -> tuple[torch.Tensor, GateState]:
        """Gate a skip connection.

        Parameters
        ----------
        skip : torch.Tensor
            (N, C, h, w).
        decoder : torch.Tensor
            (N, D, h, w).
        embedding : torch.Tensor
            (N, E, 1, 1) for features of the whole image or (N, E, a, b) for a map of local ones.
        """
        pooled = torch.cat([skip.mean(dim=(2, 3)), embedding.mean(dim=(2, 3))], dim=1)
        channel = torch.sigmoid(self.excite(torch.relu(self.squeeze(pooled))))
        steer = self.from_embedding(embedding)
        if steer.shape[-2:] != (1, 1):
            steer = interpolate(steer, size=skip.shape[-2:], mode="bilinear", align_corners=False)
        spatial = torch.sigmoid(self.psi(torch.relu(self.from_skip(skip) + self.from_decoder(decoder) + steer)))
        gamma = torch.sigmoid(self.gate)
        passed = skip * ((1 - gamma) + gamma * channel[:, :, None, None] * spatial)
        return passed, GateState(spatial, channel, gamma)
