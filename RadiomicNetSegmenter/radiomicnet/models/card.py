"""The card of a trained model: what it is, what it was trained on, how good it is, and how to feed it."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..errors import ModelError

SCHEMA_FILE = Path(__file__).parents[1] / "schemas" / "model-card.schema.json"


@dataclass(frozen=True)
class Target:
    """What the model outlines, in the terms of Slicer's and DICOM's standard terminology.

    Attributes
    ----------
    name : str
        Segment name, for example "Breast lesion"; a number is added where there are several.
    category, type, region : tuple of 3 str
        (coding scheme, code value, code meaning).
    color : tuple of 3 float
        RGB in 0..1.
    """

    name: str
    category: tuple[str, str, str]
    type: tuple[str, str, str]
    region: tuple[str, str, str]
    color: tuple[float, float, float]


@dataclass(frozen=True)
class ModelCard:
    """See ``schemas/model-card.schema.json`` for the meaning and the range of every field."""

    name: str
    title: str
    version: str
    summary: str
    modality: str
    dicom_modalities: tuple[str, ...]
    intended_use: str
    license: str
    target: Target
    architecture: dict[str, Any]
    parameters: int
    input_size: int
    preprocessing: str
    intensity_scaling: str
    feature_mean: dict[str, float]
    feature_std: dict[str, float]
    local_feature_mean: dict[str, float]
    local_feature_std: dict[str, float]
    views: tuple[str, ...]
    threshold: float
    peak_threshold: float
    presence_threshold: float
    temperature: float
    trust: dict[str, Any]
    training_data: tuple[dict[str, Any], ...]
    training: dict[str, Any]
    metrics: dict[str, Any]
    limits: tuple[str, ...]
    weights_file: str
    weights_sha256: str

    @property
    def measured_on(self) -> str:
        """What all figures were measured on; empty where they were measured on different images, or none says so."""
        sources = {figure.get("data", "") for figure in self.metrics.values()}
        return sources.pop() if len(sources) == 1 else ""

    def thresholds(self, by_hand: float | None, presence: float | None) -> tuple[float, float]:
        """From which probability on a pixel, and which a lesion's surest pixel has to reach.

        Parameters
        ----------
        by_hand : float or None
            A person's threshold, 0..1; it overrides whatever the card asks for.
        presence : float or None
            Probability that the image shows a lesion at all, 0..1; None where the model does not tell.

        Returns
        -------
        tuple of 2 float
            The second is infinite, so that nothing passes, where the image is too unlikely to show a lesion.
        """
        if by_hand is not None:
            return by_hand, 0.0
        absent = presence is not None and presence < self.presence_threshold
        return self.threshold, math.inf if absent else self.peak_threshold

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ModelCard:
        """Build a card from the JSON object.

        Raises
        ------
        ModelError
            Where a field is missing or unknown. The full schema is checked by :func:`validate`.
        """
        try:
            values = dict(data)
            target: dict[str, Any] = {
                key: tuple(item) if isinstance(item, list) else item for key, item in values["target"].items()
            }
            values["target"] = Target(**target)
            for key in ("dicom_modalities", "training_data", "limits", "views"):
                values[key] = tuple(values[key])
            return cls(**values)
        except (KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"The model's card is incomplete or of another version ({error}).",
                             "Install the model again.") from error

    def to_dict(self) -> dict[str, Any]:
        """The card as a JSON object."""
        return json.loads(json.dumps(asdict(self)))


def read_card(path: Path) -> ModelCard:
    """Read a ``card.json``.

    Raises
    ------
    ModelError
        Where the file is missing or is no card.
    """
    try:
        return ModelCard.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise ModelError(f"The model {path.parent.name} has no card.", "Install the model again.") from error
    except (ValueError, OSError) as error:
        raise ModelError(f"The card of model {path.parent.name} cannot be read.", "Install the model again.") from error


def validate(data: dict[str, Any]) -> None:
    """Hold a card's JSON object to the schema.

    Raises
    ------
    ModelError
        With the place and the reason of the first violation.
    """
    import jsonschema

    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    violation = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(data))
    if violation is not None:
        raise ModelError(f"The model card breaks its schema at {violation.json_path}: {violation.message}.")
