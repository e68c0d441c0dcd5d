"""ImageNet weights to start the encoder from."""

from __future__ import annotations

from pathlib import Path

from ..errors import TrainingError
from ..network.encoder import Encoder
from .config import Config

# Of batches seen, beside each normalisation; some files have it, and nothing here reads it.
COUNT = "num_batches_tracked"


def check_start(config: Config, path: Path | None) -> None:
    """Hold the start of a training, from weights or from chance, to what its experiment says.

    Raises
    ------
    TrainingError
        Also as :func:`load_imagenet`.
    """
    if path is None:
        if config.frozen_blocks:
            raise TrainingError(f"{config.name} keeps {config.frozen_blocks} blocks of the encoder as they begin, and "
                                "without --imagenet they begin with chance.",
                                "Give --imagenet, or set frozen_blocks to 0.")
    elif config.from_chance:
        raise TrainingError(f"The encoder of {config.name} is to start from chance.", "Leave --imagenet out.")
    else:
        load_imagenet(Encoder(), path)


def load_imagenet(encoder: Encoder, path: Path) -> None:
    """Start the encoder from a safetensors file with torchvision's names.

    Raises
    ------
    TrainingError
        Where the file cannot be read, or lacks a layer of the encoder or has it in another shape.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    remedy = "Give --imagenet a safetensors file of MobileNetV2 with torchvision's names."
    try:
        weights = load(path.read_bytes())
    except OSError as error:
        raise TrainingError(f"The weights {path.name} cannot be read.", remedy) from error
    except (SafetensorError, ValueError, KeyError) as error:
        raise TrainingError(f"{path.name} is no safetensors file, or is damaged.", remedy) from error
    layers = {name: value for name, value in encoder.state_dict().items() if not name.endswith(COUNT)}
    wrong = [name for name, value in layers.items() if name not in weights or weights[name].shape != value.shape]
    if wrong:
        raise TrainingError(f"{path.name} lacks {len(wrong)} of the {len(layers)} parts of MobileNetV2, or has them in "
                            f"other shapes ({wrong[0]}).", remedy)
    encoder.load_state_dict({name: weights[name] for name in layers}, strict=False)
