"""How the images of a cohort are segmented, and with which programs: what has to stay the same to its end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from platform import python_version

from .. import __version__
from ..errors import ModelError

AUTO = "auto"
# What the pixels, the features and the network go through.
PACKAGES = ("torch", "numpy", "scipy", "SimpleITK", "pydicom", "pillow")


@dataclass(frozen=True)
class Settings:
    """Of a whole cohort.

    Attributes
    ----------
    model : str
        A model's name or folder, or ``auto``; an item's own model goes before it.
    threshold : float or None
        Probability from which a pixel belongs to a lesion; the model's own where None.
    device : str
        Of :data:`radiomicnet.devices.DEVICES`.
    weights : dict of str to str
        SHA-256 of the weights of every model that may be used, by name.
    versions : dict of str to str or None
        Of RadiomicNet, Python, PyRadiomics and :data:`PACKAGES`.
    """

    model: str
    threshold: float | None
    device: str
    weights: dict[str, str]
    versions: dict[str, str | None]

    @property
    def digest(self) -> str:
        """SHA-256 of all of them."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def settings_for(model: str, threshold: float | None, device: str, own_models: Iterable[str]) -> Settings:
    """The settings of a cohort on this machine.

    Parameters
    ----------
    model : str
    threshold : float or None
    device : str
    own_models : iterable of str
        Models that items name for themselves.

    Raises
    ------
    ModelError
        Where a model that is named is unknown or damaged.
    """
    from ..models.store import available, load

    named = {model, *own_models} - {"", AUTO}
    cards = [load(name).card for name in sorted(named)]
    if len(named) < len({model, *own_models} - {""}):
        cards += available()
    weights = {card.name: card.weights_sha256 for card in cards}
    for card in cards:
        if weights[card.name] != card.weights_sha256:
            raise ModelError(f"Two models are named {card.name}, and their weights differ.", "Give one another name.")
    return Settings(_short(model), threshold, device, dict(sorted(weights.items())), versions())


def versions() -> dict[str, str | None]:
    """What computes here; None for what is not installed."""
    from ..verify.pyradiomics import installed

    return {"radiomicnet": __version__, "python": python_version(),
            **{package.lower(): _installed(package) for package in PACKAGES}, "pyradiomics": installed()[0] or None}


def _short(model: str) -> str:
    """Without the folders that a model's own folder lies in, since they are nobody's concern."""
    return model.replace("\\", "/").rstrip("/").rpartition("/")[2] or model


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
