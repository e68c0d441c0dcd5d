"""RadiomicNet: the image stream, the radiomics stream and the gates in which they meet."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, overload

import torch
from torch import nn
from torch.nn.functional import interpolate, pad

from ..features.catalogue import KEYS
from .encoder import DEEPEST_CHANNELS, SKIP_CHANNELS, STRIDE, Encoder
from .gate import GateState, RadiomicsAttentionGate

# Strides of the decoder levels, deepest first.
LEVELS = (16, 8, 4, 2)
# Standardised features beyond this many deviations say "unusual" and no more; a kurtosis of 400 must not drown the
# rest.
FEATURE_LIMIT = 4.0


@dataclass(frozen=True)
class Architecture:
    """What a model's card needs to say for its network to be built again.

    ``decoder`` holds the channels of the decoder levels, deepest first; ``embedding`` the width of the radiomics
    embedding.
    """

    decoder: tuple[int, ...] = (96, 64, 32, 16)
    embedding: int = 32

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Architecture:
        return cls(tuple(data["decoder"]), int(data["embedding"]))

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "decoder": list(self.decoder)}


class RadiomicsStream(nn.Sequential):
    """The small MLP from the 13 standardised features to the embedding, as 1x1 convolutions.

    So one and the same stream serves 13 numbers of the whole image, (N, 13, 1, 1), and a map of local features,
    (N, 13, a, b).
    """

    def __init__(self, embedding: int) -> None:
        super().__init__(
            nn.Conv2d(len(KEYS), 64, 1), nn.ReLU(), nn.Dropout(0.1), nn.Conv2d(64, embedding, 1), nn.ReLU()
        )


class DecoderLevel(nn.Module):
    """Upsample, gate the skip connection with the radiomics embedding, fuse by two 3x3 convolutions."""

    def __init__(self, channels_in: int, skip: int, channels_out: int, embedding: int) -> None:
        super().__init__()
        self.gate = RadiomicsAttentionGate(skip, channels_in, embedding)
        self.fuse = nn.Sequential(_conv(channels_in + skip, channels_out), _separable(channels_out))

    def forward(self, x: torch.Tensor, skip: torch.Tensor, embedding: torch.Tensor) -> tuple[torch.Tensor, GateState]:
        x = interpolate(x, size=skip.shape[-2:], mode="bilinear", align_corners=False)
        passed, state = self.gate(skip, x, embedding)
        return self.fuse(torch.cat([x, passed], dim=1)), state


class RadiomicNet(nn.Module):
    """Segmentation network steered by handcrafted radiomics.

    Parameters
    ----------
    architecture : Architecture
        Defaults to the shipped one.
    """

    def __init__(self, architecture: Architecture | None = None) -> None:
        super().__init__()
        self.architecture = architecture or Architecture()
        widths, embedding = self.architecture.decoder, self.architecture.embedding
        self.encoder = Encoder()
        self.radiomics = RadiomicsStream(embedding)
        self.reduce = _conv(DEEPEST_CHANNELS, widths[0], kernel=1)
        self.levels = nn.ModuleList(
            DecoderLevel(before, SKIP_CHANNELS[stride], width, embedding)
            for stride, before, width in zip(LEVELS, (widths[0], *widths), widths)
        )
        self.head = nn.Conv2d(widths[-1], 1, 1)

    @overload
    def forward(self, image: torch.Tensor, features: torch.Tensor) -> torch.Tensor: ...

    @overload
    def forward(
        self, image: torch.Tensor, features: torch.Tensor, with_gates: Literal[True]
    ) -> tuple[torch.Tensor, list[GateState]]: ...

    def forward(
        self, image: torch.Tensor, features: torch.Tensor, with_gates: bool = False
    ) -> torch.Tensor | tuple[torch.Tensor, list[GateState]]:
        """Segment a batch.

        Parameters
        ----------
        image : torch.Tensor
            (N, 3, H, W) float32 in 0..1, any H and W.
        features : torch.Tensor
            (N, 13) float32, standardised by the training mean and deviation; or (N, 13, a, b) for local ones.
        with_gates : bool
            Whether to return what the gates did as well.

        Returns
        -------
        torch.Tensor or tuple
            (N, 1, H, W) logits; with them, on request, a GateState per level, deepest first.
        """
        logits, states = self.decode(self.encode(image), features)
        logits = logits[..., : image.shape[-2], : image.shape[-1]]
        return (logits, states) if with_gates else logits

    def encode(self, image: torch.Tensor) -> dict[int, torch.Tensor]:
        """The image stream's maps by stride; does not see the features, so an explanation needs it once."""
        height, width = image.shape[-2:]
        padded = pad(image * 2 - 1, (0, -width % STRIDE, 0, -height % STRIDE), value=-1.0)
        return self.encoder(padded)

    def decode(
        self, maps: dict[int, torch.Tensor], features: torch.Tensor
    ) -> tuple[torch.Tensor, list[GateState]]:
        """From the encoder's maps to logits and gates; maps of one image serve any number of sets of features.

        The logits have the size of the padded image, whole multiples of 32.
        """
        if features.ndim == 2:
            features = features[:, :, None, None]
        embedding = self.radiomics(features.clamp(-FEATURE_LIMIT, FEATURE_LIMIT))
        count = len(features)
        x = self.reduce(maps[STRIDE]).expand(count, -1, -1, -1)
        states = []
        for stride, level in zip(LEVELS, self.levels):
            x, state = level(x, maps[stride].expand(count, -1, -1, -1), embedding)
            states.append(state)
        return interpolate(self.head(x), scale_factor=2, mode="bilinear", align_corners=False), states


def channels_last(network: RadiomicNet) -> RadiomicNet:
    """The network with its weights in the order that is faster on a CPU: a third in training, half in explaining."""
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def count_parameters(network: nn.Module) -> int:
    """Number of learned values, all streams."""
    return sum(parameter.numel() for parameter in network.parameters())


def _conv(channels_in: int, channels_out: int, kernel: int = 3) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, kernel, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(inplace=True),
    )


def _separable(channels: int) -> nn.Sequential:
    """3x3 per channel, then 1x1: a second look at the neighbourhood for a tenth of the parameters."""
    return nn.Sequential(
        nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False), _conv(channels, channels, kernel=1)
    )
