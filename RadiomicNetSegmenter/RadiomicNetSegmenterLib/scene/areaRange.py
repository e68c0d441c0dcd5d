"""Between which outlines the true area lies: an inner and an outer one, as segments beside the lesion's own."""

from __future__ import annotations

import numpy as np
import slicer
from slicer.i18n import tr as _

from radiomicnet.prompts.box import Box
from radiomicnet.trust.area import AreaRange, judge_area

from . import held, maps, prompts, results, segmentation, volumes
from .folder import gather
from .results import ResultNodes

KIND = "range"
# Sky blue and yellow of Okabe and Ito, told from each other and from other colours of theirs in every colour vision.
COLORS = ((0.34, 0.71, 0.91), (0.94, 0.89, 0.26))
OUTLINE_PIXELS = 1


def available(nodes: ResultNodes) -> bool:
    """Whether the model's card gives a range at all; for some outlines there is none all the same."""
    return nodes.segmentation is not None and maps.PROBABILITY in nodes.maps and bool(_fitted(nodes))


def find(nodes: ResultNodes, volumeNode) -> AreaRange | None:
    """Inner and outer outline on the pixels of the image, (H, W); None where there are none.

    Of the machine's outline, from the stored probability; nothing else of the result is read.
    """
    threshold = held.threshold(nodes)
    if threshold is None or not available(nodes):
        return None
    drawn = segmentation.labels(nodes.segmentation, segmentation.lesionIDs(nodes.segmentation), volumeNode) > 0
    probability = volumes.pixels(nodes.maps[maps.PROBABILITY].GetImageData())[..., 0]
    part = prompts.lookedAt(nodes)
    box = Box(**part) if part else Box(0, 0, *drawn.shape)
    found = judge_area(probability[box.slices], threshold, drawn[box.slices], _fitted(nodes))
    if found is None:
        return None
    return AreaRange(_placed(found.inner, box, drawn.shape), _placed(found.outer, box, drawn.shape), found.coverage)


def show(found: AreaRange, nodes: ResultNodes, volumeNode) -> None:
    """Draw both outlines; one node per scene, made when it is first asked for."""
    node = _node() or results.create("vtkMRMLSegmentationNode", KIND, _("range of the area"), volumeNode)
    node.SetNodeReferenceID(results.IMAGE_ROLE, volumeNode.GetID())
    node.SetReferenceImageGeometryParameterFromVolumeNode(volumeNode)
    color = _color(held.card(nodes)["target"]["color"])
    with slicer.util.NodeModify(node):
        segments = node.GetSegmentation()
        segments.RemoveAllSegments()
        for name, mask in ((_("inner outline"), found.inner), (_("outer outline"), found.outer)):
            segments.AddSegment(segmentation.segmentOf(mask.astype(np.uint8), name, color, volumeNode))
    segmentation.display(node)
    node.GetDisplayNode().SetSliceIntersectionThickness(OUTLINE_PIXELS)
    results.placeLike(node, volumeNode)
    gather([node], volumeNode)


def remove() -> None:
    """Take the outlines out of the scene again."""
    node = _node()
    if node:
        slicer.mrmlScene.RemoveNode(node)


def _color(ofLesion: tuple[float, ...]) -> tuple[float, float, float]:
    """The one that is further from the lesion's own."""
    return max(COLORS, key=lambda color: np.linalg.norm(np.subtract(color, ofLesion)))


def _node():
    return next((node for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode")
                 if node.GetAttribute(results.KIND) == KIND), None)


def _fitted(nodes: ResultNodes) -> dict:
    return held.card(nodes).get("trust", {}).get("area", {})


def _placed(mask: np.ndarray, box: Box, shape: tuple[int, ...]) -> np.ndarray:
    whole = np.zeros(shape, bool)
    whole[box.slices] = mask
    return whole
