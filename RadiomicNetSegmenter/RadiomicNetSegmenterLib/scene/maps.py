"""Attention, probability and uncertainty as float volumes on one fixed scale.

0 to 1 is the scale of every map: stretching a map to its own minimum and maximum would invent structure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import slicer
from slicer.i18n import tr as _

from radiomicnet.results.result import Prediction
from radiomicnet.results.words import resolution

PROBABILITY, UNCERTAINTY = "probability", "uncertainty"
GAMMA = "RadiomicNet.gamma"
# Perceptually uniform, readable with colour-vision deficiencies and in grey print. Uncertainty has its own table,
# so that it is not mistaken for attention.
COLORS = {UNCERTAINTY: "Inferno"}
DEFAULT_COLORS = "Viridis"
COLORS_OF = "RadiomicNet.colors"
CLEAR_BELOW = 0.1  # of the scale; the dark end of a table would tint the whole picture


@dataclass(frozen=True)
class Map:
    """One map of a prediction: (H, W) float32 in 0..1; gamma only for attention."""

    key: str
    title: str
    values: np.ndarray
    gamma: float | None = None


def ofPrediction(prediction: Prediction) -> list[Map]:
    """Attention from the deepest level on, then probability and uncertainty."""
    attention = [Map(gate.level, f"attention {gate.level}", gate.spatial, gate.gamma) for gate in prediction.attention]
    return [*attention, Map(PROBABILITY, PROBABILITY, prediction.probability),
            Map(UNCERTAINTY, UNCERTAINTY, prediction.uncertainty)]


def write(node, item: Map, volumeNode) -> None:
    """Fill a scalar volume node with a map in the geometry of ``volumeNode``."""
    slicer.util.updateVolumeFromArray(node, item.values[None].astype(np.float32))
    node.CopyOrientation(volumeNode)
    if item.gamma is not None:
        node.SetAttribute(GAMMA, f"{item.gamma:.6g}")
    node.CreateDefaultDisplayNodes()
    display = node.GetDisplayNode()
    display.AutoWindowLevelOff()
    display.SetWindowLevelMinMax(0.0, 1.0)
    display.SetAndObserveColorNodeID(_colors(COLORS.get(item.key, DEFAULT_COLORS)).GetID())


def _colors(name: str):
    """One of Slicer's colour tables with a clear lower end, made once per scene.

    Clear or not is all that a slice view makes of a colour's opacity, so there is no gradual beginning.
    """
    for node in slicer.util.getNodesByClass("vtkMRMLColorTableNode"):
        if node.GetAttribute(COLORS_OF) == name:
            return node
    source = slicer.mrmlScene.GetNodeByID(f"vtkMRMLColorTableNodeFile{name}.txt")
    count = source.GetNumberOfColors()
    node = slicer.vtkMRMLColorTableNode()
    node.SetTypeToUser()
    node.SetName(slicer.mrmlScene.GenerateUniqueName(f"RadiomicNet {name}"))
    node.SetAttribute(COLORS_OF, name)
    node.SetNumberOfColors(count)
    color = [0.0] * 4
    for index in range(count):
        source.GetColor(index, color)
        node.SetColor(index, f"{index / (count - 1):.3f}", *color[:3], float(index / (count - 1) >= CLEAR_BELOW))
    return slicer.mrmlScene.AddNode(node)


def coarsestLevel(mapNodes: dict[str, object]) -> str | None:
    """Key of the attention map of the deepest gate, which shows where rather than what; None where there is none."""
    return next((key for key, node in mapNodes.items() if node.GetAttribute(GAMMA)), None)


def legendTitle(key: str) -> str:
    """What stands over the colour legend, whose font has no Greek letters."""
    if key in (PROBABILITY, UNCERTAINTY):
        return key.capitalize()
    return _("Attention {resolution}").format(resolution=resolution(key))


def label(key: str, node) -> str:
    """What a list of maps calls this one."""
    if key == PROBABILITY:
        return _("Lesion probability")
    if key == UNCERTAINTY:
        return _("Uncertainty")
    gamma = float(node.GetAttribute(GAMMA))
    return _("Attention at {resolution} resolution (γ {gamma:.2f})").format(resolution=resolution(key), gamma=gamma)
