"""NAME-check-image.nrrd, -mask.nrrd and -settings.yaml: with them anyone can repeat the check against PyRadiomics.

Settings alone cannot: the features are computed on the network's grid, and no other program scales an image to the
same numbers.
"""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

from ..images.grid import Grid
from ..images.image import Geometry
from ..verify.pyradiomics import padded_images
from ..verify.values import SETTINGS
from . import names
from .nrrd_file import write_image

# The grid has no place in the patient, and the features need none.
_GEOMETRY = Geometry()


def pyradiomics_command(stem: str) -> str:
    """The command line that repeats the check, run in the folder of the result."""
    files = [shlex.quote(f"{stem}{ending}") for ending in (names.CHECK_IMAGE, names.CHECK_MASK, names.CHECK_SETTINGS)]
    return "pyradiomics {} {} --param {}".format(*files)


def write_check_image(grid: Grid, path: Path) -> None:
    """Write the grey levels as PyRadiomics was given them."""
    _write(padded_images(grid.grey, grid.mask)[0], path)


def write_check_mask(grid: Grid, path: Path) -> None:
    """Write the mask, 1 where the features look."""
    _write(padded_images(grid.grey, grid.mask)[1], path)


def write_check_settings(path: Path, stem: str) -> None:
    """Write PyRadiomics' parameters; JSON is YAML too, and needs no package for it."""
    path.write_text(f"# {pyradiomics_command(stem)}\n{json.dumps(SETTINGS, indent=2)}\n", encoding="utf-8")


def _write(image: Any, path: Path) -> None:
    import SimpleITK as sitk

    write_image(path, sitk.GetArrayViewFromImage(image)[0], _GEOMETRY, {})
