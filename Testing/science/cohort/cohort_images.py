"""Small images, and what a cohort made of them."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk


def speckle(seed: int, size: int = 72) -> np.ndarray:
    """(size, size) uint8: a dark disc in noise, another one for every seed."""
    random = np.random.default_rng(seed)
    rows, columns = np.indices((size, size))
    disc = np.hypot(rows - random.uniform(25, 45), columns - random.uniform(25, 45)) < random.uniform(10, 18)
    return np.where(disc, 40, 120) + random.integers(-30, 30, (size, size))


def save(path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    sitk.WriteImage(sitk.GetImageFromArray(speckle(seed).astype(np.uint8)), str(path))


NAMES = ("a/scan.png", "b/scan.png", "b/scan 2 müde.png", "c.tif")


def fill(folder, images=NAMES):
    """Images, two of them of one name, a broken one, and a file that is none."""
    for seed, name in enumerate(images):
        save(folder / name, seed)
    (folder / "b").mkdir(exist_ok=True)
    (folder / "b" / "broken.png").write_bytes((folder / "c.tif").read_bytes()[:99])
    (folder / "notes.txt").write_text("no image")
    return folder


def contents(folder) -> dict[str, bytes]:
    """Every file's bytes by its place, but for the log, which alone may hold times."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != "log.txt"}
