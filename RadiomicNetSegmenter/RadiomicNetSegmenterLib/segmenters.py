"""The models that are ready to compute: each is read from disk once, and once for each device."""

from __future__ import annotations

from radiomicnet.images.image import Image

from .parameters import AUTOMATIC


class Segmenters:
    """Segmenters by model and device; may be asked from any thread, by one at a time.

    Attributes
    ----------
    device : str
        Where the next one computes: "cuda", "mps", "cpu", or "auto" for a graphics card where there is one.
    """

    def __init__(self) -> None:
        self.device = AUTOMATIC
        self._last = None
        self._ready: dict = {}

    @property
    def used(self) -> str:
        """The device of the last run; empty before the first."""
        return self._last.device if self._last else ""

    @property
    def notice(self) -> str:
        """A sentence where a graphics card has failed in the last run; else empty."""
        return self._last.notice if self._last else ""

    def get(self, image: Image, modelName: str = AUTOMATIC):
        """The model of that name, or with "auto" the one for images of this kind."""
        from radiomicnet import devices
        from radiomicnet.images.modality import choose_model
        from radiomicnet.models import store
        from radiomicnet.segmenter import Segmenter

        name = choose_model(image, store.available()).name if modelName == AUTOMATIC else modelName
        key = name, devices.choose(self.device)
        if key not in self._ready:
            self._ready[key] = Segmenter(store.load(name), key[1])
        self._last = self._ready[key]
        return self._last
