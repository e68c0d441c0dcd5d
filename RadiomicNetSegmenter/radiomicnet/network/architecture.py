"""What a model's card needs to say for its network to be built again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from .gate import CHANNEL, SPATIAL

# What may drive the gates: features of the whole scan and of each tile; of the whole scan only, as in the paper; the
# encoder's own map (the control that has no radiomics); nothing (a network without gates).
LOCAL, WHOLE, IMAGE, NONE = "local", "whole", "image", "none"


@dataclass(frozen=True)
class Architecture:
    """Build plan of a RadiomicNet.

    Attributes
    ----------
    decoder : tuple of int
        Channels of the decoder levels, deepest first; three levels end at stride 4, four at stride 2.
    embedding : int
        Width of the radiomics embedding.
    driver : str
        What drives the gates: "local", "whole", "image" or "none".
    attention : tuple of str
        Which attentions the gates have: "channel", "spatial".
    learnable_gate : bool
        Whether each gate learns its gamma.
    presence : bool
        Whether the network also says how likely the image is to show a lesion at all.
    """

    decoder: tuple[int, ...] = (96, 64, 48)
    embedding: int = 32
    driver: str = LOCAL
    attention: tuple[str, ...] = (CHANNEL, SPATIAL)
    learnable_gate: bool = True
    presence: bool = True

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Architecture:
        """From a card's JSON object.

        Raises
        ------
        TypeError
            Where it has an unknown entry.
        """
        values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}
