"""RadiomicNet: the image stream, the radiomics stream and the gates in which they meet."""

from __future__ import annotations

from typing import Literal, NamedTuple, overload

import torch
from torch import nn
from torch.nn.functional import interpolate, pad

from .architecture import IMAGE, LOCAL, NONE, Architecture
from .embedding import ImageEmbedding, RadiomicsStream, over_padding
from .encoder import DEEPEST_CHANNELS, SKIP_CHANNELS, STRIDE, Encoder
from .gate import GateState, RadiomicsAttentionGate, fit

# Strides of the decoder levels, deepest first.
LEVELS = (16, 8, 4, 2)


class Output(NamedTuple):
    """Everything a forward pass knows.

    Attributes
    ----------
    logits : torch.Tensor
        (N, 1, H, W).
    gates : tuple of GateState
        One per decoder level, deepest first; empty for a network without gates.
    presence : torch.Tensor or None
        (N,) logit that the image shows a lesion at all.
    levels : tuple of torch.Tensor
        (N, C, h, w) map of each decoder level, deepest first.
    embedding : torch.Tensor or None
        (N, E, a, b) what drove the gates.
    """

    logits: torch.Tensor
    gates: tuple[GateState, ...]
    presence: torch.Tensor | None
    levels: tuple[torch.Tensor, ...]
    embedding: torch.Tensor | None


class DecoderLevel(nn.Module):
    """Upsample, gate the skip connection, fuse by two convolutions.

    The deepest level also takes the embedding itself: there a pixel is as large as a tile of the local features.
    """

    def __init__(self, channels_in: int, skip: int, channels_out: int, plan: Architecture, joined: bool) -> None:
        super().__init__()
        self.gate = None if plan.driver == NONE else RadiomicsAttentionGate(
            skip, channels_in, plan.embedding, plan.attention, plan.learnable_gate)
        self.joined = joined
        extra = plan.embedding if joined else 0
        self.fuse = nn.Sequential(_conv(channels_in + skip + extra, channels_out), _separable(channels_out))

    def forward(
        self, x: torch.Tensor, skip: torch.Tensor, embedding: torch.Tensor | None, gamma: float | None
    ) -> tuple[torch.Tensor, GateState | None]:
        x = interpolate(x, size=skip.shape[-2:], mode="bilinear", align_corners=False)
        state = None
        if self.gate is not None:
            skip, state = self.gate(skip, x, embedding, gamma)
        parts = [x, skip]
        if self.joined and embedding is not None:
            parts.append(fit(embedding, skip).expand(-1, -1, *skip.shape[-2:]))
        return self.fuse(torch.cat(parts, dim=1)), state


class RadiomicNet(nn.Module):
    """Segmentation network steered by handcrafted radiomics.

    Parameters
    ----------
    architecture : Architecture
        Defaults to the shipped one.
    """

    def __init__(self, architecture: Architecture | None = None) -> None:
        super().__init__()
        self.architecture = plan = architecture or Architecture()
        widths = plan.decoder
        self.encoder = Encoder()
        if plan.driver == IMAGE:
            self.radiomics: nn.Module | None = ImageEmbedding(SKIP_CHANNELS[LEVELS[0]], plan.embedding)
        else:
            self.radiomics = None if plan.driver == NONE else RadiomicsStream(plan.embedding, plan.driver == LOCAL)
        self.reduce = _conv(DEEPEST_CHANNELS, widths[0], kernel=1)
        joining = LEVELS[0] if plan.driver in (LOCAL, IMAGE) else None
        self.levels = nn.ModuleList(
            DecoderLevel(before, SKIP_CHANNELS[stride], width, plan, stride == joining)
            for stride, before, width in zip(LEVELS, (widths[0], *widths), widths)
        )
        self.head = nn.Conv2d(widths[-1], 1, 1)
        known = DEEPEST_CHANNELS + (0 if self.radiomics is None else plan.embedding)
        self.presence = nn.Linear(known, 1) if plan.presence else None

    @property
    def strides(self) -> tuple[int, ...]:
        """Strides of this network's decoder levels, deepest first."""
        return LEVELS[: len(self.levels)]

    @overload
    def forward(self, image: torch.Tensor, features: torch.Tensor) -> torch.Tensor: ...

    @overload
    def forward(
        self, image: torch.Tensor, features: torch.Tensor, detailed: Literal[True], gamma: float | None = None
    ) -> Output: ...

    def forward(
        self, image: torch.Tensor, features: torch.Tensor, detailed: bool = False, gamma: float | None = None
    ) -> torch.Tensor | Output:
        """Segment a batch.

        Parameters
        ----------
        image : torch.Tensor
            (N, 3, H, W) float32 in 0..1, any H and W.
        features : torch.Tensor
            Standardised, float32, as :meth:`radiomicnet.features.scale.FeatureScale.standardise` gives them:
            (N, 26, a, b) with a = ceil(H / 16), b = ceil(W / 16), or (N, 13, 1, 1) or (N, 13) for a network that
            takes whole scans only. Ignored by one that takes none.
        detailed : bool
            Whether to return everything instead of the logits alone.
        gamma : float, optional
            Of every gate, instead of the learned ones; 0 passes all skip connections untouched.

        Returns
        -------
        torch.Tensor or Output
            (N, 1, H, W) logits; with everything else on request.
        """
        output = self.decode(self.encode(image), features, gamma)
        logits = output.logits[..., : image.shape[-2], : image.shape[-1]]
        return output._replace(logits=logits) if detailed else logits

    def encode(self, image: torch.Tensor) -> dict[int, torch.Tensor]:
        """The image stream's maps by stride; does not see the features, so an explanation needs it once."""
        height, width = image.shape[-2:]
        padded = pad(image * 2 - 1, (0, -width % STRIDE, 0, -height % STRIDE), value=-1.0)
        return self.encoder(padded)

    def decode(self, maps: dict[int, torch.Tensor], features: torch.Tensor, gamma: float | None = None) -> Output:
        """From the encoder's maps to logits and gates; maps of one image serve any number of sets of features.

        The logits have the size of the padded image, whole multiples of 32.
        """
        count = len(features)
        maps = {stride: values.expand(count, -1, -1, -1) for stride, values in maps.items()}
        embedding = self._embedding(maps, features)
        x = self.reduce(maps[STRIDE])
        gates, levels = [], []
        for stride, level in zip(LEVELS, self.levels):
            x, state = level(x, maps[stride], embedding, gamma)
            levels.append(x)
            if state is not None:
                gates.append(state)
        logits = interpolate(self.head(x), scale_factor=self.strides[-1], mode="bilinear", align_corners=False)
        return Output(logits, tuple(gates), self._presence(maps, embedding), tuple(levels), embedding)

    def _embedding(self, maps: dict[int, torch.Tensor], features: torch.Tensor) -> torch.Tensor | None:
        if self.radiomics is None:
            return None
        if self.architecture.driver == IMAGE:
            return self.radiomics(maps[LEVELS[0]])
        return over_padding(self.radiomics(features), maps[LEVELS[0]])

    def _presence(self, maps: dict[int, torch.Tensor], embedding: torch.Tensor | None) -> torch.Tensor | None:
        if self.presence is None:
            return None
        known = [maps[STRIDE]] if embedding is None else [maps[STRIDE], embedding]
        return self.presence(torch.cat([values.mean(dim=(2, 3)) for values in known], dim=1))[:, 0]


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
