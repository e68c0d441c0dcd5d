"""NAME-coco.json and NAME-mask.png: what programs for annotating images take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from .result import Prediction
from .words import NOTICE


def write_coco(prediction: Prediction, path: Path, file_name: str) -> None:
    """Write the lesions as instances of COCO, each to the pixel as a run-length code.

    Parameters
    ----------
    prediction : Prediction
    path : pathlib.Path
    file_name : str
        Of the image, without its folder.
    """
    path.write_text(json.dumps(coco(prediction, file_name), ensure_ascii=False) + "\n", encoding="utf-8")


def coco(prediction: Prediction, file_name: str) -> dict[str, Any]:
    """The JSON object; boxes are (left, top, width, height) in pixels, the score is the mean probability."""
    rows, columns = prediction.image.shape
    annotations = []
    for lesion in prediction.lesions:
        mask = prediction.labels == lesion.label
        used_rows, used_columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        left, top = int(used_columns[0]), int(used_rows[0])
        annotations.append({
            "id": lesion.label, "image_id": 1, "category_id": 1, "iscrowd": 0, "area": int(mask.sum()),
            "bbox": [left, top, int(used_columns[-1]) - left + 1, int(used_rows[-1]) - top + 1],
            "segmentation": {"size": [rows, columns], "counts": run_lengths(mask)},
            "score": lesion.mean_probability})
    card = prediction.card
    return {
        "info": {"description": f"RadiomicNet {__version__}, {card.name} {card.version}. {NOTICE}"},
        "licenses": [],
        "images": [{"id": 1, "file_name": file_name, "width": columns, "height": rows}],
        "categories": [{"id": 1, "name": card.target.name, "supercategory": card.target.type[2]}],
        "annotations": annotations}


def run_lengths(mask: np.ndarray) -> list[int]:
    """COCO's uncompressed code: pixels outside and inside by turns, column after column, outside first."""
    values = mask.ravel(order="F")
    borders = np.flatnonzero(np.diff(values)) + 1
    lengths = np.diff([0, *borders, values.size]).tolist()
    return [0, *lengths] if values.size and values[0] else lengths


def write_mask(prediction: Prediction, path: Path) -> None:
    """Write all lesions together as an 8-bit PNG of the image's size, 0 outside and 255 inside."""
    from PIL import Image

    Image.fromarray((prediction.labels > 0).astype(np.uint8) * 255).save(path, "PNG", optimize=True)
