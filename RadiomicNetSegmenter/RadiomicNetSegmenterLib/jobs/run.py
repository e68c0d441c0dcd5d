"""What the runs in the background have in common."""

from __future__ import annotations

from .job import Job


class Run:
    """One job at a time; a subclass starts it, and sets it to None when it has ended."""

    _job: Job | None = None

    @property
    def active(self) -> bool:
        """Whether a thread is at work, though it may have been told to stop."""
        return self._job is not None

    @property
    def stopping(self) -> bool:
        return self._job is not None and self._job.cancelRequested

    def cancel(self) -> None:
        """Ask to stop; what was to be told at the end is told when the thread has ended."""
        if self._job:
            self._job.cancel()
