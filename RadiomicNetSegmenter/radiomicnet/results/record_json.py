"""NAME.json: everything about a result for programs, as ``schemas/result.schema.json`` describes it."""

from __future__ import annotations

import json
import math
import platform
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .. import __version__
from ..explain.groups import grouped
from ..explain.shapley import Shapley, agreement_of
from ..explain.usual import usual
from ..features.catalogue import KEYS
from .place import pixels_sha256
from .result import Contributions, Prediction, Result
from .trust_words import trust
from .words import NOTICE, finding

SCHEMA_FILE = Path(__file__).parents[1] / "schemas" / "result.schema.json"


def write_record(result: Result, path: Path, files: list[str]) -> None:
    """Write the record; ``files`` are the names of all files of the result."""
    write_json(path, record(result, files))


def write_json(path: Path, values: dict[str, Any]) -> None:
    """Write an object for programs and people; a number that is not finite becomes null."""
    text = json.dumps(finite(values), indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def record(result: Result, files: list[str]) -> dict[str, Any]:
    """The result as a JSON object; maps and label maps lie in files of their own."""
    prediction, made = result.prediction, result.verification
    return finite({
        "format": "radiomicnet-result-1",
        "notice": NOTICE,
        "software": {
            "radiomicnet": __version__,
            "python": platform.python_version(),
            "torch": _installed("torch"),
            "numpy": _installed("numpy"),
            "pyradiomics": made.version or None,
        },
        "model": _model(prediction),
        "image": _image(prediction),
        "finding": {
            "statement": finding(prediction),
            "target": prediction.card.target.name,
            "threshold": prediction.threshold,
            "presence": prediction.presence,
            "lesions": [asdict(lesion) for lesion in prediction.lesions],
        },
        "pointed_at": {
            "clicks": [asdict(click) for click in prediction.clicks],
            "box": prediction.box and asdict(prediction.box),
            "looked_at": prediction.looked_at and asdict(prediction.looked_at),
        },
        "trust": _trust(prediction),
        "attention": [
            {"level": gate.level, "gamma": gate.gamma, "channel": gate.channel.tolist()}
            for gate in prediction.attention],
        "contributions": {**_contributions(prediction, result.contributions),
                          "groups": _groups(prediction, result.contributions),
                          "shapley": result.shapley and _shapley(result.contributions, result.shapley)},
        "reliance": result.reliance and asdict(result.reliance),
        "verification": {
            "made": made.made,
            "reason": made.reason,
            "version": made.version or None,
            "checks": {
                key: {"network": check.network, "pyradiomics": check.pyradiomics, "difference": check.difference,
                      "agrees": check.agrees, "explanation": check.explanation}
                for key, check in made.checks.items()},
            "tiles": [
                {"row": tile.row, "column": tile.column, "differing": {
                    key: check.explanation for key, check in tile.checks.items() if not check.agrees}}
                for tile in made.tiles],
        },
        "warnings": list(prediction.image.warnings),
        "seconds": result.seconds,
        "files": sorted(files),
    })


def finite(value: Any) -> Any:
    """The same object with null for every number that JSON does not have, and with Python's own numbers and lists."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    if hasattr(value, "item"):  # a NumPy number
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _model(prediction: Prediction) -> dict[str, Any]:
    card = prediction.card
    return {key: getattr(card, key)
            for key in ("name", "title", "version", "license", "weights_sha256", "input_size", "temperature")}


def _trust(prediction: Prediction) -> dict[str, Any]:
    made = prediction.trust
    return {
        "statements": list(trust(prediction)),
        "novelty": made.novelty and {**asdict(made.novelty), "level": made.novelty.level,
                                     "out_of_range": list(made.novelty.out_of_range)},
        "quality": made.quality and {**asdict(made.quality), "level": made.quality.level},
        "area": made.area and {"inner_pixels": made.area.pixels[0], "outer_pixels": made.area.pixels[1],
                               "coverage": made.area.coverage},
    }


def _image(prediction: Prediction) -> dict[str, Any]:
    image = prediction.image
    rows, columns = image.shape
    return {
        "name": image.name,
        "columns": columns,
        "rows": rows,
        "channels": 1 if image.pixels.ndim == 2 else 3,
        "modality": image.modality,
        "pixels_sha256": pixels_sha256(image),
        "geometry": asdict(image.geometry),
    }


def _contributions(prediction: Prediction, contributions: Contributions) -> dict[str, Any]:
    ranges = usual(contributions, prediction)
    return {
        "region": contributions.region,
        "steps": contributions.steps,
        "quantity": contributions.quantity,
        "reference_quantity": contributions.reference_quantity,
        "change": contributions.change,
        "sum": contributions.change + contributions.residual,
        "sum_of_absolutes": contributions.total,
        "residual": contributions.residual,
        "residual_percent": residual_percent(contributions),
        "items": [
            {"rank": item.rank, "feature": item.key, "value": item.value, "reference": item.reference,
             "contribution": item.contribution, "share_percent": item.share, "usual": ranges.get(item.key)}
            for item in contributions.items],
    }


def _groups(prediction: Prediction, contributions: Contributions) -> list[dict[str, Any]] | None:
    groups = prediction.card.trust.get("groups")
    return groups and [
        {"rank": group.rank, "features": list(group.keys), "contribution": group.contribution,
         "share_percent": group.share} for group in grouped(contributions, groups)]


def _shapley(contributions: Contributions, made: Shapley) -> dict[str, Any]:
    return {
        "exact": made.exact, "coalitions": made.coalitions, "rank_agreement": agreement_of(contributions, made),
        "items": [{"feature": key, "value": value, "error": error}
                  for key, value, error in zip(KEYS, made.values.tolist(), made.error.tolist())],
    }


def residual_percent(contributions: Contributions) -> float | None:
    """What completeness misses, in percent of the sum of absolute contributions; None where that sum is 0."""
    return 100 * abs(contributions.residual) / contributions.total if contributions.total else None


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
