"""The trained models that come with RadiomicNet: which there are, and loading one."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ModelError
from .card import ModelCard, read_card, validate

if TYPE_CHECKING:
    from ..network.radiomicnet import RadiomicNet

# Beside the package in the repository and in an installed extension alike; inside of it where pip installed it.
BESIDE, INSIDE = Path(__file__).parents[2] / "Resources" / "Models", Path(__file__).parent / "shipped"
FOLDER = BESIDE if BESIDE.is_dir() else INSIDE
CARD = "card.json"


@dataclass(frozen=True)
class Model:
    """A card and its network, in evaluation mode, without gradients for its weights."""

    card: ModelCard
    network: RadiomicNet


def available(folder: Path = FOLDER) -> tuple[ModelCard, ...]:
    """Cards of all models in a folder, by name; reads no weights."""
    return tuple(read_card(path) for path in sorted(folder.glob(f"*/{CARD}")))


def load(name: str, folder: Path = FOLDER) -> Model:
    """Load a model by its name, or by the path of a model's folder.

    Raises
    ------
    ModelError
        Where there is no such model, where its card breaks its schema (not checked where jsonschema is not
        installed), where its weights are missing or not those the card was written for, or where they do not fit
        the network.
    """
    place = Path(name) if (Path(name) / CARD).is_file() else folder / name
    if not (place / CARD).is_file():
        known = ", ".join(card.name for card in available(folder)) or "none"
        raise ModelError(f"There is no model named {name}.", f"Choose one of: {known}.")
    card = read_card(place / CARD)
    with contextlib.suppress(ModuleNotFoundError):
        validate(card.to_dict())
    return Model(card, _network(card, place / card.weights_file))


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _network(card: ModelCard, path: Path) -> RadiomicNet:
    from safetensors import SafetensorError
    from safetensors.torch import load as from_bytes

    from ..network.architecture import Architecture
    from ..network.radiomicnet import RadiomicNet, channels_last

    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"The weights of model {card.name} cannot be read.", "Install the model again.") from error
    if hashlib.sha256(content).hexdigest() != card.weights_sha256:
        raise ModelError(f"The weights of model {card.name} are not those its card was written for (SHA-256 differs).",
                         "The file is damaged or was exchanged; install the model again.")
    try:
        network = RadiomicNet(Architecture.from_dict(card.architecture))
        network.load_state_dict(from_bytes(content))
    except (RuntimeError, SafetensorError, KeyError) as error:
        raise ModelError(f"The weights of model {card.name} do not fit its network.",
                         "Install the model again.") from error
    return channels_last(network.eval().requires_grad_(False))
