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

CHANNEL, SPATIAL = "channel", "spatial"


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
    attention : tuple of str
        Which of "channel" and "spatial" attend; one left out is 1 everywhere. For ablation.
    learnable : bool
        Without it gamma is 1: only what was attended to passes. For ablation.
    """

    def __init__(self, skip: int, decoder: int, embedding: int, attention: tuple[str, ...] = (CHANNEL, SPATIAL),
                 learnable: bool = True) -> None:
        super().__init__()
        hidden = max(8, skip // 2)
        self.skip = skip
        self.squeeze = self.excite = self.psi = None
        if CHANNEL in attention:
            self.squeeze = nn.Linear(skip + embedding, hidden)
            self.excite = nn.Linear(hidden, skip)
        if SPATIAL in attention:
            self.from_skip = nn.Conv2d(skip, hidden, 1, bias=False)
            self.from_decoder = nn.Conv2d(decoder, hidden, 1, bias=False)
            self.from_embedding = nn.Conv2d(embedding, hidden, 1)
            self.psi = nn.Conv2d(hidden, 1, 1)
        self.gate = nn.Parameter(torch.zeros(())) if learnable else None

    def forward(
        self, skip: torch.Tensor, decoder: torch.Tensor, embedding: torch.Tensor, fixed: float | None = None
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
        fixed : float, optional
            Gamma to use instead of the learned one, 0..1.
        """
        channel, spatial = self._channel(skip, embedding), self._spatial(skip, decoder, embedding)
        gamma = skip.new_ones(()) if self.gate is None else torch.sigmoid(self.gate)
        if fixed is not None:
            gamma = torch.full_like(gamma, fixed)
        passed = skip * ((1 - gamma) + gamma * channel[:, :, None, None] * spatial)
        return passed, GateState(spatial, channel, gamma)

    def _channel(self, skip: torch.Tensor, embedding: torch.Tensor) -> torch.Tensor:
        if self.squeeze is None or self.excite is None:
            return skip.new_ones(skip.shape[:2])
        pooled = torch.cat([skip.mean(dim=(2, 3)), embedding.mean(dim=(2, 3))], dim=1)
        return torch.sigmoid(self.excite(torch.relu(self.squeeze(pooled))))

    def _spatial(self, skip: torch.Tensor, decoder: torch.Tensor, embedding: torch.Tensor) -> torch.Tensor:
        if self.psi is None:
            return skip.new_ones((len(skip), 1, *skip.shape[-2:]))
        steer = fit(self.from_embedding(embedding), skip)
        return torch.sigmoid(self.psi(torch.relu(self.from_skip(skip) + self.from_decoder(decoder) + steer)))


def fit(maps: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """(N, C, a, b) maps at the target's resolution; (N, C, 1, 1) is left to broadcast."""
    if maps.shape[-2:] in ((1, 1), target.shape[-2:]):
        return maps
    return interpolate(maps, size=target.shape[-2:], mode="bilinear", align_corners=False)
