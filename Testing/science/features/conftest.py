"""The digital phantom of the Image Biomarker Standardisation Initiative, and what its manual prints for it.

Reference manual (arXiv 1612.07003), section 5.1 and the tables of chapter 3; 74 voxels inside the mask in 4 slices.
"""

from types import SimpleNamespace

import numpy as np
import pytest

_ = 0  # outside of the mask
PHANTOM = np.array([
    [[1, 4, 4, 1, 1], [1, 4, 6, 1, 1], [4, 1, 6, 4, 1], [4, 4, 6, 4, 1]],
    [[1, 4, 4, 1, 1], [1, 1, 6, 1, 1], [_, 1, 3, 1, 1], [4, 4, 6, 1, 1]],
    [[1, 4, 4, _, _], [1, 1, 1, 1, 1], [1, 1, _, 1, 1], [1, 1, 6, 1, 1]],
    [[1, 4, 4, _, _], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 6, 1, 1]],
])
MASK = PHANTOM > 0

# Aggregation "2D, averaged over slices and directions" (BTW3), as printed.
GLCM_BTW3 = {
    "glcm_Contrast": 5.28,
    "glcm_Dissimilarity": 1.42,
    "glcm_Homogeneity": 0.619,
    "glcm_AngularSecondMoment": 0.368,
    "glcm_Correlation": -0.0121,
    "glcm_JointEntropy": 2.05,
}
# Section 3.3; kurtosis is printed as the excess.
INTENSITY = {
    "firstorder_Mean": 2.15,
    "firstorder_Variance": 3.05,
    "firstorder_Skewness": 1.08,
    "firstorder_ExcessKurtosis": -0.355,
}


@pytest.fixture(scope="session")
def ibsi():
    """The phantom, its mask and the printed values."""
    return SimpleNamespace(phantom=PHANTOM, mask=MASK, glcm=GLCM_BTW3, intensity=INTENSITY)
