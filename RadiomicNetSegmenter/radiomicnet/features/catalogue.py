"""The 13 features as data: the one list that training, tables, pages, checks and documentation read.

The paper names 13 features from the grey-level co-occurrence matrix (GLCM), local binary patterns (LBP) and global
intensity statistics, and three of them: GLCM dissimilarity, GLCM energy, LBP entropy. Its full list is not
published with the abstract, so the rest is chosen here. Every choice is unchanged by adding a constant grey-level
offset to the bins (PyRadiomics numbers its bins from the darkest present, so a feature that is not would depend on
the convention), except the mean, which is meant to. Angular second moment is the square of energy and would say the
same twice; joint entropy stands in its place.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Feature:
    """One feature of the catalogue.

    Attributes
    ----------
    key : str
        Stable name in files and code, ``family_Name``.
    label : str
        Name for people.
    formula : str
        In plain text; p(i, j) is the symmetric normalised GLCM, h(c) the share of LBP code c, x the grey levels.
    source : str
        Where the definition comes from.
    low, high : float
        Range of possible values (``inf`` where unbounded).
    pyradiomics : str
        PyRadiomics' counterpart.
    ibsi : str
        Code in the IBSI reference manual, empty where there is none.
    meaning : str
        What a high value says about the picture, for a clinician.
    """

    key: str
    label: str
    formula: str
    source: str
    low: float
    high: float
    pyradiomics: str
    ibsi: str
    meaning: str


_HARALICK = "Haralick 1973, doi 10.1109/TSMC.1973.4309314; IBSI aggregation BTW3"
_OJALA = "Ojala 2002, doi 10.1109/TPAMI.2002.1017623; R = 1, P = 8, uniform codes 0-9"
_IBSI = "IBSI reference manual, arXiv 1612.07003"
_INF = float("inf")

CATALOGUE: tuple[Feature, ...] = (
    Feature("glcm_Contrast", "GLCM contrast", "sum p(i,j) (i-j)^2", _HARALICK, 0, 961, "glcm Contrast", "ACUI",
            "Neighbouring pixels differ strongly: sharp edges or coarse speckle."),
    Feature("glcm_Dissimilarity", "GLCM dissimilarity", "sum p(i,j) |i-j|", _HARALICK, 0, 31,
            "glcm DifferenceAverage", "8S9J",
            "Neighbouring pixels differ on average: a busy, heterogeneous echo or surface texture."),
    Feature("glcm_Homogeneity", "GLCM homogeneity", "sum p(i,j) / (1 + (i-j)^2)", _HARALICK, 0, 1, "glcm Idm", "WF0Z",
            "Neighbouring pixels are alike: smooth areas, fluid, shadow or plain mucosa."),
    Feature("glcm_Energy", "GLCM energy", "sqrt(mean over angles of sum p(i,j)^2)",
            _HARALICK + "; the root as in scikit-image, taken of the mean over angles", 0, 1,
            "square root of glcm JointEnergy", "8ZQL (its root)",
            "A few pairs of grey levels make up most of the picture: an orderly, uniform texture."),
    Feature("glcm_Correlation", "GLCM correlation", "sum p(i,j) (i-mu)(j-mu) / sigma^2", _HARALICK, -1, 1,
            "glcm Correlation", "NI2N",
            "Grey levels follow those of their neighbours: larger structures rather than pixel noise."),
    Feature("glcm_JointEntropy", "GLCM joint entropy", "-sum p(i,j) log2 p(i,j)", _HARALICK, 0, 10, "glcm JointEntropy",
            "TU9B", "Many different pairs of grey levels: a complex, irregular texture."),
    Feature("lbp_Entropy", "LBP entropy", "-sum h(c) log2 h(c)", _OJALA, 0, 3.3219280948873626,
            "firstorder Entropy of the LBP2D image", "",
            "Many kinds of local patterns side by side: a varied micro-texture."),
    Feature("lbp_Uniformity", "LBP uniformity", "sum h(c)^2", _OJALA, 0.1, 1,
            "firstorder Uniformity of the LBP2D image", "",
            "One kind of local pattern prevails: a regular micro-texture."),
    Feature("lbp_NonUniformShare", "LBP non-uniform share", "h(9)", _OJALA, 0, 1,
            "share of voxels with code 9 in the LBP2D image", "",
            "Many pixels fit no edge, spot or flat pattern: speckle or noise."),
    Feature("firstorder_Mean", "Mean intensity", "mean(x)", _IBSI, 0, 255, "firstorder Mean", "Q4LE",
            "A bright picture: high gain, bright tissue or strong light."),
    Feature("firstorder_StandardDeviation", "Intensity standard deviation", "sqrt(mean((x - mean(x))^2))", _IBSI,
            0, 127.5, "firstorder StandardDeviation", "ECT3 (its root)",
            "Bright and dark areas side by side: strong overall contrast."),
    Feature("firstorder_Skewness", "Intensity skewness", "mean((x - mean(x))^3) / sd^3", _IBSI, -_INF, _INF,
            "firstorder Skewness", "KE2A", "Mostly dark with a few bright areas (negative: the reverse)."),
    Feature("firstorder_Kurtosis", "Intensity kurtosis", "mean((x - mean(x))^4) / sd^4", _IBSI, 0, _INF,
            "firstorder Kurtosis", "IPH6 (plus 3)",
            "A few intensities far from the rest: highlights, calcifications, burnt-in marks."),
)

KEYS: tuple[str, ...] = tuple(feature.key for feature in CATALOGUE)
BY_KEY: dict[str, Feature] = {feature.key: feature for feature in CATALOGUE}
