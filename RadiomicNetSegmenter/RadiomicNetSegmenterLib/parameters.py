"""What the user chose, kept in the scene so that it is saved and restored with it."""

from __future__ import annotations

from typing import Annotated

from slicer import vtkMRMLScalarVolumeNode, vtkMRMLSegmentationNode, vtkMRMLTableNode
from slicer.parameterNodeWrapper import WithinRange, parameterNodeWrapper

AUTOMATIC = "auto"
ALL, RANGE, CURRENT = "all", "range", "current"


@parameterNodeWrapper
class RadiomicNetSegmenterParameterNode:
    """Choices and results of the panel.

    inputVolume - The image; grey (scalar volume) or colour (vector volume, a subclass of it).
    modelName - Name of a model, or "auto" to choose it by the image's modality.
    useModelThreshold - Whether the model's own threshold is used.
    threshold - Probability from which a pixel belongs to a lesion, where the user sets it.
    shownMap - Key of the map laid over the image ("stride-16", ..., "probability", "uncertainty", "local" for where
        the selected feature mattered); "" for none, "coarsest" for the attention of the deepest gate.
    overlayOpacity - Opacity of that map.
    explanationLayout - Whether image, map, plot and table are shown side by side where there is a result.
    selectedFeature - Key of the feature whose meaning is shown; "" for the one that contributed most.
    showDiameters - Whether the diameters of a lesion are drawn over the image.
    showAreaRange - Whether the outlines are drawn between which the true area lies.
    selectedSegment - ID of the segment that is brought out; "" for none.
    clipFrames - Which frames of a clip are segmented: "all", "range" or "current".
    firstFrame, lastFrame - The range, from 1 on; 0 for the last frame that there is.
    smoothClip - Whether each frame's probabilities are averaged with those of its neighbours.
    plottedMeasure - Key of what is plotted over the frames or slices.
    keepEarlier - Whether a run adds its results to those of the run before, instead of replacing them.
    device - Where the network computes: "auto", "cuda", "mps" or "cpu".
    exportContents - Keys of what is exported, separated by commas.
    exportNamedAfterImage - Whether files are named after the image, whose name may hold a patient's.
    segmentation, shownVolume, probabilityVolume, featureTable - The results for the input volume.
    """

    inputVolume: vtkMRMLScalarVolumeNode
    modelName: str = AUTOMATIC
    useModelThreshold: bool = True
    threshold: Annotated[float, WithinRange(0, 1)] = 0.5
    shownMap: str = "coarsest"
    overlayOpacity: Annotated[float, WithinRange(0, 1)] = 0.4
    explanationLayout: bool = True
    selectedFeature: str = ""
    showDiameters: bool = True
    showAreaRange: bool = False
    selectedSegment: str = ""
    clipFrames: str = ALL
    firstFrame: int = 1
    lastFrame: int = 0
    smoothClip: bool = False
    plottedMeasure: str = "area"
    keepEarlier: bool = False
    device: str = AUTOMATIC
    exportContents: str = "segmentation,labels,maps,table,record,page"
    exportNamedAfterImage: bool = False
    segmentation: vtkMRMLSegmentationNode
    shownVolume: vtkMRMLScalarVolumeNode
    probabilityVolume: vtkMRMLScalarVolumeNode
    featureTable: vtkMRMLTableNode
