"""Sentences and numbers that the page, the table and the record share, so that they say the same thing.

They are English in every file. A program that speaks another language, Slicer's panel first, gives its translator as
``_``; the name is what tools that gather the sentences to translate look for.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from ..prompts.click import UNSURE
from .result import Check, Lesion, Prediction, Reliance, Verification

Translate = Callable[[str], str]

# Dice with the outline of average features from which it hung little on the features. A convention, chosen here.
LITTLE = 0.95

NOTICE = "For research use only. Not a medical device."


def finding(prediction: Prediction, _: Translate = str) -> str:
    """What was found, as one sentence with the size of the largest lesion."""
    lesions = prediction.lesions
    if not lesions:
        return _("No lesion found; this does not exclude one.")
    size = _("{diameters} (longest × perpendicular diameter)").format(diameters=diameters(lesions[0], _))
    if len(lesions) == 1:
        return _("1 lesion outlined, {size}.").format(size=size)
    return _("{count} lesions outlined, the largest {size}.").format(count=len(lesions), size=size)


def drawn_at(prediction: Prediction) -> str:
    """From which probability on a pixel is inside, around each click that has a threshold of its own."""
    own = [f"{click.threshold:.3g} around click {number}" for number, click in enumerate(prediction.clicks, start=1)
           if click.outcome == UNSURE]
    return f"The outline is drawn at {', '.join([f'{prediction.threshold:.3g}', *own])}."


def described(prediction: Prediction) -> str:
    """Which part of the image the features, the attention and the contributions are of; empty where the whole."""
    part = prediction.looked_at
    if part is None:
        return ""
    again = any(click.looked_at == part for click in prediction.clicks)
    reason = "where the network looked again" if again else "the box and what surrounds it"
    return (f"Features, attention and contributions describe columns {part.left}–{part.right - 1}, "
            f"rows {part.top}–{part.bottom - 1}: {reason}.")


def diameters(lesion: Lesion, _: Translate = str) -> str:
    """Longest and perpendicular diameter with their unit: mm where calibrated, else pixels."""
    if lesion.longest_mm is not None and lesion.perpendicular_mm is not None:
        return f"{lesion.longest_mm:.1f} × {lesion.perpendicular_mm:.1f} mm"
    return _("{longest:.0f} × {perpendicular:.0f} pixels").format(
        longest=lesion.longest_pixels, perpendicular=lesion.perpendicular_pixels)


def agreement(check: Check | None) -> str:
    """One of ``agrees``, ``differs`` and ``not checked``."""
    if check is None:
        return "not checked"
    return "agrees" if check.agrees else "differs"


def resolution(level: str) -> str:
    """A decoder level for people: ``stride-16`` sees a sixteenth of the network's resolution, 1/16."""
    return level.replace("stride-", "1/")


def verification(made: Verification, _: Translate = str) -> str:
    """The outcome of the check against PyRadiomics as a sentence."""
    if not made.made:
        return _("The check against PyRadiomics was not made. {reason}").format(reason=made.reason).strip()
    agreeing = sum(check.agrees for check in made.checks.values())
    whole = _("{program} gives the same value for {agreeing} of {count} features.").format(
        program=f"PyRadiomics {made.version}".strip(), agreeing=agreeing, count=len(made.checks))
    if not made.tiles:
        return whole
    checks = [check for tile in made.tiles for check in tile.checks.values()]
    return whole + " " + _("Of {tiles} tiles it gives the same value for {agreeing} of {count} local features.").format(
        tiles=len(made.tiles), agreeing=sum(check.agrees for check in checks), count=len(checks))


def reliance(made: Reliance | None, outlined: bool, _: Translate = str) -> str:
    """How much of the outline hung on the radiomics stream, as a sentence; empty where that was not computed.

    Parameters
    ----------
    made : Reliance or None
    outlined : bool
        Whether anything was.
    """
    if made is None:
        return ""
    said = _("Without the features' values {features}; without the gates {gates}.").format(
        features=_what_if(made.mean_features, outlined, _), gates=_what_if(made.open_gates, outlined, _))
    if outlined and made.mean_features >= LITTLE:
        said += " " + _("So little of this outline hung on the features, however they rank.")
    return said


def _what_if(dice: float, outlined: bool, _: Translate) -> str:
    if outlined:
        return _("the outline would be {share} % the same").format(share=_percent(dice))
    return _("nothing would be outlined either") if dice == 1 else _("something would be outlined")


def _percent(share: float) -> int:
    """Rounded down, so that 100 is said only where it is all."""
    return math.floor(100 * share)


def number(value: float | None, digits: int = 4, sign: bool = False) -> str:
    """A number for people: significant digits, a true minus sign, powers of ten where it is very large or small."""
    if value is None or not math.isfinite(value):
        return "–"
    # "#" keeps trailing zeros, so that the digits of a column line up.
    mantissa, _, exponent = f"{value:{'+' if sign else ''}#.{digits}g}".partition("e")
    text = mantissa.rstrip(".")
    if exponent:
        superscripts = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
        text = f"{text} × 10{str(int(exponent)).translate(superscripts)}"
    return text.replace("-", "−")
