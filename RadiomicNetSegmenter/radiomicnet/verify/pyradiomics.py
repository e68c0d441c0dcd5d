"""PyRadiomics where it is installed: whether it is, and one way to call it that avoids its traps."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np

HOW_TO_INSTALL = (
    "To get it, install the Radiomics extension in 3D Slicer, elsewhere `pip install pyradiomics` (Python 3.11 or "
    "older) or `pip install pyradiomics-bhklab` (Python 3.12 and later)."
)


def installed() -> tuple[str, str]:
    """PyRadiomics' version and an empty string, or an empty string and why it cannot be used."""
    try:
        import radiomics
    except Exception as error:  # a broken installation raises anything
        return "", f"PyRadiomics could not be loaded ({error}). {HOW_TO_INSTALL}"
    logging.getLogger("radiomics").setLevel(logging.ERROR)
    return str(radiomics.__version__).removeprefix("v"), ""  # 3.0.1 calls itself v3.0.1


def padded_images(
    grey: np.ndarray, mask: np.ndarray, spacing: tuple[float, float] = (1.0, 1.0)
) -> tuple[Any, Any]:
    """Array and mask as SimpleITK images of one slice, float64 and uint8, with one row and column outside the mask.

    PyRadiomics refuses a mask that is one everywhere, hence these; they come last, because in flat areas the last bit
    of a local binary pattern's interpolation hangs on where in the array a pixel lies. PyRadiomics bins a uint8 image
    wrongly under NumPy 2 (the subtraction overflows), hence float64.

    Parameters
    ----------
    grey : numpy.ndarray
        (H, W), any number type.
    mask : numpy.ndarray
        (H, W) bool.
    spacing : tuple of float
        From one column and one row to the next.
    """
    import SimpleITK as sitk

    image = sitk.GetImageFromArray(np.pad(grey.astype(np.float64), (0, 1))[None])
    region = sitk.GetImageFromArray(np.pad(mask.astype(np.uint8), (0, 1))[None])
    for each in (image, region):
        each.SetSpacing((*spacing, 1.0))
    return image, region


def execute(
    family: str, image: Any, region: Any, setting: dict[str, Any], names: list[str] | None = None
) -> dict[str, float]:
    """Features of one of PyRadiomics' classes by PyRadiomics' names, all that are not deprecated by default."""
    from importlib import import_module

    calculator = getattr(import_module(f"radiomics.{family}"), _CLASSES[family])(image, region, **setting)
    calculator.disableAllFeatures()
    if names is None:
        calculator.enableAllFeatures()
    for name in names or ():
        calculator.enableFeatureByName(name)
    return {name: float(value) for name, value in calculator.execute().items()}


_CLASSES = {
    "firstorder": "RadiomicsFirstOrder", "shape2D": "RadiomicsShape2D", "glcm": "RadiomicsGLCM",
    "glrlm": "RadiomicsGLRLM", "glszm": "RadiomicsGLSZM", "gldm": "RadiomicsGLDM", "ngtdm": "RadiomicsNGTDM",
}
