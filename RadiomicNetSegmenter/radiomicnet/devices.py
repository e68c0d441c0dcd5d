"""Where the network computes: a graphics card (CUDA, Apple's MPS) or the processor."""

from __future__ import annotations

from .errors import RadiomicNetError

AUTO, CPU = "auto", "cpu"
# In the order in which they are preferred.
DEVICES = ("cuda", "mps", CPU)
TITLES = {"cuda": "NVIDIA or AMD graphics card (CUDA)", "mps": "Apple graphics (MPS)", CPU: "processor (CPU)"}


class DeviceError(RadiomicNetError):
    """The device that was asked for is not there."""


def available() -> tuple[str, ...]:
    """The devices that this computer and its PyTorch offer, the preferred one first; imports torch."""
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), CPU: True}
    return tuple(device for device in DEVICES if there[device])


def choose(name: str = AUTO) -> str:
    """The device of a name, or the preferred one.

    Raises
    ------
    DeviceError
        Where there is none of that name here.
    """
    there = available()
    if name == AUTO:
        return there[0]
    if name not in there:
        raise DeviceError(f"PyTorch finds no {TITLES.get(name, name)} on this computer.",
                          f"Choose one of: {', '.join((AUTO, *there))}.")
    return name
