"""Looking at an image also mirrored or turned, and answering with the average.

None of the 13 features knows left from right or up from down: those of a mirrored or turned image are its feature maps
mirrored or turned. So attention and contributions average in the same way as the logits do.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from .gate import GateState
from .radiomicnet import Output, RadiomicNet

PLAIN = "plain"
ROWS, COLUMNS = -2, -1
# Of (N, C, H, W): quarter turns, counter-clockwise, and whether it is mirrored left to right after them.
VIEWS: dict[str, tuple[int, bool]] = {
    PLAIN: (0, False), "left": (1, False), "both": (2, False), "right": (3, False),
    "horizontal": (0, True), "vertical": (2, True),
}


def turn(maps: torch.Tensor, view: str) -> torch.Tensor:
    """(..., H, W) maps of an image as a view shows them: (..., W, H) where it is lying on its side."""
    quarters, mirrored = VIEWS[view]
    turned = maps.rot90(quarters, (ROWS, COLUMNS)) if quarters else maps
    return turned.flip(COLUMNS) if mirrored else turned


def turn_back(maps: torch.Tensor, view: str) -> torch.Tensor:
    """What :func:`turn` would make of the result is what is given."""
    quarters, mirrored = VIEWS[view]
    turned = maps.flip(COLUMNS) if mirrored else maps
    return turned.rot90(-quarters, (ROWS, COLUMNS)) if quarters else turned


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
        GateState(_mean(turn_back(state.spatial, view) for state, view in zip(states, views)),
                  _mean(state.channel for state in states), states[0].gamma)
        for states in zip(*(output.gates for output in outputs)))
    told = [output.presence for output in outputs if output.presence is not None]
    return Output(_mean(turn_back(output.logits, view) for output, view in zip(outputs, views)), gates,
                  _mean(told) if told else None, (), None)


def _mean(values: Iterable[torch.Tensor]) -> torch.Tensor:
    return torch.stack(list(values)).mean(dim=0)
