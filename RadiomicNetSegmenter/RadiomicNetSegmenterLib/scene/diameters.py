"""The longest and the perpendicular diameter of a lesion, as two lines in the views."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from radiomicnet.results.result import Lesion

from . import masks, placing, results
from .folder import gather

KIND = "diameter"
COLOR = (1.0, 1.0, 1.0)
THICKNESS, GLYPH_SCALE, TEXT_SCALE = 0.25, 1.0, 2.5  # shares of the glyph, percent of the view


def show(lesion: Lesion, volumeNode) -> None:
    """Draw both, each with its length; one pair of line nodes per scene, made when it is first asked for.

    They cannot be dragged, because they show what was measured.
    """
    lines = _nodes()
    if len(lines) != 2:  # someone removed one of them, or a second scene brought its own
        remove()
        lines = [_create(title, volumeNode) for title in (_("longest diameter"), _("perpendicular diameter"))]
    for node, ends, text in zip(lines, (lesion.longest_ends, lesion.perpendicular_ends), _lengths(lesion)):
        node.SetNodeReferenceID(results.IMAGE_ROLE, volumeNode.GetID())
        results.placeLike(node, volumeNode)
        _draw(node, [masks.toLocal((*end, 0.0), volumeNode) for end in ends], text)
    gather(lines, volumeNode)


def remove() -> None:
    """Take the lines out of the scene again."""
    for node in _nodes():
        slicer.mrmlScene.RemoveNode(node)


def _draw(node, ends: list, text: str) -> None:
    with slicer.util.NodeModify(node):
        for index, end in enumerate(ends):
            if index >= node.GetNumberOfControlPoints():
                node.AddControlPoint(*end)
            else:
                node.SetNthControlPointPosition(index, *end)
            node.SetNthControlPointLabel(index, "" if index else text)


def _lengths(lesion: Lesion) -> tuple[str, str]:
    if lesion.longest_mm is not None and lesion.perpendicular_mm is not None:
        return f"{lesion.longest_mm:.1f} mm", f"{lesion.perpendicular_mm:.1f} mm"
    return f"{lesion.longest_pixels:.0f} px", f"{lesion.perpendicular_pixels:.0f} px"


def _create(title: str, volumeNode):
    with placing.keepingActiveList():  # a new markups node would take the next click
        node = results.create("vtkMRMLMarkupsLineNode", KIND, title, volumeNode)
    node.CreateDefaultDisplayNodes()
    node.SetLocked(True)
    display = node.GetDisplayNode()
    for setColor in (display.SetColor, display.SetSelectedColor):
        setColor(*COLOR)
    display.SetGlyphType(display.Dash2D)
    display.SetGlyphScale(GLYPH_SCALE)
    display.SetTextScale(TEXT_SCALE)
    display.SetLineThickness(THICKNESS)
    display.SetPropertiesLabelVisibility(False)  # Slicer's own label would say mm where there are none
    display.SetPointLabelsVisibility(True)
    return node


def _nodes() -> list:
    return [node for node in slicer.util.getNodesByClass("vtkMRMLMarkupsLineNode")
            if node.GetAttribute(results.KIND) == KIND]
