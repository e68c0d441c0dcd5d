"""How far to trust a result, in the same sentences on the page, in the record, on a terminal and in Slicer."""

from __future__ import annotations

from ..features.catalogue import BY_KEY
from ..images.modality import ENDOSCOPY_ABOVE, ULTRASOUND_BELOW, coloured_share
from ..prompts.click import NOTHING, UNSURE, Click
from ..trust.area import AreaRange
from ..trust.novelty import Novelty
from ..trust.quality import Quality
from .result import Prediction

# More names than these are no help.
MOST_NAMES = 4
POOR = "poor"
# An outline of a lower Dice is of something else.
WRONG = 0.1
# A range whose outer area is more than so many times the inner one tells nothing of the size.
WIDE = 10
UNKNOWN = "This model's card cannot tell whether the image is like its training images."


def trust(prediction: Prediction) -> tuple[str, ...]:
    """A sentence for each thing the model's card can tell; the warning, where there is one, first."""
    made, geometry = prediction.trust, prediction.image.geometry
    pixel = geometry.spacing[0] * geometry.spacing[1] if geometry.calibrated else None
    sentences = (*pointed(prediction), *_likeness(prediction), nearest(prediction),
                 made.quality and quality(made.quality), made.area and area(made.area, pixel))
    return tuple(sentence for sentence in sentences if sentence)


def warning(prediction: Prediction) -> str:
    """What must be read before the outline is used; empty where the image is like those the model knows."""
    return " ".join(_warnings(prediction))


def urgent(prediction: Prediction) -> tuple[str, ...]:
    """Those of :func:`trust` that must be read first: of clicks under which the network could but guess, of an unlikely
    image, and of an outline that is likely poor."""
    expected = prediction.trust.quality
    poor = quality(expected) if expected and expected.level == POOR else ""
    first = (*pointed(prediction), *_warnings(prediction), poor)
    return tuple(each for each in trust(prediction) if each in first)


def pointed(prediction: Prediction) -> tuple[str, ...]:
    """Of clicks, by their numbers from 1 on: where the network drew only because it was asked to, and where nothing."""
    return tuple(_of_click(number, click, "the box" if prediction.box else "the image")
                 for number, click in enumerate(prediction.clicks, start=1) if click.outcome in (UNSURE, NOTHING))


def _of_click(number: int, click: Click, searched: str) -> str:
    if click.outcome == NOTHING:
        return f"Click {number} lies outside of {searched}, so nothing is outlined for it."
    return (f"What is outlined around click {number} is a guess: it is drawn from a probability of "
            f"{click.threshold:.2g} on. Correct it, or remove the click.")


def _likeness(prediction: Prediction) -> tuple[str, ...]:
    made = prediction.trust.novelty
    return _warnings(prediction) or (novelty(made) if made else UNKNOWN,)


def _warnings(prediction: Prediction) -> tuple[str, ...]:
    made = prediction.trust.novelty
    unlike = novelty(made) if made and made.level != "familiar" else ""
    return tuple(each for each in (colours(prediction), unlike) if each)


def colours(prediction: Prediction) -> str:
    """Where the image is coloured as no image of the model's modality was; else empty."""
    share, modality = coloured_share(prediction.image), prediction.card.modality
    if modality == "endoscopy" and share < ENDOSCOPY_ABOVE:
        return (f"Only {100 * share:.0f} % of this image is coloured; the model knows endoscopy in colour. Do not rely "
                "on the result.")
    if modality == "ultrasound" and share > ULTRASOUND_BELOW:
        return (f"{100 * share:.0f} % of this image is coloured; the model knows ultrasound in grey. Do not rely on "
                "the result.")
    return ""


def nearest(prediction: Prediction) -> str:
    """Where nothing was drawn, how little was missing; empty where something was, or where a click missed."""
    if prediction.lesions or prediction.clicks:
        return ""
    card, highest = prediction.card, float(prediction.probability.max())
    if not prediction.by_hand and prediction.presence is not None and prediction.presence < card.presence_threshold:
        return (f"Nothing is drawn because the model gives {prediction.presence:.2f} that the image shows a lesion at "
                f"all, and asks for {card.presence_threshold:.2f}. The highest probability of a pixel is "
                f"{highest:.2f}.")
    needed = max(prediction.threshold, 0.0 if prediction.by_hand else card.peak_threshold)
    return f"The highest probability of a pixel is {highest:.2f}; a lesion is drawn where one reaches {needed:.2f}."


def novelty(made: Novelty) -> str:
    """How unlike the training images the image is."""
    if made.level == "familiar":
        if made.features_only:
            return ("Texture and brightness of this image are like those of the training images. This model's card "
                    "knows nothing of colours and patterns, so another kind of picture may pass.")
        return "This image looks like the training images. That does not say that the result is right."
    if made.level == "unusual":
        return ("This image is unusual: of images like the training images, at most 1 in 20 is as far away."
                f"{_reasons(made)}")
    return ("This image is unlike the training images: of images like those, at most 1 in 100 is as far away. "
            f"Do not rely on the result.{_reasons(made)}")


def _reasons(made: Novelty) -> str:
    """What sets the image apart: single features, or what none of them tells alone."""
    names = [BY_KEY[key].label for key in made.out_of_range[:MOST_NAMES]]
    if names:
        more = len(made.out_of_range) - len(names)
        others = f" and {more} more" if more else ""
        return f" Beyond what training images have: {', '.join(names)}{others}."
    if made.features_only:
        return " Each feature is within range; together they are not as in training images."
    return " Each feature is within range; colours, patterns or the features together are not as in training images."


def quality(made: Quality) -> str:
    """The Dice to expect, and what most outlines that were called as good reached."""
    advice = " Correct it or discard it." if made.level == POOR else ""
    expected = f"Outline: {made.level}.{advice} Dice to expect {made.dice:.2f}"
    if made.reached is None:
        return f"{expected}, with a mean error of {made.error:.2f} on images held out of training."
    if made.level == POOR:  # a mean error would be comforting: the worst of these are wholly wrong
        worst = "was wholly wrong" if made.reached < WRONG else f"reached no more than {made.reached:.2f}"
        return (f"{expected}; of {made.images} outlines called so on images held out of training, one in ten "
                f"{worst}.")
    return (f"{expected}; of {made.images} outlines called so on images held out of training, nine in ten reached "
            f"{made.reached:.2f}.")


def area(made: AreaRange, pixel: float | None) -> str:
    """The range of areas; ``pixel`` is the area of one in mm², None where the image is not calibrated."""
    inner, outer = made.pixels
    covered = f"in {100 * made.coverage:.0f} % of such images"
    if outer > WIDE * inner:
        least = ("nothing" if not inner else f"{inner:,} pixels" if pixel is None else f"{inner * pixel:,.1f} mm²")
        return (f"How large it is, the model cannot tell: {covered} the true area lies between {least} and "
                f"{100 * outer / made.outer.size:.0f} % of the picture.")
    text = (f"{inner * pixel:,.1f} and {outer * pixel:,.1f} mm²" if pixel is not None
            else f"{inner:,} and {outer:,} pixels")
    return f"The true area lies between {text} {covered}."
