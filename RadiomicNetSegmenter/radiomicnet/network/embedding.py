"""Where the embedding that drives the gates comes from: the radiomics, or for comparison the image itself."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.functional import pad

from ..features.catalogue import KEYS

# Standardised features beyond this many deviations say "unusual" and no more; a kurtosis of 400 must not drown the
# rest.
FEATURE_LIMIT = 4.0
HIDDEN = 64


class RadiomicsStream(nn.Sequential):
    """The small MLP from the standardised features to the embedding, as 1x1 convolutions.

    So one and the same stream serves 13 numbers of the whole image, (N, 13, 1, 1), and maps with those of each tile
    beside them, (N, 26, a, b).

    Parameters
    ----------
    embedding : int
        Channels of the embedding.
    local : bool
        Whether it takes the features of tiles as well.
    """

    def __init__(self, embedding: int, local: bool) -> None:
        inputs = 2 * len(KEYS) if local else len(KEYS)
        super().__init__(
            nn.Conv2d(inputs, HIDDEN, 1), nn.ReLU(), nn.Dropout(0.1), nn.Conv2d(HIDDEN, embedding, 1), nn.ReLU()
        )

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """(N, F) or (N, F, a, b) to (N, E, 1, 1) or (N, E, a, b)."""
        if features.ndim == 2:
            features = features[:, :, None, None]
        return super().forward(features.clamp(-FEATURE_LIMIT, FEATURE_LIMIT))


class ImageEmbedding(nn.Sequential):
    """The control: an embedding of the same size made of the encoder's own map at stride 16, features unread.

    It has about as many parameters as the radiomics stream, so that what differs is where its knowledge comes from.
    """

    def __init__(self, channels: int, embedding: int) -> None:
        hidden = HIDDEN // 2
        super().__init__(
            nn.Conv2d(channels, hidden, 1), nn.ReLU(), nn.Dropout(0.1), nn.Conv2d(hidden, embedding, 1), nn.ReLU()
        )


def over_padding(embedding: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Continue a map of tiles over what the network padded at the right and at the bottom."""
    rows, columns = (max(0, t - e) for t, e in zip(target.shape[-2:], embedding.shape[-2:]))
    if embedding.shape[-2:] == (1, 1) or not (rows or columns):
        return embedding
    return pad(embedding, (0, columns, 0, rows), mode="replicate")
