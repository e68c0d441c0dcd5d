"""The network on a graphics card, used as if it were on the processor."""

from __future__ import annotations

from typing import Any

import torch

from .gate import GateState
from .radiomicnet import Output, RadiomicNet


class RemoteNetwork:
    """Takes tensors of the processor and gives such back; what is kept between two calls stays on the device.

    Gradients pass through. Everything else of the network is as it is.
    """

    def __init__(self, network: RadiomicNet, device: str) -> None:
        self._network, self._device = network.to(device), device

    def __getattr__(self, name: str) -> Any:
        return getattr(self._network, name)

    def __call__(self, image: torch.Tensor, features: torch.Tensor, **keywords: Any) -> torch.Tensor | Output:
        return _back(self._network(image.to(self._device), features.to(self._device), **keywords))

    def encode(self, image: torch.Tensor) -> dict[int, torch.Tensor]:
        """Maps on the device, for :meth:`decode`."""
        return self._network.encode(image.to(self._device))

    def decode(self, maps: dict[int, torch.Tensor], features: torch.Tensor, gamma: float | None = None) -> Output:
        return _back(self._network.decode(maps, features.to(self._device), gamma))


def _back(value: Any) -> Any:
    """A tensor, or everything in an output, on the processor."""
    if isinstance(value, torch.Tensor):
        return value.cpu()
    if isinstance(value, Output | GateState):
        return type(value)(*map(_back, value))
    return tuple(map(_back, value)) if isinstance(value, tuple) else value
