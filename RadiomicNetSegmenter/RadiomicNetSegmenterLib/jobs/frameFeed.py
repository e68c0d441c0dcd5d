"""Frames for a thread: it asks, the main thread copies them out of the scene, a few at a time.

The next few are asked for before the first are worked on, so that neither waits for the other; and never more, so that
a clip of any length takes the memory of some frames.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator, Sequence

from radiomicnet.clips.clip import Pixels

from .job import Channel

AT_A_TIME = 8
WAIT_SECONDS = 0.05  # after which a thread that waits looks whether it is to stop
FRAMES = "frames"  # the kind of the message that asks


class FrameFeed:
    """Used in the thread.

    Parameters
    ----------
    channel : Channel
        Of a job that has :func:`answering` as its handler for :data:`FRAMES`.
    check : callable()
        Raises Cancelled where the thread is to stop.
    """

    def __init__(self, channel: Channel, check: Callable[[], None]) -> None:
        self._channel, self._check = channel, check

    def read(self, indices: Sequence[int]) -> Iterator[Pixels]:
        """As of :class:`radiomicnet.clips.clip.Clip`; raises Cancelled while it waits."""
        groups = (indices[start:start + AT_A_TIME] for start in range(0, len(indices), AT_A_TIME))
        asked = self._ask(next(groups, ()))
        while asked:
            answer, asked = asked, self._ask(next(groups, ()))
            yield from self._await(answer)

    def _ask(self, indices: Sequence[int]) -> queue.SimpleQueue | None:
        if not indices:
            return None
        answer: queue.SimpleQueue = queue.SimpleQueue()
        self._channel.deliver(FRAMES, indices, answer)
        return answer

    def _await(self, answer: queue.SimpleQueue) -> Sequence[Pixels]:
        while True:
            self._check()
            try:
                found = answer.get(timeout=WAIT_SECONDS)
            except queue.Empty:
                continue
            if isinstance(found, Exception):
                raise found
            return found


def answering(read: Callable[[int], Pixels]) -> Callable[[Sequence[int], queue.SimpleQueue], None]:
    """The handler on the main thread: copies frames, and hands over what goes wrong, for the thread to raise."""

    def answer(indices: Sequence[int], into: queue.SimpleQueue) -> None:
        try:
            into.put([read(index) for index in indices])
        except Exception as error:
            into.put(error)

    return answer
