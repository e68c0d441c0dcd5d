"""Smoothing over time: each frame's probabilities averaged with its neighbours', and drawn again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

import numpy as np

from ..prompts.prompted import at_threshold
from ..results.result import Prediction

T = TypeVar("T")
Answer = Prediction | Exception


def smoothed(answers: Iterable[Answer], radius: int, threshold: float | None) -> Iterator[tuple[Answer, Answer]]:
    """Pairs of what is to be shown and what the frame alone gave, in the order of the frames.

    Weights fall evenly with the distance: 1/4, 1/2, 1/4 for a radius of 1. A frame that could not be segmented takes
    no part and stays as it is. With a radius of 0 nothing changes at all.

    Parameters
    ----------
    answers : iterable of Prediction or Exception
    radius : int
        Frames to either side that take part.
    threshold : float, optional
        As for :meth:`radiomicnet.segmenter.Segmenter.predict`.
    """
    for before, answer, after in neighbourhoods(answers, radius):
        if radius == 0 or not isinstance(answer, Prediction):
            yield answer, answer
            continue
        others = [(-distance, other) for distance, other in enumerate(reversed(before), 1)]
        others += list(enumerate(after, 1))
        weighted = [(radius + 1, answer)]
        weighted += [(radius + 1 - abs(distance), other) for distance, other in others
                     if isinstance(other, Prediction) and other.image.shape == answer.image.shape]
        yield at_threshold(averaged(answer, weighted), threshold), answer


def neighbourhoods(items: Iterable[T], radius: int) -> Iterator[tuple[list[T], T, list[T]]]:
    """Each item with up to ``radius`` before and after it; no more than 2 radius + 1 are held at a time."""
    held: deque[T] = deque()
    before = 0
    for item in items:
        held.append(item)
        if len(held) > before + radius:
            yield list(held)[:before], held[before], list(held)[before + 1:]
            before, _ = (before + 1, None) if before < radius else (before, held.popleft())
    while len(held) > before:
        yield list(held)[:before], held[before], list(held)[before + 1:]
        before, _ = (before + 1, None) if before < radius else (before, held.popleft())


def averaged(answer: Prediction, weighted: list[tuple[int, Prediction]]) -> Prediction:
    """The prediction with the weighted mean of all probabilities; what is drawn stays as it is."""
    total = sum(weight for weight, _ in weighted)
    probability = sum(np.float32(weight / total) * other.probability for weight, other in weighted)
    presence = (None if answer.presence is None else
                sum(weight * (other.presence or 0.0) for weight, other in weighted) / total)
    return replace(answer, probability=np.asarray(probability, np.float32), presence=presence)
