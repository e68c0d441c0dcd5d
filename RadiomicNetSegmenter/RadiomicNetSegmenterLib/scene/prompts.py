"""What the user pointed at in an image: a point list of clicks and a box, as markups tied to it by a node reference."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

import slicer
import vtk
from slicer.i18n import tr as _

from radiomicnet.prompts.box import Box
from radiomicnet.prompts.prompted import Prompts

from . import record
from .folder import gather
from .results import IMAGE_ROLE, KIND, ResultNodes

CLICKS, BOX = "clicks", "box"
CLASSES = {CLICKS: "vtkMRMLMarkupsFiducialNode", BOX: "vtkMRMLMarkupsROINode"}
COLOR = (0.0, 0.62, 0.45)  # bluish green of Okabe and Ito: told from the outline's orange in every colour vision
GLYPH_SCALE = 2.0  # percent of the view


def find(kind: str, volumeNode):
    """The point list or the box of an image; None where there is none."""
    if volumeNode is None:
        return None
    return next((node for node in everyOne() if node.GetAttribute(KIND) == kind
                 and node.GetNodeReferenceID(IMAGE_ROLE) == volumeNode.GetID()), None)


def findOrCreate(kind: str, volumeNode):
    """The point list or the box of an image, made where there is none."""
    node = find(kind, volumeNode)
    if node:
        return node
    title = _("clicks") if kind == CLICKS else _("search box")
    name = slicer.mrmlScene.GenerateUniqueName(f"{volumeNode.GetName()} {title}")
    node = slicer.mrmlScene.AddNewNodeByClass(CLASSES[kind], name)
    node.SetAttribute(KIND, kind)
    node.SetNodeReferenceID(IMAGE_ROLE, volumeNode.GetID())
    node.CreateDefaultDisplayNodes()
    display = node.GetDisplayNode()
    for setColor in (display.SetColor, display.SetSelectedColor):
        setColor(*COLOR)
    if kind == CLICKS:
        node.SetControlPointLabelFormat("%d")
        display.SetGlyphScale(GLYPH_SCALE)
    else:
        display.SetFillVisibility(False)
        display.SetPropertiesLabelVisibility(False)
    gather([node], volumeNode)
    return node


def everyOne() -> list:
    """Every point list and box of the panel's, of whichever image."""
    return [node for kind, className in CLASSES.items() for node in slicer.util.getNodesByClass(className)
            if node.GetAttribute(KIND) == kind]


def read(volumeNode, clicks=None, box=None) -> Prompts:
    """Points and box in the pixels of an image, wherever transforms have moved any of them.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
    clicks : vtkMRMLMarkupsFiducialNode or sequence of (r, a, s), optional
        Points that are only previewed, or skipped, do not count.
    box : vtkMRMLMarkupsROINode, optional
        A rotated one counts with the upright rectangle around it; one that is not drawn yet not at all.
    """
    points = [_pixel(volumeNode, position) for position in _positions(clicks)]
    return Prompts(tuple((column, row) for column, row, _slice in points), _box(volumeNode, box))


def answers(nodes: ResultNodes) -> list[dict]:
    """The clicks of a result, each with what became of it, as :class:`radiomicnet.prompts.click.Click` names it."""
    return _recorded(nodes).get("clicks", [])


def lookedAt(nodes: ResultNodes) -> dict | None:
    """``top``, ``left``, ``bottom`` and ``right`` of the part of the image that a result describes; None: the whole."""
    return _recorded(nodes).get("looked_at")


def _recorded(nodes: ResultNodes) -> dict:
    return _prediction(nodes.record, nodes.record.GetMTime()) if nodes.record else {}


@functools.lru_cache(maxsize=1)
def _prediction(node, _time: int) -> dict:
    return record.content(node).get("prediction", {})


def _positions(clicks) -> Sequence[Sequence[float]]:
    if clicks is None:
        return ()
    if not isinstance(clicks, slicer.vtkMRMLMarkupsNode):
        return clicks
    defined = slicer.vtkMRMLMarkupsNode.PositionDefined
    return [clicks.GetNthControlPointPositionWorld(index) for index in range(clicks.GetNumberOfControlPoints())
            if clicks.GetNthControlPointPositionStatus(index) == defined]


def _box(volumeNode, box) -> Box | None:
    if box is None or min(sorted(box.GetSize())[1:]) <= 0:  # being placed; a third side of 0 is a flat box
        return None
    half = [size / 2 for size in box.GetSize()]
    corners = [(x, y, z, 1) for x in (-half[0], half[0]) for y in (-half[1], half[1]) for z in (-half[2], half[2])]
    places = [_pixel(volumeNode, box.GetObjectToWorldMatrix().MultiplyPoint(corner)[:3]) for corner in corners]
    (left, right), (top, bottom) = (_span([place[axis] for place in places]) for axis in (0, 1))
    return Box(top, left, bottom, right)


def _span(values: list[float]) -> tuple[int, int]:
    """First pixel whose centre lies in the interval, and the one after the last; at least one."""
    first = math.ceil(min(values))
    return first, max(first + 1, math.floor(max(values)) + 1)


def _pixel(volumeNode, world: Sequence[float]) -> tuple[float, ...]:
    """(column, row, slice) of a position in world coordinates; rounded far below what a hand or an eye can do."""
    toVolume = vtk.vtkGeneralTransform()
    slicer.vtkMRMLTransformNode.GetTransformBetweenNodes(None, volumeNode.GetParentTransformNode(), toVolume)
    toPixels = vtk.vtkMatrix4x4()
    volumeNode.GetRASToIJKMatrix(toPixels)
    place = toPixels.MultiplyPoint((*toVolume.TransformPoint(*world), 1.0))
    return tuple(round(value, 6) for value in place[:3])
