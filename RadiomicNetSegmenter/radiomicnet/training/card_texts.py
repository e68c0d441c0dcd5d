"""What people have to say of a model, and no training can measure: ``NAME.card.toml`` beside an experiment."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import TrainingError
from ..models.card import SCHEMA_FILE
from .config import base_of

FIELDS = ("title", "summary", "modality", "dicom_modalities", "intended_use", "license", "target", "preprocessing",
          "intensity_scaling", "limits", "training_data")
# A sentence with more faults than these is not read.
FAULTS_TOLD = 3


@dataclass(frozen=True)
class CardTexts:
    """The file's fields, as it has them; they hold to the card's schema."""

    fields: dict[str, Any]

    @property
    def names(self) -> dict[str, str]:
        """What the manifest's data sets are called."""
        return {item["dataset"]: item["name"] for item in self.fields["training_data"] if "dataset" in item}

    def of(self, images: Mapping[str, int], from_chance: bool) -> dict[str, Any]:
        """The card's fields, with the number of images of each data set trained on.

        A data set that the texts of a base name and this training does not use is left out, and so is what an encoder
        would have started from (``start = true``) that began with chance.
        """
        data_sets = []
        for item in self.fields["training_data"]:
            key, start = item.get("dataset"), item.get("start", False)
            if (key is None or images.get(key)) and not (start and from_chance):
                said = {name: value for name, value in item.items() if name not in ("dataset", "start")}
                data_sets.append(said if key is None else said | {"images": images[key]})
        return self.fields | {"training_data": data_sets}


def find_texts(experiment: Path) -> Path:
    """The ``.card.toml`` of an experiment, or else of the nearest base that has one.

    Raises
    ------
    TrainingError
        Where none has.
    """
    path: Path | None = experiment
    while path is not None:
        if path.with_suffix(".card.toml").is_file():
            return path.with_suffix(".card.toml")
        base = base_of(path)
        path = path.parent / base if base else None
    raise TrainingError(f"{experiment.stem} has no texts for a card.", f"Write {experiment.stem}.card.toml beside it.")


def read_texts(path: Path, datasets: Collection[str]) -> CardTexts:
    """Read the texts for a card of a model trained on these data sets of a manifest.

    Raises
    ------
    TrainingError
        Where the file cannot be read, a field is missing, unknown or not as the card's schema has it, or one of the
        data sets is not described.
    """
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TrainingError(f"{path.name}, the texts for the card, cannot be read.", "Check the file.") from error
    except ValueError as error:  # no TOML, or no UTF-8
        raise TrainingError(f"{path.name}, the texts for the card, is not valid TOML: {error}.",
                            "Mend that place of it; the file has to be UTF-8.") from error
    faults = _faults(fields)
    if faults:
        raise TrainingError(f"{path.name}, the texts for the card, needs mending: {'; '.join(faults[:FAULTS_TOLD])}.",
                            "Each field is described in the schema of the model card.")
    texts = CardTexts(fields)
    unsaid = sorted(set(datasets) - set(texts.names))
    if unsaid:
        raise TrainingError(f"{path.name} does not describe {', '.join(unsaid)}, which the model is trained on.",
                            f'Add an entry [[training_data]] with dataset = "{unsaid[0]}", and its name, license and '
                            "citation.")
    return texts


def _faults(fields: dict[str, Any]) -> list[str]:
    """What of the fields breaks the card's schema, each with its place."""
    import jsonschema

    found = jsonschema.Draft202012Validator(_schema()).iter_errors(fields)
    return [f"{fault.json_path.removeprefix('$').removeprefix('.') or 'at the top'}: {fault.message}"
            for fault in sorted(found, key=lambda fault: fault.json_path)]


def _schema() -> dict[str, Any]:
    """The card's schema for these fields alone; a data set of the manifest has its name there, and no images yet."""
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    data_set = schema["$defs"]["data_set"]
    data_set["properties"] |= {"dataset": {"type": "string"}, "start": {"type": "boolean"}}
    data_set["required"].remove("images")
    data_set |= {"if": {"required": ["dataset"]}, "else": {"required": ["images"]}}
    return schema | {"required": list(FIELDS), "properties": {name: schema["properties"][name] for name in FIELDS}}
