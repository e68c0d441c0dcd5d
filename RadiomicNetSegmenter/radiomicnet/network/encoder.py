"""MobileNetV2 (Sandler 2018, arXiv 1801.04381), width 1.0, as an encoder with five resolutions.

Layers carry torchvision's names (``features.0.0.weight`` ...), so ImageNet weights load by name. The conventions are
those of the TF-slim checkpoint it starts from: batch normalisation with eps 1e-3, stride-2 convolutions padded at the
right and at the bottom only (TensorFlow's SAME for even sizes), input in -1..1. The last 1x1 convolution to 1280
channels served classification and is left out: 0.4 M parameters that a decoder does not need.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.functional import pad

# expansion, output channels, repeats, stride of the first (table 2 of the paper)
STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
# Blocks after which the resolution is about to halve, and their channels: the skip connections, finest first.
SKIP_BLOCKS = {1: 2, 3: 4, 6: 8, 13: 16}
SKIP_CHANNELS = {2: 16, 4: 24, 8: 32, 16: 96}
DEEPEST_CHANNELS = 320
STRIDE = 32


class SamePadding(nn.Module):
    """One row and column of zeros at the bottom and at the right; no parameters, so no name of its own in weights."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return pad(x, (0, 1, 0, 1))


class ConvNormReLU(nn.Sequential):
    """Convolution, batch normalisation, ReLU6; (N, C_in, H, W) to (N, C_out, H/stride, W/stride)."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int = 3, stride: int = 1, groups: int = 1) -> None:
        padding = 0 if stride == 2 else kernel // 2
        super().__init__(
            nn.Conv2d(channels_in, channels_out, kernel, stride, padding, groups=groups, bias=False),
            nn.BatchNorm2d(channels_out, eps=1e-3),
            nn.ReLU6(inplace=True),
        )
        self.same = SamePadding() if stride == 2 else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self._layers(x if self.same is None else self.same(x))

    def _layers(self, x: torch.Tensor) -> torch.Tensor:
        return self[2](self[1](self[0](x)))


class InvertedResidual(nn.Module):
    """Expand with 1x1, filter each channel with 3x3, project with 1x1; added to its input where shapes agree."""

    def __init__(self, channels_in: int, channels_out: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = channels_in * expansion
        expand = [ConvNormReLU(channels_in, hidden, kernel=1)] if expansion != 1 else []
        self.conv = nn.Sequential(
            *expand,
            ConvNormReLU(hidden, hidden, stride=stride, groups=hidden),
            nn.Conv2d(hidden, channels_out, 1, bias=False),
            nn.BatchNorm2d(channels_out, eps=1e-3),
        )
        self.residual = stride == 1 and channels_in == channels_out

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.conv(x) if self.residual else self.conv(x)


class Encoder(nn.Module):
    """The image stream's first half."""

    def __init__(self) -> None:
        super().__init__()
        blocks: list[nn.Module] = [ConvNormReLU(3, 32, stride=2)]
        channels = 32
        for expansion, width, repeats, stride in STAGES:
            for repeat in range(repeats):
                blocks.append(InvertedResidual(channels, width, stride if repeat == 0 else 1, expansion))
                channels = width
        self.features = nn.ModuleList(blocks)

    def forward(self, x: torch.Tensor) -> dict[int, torch.Tensor]:
        """(N, 3, H, W) in -1..1, H and W multiples of 32, to maps by their stride: 2, 4, 8, 16 (skips) and 32."""
        maps = {}
        for index, block in enumerate(self.features):
            x = block(x)
            if index in SKIP_BLOCKS:
                maps[SKIP_BLOCKS[index]] = x
        maps[STRIDE] = x
        return maps
