"""The named steps of a run: how long each took, how far the run is, and where it may be stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, float], None]

# Share of a run that is done when a step begins, in the order of a run; measured on a 512 x 512 image, roughly.
STEPS = {
    "preparing the image": 0.0,
    "features": 0.04,
    "network": 0.08,
    "lesions and maps": 0.14,
    "looking again at the click": 0.145,
    "contributions": 0.15,
    "Shapley values": 0.4,
    "outline without the features": 0.6,
    "PyRadiomics check": 0.7,
    "radiomics of the segment": 0.78,
}


class Steps:
    """Times the steps of one run and reports them as they begin.

    Parameters
    ----------
    progress : callable, optional
        Called with the step's name and the share of the run done, 0..1. May raise
        :class:`~radiomicnet.errors.Cancelled`, which ends the run there.
    """

    def __init__(self, progress: Progress | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress
        self._current = ("", 0.0)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Run the body as the step ``name`` of :data:`STEPS`."""
        self._current = (name, STEPS[name])
        self.repeat()
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started

    def repeat(self, *_inner: object) -> None:
        """Report the present step again: a :data:`Progress` for steps inside of it, so that they can be stopped too."""
        if self._progress is not None:
            self._progress(*self._current)
