"""Where a feature mattered: the map that is filled anew for each feature that is looked at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from slicer.i18n import tr as _

from radiomicnet.features.catalogue import BY_KEY
from radiomicnet.prompts.box import Box
from radiomicnet.results.words import number

from . import held, maps, prompts, results
from .folder import gather


def available(nodes) -> bool:
    """Whether the result knows what each tile contributed; a model of whole scans only does not."""
    made = held.contributions(nodes)
    return made is not None and made.maps is not None


def featureShown(nodes, feature: str) -> str:
    """The feature asked for, or the one that contributed most; empty without contributions."""
    made = held.contributions(nodes)
    if made is None:
        return ""
    return feature if feature in BY_KEY else made.items[0].key


def label(nodes, feature: str) -> str:
    """What a list of maps calls it."""
    return _("Where {feature} mattered").format(feature=BY_KEY[featureShown(nodes, feature)].label)


def limit(nodes) -> str:
    """The end of the scale, for people."""
    return number(float(np.nanmax(np.abs(held.contributions(nodes).maps), initial=0.0)), 2)


def show(nodes, feature: str, volumeNode):
    """The map's node with this feature in it, made when it is first asked for; the result has to be available."""
    feature = featureShown(nodes, feature)
    node = nodes.maps.get(maps.LOCAL)
    if node is None:
        kind = results.MAP_PREFIX + maps.LOCAL
        node = results.create("vtkMRMLScalarVolumeNode", kind, "where it mattered", volumeNode)
        results.placeLike(node, volumeNode)
        gather([node], volumeNode)
    if node.GetAttribute(maps.FEATURE) != feature:
        columns, rows, _slices = volumeNode.GetImageData().GetDimensions()
        part = prompts.lookedAt(nodes)
        box = Box(**part) if part else Box(0, 0, rows, columns)
        seen = maps.ofFeature(feature, held.contributions(nodes).maps, box.shape, held.inputSize(nodes))
        values = np.zeros((rows, columns), seen.values.dtype)
        values[box.slices] = seen.values
        maps.write(node, replace(seen, values=values), volumeNode)
    return node
