"""NAME-frames.csv and NAME-frames.json: a row per frame."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .. import __version__
from ..features.catalogue import KEYS
from ..models.card import ModelCard
from ..results.record_json import write_json
from ..results.words import NOTICE
from .frame import Frame
from .place import fingerprint
from .run import ClipResult

FORMAT = "radiomicnet-clip-1"


def rows(result: ClipResult, marked: str = "steadiest") -> Iterator[dict[str, Any]]:
    """What is told of each frame, by the name of its column; ``marked`` is what the chosen frame is."""
    axis = result.clip.axis
    for frame in result.frames:
        yield {
            "frame": frame.index + 1,
            f"{axis.name}_{axis.unit}" if axis.unit else "index": frame.place,
            "status": "not segmented" if frame.reason else "outlined" if frame.area_pixels else "nothing found",
            **measures(frame),
            marked: frame is result.steadiest,
            "warning": frame.reason or frame.warning,
        }


def measures(frame: Frame) -> dict[str, Any]:
    """Everything measured in one frame; None where it could not be."""
    done = not frame.reason
    return {
        "lesions": frame.lesions if done else None,
        "area_pixels": frame.area_pixels if done else None,
        "area_mm2": frame.area_mm2,
        "own_area_pixels": frame.own_area_pixels if done else None,
        "uncertainty": frame.uncertainty,
        "agreement": frame.agreement,
        "presence": frame.presence,
        "expected_dice": frame.dice,
        "novelty": frame.novelty,
        "novelty_distance": frame.distance,
        **{key: (frame.features or {}).get(key) for key in KEYS},
    }


def write_table(result: ClipResult, path: Path, marked: str = "steadiest") -> None:
    """Write the rows as CSV; numbers have all their digits, and what is not known is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer: csv.DictWriter[str] | None = None
        for row in rows(result, marked):
            row = {**row, "notice": NOTICE}
            if writer is None:
                writer = csv.DictWriter(file, list(row))
                writer.writeheader()
            writer.writerow({key: cell(value) for key, value in row.items()})


def cell(value: Any) -> Any:
    """A value as CSV has it: empty where there is none or it is not finite, yes or no."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return repr(value) if isinstance(value, float) else value


def write_record(result: ClipResult, path: Path, files: list[str]) -> None:
    """Write the clip and its rows as JSON; ``files`` are the names of all files of the result."""
    clip, card = result.clip, result.card
    write_json(path, {
        **heading(FORMAT, card),
        "clip": {"name": clip.name, "source": clip.source, "frames": clip.count, "modality": clip.modality,
                 "index": {"name": clip.axis.name, "unit": clip.axis.unit},
                 "spacing_mm": clip.geometry.spacing[:2] if clip.geometry.calibrated else None},
        "fingerprint": fingerprint(clip),
        "asked": result.asked, "done": len(result.frames), "complete": result.complete,
        "threshold": card.threshold if result.threshold is None else result.threshold,
        "smoothing_frames": result.smoothing,
        "steadiest_frame": result.steadiest.index + 1 if result.steadiest else None,
        "warnings": list(clip.every_warning), "frames": list(rows(result)), "files": sorted(files)})


def heading(form: str, card: ModelCard) -> dict[str, Any]:
    """What a record of many frames or slices begins with: its format, what made it, and with which model."""
    return {"format": form, "notice": NOTICE, "software": {"radiomicnet": __version__},
            "model": {"name": card.name, "version": card.version, "weights_sha256": card.weights_sha256}}
