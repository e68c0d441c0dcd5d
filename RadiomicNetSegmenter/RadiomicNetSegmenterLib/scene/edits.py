"""Noticing that a segmentation was edited: once, when the hand rests, however many events an edit fires."""

from __future__ import annotations

from collections.abc import Callable

import qt
import slicer

REST_MILLISECONDS = 300


class SegmentationWatch:
    """Watches one segmentation node at a time.

    Parameters
    ----------
    onEdited : callable()
        Called a moment after the last change of the segments: their pixels, names, number or order.
    """

    def __init__(self, onEdited: Callable[[], None]) -> None:
        self._node = None
        self._tags: list[int] = []
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MILLISECONDS)
        self._timer.connect("timeout()", onEdited)

    def follow(self, node) -> None:
        """Watch this node (or none) from now on; the same one again changes nothing."""
        if node is self._node:
            return
        self.drop()
        self._node = node
        if node:
            events = slicer.vtkSegmentation
            # The node passes on its segmentation's events, whichever segmentation it holds at the time.
            self._tags = [node.AddObserver(event, self._onEvent) for event in (
                events.SourceRepresentationModified, events.SegmentAdded, events.SegmentRemoved,
                events.SegmentModified, events.SegmentsOrderModified)]

    def drop(self) -> None:
        """Watch nothing; what has not been told yet is not told any more."""
        self._timer.stop()
        if self._node:
            for tag in self._tags:
                self._node.RemoveObserver(tag)
        self._node, self._tags = None, []

    def _onEvent(self, _caller, _event) -> None:
        self._timer.start()
