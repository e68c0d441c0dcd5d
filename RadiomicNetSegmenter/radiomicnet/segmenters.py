"""The model that was asked for, or for each image the one that fits; each is loaded once."""

from __future__ import annotations

from .devices import AUTO, choose
from .images.image import Image
from .images.modality import choose_model
from .models.store import available, load
from .segmenter import Segmenter


class Segmenters:
    """Models ready to segment, from one thread at a time.

    Parameters
    ----------
    name : str
        A model's name or folder, or ``auto``.
    device : str
        Of :data:`radiomicnet.devices.DEVICES`, or ``auto`` for a graphics card where there is one.

    Raises
    ------
    ModelError
        Where there is no such model.
    """

    def __init__(self, name: str = AUTO, device: str = AUTO) -> None:
        self.name, self.device, self._cards = name, device, available()
        self._loaded: dict[str, Segmenter] = {}
        if name != AUTO:
            self._load(name)  # an unknown model is an error before any image is read

    def choose(self, image: Image) -> Segmenter:
        """The segmenter for an image; raises ``ModalityUnclearError`` where auto cannot tell."""
        return self._load(choose_model(image, self._cards).name if self.name == AUTO else self.name)

    def _load(self, name: str) -> Segmenter:
        if name not in self._loaded:
            self._loaded[name] = Segmenter(load(name), choose(self.device))
        return self._loaded[name]
