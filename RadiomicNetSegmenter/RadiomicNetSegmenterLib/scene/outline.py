"""The outline at another threshold, from the probability that a run has stored; the network is not asked again."""

from __future__ import annotations

import functools
import json

from radiomicnet.prompts.prompted import at_threshold
from radiomicnet.results.result import Prediction

from . import record, segmentation, trust
from .results import ResultNodes

EXPLAINED = "explainedAt"  # in the record: the threshold of the outline that the explanation is of, where another


class Redrawing:
    """Draws one result again and again, and reads it from the scene only once."""

    def __init__(self) -> None:
        self._of: tuple | None = None
        self._prediction: Prediction | None = None

    def draw(self, nodes: ResultNodes, volumeNode, threshold: float | None) -> Prediction | None:
        """Write the machine's segmentation anew; None where the scene does not hold what it takes.

        Parameters
        ----------
        nodes : ResultNodes
            Of ``volumeNode``.
        threshold : float or None
            0..1; None for the model's own rules.
        """
        prediction = self._read(nodes, volumeNode)
        if prediction is None:
            return None
        drawn = at_threshold(prediction, threshold)
        segmentation.write(nodes.segmentation, drawn, volumeNode, nodes.corrected)
        return drawn

    def note(self, nodes: ResultNodes, drawn: Prediction) -> None:
        """Write into the record at which threshold the outline is drawn now."""
        held = record.content(nodes.record)
        if held:
            of = held.setdefault(EXPLAINED, held["prediction"]["threshold"])
            if of == drawn.threshold:
                del held[EXPLAINED]
            held["prediction"] |= {"threshold": float(drawn.threshold), "by_hand": drawn.by_hand}
            held["trust"] = trust.sentences(trust.judged(drawn))
            nodes.record.SetText(json.dumps(held, ensure_ascii=False))
            self._of = self._key(nodes)

    def forget(self) -> None:
        """For when the scene is closed."""
        self._of = self._prediction = None

    def _read(self, nodes: ResultNodes, volumeNode) -> Prediction | None:
        key = self._key(nodes)
        if key != self._of:
            self._of, self._prediction = key, record.readPrediction(nodes, volumeNode)
        return self._prediction

    @staticmethod
    def _key(nodes: ResultNodes) -> tuple:
        return nodes.fingerprint, nodes.record and (nodes.record.GetID(), nodes.record.GetMTime())


def explainedAt(nodes: ResultNodes) -> float | None:
    """The threshold of the outline that the explanation is of, where the outline is drawn at another one by now."""
    return _explainedAt(nodes.record, nodes.record.GetMTime()) if nodes.record else None


@functools.lru_cache(maxsize=1)
def _explainedAt(node, _time: int) -> float | None:
    return record.content(node).get(EXPLAINED)
