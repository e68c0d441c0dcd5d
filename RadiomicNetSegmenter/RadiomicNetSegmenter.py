"""RadiomicNet Segmenter: lesions in 2-D ultrasound and endoscopy images, with an explanation of each.

Slicer's entry. The panel and the logic live in ``RadiomicNetSegmenterLib``, the science in ``radiomicnet``.
"""

from __future__ import annotations

from pathlib import Path

import slicer
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.ScriptedLoadableModule import ScriptedLoadableModule, ScriptedLoadableModuleTest

from RadiomicNetSegmenterLib import dependencies, samples
from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic
from RadiomicNetSegmenterLib.parameters import RadiomicNetSegmenterParameterNode
from RadiomicNetSegmenterLib.scene import layout
from RadiomicNetSegmenterLib.widget import RadiomicNetSegmenterWidget

__all__ = ["RadiomicNetSegmenter", "RadiomicNetSegmenterLogic", "RadiomicNetSegmenterParameterNode",
           "RadiomicNetSegmenterTest", "RadiomicNetSegmenterWidget"]

REQUIREMENTS = Path(__file__).parent / "Resources" / "requirements.txt"


class RadiomicNetSegmenter(ScriptedLoadableModule):
    """What Slicer's list of modules says."""

    def __init__(self, parent) -> None:
        ScriptedLoadableModule.__init__(self, parent)
        parent.title = _("RadiomicNet Segmenter")
        parent.categories = [translate("qSlicerAbstractCoreModule", "Segmentation")]
        parent.dependencies = []
        parent.contributors = ["The RadiomicNet developers"]
        parent.helpText = _(
            "Outlines lesions in a 2-D ultrasound or endoscopy image with a small network whose gates listen to 13 "
            "radiomic features. Shows where the network attended, ranks the features by what they contributed, and "
            "checks each of them against PyRadiomics. Nothing leaves this computer. For research use only.")
        parent.acknowledgementText = _(
            "The method follows RadiomicNet (Rahman 2026, arXiv 2607.02185). The shipped models were trained on BUSI, "
            "BUS-BRA and Kvasir-SEG; their cards name data, licences and citations.")
        slicer.app.connect("startupCompleted()", samples.register)
        slicer.app.connect("startupCompleted()", layout.register)


