"""The 13 features as PyRadiomics computes them, of a whole scan or of a part of it."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..features.lbp import SAMPLES
from .pyradiomics import execute, padded_images

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


def pyradiomics_values(grey: np.ndarray, mask: np.ndarray) -> dict[str, float]:
    """The features of the catalogue as PyRadiomics computes them, by catalogue key.

    Parameters
    ----------
    grey : numpy.ndarray
        (H, W) uint8.
    mask : numpy.ndarray
        (H, W) bool.
    """
    return values_in(grey, lbp_image(grey, mask), mask)


def lbp_image(grey: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """(H, W) float64 codes of PyRadiomics' LBP2D filter; the mask is not looked at, but must not be empty."""
    import SimpleITK as sitk
    from radiomics import imageoperations

    with warnings.catch_warnings():
        # scikit-image warns of small differences between floating-point neighbours; ours are whole numbers.
        warnings.simplefilter("ignore", UserWarning)
        patterns, _, _ = next(imageoperations.getLBP2DImage(*padded_images(grey, mask), **_LBP_SETTING))
    return sitk.GetArrayFromImage(patterns)[0, :-1, :-1]


def values_in(grey: np.ndarray, patterns: np.ndarray, mask: np.ndarray) -> dict[str, float]:
    """The features of the catalogue of (H, W) grey levels and LBP codes inside a mask."""
    image, region = padded_images(grey, mask)
    setting, classes = SETTINGS["setting"], SETTINGS["featureClass"]
    texture = execute("glcm", image, region, setting, classes["glcm"])
    intensity = execute("firstorder", image, region, setting, ["Mean", "StandardDeviation", "Skewness", "Kurtosis"])
    pattern = execute("firstorder", *padded_images(patterns, mask), _LBP_SETTING, ["Entropy", "Uniformity"])
    return {
        "glcm_Contrast": texture["Contrast"],
        "glcm_Dissimilarity": texture["DifferenceAverage"],
        "glcm_Homogeneity": texture["Idm"],
        "glcm_Energy": texture["JointEnergy"] ** 0.5,
        "glcm_Correlation": texture["Correlation"],
        "glcm_JointEntropy": texture["JointEntropy"],
        "lbp_Entropy": pattern["Entropy"],
        "lbp_Uniformity": pattern["Uniformity"],
        "lbp_NonUniformShare": float((patterns[mask] == SAMPLES + 1).mean()),
        **{f"firstorder_{name}": value for name, value in intensity.items()},
    }


_LBP_SETTING = {**SETTINGS["setting"], **SETTINGS["imageType"]["LBP2D"]}
