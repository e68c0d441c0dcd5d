"""ICC over the images of a manifest."""

import csv
import json

import numpy as np
import pytest
from region_images import disc, textured

from radiomicnet.features.catalogue import KEYS
from radiomicnet.regions.icc import icc_a1, to_json
from radiomicnet.training.data import read_manifest
from radiomicnet.training.repeatability import measurements, repeatability


@pytest.fixture
def rows(tmp_path):
    """Eight images whose brightness differs; the mask of the last is empty."""
    from PIL import Image

    lines = []
    for index in range(8):
        grey = (textured((96, 96), index) // 2 + 10 * index).astype(np.uint8)
        mask = disc(grey.shape, 48, 48, 20) if index < 7 else np.zeros(grey.shape, bool)
        for kind, pixels in (("image", grey), ("mask", mask.astype(np.uint8) * 255)):
            Image.fromarray(pixels).save(tmp_path / f"{kind}{index}.png")
        lines.append(["made", str(index), f"image{index}.png", f"mask{index}.png", "x", str(index), 0])
    with (tmp_path / "manifest.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["dataset", "id", "image", "mask", "label", "group", "fold"], *lines])
    return read_manifest(tmp_path / "manifest.csv")


def test_a_feature_that_tells_the_images_apart_is_excellent_and_those_without_outline_do_not_count(rows):
    seen = []
    made = repeatability(rows, jitters=3, progress=lambda row: seen.append(row.id))
    assert tuple(made) == KEYS and seen == [row.id for row in rows]
    mean = made["firstorder_Mean"]
    assert mean.grade == "excellent" and (mean.images, mean.measurements) == (7, 7)


def test_it_is_the_icc_of_the_measurements_of_each_image(rows):
    made = repeatability(rows[:7], jitters=2, seed=5)
    table = np.array([measurements(row, 2, 5 + index) for index, row in enumerate(rows[:7])])
    assert made["lbp_Entropy"] == icc_a1(table[..., KEYS.index("lbp_Entropy")])


def test_it_can_be_written_as_json_without_nan(rows):
    text = json.dumps(to_json(repeatability(rows[-1:], jitters=1)), allow_nan=False)
    assert json.loads(text)["firstorder_Mean"] == {"icc": None, "low": None, "high": None, "grade": "unknown",
                                                   "images": 0, "measurements": 5}
