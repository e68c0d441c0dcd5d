"""Work in the background that leaves the window alive.

The main thread keeps Python's lock while Slicer's event loop idles, so a Python thread would stand still. A timer
that joins the thread for ten milliseconds at a time lets the lock go and costs the thread nothing. Everything that
the thread has to say waits in a queue until that timer's callback, so MRML and Qt are touched on the main thread only,
and no event loop runs inside another.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

import qt

from radiomicnet.errors import Cancelled

JOIN_SECONDS = 0.010
PROGRESS = "progress"  # the kind of a message that the next one of its kind replaces


class Channel:
    """What the work, in its thread, may use to speak to the main thread."""

    def __init__(self, messages: queue.SimpleQueue, cancelled: threading.Event) -> None:
        self._messages = messages
        self._cancelled = cancelled

    def progress(self, step: str, fraction: float) -> None:
        """Say what is being done and how far it has come (0..1).

        Raises
        ------
        Cancelled
            Where the user has asked to stop.
        """
        self.deliver(PROGRESS, step, fraction)

    def deliver(self, kind: str, *values: Any) -> None:
        """Hand values to the main thread's ``on<Kind>``; raises Cancelled like :meth:`progress`."""
        self.check()
        self._messages.put((kind, values))

    def check(self) -> None:
        """Raise Cancelled like :meth:`progress`, saying nothing; for work that waits."""
        if self._cancelled.is_set():
            raise Cancelled


class Job:
    """One piece of work in a thread; used from the main thread only.

    Parameters
    ----------
    work : callable(channel) -> result
        Runs in the thread. Must touch neither MRML nor Qt.
    handlers : dict of str to callable
        By the kind of the message delivered ("progress" and whatever the work delivers), and exactly one of
        ``done(result)``, ``failed(exception)``, ``cancelled()`` at the end. Called on the main thread.
    """

    def __init__(self, work: Callable[[Channel], Any], handlers: dict[str, Callable]) -> None:
        self._work = work
        self._handlers = handlers
        self._messages: queue.SimpleQueue = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self._outcome: tuple[str, tuple] = ("cancelled", ())
        self._thread = threading.Thread(target=self._run, name="RadiomicNet", daemon=True)
        self._timer = qt.QTimer()
        self._timer.setInterval(0)
        self._timer.connect("timeout()", self._tick)

    @property
    def cancelRequested(self) -> bool:
        """Whether the job was told to stop; nothing but ``cancelled`` is called from then on."""
        return self._cancelled.is_set()

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()
        self._timer.start()

    def cancel(self) -> None:
        """Ask to stop. The work ends at its next message; what it has queued is dropped."""
        self._cancelled.set()

    def close(self) -> None:
        """Stop, wait for the thread, and call no handler any more; for when the panel or the scene goes."""
        self.cancel()
        self._handlers = {}
        self._timer.stop()
        self._timer.deleteLater()  # it holds this job, and with it the result, for as long as it lives
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        """In the thread."""
        try:
            self._outcome = ("done", (self._work(Channel(self._messages, self._cancelled)),))
        except Cancelled:
            pass
        except Exception as error:  # anything at all must reach the user, not die with the thread
            self._outcome = ("failed", (error,))

    def _tick(self) -> None:
        """On the main thread, as often as the event loop comes round."""
        self._thread.join(JOIN_SECONDS)
        finished = not self._thread.is_alive()
        for kind, values in self._said():
            if not self.cancelRequested:
                self._call(kind, values)
        if finished:
            self._timer.stop()
            self._call(*(("cancelled", ()) if self.cancelRequested else self._outcome))

    def _said(self) -> list[tuple[str, tuple]]:
        """What has been said by now, of several words on progress the last: work may speak faster than is shown."""
        messages = [self._messages.get() for _message in range(self._messages.qsize())]
        newest = max((place for place, (kind, _values) in enumerate(messages) if kind == PROGRESS), default=None)
        return [message for place, message in enumerate(messages) if message[0] != PROGRESS or place == newest]

    def _call(self, kind: str, values: tuple) -> None:
        handler = self._handlers.get(kind)
        if handler:
            handler(*values)
