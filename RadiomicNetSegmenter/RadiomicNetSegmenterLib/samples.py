"""Sample data: images that the project's own code makes, so nothing is downloaded and no patient is shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import slicer
from slicer.i18n import tr as _

CATEGORY = "RadiomicNet"
THUMBNAILS = Path(__file__).parents[1] / "Resources" / "Icons"
# By what the Sample Data module calls them: the phantom, its node's name.
SAMPLES = {
    "RadiomicNetUltrasound": ("breast_ultrasound", "Breast ultrasound phantom"),
    "RadiomicNetEndoscopy": ("polyp_endoscopy", "Polyp endoscopy phantom"),
}


def register() -> None:
    """Offer the samples in the Sample Data module; once, when the application has started."""
    import SampleData

    for sampleName, (_maker, nodeName) in SAMPLES.items():
        SampleData.SampleDataLogic.registerCustomSampleDataSource(
            category=CATEGORY, sampleName=sampleName, thumbnailFileName=str(thumbnail(sampleName)),
            # The module wants an address and a file name. Nothing is there: it is made here instead.
            uris=f"generated:{sampleName}", fileNames=f"{sampleName}.png", nodeNames=nodeName,
            customDownloader=_onClicked)


def thumbnail(sampleName: str) -> Path:
    """The picture on the button; written by tools/thumbnails.py."""
    return THUMBNAILS / f"{sampleName}.png"


def load(sampleName: str):
    """Put a sample into the scene and into the slice views; its volume node."""
    image, _truth = picture(sampleName)
    className = "vtkMRMLVectorVolumeNode" if image.pixels.ndim == 3 else "vtkMRMLScalarVolumeNode"
    name = slicer.mrmlScene.GenerateUniqueName(SAMPLES[sampleName][1])
    node = slicer.util.addVolumeFromArray(image.pixels[None], np.diag([-1.0, -1.0, 1.0, 1.0]), name, className)
    node.CreateDefaultDisplayNodes()
    slicer.util.setSliceViewerLayers(background=node, fit=True)
    return node


def picture(sampleName: str):
    """The image and its true outline, (H, W) bool."""
    from radiomicnet.images import phantoms

    return getattr(phantoms, SAMPLES[sampleName][0])()


def _onClicked(source) -> list:
    node = load(source.sampleName)
    slicer.util.showStatusMessage(_("{name} is loaded; open RadiomicNet Segmenter to segment it").format(
        name=node.GetName()), 5000)
    return [node]
