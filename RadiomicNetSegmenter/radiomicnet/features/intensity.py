"""First-order statistics of the grey levels inside the scan (IBSI 3.3), on 0..255 and not discretised."""

from __future__ import annotations

import numpy as np


def intensity_features(grey: np.ndarray, mask: np.ndarray) -> dict[str, float]:
    """The four intensity features of the catalogue.

    Parameters
    ----------
    grey : numpy.ndarray
        (H, W) uint8.
    mask : numpy.ndarray
        (H, W) bool, not empty.

    Returns
    -------
    dict of str to float
        By catalogue key. Kurtosis is not the excess (a normal distribution has 3), as in PyRadiomics. Where all
        values are equal, skewness and kurtosis are 0, as there.
    """
    values = grey[mask].astype(float)
    mean = values.mean()
    centred = values - mean
    variance = (centred**2).mean()
    skewness = kurtosis = 0.0
    if variance > 0:
        skewness = (centred**3).mean() / variance**1.5
        kurtosis = (centred**4).mean() / variance**2
    return {
        "firstorder_Mean": float(mean),
        "firstorder_StandardDeviation": float(np.sqrt(variance)),
        "firstorder_Skewness": float(skewness),
        "firstorder_Kurtosis": float(kurtosis),
    }
