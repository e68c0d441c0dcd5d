"""Looking at an image and at its mirror images, and answering with the average.

The mirror image's features are the mirror image of its feature maps, so attention and contributions average in the
same way as the logits do.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from .gate import GateState
from .radiomicnet import Output, RadiomicNet

PLAIN = "plain"
# Axes of (N, C, H, W) that a view turns round.
VIEWS: dict[str, tuple[int, ...]] = {PLAIN: (), "horizontal": (-1,), "vertical": (-2,), "both": (-2, -1)}


def turn(maps: torch.Tensor, view: str) -> torch.Tensor:
    """(..., H, W) maps of an image as a view shows them; the same again turns them back."""
    return maps.flip(VIEWS[view]) if VIEWS[view] else maps


def infer(network: RadiomicNet, image: torch.Tensor, features: torch.Tensor, views: tuple[str, ...],
          gamma: float | None = None) -> Output:
    """Segment a batch, averaged over views.

    Parameters
    ----------
    network : RadiomicNet
    image : torch.Tensor
        (N, 3, H, W) in 0..1.
    features : torch.Tensor
        (N, F, a, b), standardised.
    views : tuple of str
        Of :data:`VIEWS`.
    gamma : float, optional
        Of every gate, instead of the learned ones.

    Returns
    -------
    Output
        Mean logits, attention and presence; without the decoder's maps and the embedding, which have no average.
    """
    outputs = [network(turn(image, view), turn(features, view), detailed=True, gamma=gamma) for view in views]
    gates = tuple(
        GateState(_mean(turn(state.spatial, view) for state, view in zip(states, views)),
                  _mean(state.channel for state in states), states[0].gamma)
        for states in zip(*(output.gates for output in outputs)))
    told = [output.presence for output in outputs if output.presence is not None]
    return Output(_mean(turn(output.logits, view) for output, view in zip(outputs, views)), gates,
                  _mean(told) if told else None, (), None)


def _mean(values: Iterable[torch.Tensor]) -> torch.Tensor:
    return torch.stack(list(values)).mean(dim=0)
