"""Results as files: where to, and asking before anything is replaced."""

from __future__ import annotations

from pathlib import Path

import qt
import slicer
from slicer.i18n import tr as _

from radiomicnet.errors import OutputError
from radiomicnet.results.names import file_stem

from ..files import segmentationFile
from .section import Section, Services, State


class ExportSection(Section):
    """Writes the segmentation."""

    UI = "Export"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._segmentation = None
        self.ui.exportButton.connect("clicked(bool)", self._onExport)

    def update(self, state: State) -> None:
        self._segmentation = state.nodes.segmentation
        reason = "" if self._segmentation else _("Segment an image first")
        self.ui.exportButton.enabled = not reason
        self.ui.exportButton.toolTip = reason or _("Write the segmentation with names, terminology and the image's "
                                                   "geometry as .seg.nrrd")

    def close(self) -> None:
        self._segmentation = None

    def _onExport(self, _checked: bool = False) -> None:
        name = self.parameters.inputVolume.GetName()
        proposal = str(Path(slicer.app.defaultScenePath) / f"{file_stem(name)}{segmentationFile.SUFFIX}")
        chosen = qt.QFileDialog.getSaveFileName(self.services.parent, _("Export segmentation"), proposal,
                                                _("Segmentation (*.seg.nrrd)"))
        if not chosen:
            return
        path = segmentationFile.segmentationPath(chosen)
        confirmed = path == Path(chosen)  # the dialog has asked about this very name, not about a completed one
        if path.exists() and not confirmed and not slicer.util.confirmOkCancelDisplay(
                _("{name} exists already. Replace it?").format(name=path.name)):
            return
        try:
            segmentationFile.exportSegmentation(self._segmentation, path, overwrite=True)
        except OutputError as error:
            self.services.report(error)
            return
        slicer.util.showStatusMessage(_("Exported to {path}").format(path=path), 5000)
