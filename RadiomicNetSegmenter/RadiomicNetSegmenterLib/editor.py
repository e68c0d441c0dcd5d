"""To Slicer's Segment Editor and back."""

from __future__ import annotations

import qt
import slicer
from slicer.i18n import tr as _

from .scene import correction, results

MODULE = "RadiomicNetSegmenter"


class SegmentEditor:
    """Opens the module on one image's corrected segmentation, with a button above it that leads back."""

    def __init__(self) -> None:
        self._back = None

    def open(self, volumeNode) -> None:
        """Select Segment Editor; nothing more where Slicer runs without its window."""
        correction.editorNode(results.findNodes(volumeNode), volumeNode)
        if slicer.util.mainWindow() is None:
            return
        slicer.util.selectModule(correction.EDITOR)
        slicer.util.setSliceViewerLayers(background=volumeNode)
        self.left()
        self._back = qt.QPushButton(_("← Back to RadiomicNet"))
        self._back.setObjectName("backToRadiomicNetButton")
        self._back.toolTip = _("The corrected outline is kept; its features and its difference are shown there")
        self._back.connect("clicked(bool)", lambda _checked: slicer.util.selectModule(MODULE))
        slicer.modules.segmenteditor.widgetRepresentation().layout().insertWidget(0, self._back)

    def left(self) -> None:
        """Take the button away again."""
        if self._back:
            self._back.hide()
            self._back.deleteLater()
            self._back = None
