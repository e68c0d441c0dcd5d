"""The lower half of the panel: what was found, the map over the image, the ranked features, export."""

from __future__ import annotations

from pathlib import Path

import qt
import slicer
from slicer.i18n import tr as _

from radiomicnet.errors import OutputError
from radiomicnet.results.names import file_stem

from . import export, featureTable, maps, scene, table
from .overlay import Overlay

NONE = ""


class ResultSection:
    """Shows the result nodes of the chosen image; knows nothing of how they came about."""

    def __init__(self, ui, parentWidget) -> None:
        self._ui = ui
        self._parentWidget = parentWidget
        self._parameterNode = None
        self._nodes = scene.ResultNodes()
        self._features: dict[str, list] = {}  # columns of the ranked table, as shown
        self._inView = None
        self.overlay = Overlay()
        featureTable.setUp(ui.featureTable)
        ui.mapComboBox.connect("currentIndexChanged(int)", self._onMapChosen)
        ui.exportButton.connect("clicked(bool)", self._onExport)

    def update(self, parameterNode, visible: bool, running: bool) -> None:
        """Follow the parameter node: the results of its input volume, in the panel and (where visible) in the views."""
        self._parameterNode = parameterNode
        volumeNode = parameterNode.inputVolume
        self._nodes = scene.findNodes(volumeNode)
        self._updateMapChoice()
        self._updateFeatures()
        self._updateTexts(running)
        key = self._shownKey()
        self._recordResults(key)
        if visible and self._nodes.segmentation:
            node = self._nodes.maps.get(key)
            self.overlay.show(volumeNode, node, parameterNode.overlayOpacity, maps.legendTitle(key))
            self._bringIntoView(volumeNode)
        elif visible:
            self.overlay.restore()

    def forget(self) -> None:
        """The scene is being closed: the next one gives its nodes the same IDs."""
        self.overlay.forget()
        self._nodes = scene.ResultNodes()
        self._inView = None

    def _shownKey(self) -> str:
        """Key of the map to show; the coarsest attention where the chosen level is not there (another model)."""
        chosen = self._parameterNode.shownMap
        if chosen == NONE or chosen in self._nodes.maps:
            return chosen
        return maps.coarsestLevel(self._nodes.maps) or NONE

    def _updateMapChoice(self) -> None:
        combo = self._ui.mapComboBox
        wasBlocked = combo.blockSignals(True)
        combo.clear()
        for key, node in self._nodes.maps.items():
            combo.addItem(maps.label(key, node), key)
        combo.addItem(_("Image and outline only"), NONE)
        combo.setCurrentIndex(combo.findData(self._shownKey()))
        combo.blockSignals(wasBlocked)
        reason = "" if self._nodes.maps else _("Segment an image first")
        explanations = {combo: _("Map laid over the image, on the fixed scale 0 to 1; γ tells how much a level acts on "
                                 "what it attends to"),
                        self._ui.opacitySlider: _("Opacity of the map over the image")}
        for widget, explanation in explanations.items():
            widget.enabled = not reason
            widget.toolTip = reason or explanation

    def _updateFeatures(self) -> None:
        """Only where the features are others: laying out its rows is slow, and a slider updates with every step."""
        features = table.columns(self._nodes.table)
        if features != self._features:
            self._features = features
            featureTable.fill(self._ui.featureTable, features)

    def _updateTexts(self, running: bool) -> None:
        segmentation, ranked = self._nodes.segmentation, bool(self._features)
        self._ui.resultLabel.text = segmentation.GetDescription() if segmentation else _("Nothing segmented yet.")
        if ranked:
            self._ui.checkLabel.text = self._nodes.table.GetDescription()
        elif running:
            self._ui.checkLabel.text = _("The ranking and the check against PyRadiomics follow the outline.")
        elif segmentation:
            self._ui.checkLabel.text = _("Not computed, because the run was stopped. Click Segment for the ranking.")
        else:
            self._ui.checkLabel.text = ""
        self._ui.featureTable.visible = ranked
        reason = "" if segmentation else _("Segment an image first")
        self._ui.exportButton.enabled = not reason
        self._ui.exportButton.toolTip = reason or _("Write the segmentation with names, terminology and the image's "
                                                    "geometry as .seg.nrrd")

    def _recordResults(self, key: str) -> None:
        """Name the results in the parameter node, for scripts and for scenes that are loaded later."""
        with slicer.util.NodeModify(self._parameterNode):
            self._parameterNode.segmentation = self._nodes.segmentation
            self._parameterNode.shownVolume = self._nodes.maps.get(key)
            self._parameterNode.probabilityVolume = self._nodes.maps.get(maps.PROBABILITY)
            self._parameterNode.featureTable = self._nodes.table

    def _bringIntoView(self, volumeNode) -> None:
        """When another image's result is shown: fit the views, and show no other image's outlines on it.

        Only then, so that the user's zoom and the eye icons of the data tree are left alone afterwards.
        """
        if self._inView == volumeNode.GetID():
            return
        self._inView = volumeNode.GetID()
        slicer.util.setSliceViewerLayers(fit=True)
        for node in scene.segmentations():
            node.SetDisplayVisibility(node is self._nodes.segmentation)

    def _onMapChosen(self, index: int) -> None:
        if self._parameterNode and index >= 0:
            self._parameterNode.shownMap = self._ui.mapComboBox.itemData(index)

    def _onExport(self, _checked: bool = False) -> None:
        name = self._parameterNode.inputVolume.GetName()
        proposal = str(Path(slicer.app.defaultScenePath) / f"{file_stem(name)}{export.SUFFIX}")
        chosen = qt.QFileDialog.getSaveFileName(self._parentWidget, _("Export segmentation"), proposal,
                                                _("Segmentation (*.seg.nrrd)"))
        if not chosen:
            return
        path = export.segmentationPath(chosen)
        confirmed = path == Path(chosen)  # the dialog has asked about this very name, not about a completed one
        if path.exists() and not confirmed and not slicer.util.confirmOkCancelDisplay(
                _("{name} exists already. Replace it?").format(name=path.name)):
            return
        try:
            export.exportSegmentation(self._nodes.segmentation, path, overwrite=True)
        except OutputError as error:
            slicer.util.errorDisplay(str(error))
            return
        slicer.util.showStatusMessage(_("Exported to {path}").format(path=path), 5000)

