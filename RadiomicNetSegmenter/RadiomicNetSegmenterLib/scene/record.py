"""What of a result is in no map and no outline, as text in the scene; with it a saved scene gives the result back.

Maps, outlines and the image are nodes of their own and are not repeated here. The features are computed again, which
takes a moment and always gives the same.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import slicer

from radiomicnet.errors import RadiomicNetError
from radiomicnet.explain.shapley import Shapley
from radiomicnet.features.extract import extract
from radiomicnet.images.grid import to_grid
from radiomicnet.measure.lesions import measure_lesions
from radiomicnet.models.card import ModelCard
from radiomicnet.prompts.box import Box, crop
from radiomicnet.results.result import GateAttention, Prediction, Result

from . import maps, segmentation, trust, volumes
from .packing import packFields, unpack

FORMAT = "radiomicnet-scene-1"
# What is read from other nodes, or computed again from the image.
ELSEWHERE = frozenset(("image", "card", "grid", "radiomics", "probability", "uncertainty", "labels", "lesions",
                       "attention", "trust"))
SPATIAL, PREDICTION, OF_OUTLINE = frozenset(("spatial",)), frozenset(("prediction",)), frozenset(("quality", "area"))


def writePrediction(node, prediction: Prediction) -> None:
    """Fill a text node anew, with what is known before the explanation."""
    _write(node, {
        "format": FORMAT,
        "card": prediction.card.to_dict(),
        "warnings": list(prediction.image.warnings),
        "attention": [packFields(gate, without=SPATIAL) for gate in prediction.attention],
        "prediction": {**packFields(prediction, without=ELSEWHERE),
                       "trust": packFields(prediction.trust, without=OF_OUTLINE)},
        "trust": trust.sentences(prediction),
    })


def writeResult(node, result: Result) -> None:
    """Fill a text node anew, with everything."""
    writePrediction(node, result.prediction)
    _write(node, {**content(node), "result": packFields(result, without=PREDICTION)})


def writeShapley(node, made: Shapley) -> None:
    """Add Shapley values to the record of a whole result."""
    held = content(node)
    held["result"]["shapley"] = packFields(made)
    _write(node, held)


def content(node) -> dict[str, Any]:
    """What a record holds; empty where there is none, or one that another version wrote."""
    try:
        held = json.loads(node.GetText()) if node and node.GetText() else {}
    except ValueError:
        return {}
    return held if held.get("format") == FORMAT else {}


def readPrediction(nodes, volumeNode) -> Prediction | None:
    """The prediction as the scene shows it now: with the outlines of the machine's segmentation as they are.

    Parameters
    ----------
    nodes : ResultNodes
        Of ``volumeNode``, whose pixels are those that were segmented.

    Returns
    -------
    Prediction or None
        None where something of it has been deleted.
    """
    held = content(nodes.record)
    wanted = {gate["level"] for gate in held.get("attention", [])} | {maps.PROBABILITY, maps.UNCERTAINTY}
    if not held or nodes.segmentation is None or not wanted <= set(nodes.maps):
        return None
    try:
        return _prediction(held, nodes, volumeNode)
    except (RadiomicNetError, TypeError, KeyError, ValueError):  # of another version, or of an image that was changed
        return None


def readResult(nodes, volumeNode) -> Result | None:
    """The whole result; None where something of it has been deleted, or was never computed (a stopped run)."""
    held = content(nodes.record).get("result")
    prediction = readPrediction(nodes, volumeNode) if held else None
    try:
        return prediction and unpack(Result, held, _namesOfResult(), prediction=prediction)
    except (TypeError, KeyError, ValueError):
        return None


def _namesOfResult() -> dict[str, type]:
    """Types of parts of a result that are not imported where it is defined."""
    from radiomicnet.regions.radiomics import RegionalRadiomics
    from radiomicnet.regions.stability import Stability

    return {cls.__name__: cls for cls in (RegionalRadiomics, Shapley, Stability)}


def _prediction(held: dict[str, Any], nodes, volumeNode) -> Prediction:
    image = replace(volumes.readImage(volumeNode), warnings=tuple(held["warnings"]))
    card = ModelCard.from_dict(held["card"])
    part = held["prediction"]["looked_at"]
    grid = to_grid((crop(image, Box(**part)) if part else image).rgb, card.input_size)
    probability, uncertainty = (_values(nodes.maps[key]) for key in (maps.PROBABILITY, maps.UNCERTAINTY))
    labels = segmentation.labels(nodes.segmentation, segmentation.lesionIDs(nodes.segmentation), volumeNode)
    attention = tuple(unpack(GateAttention, gate, spatial=_values(nodes.maps[gate["level"]]))
                      for gate in held["attention"])
    return trust.judged(unpack(
        Prediction, held["prediction"], image=image, card=card, grid=grid, radiomics=extract(grid.grey, grid.mask),
        probability=probability, uncertainty=uncertainty, labels=labels,
        lesions=measure_lesions(labels, probability, image.geometry), attention=attention))


def _values(node) -> np.ndarray:
    """(H, W) float32."""
    return slicer.util.arrayFromVolume(node)[0].copy()


def _write(node, held: dict[str, Any]) -> None:
    node.SetText(json.dumps(held, ensure_ascii=False))
