"""Which model fits an image: the file's own word first, then how much of the picture is coloured."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import ModalityUnclearError
from ..models.card import ModelCard
from .image import Image

# A pixel is lit from this value of its brightest channel on, and coloured where its channels differ by COLOURED.
# Share of the lit pixels that are coloured, measured on BUSI and BUS-BRA (1425 ultrasound images, some with coloured
# marks and logos) and on Kvasir-SEG (875 colonoscopies):
#   ultrasound    median 0.000   99th percentile 0.000   99.9th 0.020   highest 0.022
#   colonoscopy   lowest 0.783   0.1th percentile 0.792  1st 0.873      median 0.987
# Between lies what neither set holds: colour Doppler and elastography boxes, which cover a part of an ultrasound image,
# and washed-out or grey endoscopy. A Doppler box is still ultrasound below a third; above, RadiomicNet asks.
LIT = 32
COLOURED = 24
ULTRASOUND_BELOW = 0.33
ENDOSCOPY_ABOVE = 0.66

# Words that say how the file came about, not what took the picture.
SILENT = ("OT", "SC")


def coloured_share(image: Image) -> float:
    """Share of the lit pixels whose red, green and blue differ by at least 24 of 255, in 0..1."""
    if image.pixels.ndim == 2:
        return 0.0
    brightest = image.pixels.max(axis=2)
    lit = brightest >= LIT
    coloured = (brightest - image.pixels.min(axis=2) >= COLOURED) & lit
    return float(coloured.sum() / max(1, lit.sum()))


def choose_model(image: Image, cards: Sequence[ModelCard]) -> ModelCard:
    """The model for an image when the user leaves the choice to RadiomicNet.

    The number of channels says nothing: ultrasound comes as RGB too. A grey picture is taken for ultrasound, although
    it may be a CT slice that does not say so; a picture tinted all over (sepia ultrasound) is taken for endoscopy.

    Parameters
    ----------
    image : Image
    cards : sequence of ModelCard
        What there is to choose from.

    Raises
    ------
    ModalityUnclearError
        Where no model or more than one fits, or the colours do not tell; names the choices.
    """
    if image.modality and image.modality not in SILENT:
        fitting = [card for card in cards if image.modality in card.dicom_modalities]
        reason = f"{image.name} says that its modality is {image.modality}"
    else:
        share = coloured_share(image)
        modality = "ultrasound" if share < ULTRASOUND_BELOW else "endoscopy" if share > ENDOSCOPY_ABOVE else None
        fitting = [card for card in cards if card.modality == modality]
        reason = f"{share:.0%} of {image.name} is coloured"
        reason += f", as in {modality}" if modality else ", too much for ultrasound and too little for endoscopy"
    if len(fitting) == 1:
        return fitting[0]
    choices = fitting or cards
    problem = "more than one model fits" if fitting else "no model fits"
    if not cards:
        raise ModalityUnclearError(f"{reason}; no model is installed.", "Install one.")
    raise ModalityUnclearError(f"{reason}; {problem}.",
                               f"Choose one: {', '.join(f'{card.name} ({card.title})' for card in choices)}.")
