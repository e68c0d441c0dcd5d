"""Sentences and numbers that the page, the table and the record share, so that they say the same thing."""

from __future__ import annotations

import math

from .result import Check, Lesion, Prediction, Reliance, Verification

NOTICE = "For research use only. Not a medical device."
NOTHING_FOUND = "No lesion found; this does not exclude one."


def finding(prediction: Prediction) -> str:
    """What was found, as one sentence with the size of the largest lesion."""
    lesions = prediction.lesions
    if not lesions:
        return NOTHING_FOUND
    size = f"{diameters(lesions[0])} (longest × perpendicular diameter)"
    if len(lesions) == 1:
        return f"1 lesion outlined, {size}."
    return f"{len(lesions)} lesions outlined, the largest {size}."


def diameters(lesion: Lesion) -> str:
    """Longest and perpendicular diameter with their unit: mm where calibrated, else pixels."""
    if lesion.longest_mm is not None and lesion.perpendicular_mm is not None:
        return f"{lesion.longest_mm:.1f} × {lesion.perpendicular_mm:.1f} mm"
    return f"{lesion.longest_pixels:.0f} × {lesion.perpendicular_pixels:.0f} pixels"


def agreement(check: Check | None) -> str:
    """One of ``agrees``, ``differs`` and ``not checked``."""
    if check is None:
        return "not checked"
    return "agrees" if check.agrees else "differs"


def resolution(level: str) -> str:
    """A decoder level for people: ``stride-16`` sees a sixteenth of the network's resolution, 1/16."""
    return level.replace("stride-", "1/")


def verification(made: Verification) -> str:
    """The outcome of the check against PyRadiomics as a sentence."""
    if not made.made:
        return f"The check against PyRadiomics was not made. {made.reason}".strip()
    agreeing = sum(check.agrees for check in made.checks.values())
    program = f"PyRadiomics {made.version}".strip()
    return f"{program} gives the same value for {agreeing} of {len(made.checks)} features."


def reliance(made: Reliance | None, outlined: bool) -> str:
    """How much of the outline hung on the radiomics stream, as a sentence; empty where that was not computed.

    Parameters
    ----------
    made : Reliance or None
    outlined : bool
        Whether anything was.
    """
    if made is None:
        return ""
    causes = (("Without the features' values", made.mean_features), ("without the gates", made.open_gates))
    return "; ".join(f"{cause} {_what_if(dice, outlined)}" for cause, dice in causes) + "."


def _what_if(dice: float, outlined: bool) -> str:
    if outlined:
        return f"the outline would be {_percent(dice)} % the same"
    return "nothing would be outlined either" if dice == 1 else "something would be outlined"


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
