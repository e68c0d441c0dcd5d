"""What the record of a result says about its explanation, read once for as long as it stays the same."""

from __future__ import annotations

import functools
import json
from typing import Any

import numpy as np

from radiomicnet.explain.groups import GroupContribution, grouped
from radiomicnet.explain.shapley import Shapley
from radiomicnet.results.result import Contributions

from .packing import unpack
from .record import FORMAT


def contributions(nodes) -> Contributions | None:
    """What each feature contributed; None where there is no result (yet)."""
    return _contributions(_text(nodes))


def groups(nodes) -> tuple[GroupContribution, ...]:
    """What features that say nearly the same contributed together; empty where the model's card knows no groups."""
    made = contributions(nodes)
    return grouped(made, card(nodes).get("trust", {}).get("groups", ())) if made else ()


def shapley(nodes) -> Shapley | None:
    """Shapley values beside the contributions; None where they were not asked for."""
    return _shapley(_text(nodes))


def channels(nodes) -> dict[str, tuple[float, np.ndarray]]:
    """γ and the (C,) weights of the channels of every attention gate by its level, deepest first."""
    return _channels(_text(nodes))


def inputSize(nodes) -> int | None:
    """Side of the grid that the model saw; None where there is no result."""
    return card(nodes).get("input_size")


def card(nodes) -> dict[str, Any]:
    """The model's card as it was at the time of the run; empty where there is no result."""
    return _content(_text(nodes)).get("card", {})


def threshold(nodes) -> float | None:
    """Probability from which a pixel was drawn; None where there is no result."""
    return _content(_text(nodes)).get("prediction", {}).get("threshold")


def trust(nodes) -> tuple[list[str], list[str]]:
    """Sentences on how far to trust the outline: warnings, and what else there is to know."""
    said = _content(_text(nodes)).get("trust", {})
    return said.get("warnings", []), said.get("notes", [])


def _text(nodes) -> str:
    return (nodes.record.GetText() or "") if nodes.record else ""


@functools.lru_cache(maxsize=2)
def _content(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text) if text else {}
    except ValueError:
        return {}
    return content if content.get("format") == FORMAT else {}


@functools.lru_cache(maxsize=2)
def _contributions(text: str) -> Contributions | None:
    try:
        return unpack(Contributions, _content(text)["result"]["contributions"])
    except (KeyError, TypeError, ValueError):  # not computed, or by another version
        return None


@functools.lru_cache(maxsize=2)
def _shapley(text: str) -> Shapley | None:
    try:
        made = _content(text)["result"]["shapley"]
        return made and unpack(Shapley, made)
    except (KeyError, TypeError, ValueError):
        return None


@functools.lru_cache(maxsize=2)
def _channels(text: str) -> dict[str, tuple[float, np.ndarray]]:
    try:
        return {gate["level"]: (float(gate["gamma"]), unpack(np.ndarray, gate["channel"]))
                for gate in _content(text)["attention"]}
    except (KeyError, TypeError, ValueError):
        return {}
