"""RadiomicNet Segmenter: lesions in 2-D ultrasound and endoscopy images, with an explanation of each.

Slicer's entry. The panel and the logic live in ``RadiomicNetSegmenterLib``, the science in ``radiomicnet``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import slicer
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.ScriptedLoadableModule import ScriptedLoadableModule, ScriptedLoadableModuleTest

from RadiomicNetSegmenterLib import dependencies, samples
from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic
from RadiomicNetSegmenterLib.parameters import RadiomicNetSegmenterParameterNode
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
        for test in (self.test_ultrasound_phantom, self.test_endoscopy_phantom, self.test_export):
            self.setUp()
            test()

    def test_ultrasound_phantom(self) -> None:
        """A speckle phantom is outlined where its lesion is, with maps and a ranked table."""
        from radiomicnet.images import phantoms

        self._segmentPhantom(*phantoms.breast_ultrasound(), "vtkMRMLScalarVolumeNode")

    def test_endoscopy_phantom(self) -> None:
        """A polyp-like scene, in colour."""
        from radiomicnet.images import phantoms

        self._segmentPhantom(*phantoms.polyp_endoscopy(), "vtkMRMLVectorVolumeNode")

    def test_export(self) -> None:
        """What is exported is a file, and one that exists is not overwritten unasked."""
        import tempfile

        from radiomicnet.errors import OutputError
        from radiomicnet.images import phantoms

        logic, nodes = self._segmentPhantom(*phantoms.breast_ultrasound(), "vtkMRMLScalarVolumeNode")
        with tempfile.TemporaryDirectory() as folder:
            path = logic.exportSegmentation(nodes.segmentation, Path(folder) / "phantom")
            self.assertGreater(path.stat().st_size, 0)
            self.assertRaises(OutputError, logic.exportSegmentation, nodes.segmentation, path)
        self.delayDisplay("Exported")

    def _segmentPhantom(self, image, truth, className: str):
        """Load a phantom, segment it with automatic choice of the model, and hold the result to the known truth."""
        pixels = image.rgb if className == "vtkMRMLVectorVolumeNode" else image.pixels
        volumeNode = slicer.util.addVolumeFromArray(pixels[None], np.diag([-1.0, -1.0, 1.0, 1.0]), "Phantom", className)
        self.delayDisplay("Phantom loaded")
        logic = RadiomicNetSegmenterLogic()
        nodes = logic.segment(volumeNode)
        segmentIds = nodes.segmentation.GetSegmentation().GetSegmentIDs()
        found = sum(slicer.util.arrayFromSegmentBinaryLabelmap(nodes.segmentation, segmentId, volumeNode)[0] > 0
                    for segmentId in segmentIds)
        dice = 2 * (found & truth).sum() / (found.sum() + truth.sum()) if segmentIds else 0.0
        self.assertGreater(dice, 0.5)
        self.assertIn("probability", nodes.maps)
        self.assertEqual(nodes.table.GetNumberOfRows(), 13)
        self.delayDisplay(f"Segmented (Dice {dice:.2f})")
        return logic, nodes
