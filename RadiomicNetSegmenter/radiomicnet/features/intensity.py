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
    share = np.bincount(grey[mask], minlength=256) / mask.sum()  # 256 levels instead of every pixel
    levels = np.arange(256.0)
    mean = share @ levels
    centred = levels - mean
    variance = share @ centred**2
    skewness = kurtosis = 0.0
    if np.count_nonzero(share) > 1:
        skewness = share @ centred**3 / variance**1.5
        kurtosis = share @ centred**4 / variance**2
    return {
        "firstorder_Mean": float(mean),
        "firstorder_StandardDeviation": float(np.sqrt(variance)),
        "firstorder_Skewness": float(skewness),
        "firstorder_Kurtosis": float(kurtosis),
    }