class RadiomicNetSegmenterTest(ScriptedLoadableModuleTest):
    """Reload and Test: one image of each kind, end to end, on images that the project's own code makes."""

    def setUp(self) -> None:
        missing = dependencies.missing(REQUIREMENTS)
        if missing:
            self.skipTest(f"needs {', '.join(missing)}; click Segment in the panel to install")
        slicer.mrmlScene.Clear()

    def runTest(self) -> None:
        missing = dependencies.missing(REQUIREMENTS)
        if missing:  # said, because a skipped test would be shown as an error here
            slicer.util.infoDisplay(_("Nothing was tested: {packages} is not installed. Click Segment in the panel to "
                                      "install it.").format(packages=", ".join(missing)))
            return
        for test in (self.test_ultrasound_phantom, self.test_endoscopy_phantom, self.test_click_and_threshold,
                     self.test_correction, self.test_export, self.test_panel):
            self.setUp()
            test()

    def test_ultrasound_phantom(self) -> None:
        """A speckle phantom is outlined where its lesion is, with maps and a ranked table."""
        self._segmentSample("RadiomicNetUltrasound")

    def test_endoscopy_phantom(self) -> None:
        """A polyp-like scene, in color."""
        self._segmentSample("RadiomicNetEndoscopy")

    def test_click_and_threshold(self) -> None:
        """A click keeps what lies under it, and the outline follows a threshold without another run."""
        from RadiomicNetSegmenterLib.scene import masks

        logic, volumeNode, _nodes = self._segmentSample("RadiomicNetUltrasound")
        _image, truth = samples.picture("RadiomicNetUltrasound")
        nodes = logic.segment(volumeNode, points=[masks.center(truth, volumeNode)])
        self.assertEqual(nodes.segmentation.GetSegmentation().GetNumberOfSegments(), 1)
        areas = []
        for threshold in (0.9, 0.1):
            self.assertTrue(logic.drawAt(volumeNode, threshold))
            areas.append(sum(mask.sum() for mask in masks.segmentMasks(nodes.segmentation, volumeNode).values()))
        self.assertLess(areas[0], areas[1])
        self.delayDisplay("Clicked, and drawn at other thresholds")

    def test_correction(self) -> None:
        """What is corrected lies beside what the network drew, and the run can be taken back."""
        logic, volumeNode, nodes = self._segmentSample("RadiomicNetUltrasound")
        corrected = logic.correct(volumeNode)
        self.assertEqual(logic.change(volumeNode).dice, 1.0)
        corrected.GetSegmentation().RemoveAllSegments()
        self.assertEqual(logic.change(volumeNode).corrected, 0)
        self.assertGreater(nodes.segmentation.GetSegmentation().GetNumberOfSegments(), 0)
        self.assertIsNone(logic.undo(volumeNode).segmentation)
        self.delayDisplay("Corrected and undone")

    def test_export(self) -> None:
        """What is exported are files, and none that exists is overwritten unasked."""
        import tempfile

        from radiomicnet.errors import OutputError

        logic, volumeNode, _nodes = self._segmentSample("RadiomicNetUltrasound")
        contents = ("segmentation", "labels", "maps", "table", "record")  # the page may ask for packages
        with tempfile.TemporaryDirectory() as folder:
            for path in logic.export(volumeNode, folder, "phantom", contents):
                self.assertGreater(path.stat().st_size, 0)
            self.assertRaises(OutputError, logic.export, volumeNode, folder, "phantom", contents)
        self.delayDisplay("Exported")

    def test_panel(self) -> None:
        """Where the panel is open: its button segments, and panel and views show the result."""
        import time

        panel = getattr(slicer.modules, "RadiomicNetSegmenterWidget", None)
        if panel is None or not panel.parent.isEntered:
            self.delayDisplay("The panel is not open, so it was not tested")
            return
        volumeNode = panel.logic.sample("RadiomicNetEndoscopy")
        parameters = panel.logic.getParameterNode()
        parameters.inputVolume = volumeNode
        ui = next(section.ui for section in panel.sections if hasattr(section.ui, "segmentButton"))
        self.assertTrue(ui.segmentButton.enabled)
        ui.segmentButton.click()
        deadline = time.monotonic() + 120
        while parameters.featureTable is None and time.monotonic() < deadline:
            slicer.app.processEvents()
        self.assertEqual(parameters.featureTable.GetNumberOfRows(), 13)
        self.assertIn(parameters.segmentation.GetDescription(), ui.resultLabel.text)
        views = slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")
        self.assertIn(parameters.shownVolume.GetID(), [view.GetForegroundVolumeID() for view in views])
        self.delayDisplay("Segmented from the panel")

    def _segmentSample(self, name: str):
        """Load a sample, segment it with automatic choice of the model, and hold the result to the known truth."""
        logic = RadiomicNetSegmenterLogic()
        volumeNode = logic.sample(name)
        _image, truth = samples.picture(name)
        self.delayDisplay("Sample loaded")
        nodes = logic.segment(volumeNode)
        segmentIds = nodes.segmentation.GetSegmentation().GetSegmentIDs()
        found = sum(slicer.util.arrayFromSegmentBinaryLabelmap(nodes.segmentation, segmentId, volumeNode)[0] > 0
                    for segmentId in segmentIds)
        dice = 2 * (found & truth).sum() / (found.sum() + truth.sum()) if segmentIds else 0.0
        self.assertGreater(dice, 0.5)
        self.assertIn("probability", nodes.maps)
        self.assertEqual(nodes.table.GetNumberOfRows(), 13)
        self.delayDisplay(f"Segmented (Dice {dice:.2f})")
        return logic, volumeNode, nodes
