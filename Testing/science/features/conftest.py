"""IBSI's digital phantom, with its printed values by the catalogue's keys."""

from types import SimpleNamespace

import pytest
from ibsi_phantom import GLCM, INTENSITY, MASK, PHANTOM


@pytest.fixture(scope="session")
def ibsi():
    """The phantom, its mask and the printed values; kurtosis is printed as the excess."""
    glcm = {"Contrast": "ACUI", "Dissimilarity": "8S9J", "Homogeneity": "WF0Z", "AngularSecondMoment": "8ZQL",
            "Correlation": "NI2N", "JointEntropy": "TU9B"}
    intensity = {"Mean": "Q4LE", "Variance": "ECT3", "Skewness": "KE2A", "ExcessKurtosis": "IPH6"}
    return SimpleNamespace(phantom=PHANTOM, mask=MASK,
                           glcm={f"glcm_{name}": GLCM[code] for name, code in glcm.items()},
                           intensity={f"firstorder_{name}": INTENSITY[code] for name, code in intensity.items()})
