"""Attention, probability, uncertainty and contributions as float volumes on fixed scales.

0 to 1 is the scale of every map but one: stretching a map to its own minimum and maximum would invent structure. Where
a feature mattered has no bound; its scale reaches as far to either side of 0 as the largest contribution that any
feature makes in any tile of this image, so that the features can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import slicer
from slicer.i18n import tr as _

from radiomicnet.features.catalogue import BY_KEY, KEYS
from radiomicnet.features.local import TILE
from radiomicnet.images.grid import content_shape
from radiomicnet.results.result import Prediction
from radiomicnet.results.words import resolution

PROBABILITY, UNCERTAINTY, LOCAL = "probability", "uncertainty", "local"
GAMMA, FEATURE, LIMIT = "RadiomicNet.gamma", "RadiomicNet.feature", "RadiomicNet.limit"
# Perceptually uniform, readable with colour-vision deficiencies and in grey print. Uncertainty has its own table,
# so that it is not mistaken for attention.
COLORS = {UNCERTAINTY: "Inferno", LOCAL: "Blue-Orange"}
# Told apart with any colour vision; away from the middle the colours come fast, so that half of the scale is no haze.
DIVERGING = {"Blue-Orange": ((30, 95, 185), (105, 160, 220), (210, 210, 210), (240, 155, 80), (210, 85, 0))}
DEFAULT_COLORS = "Viridis"
COLORS_OF = "RadiomicNet.colors"
CLEAR_BELOW = 0.1  # of the scale; the dark end of a table would tint the whole picture


@dataclass(frozen=True)
class Map:
    """One map: (H, W) float32 in 0..1, or in -limit..limit; gamma only for attention, feature only for its own map."""

    key: str
    title: str
    values: np.ndarray
    gamma: float | None = None
    limit: float | None = None
    feature: str = ""


def ofPrediction(prediction: Prediction) -> list[Map]:
    """Attention from the deepest level on, then probability and uncertainty."""
    attention = [Map(gate.level, f"attention {gate.level}", gate.spatial, gate.gamma) for gate in prediction.attention]
    return [*attention, Map(PROBABILITY, PROBABILITY, prediction.probability),
            Map(UNCERTAINTY, UNCERTAINTY, prediction.uncertainty)]


def ofFeature(feature: str, everywhere: np.ndarray, shape: tuple[int, int], inputSize: int) -> Map:
    """Where a feature mattered, on the pixels of the image; every pixel has the value of its tile.

    Parameters
    ----------
    feature : str
        Key in the catalogue.
    everywhere : numpy.ndarray
        (13, a, b) contributions of all tiles in logits.
    shape : tuple of int
        (H, W) of the image.
    inputSize : int
        Side of the model's grid, on which a tile is 16 pixels.
    """
    limit = float(np.nanmax(np.abs(everywhere), initial=0.0)) or 1.0
    tiles = np.nan_to_num(everywhere[KEYS.index(feature)])
    row, column = (((np.arange(count) + 0.5) * onGrid / count // TILE).astype(int)
                   for count, onGrid in zip(shape, content_shape(shape, inputSize)))
    return Map(LOCAL, "where it mattered", tiles[row[:, None], column], limit=limit, feature=feature)


def write(node, item: Map, volumeNode) -> None:
    """Fill a scalar volume node with a map in the geometry of ``volumeNode``."""
    slicer.util.updateVolumeFromArray(node, item.values[None].astype(np.float32))
    node.CopyOrientation(volumeNode)
    if item.gamma is not None:
        node.SetAttribute(GAMMA, f"{item.gamma:.6g}")
    if item.limit is not None:
        node.SetAttribute(LIMIT, repr(item.limit))
        node.SetAttribute(FEATURE, item.feature)
    display(node, item.key)


def display(node, key: str) -> None:
    """Show a map in its colours, on its scale."""
    node.CreateDefaultDisplayNodes()
    display = node.GetDisplayNode()
    display.AutoWindowLevelOff()
    display.SetWindowLevelMinMax(*scale(node))
    display.SetAndObserveColorNodeID(_colors(COLORS.get(key, DEFAULT_COLORS)).GetID())


def _colors(name: str):
    """A colour table that is clear where a map says nothing (its lower end, or its middle), made once per scene.

    Clear or not is all that a slice view makes of a colour's opacity, so there is no gradual beginning.
    """
    for node in slicer.util.getNodesByClass("vtkMRMLColorTableNode"):
        if node.GetAttribute(COLORS_OF) == name:
            return node
    colors = _diverging(name) if name in DIVERGING else _slicers(name)
    node = slicer.vtkMRMLColorTableNode()
    node.SetTypeToUser()
    node.SetName(slicer.mrmlScene.GenerateUniqueName(f"RadiomicNet {name}"))
    node.SetAttribute(COLORS_OF, name)
    node.SetNumberOfColors(len(colors))
    for index, color in enumerate(colors):
        place = index / (len(colors) - 1)
        distance = abs(2 * place - 1) if name in DIVERGING else place  # from the value that says nothing
        node.SetColor(index, f"{place:.3f}", *color, float(distance >= CLEAR_BELOW))
    return slicer.mrmlScene.AddNode(node)


def _slicers(name: str) -> list[tuple[float, ...]]:
    """The colours of one of Slicer's own tables, 0..1."""
    source = slicer.mrmlScene.GetNodeByID(f"vtkMRMLColorTableNodeFile{name}.txt")
    colors = []
    for index in range(source.GetNumberOfColors()):
        color = [0.0] * 4
        source.GetColor(index, color)
        colors.append(tuple(color[:3]))
    return colors


def _diverging(name: str) -> list[tuple[float, ...]]:
    """256 colours from one end over a light middle to the other, 0..1."""
    stops = np.array(DIVERGING[name]) / 255
    places = np.linspace(0, len(stops) - 1, 256)
    return [tuple(float(np.interp(place, range(len(stops)), stops[:, channel])) for channel in range(3))
            for place in places]


def scale(node) -> tuple[float, float]:
    """Lowest and highest value of a map's colours."""
    limit = node.GetAttribute(LIMIT)
    return (-float(limit), float(limit)) if limit else (0.0, 1.0)


def coarsestLevel(mapNodes: dict[str, object]) -> str | None:
    """Key of the attention map of the deepest gate, which shows where rather than what; None where there is none."""
    return next((key for key, node in mapNodes.items() if node.GetAttribute(GAMMA)), None)


def legendTitle(key: str) -> str:
    """What stands over the colour legend, whose font has no Greek letters."""
    if key == LOCAL:
        return _("Logits")
    if key in (PROBABILITY, UNCERTAINTY):
        return key.capitalize()
    return _("Attention {resolution}").format(resolution=resolution(key))


def label(key: str, node) -> str:
    """What a list of maps calls this one."""
    if key == PROBABILITY:
        return _("Lesion probability")
    if key == UNCERTAINTY:
        return _("Uncertainty")
    if key == LOCAL:
        return _("Where {feature} mattered").format(feature=BY_KEY[node.GetAttribute(FEATURE)].label)
    gamma = float(node.GetAttribute(GAMMA))
    return _("Attention at {resolution} resolution (γ {gamma:.2f})").format(resolution=resolution(key), gamma=gamma)
