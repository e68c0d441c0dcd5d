"""The implementation check: the 13 features by PyRadiomics on the very array and mask that the network used."""

from __future__ import annotations

import logging
import warnings
from typing import Any

import numpy as np

from ..features.catalogue import KEYS
from ..features.lbp import SAMPLES
from ..results.result import Check, Prediction, Verification

RELATIVE_TOLERANCE, ABSOLUTE_TOLERANCE = 1e-6, 1e-9

# A PyRadiomics parameter file as data; written out with the array and the mask, it repeats the check elsewhere.
SETTINGS: dict[str, Any] = {
    "imageType": {
        "Original": {},
        "LBP2D": {"binWidth": 1, "lbp2DRadius": 1, "lbp2DSamples": SAMPLES, "lbp2DMethod": "uniform"},
    },
    "featureClass": {
        "glcm": ["Contrast", "DifferenceAverage", "Idm", "JointEnergy", "Correlation", "JointEntropy"],
        "firstorder": ["Mean", "StandardDeviation", "Skewness", "Kurtosis", "Entropy", "Uniformity"],
    },
    "setting": {"binWidth": 8, "force2D": True, "force2Ddimension": 0, "distances": [1], "symmetricalGLCM": True,
                "label": 1, "minimumROIDimensions": 1, "minimumROISize": 1},
}

HOW_TO_INSTALL = (
    "To make the check, install PyRadiomics: in 3D Slicer the Radiomics extension, elsewhere `pip install pyradiomics` "
    "(Python 3.11 or older) or `pip install pyradiomics-bhklab` (Python 3.12 and later)."
)


def verify(prediction: Prediction) -> Verification:
    """Compare the prediction's features with PyRadiomics' own.

    Returns
    -------
    Verification
        Equal means within 1e-6 relative or 1e-9 absolute. Where PyRadiomics is missing or fails, a verification that
        was not made, with the reason; the rest of a run does not depend on it.
    """
    try:
        import radiomics
    except Exception as error:  # a broken installation raises anything
        return Verification(False, reason=f"PyRadiomics could not be loaded ({error}). {HOW_TO_INSTALL}")
    try:
        theirs = pyradiomics_values(prediction.grid.grey, prediction.grid.mask)
    except Exception as error:
        return Verification(False, reason=f"PyRadiomics failed on this image ({error}).", version=radiomics.__version__)
    checks = {key: compare(key, prediction.features[key], theirs[key]) for key in KEYS}
    return Verification(True, checks, version=radiomics.__version__)


def compare(key: str, network: float, pyradiomics: float) -> Check:
    """One feature's two values and whether they agree."""
    difference = network - pyradiomics
    limit = max(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE * abs(pyradiomics))
    return Check(key, network, pyradiomics, difference, bool(abs(difference) <= limit))


def padded_images(grey: np.ndarray, mask: np.ndarray) -> tuple[Any, Any]:
    """Array and mask as SimpleITK images of one slice, float64 and uint8, with a border of one pixel outside the mask.

    PyRadiomics refuses a mask that is one everywhere, hence the border. It bins a uint8 image wrongly under NumPy 2
    (the subtraction overflows), hence float64.
    """
    import SimpleITK as sitk

    image = sitk.GetImageFromArray(np.pad(grey.astype(np.float64), 1)[None])
    region = sitk.GetImageFromArray(np.pad(mask.astype(np.uint8), 1)[None])
    return image, region


def pyradiomics_values(grey: np.ndarray, mask: np.ndarray) -> dict[str, float]:
    """The features of the catalogue as PyRadiomics computes them, by catalogue key.

    Parameters
    ----------
    grey : numpy.ndarray
        (H, W) uint8.
    mask : numpy.ndarray
        (H, W) bool.
    """
    from radiomics import firstorder, glcm, imageoperations

    logging.getLogger("radiomics").setLevel(logging.ERROR)
    image, region = padded_images(grey, mask)
    setting = SETTINGS["setting"]
    texture = _execute(glcm.RadiomicsGLCM, image, region, SETTINGS["featureClass"]["glcm"], setting)
    intensity = _execute(firstorder.RadiomicsFirstOrder, image, region,
                         ["Mean", "StandardDeviation", "Skewness", "Kurtosis"], setting)
    lbp_setting = {**setting, **SETTINGS["imageType"]["LBP2D"]}
    with warnings.catch_warnings():
        # scikit-image warns of small differences between floating-point neighbours; ours are whole numbers.
        warnings.simplefilter("ignore", UserWarning)
        patterns, _, _ = next(imageoperations.getLBP2DImage(image, region, **lbp_setting))
    pattern = _execute(firstorder.RadiomicsFirstOrder, patterns, region, ["Entropy", "Uniformity"], lbp_setting)
    return {
        "glcm_Contrast": texture["Contrast"],
        "glcm_Dissimilarity": texture["DifferenceAverage"],
        "glcm_Homogeneity": texture["Idm"],
        "glcm_Energy": texture["JointEnergy"] ** 0.5,
        "glcm_Correlation": texture["Correlation"],
        "glcm_JointEntropy": texture["JointEntropy"],
        "lbp_Entropy": pattern["Entropy"],
        "lbp_Uniformity": pattern["Uniformity"],
        "lbp_NonUniformShare": _share_of_code(patterns, mask, SAMPLES + 1),
        **{f"firstorder_{name}": value for name, value in intensity.items()},
    }


def _execute(
    feature_class: Any, image: Any, region: Any, names: list[str], setting: dict[str, Any]
) -> dict[str, float]:
    calculator = feature_class(image, region, **setting)
    calculator.disableAllFeatures()
    for name in names:
        calculator.enableFeatureByName(name)
    return {name: float(value) for name, value in calculator.execute().items()}


def _share_of_code(patterns: Any, mask: np.ndarray, code: int) -> float:
    import SimpleITK as sitk

    codes = sitk.GetArrayViewFromImage(patterns)[0, 1:-1, 1:-1]
    return float((codes[mask] == code).mean())
