"""Numbers that lesions keep from frame to frame, so that their colours do not jump when a clip is played."""

from __future__ import annotations

import numpy as np

from ..measure.lesions import MOST_LESIONS


class Tracks:
    """Numbers each frame's lesions after those of the frames before.

    A lesion takes the number of the one that it covers most of, where that one was seen last; one that covers none is
    new. The largest lesion chooses first.
    """

    def __init__(self) -> None:
        self._last: np.ndarray | None = None  # where each number was seen last
        self._used = 0

    def number(self, labels: np.ndarray) -> np.ndarray:
        """(H, W) uint8 labels 1..n, largest first, as labels that hold over time."""
        if self._last is None or self._last.shape != labels.shape:
            self._last = np.zeros_like(labels)
        numbered = np.zeros_like(labels)
        free = set(range(1, self._used + 1))
        for label in range(1, int(labels.max(initial=0)) + 1):
            lesion = labels == label
            covered = np.bincount(self._last[lesion], minlength=1)
            choices = [number for number in np.argsort(-covered, kind="stable") if covered[number] and number in free]
            number = int(choices[0]) if choices else self._new()
            free.discard(number)
            numbered[lesion] = number
        for number in np.unique(numbered[numbered > 0]):
            self._last[self._last == number] = 0
        self._last[numbered > 0] = numbered[numbered > 0]
        return numbered

    def _new(self) -> int:
        """The next number; a label map holds no more than 255, so the last one is shared."""
        self._used = min(self._used + 1, MOST_LESIONS)
        return self._used
