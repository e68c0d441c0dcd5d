"""What PyRadiomics measures in a region, as data: its own names beside those of IBSI.

Names and codes of the Image Biomarker Standardisation Initiative are those of its reference manual (arXiv 1612.07003).
A feature without a code has no counterpart there: IBSI defines shape in 3-D only. Tests hold every counterpart to the
values that the initiative prints for its digital phantom.
"""

from __future__ import annotations

from dataclasses import dataclass

# What a feature takes for granted. Where it is not so, the formula is 0 / 0 and PyRadiomics gives a number by
# convention (1,000,000 for coarseness), which says nothing about the picture.
VARIATION = "variation"
LEVELS = "levels"

# Units of features that have one: (image's unit of length stands for x) x, x², 1/x, x² times squared grey levels.
LENGTH, AREA, PER_LENGTH = "length", "area", "per length"


@dataclass(frozen=True)
class RegionalFeature:
    """One feature that PyRadiomics measures in a region.

    Attributes
    ----------
    family : str
        PyRadiomics' feature class: ``firstorder``, ``shape2D``, ``glcm``, ``glrlm``, ``glszm``, ``gldm``, ``ngtdm``.
    name : str
        PyRadiomics' name.
    ibsi_name, ibsi : str
        Name and code in the IBSI reference manual; empty where it has none.
    needs : str
        ``variation`` where all grey levels of the region must not be equal, ``levels`` where they must not all fall
        into one bin; empty where the feature is always defined.
    dimension : str
        ``length``, ``area`` or ``per length``; empty for grey levels, their powers, and pure numbers.
    note : str
        Where PyRadiomics and IBSI differ, or what to heed when regions are compared.
    """

    family: str
    name: str
    ibsi_name: str = ""
    ibsi: str = ""
    needs: str = ""
    dimension: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        """``family_Name``, unique."""
        return f"{self.family}_{self.name}"

    def unit(self, length: str) -> str:
        """Unit of the value where lengths are in ``length`` (mm, pixel); empty where it has none."""
        return {LENGTH: length, AREA: f"{length}²", PER_LENGTH: f"1/{length}"}.get(self.dimension, "")


_BINS = "Bins are numbered from the darkest pixel of the region, so regions that differ in it differ here too."
_PIXELS = "Grows with the number of pixels of the region."

# family: (PyRadiomics' name, IBSI's name, IBSI's code, {what else})
_TABLE: dict[str, tuple[tuple[str, str, str] | tuple[str, str, str, dict[str, str]], ...]] = {
    "firstorder": (
        ("Mean", "Mean intensity", "Q4LE"),
        ("Median", "Median intensity", "Y12H"),
        ("Minimum", "Minimum intensity", "1GSF"),
        ("Maximum", "Maximum intensity", "84IY"),
        ("10Percentile", "10th intensity percentile", "QG58"),
        ("90Percentile", "90th intensity percentile", "8DWT"),
        ("InterquartileRange", "Intensity interquartile range", "SALO"),
        ("Range", "Intensity range", "2OJQ"),
        ("MeanAbsoluteDeviation", "Intensity-based mean absolute deviation", "4FUA"),
        ("RobustMeanAbsoluteDeviation", "Intensity-based robust mean absolute deviation", "1128"),
        ("Variance", "Intensity variance", "ECT3"),
        ("Skewness", "Intensity skewness", "KE2A", {"needs": VARIATION}),
        ("Kurtosis", "Excess intensity kurtosis", "IPH6",
         {"needs": VARIATION, "note": "PyRadiomics' value is IBSI's plus 3."}),
        ("RootMeanSquared", "Root mean square intensity", "5ZWQ"),
        ("Energy", "Intensity-based energy", "N8CA", {"note": _PIXELS}),
        ("TotalEnergy", "", "", {"note": "Energy times the area of a pixel. " + _PIXELS}),
        ("Entropy", "Discretised intensity entropy", "TLU2"),
        ("Uniformity", "Discretised intensity uniformity", "BJ5W"),
    ),
    "shape2D": (
        ("MeshSurface", "", "", {"dimension": AREA}),
        ("PixelSurface", "", "", {"dimension": AREA}),
        ("Perimeter", "", "", {"dimension": LENGTH}),
        ("PerimeterSurfaceRatio", "", "", {"dimension": PER_LENGTH}),
        ("Sphericity", "", "", {"note": "In 2-D this is circularity: 1 for a disc."}),
        ("MaximumDiameter", "", "", {"dimension": LENGTH}),
        ("MajorAxisLength", "", "", {"dimension": LENGTH}),
        ("MinorAxisLength", "", "", {"dimension": LENGTH}),
        ("Elongation", "", "", {"note": "Shorter by longer axis: 1 for a disc."}),
    ),
    "glcm": (
        ("MaximumProbability", "Joint maximum", "GYBY"),
        ("JointAverage", "Joint average", "60VM", {"note": _BINS}),
        ("SumSquares", "Joint variance", "UR99"),
        ("JointEntropy", "Joint entropy", "TU9B"),
        ("DifferenceAverage", "Difference average", "TF7R"),
        ("DifferenceVariance", "Difference variance", "D3YU"),
        ("DifferenceEntropy", "Difference entropy", "NTRS"),
        ("SumAverage", "Sum average", "ZGXS", {"note": _BINS}),
        ("SumEntropy", "Sum entropy", "P6QZ"),
        ("JointEnergy", "Angular second moment", "8ZQL"),
        ("Contrast", "Contrast", "ACUI"),
        ("Id", "Inverse difference", "IB1Z"),
        ("Idn", "Normalised inverse difference", "NDRX"),
        ("Idm", "Inverse difference moment", "WF0Z"),
        ("Idmn", "Normalised inverse difference moment", "1QCO"),
        ("InverseVariance", "Inverse variance", "E8JP"),
        ("Correlation", "Correlation", "NI2N", {"needs": LEVELS}),
        ("Autocorrelation", "Autocorrelation", "QWB0", {"note": _BINS}),
        ("ClusterTendency", "Cluster tendency", "DG8W"),
        ("ClusterShade", "Cluster shade", "7NFM"),
        ("ClusterProminence", "Cluster prominence", "AE86"),
        ("Imc1", "Information correlation 1", "R8DG", {"needs": LEVELS}),
        ("Imc2", "Information correlation 2", "JN9H", {"needs": LEVELS}),
        ("MCC", "", "", {"needs": LEVELS}),
    ),
    "glrlm": (
        ("ShortRunEmphasis", "Short runs emphasis", "22OV"),
        ("LongRunEmphasis", "Long runs emphasis", "W4KF"),
        ("LowGrayLevelRunEmphasis", "Low grey level run emphasis", "V3SW", {"note": _BINS}),
        ("HighGrayLevelRunEmphasis", "High grey level run emphasis", "G3QZ", {"note": _BINS}),
        ("ShortRunLowGrayLevelEmphasis", "Short run low grey level emphasis", "HTZT", {"note": _BINS}),
        ("ShortRunHighGrayLevelEmphasis", "Short run high grey level emphasis", "GD3A", {"note": _BINS}),
        ("LongRunLowGrayLevelEmphasis", "Long run low grey level emphasis", "IVPO", {"note": _BINS}),
        ("LongRunHighGrayLevelEmphasis", "Long run high grey level emphasis", "3KUM", {"note": _BINS}),
        ("GrayLevelNonUniformity", "Grey level non-uniformity", "R5YN", {"note": _PIXELS}),
        ("GrayLevelNonUniformityNormalized", "Normalised grey level non-uniformity", "OVBL"),
        ("RunLengthNonUniformity", "Run length non-uniformity", "W92Y", {"note": _PIXELS}),
        ("RunLengthNonUniformityNormalized", "Normalised run length non-uniformity", "IC23"),
        ("RunPercentage", "Run percentage", "9ZK5"),
        ("GrayLevelVariance", "Grey level variance", "8CE5"),
        ("RunVariance", "Run length variance", "SXLW"),
        ("RunEntropy", "Run entropy", "HJ9O"),
    ),
    "glszm": (
        ("SmallAreaEmphasis", "Small zone emphasis", "5QRC"),
        ("LargeAreaEmphasis", "Large zone emphasis", "48P8"),
        ("LowGrayLevelZoneEmphasis", "Low grey level zone emphasis", "XMSY", {"note": _BINS}),
        ("HighGrayLevelZoneEmphasis", "High grey level zone emphasis", "5GN9", {"note": _BINS}),
        ("SmallAreaLowGrayLevelEmphasis", "Small zone low grey level emphasis", "5RAI", {"note": _BINS}),
        ("SmallAreaHighGrayLevelEmphasis", "Small zone high grey level emphasis", "HW1V", {"note": _BINS}),
        ("LargeAreaLowGrayLevelEmphasis", "Large zone low grey level emphasis", "YH51", {"note": _BINS}),
        ("LargeAreaHighGrayLevelEmphasis", "Large zone high grey level emphasis", "J17V", {"note": _BINS}),
        ("GrayLevelNonUniformity", "Grey level non-uniformity", "JNSA", {"note": _PIXELS}),
        ("GrayLevelNonUniformityNormalized", "Normalised grey level non-uniformity", "Y1RO"),
        ("SizeZoneNonUniformity", "Zone size non-uniformity", "4JP3", {"note": _PIXELS}),
        ("SizeZoneNonUniformityNormalized", "Normalised zone size non-uniformity", "VB3A"),
        ("ZonePercentage", "Zone percentage", "P30P"),
        ("GrayLevelVariance", "Grey level variance", "BYLV"),
        ("ZoneVariance", "Zone size variance", "3NSA"),
        ("ZoneEntropy", "Zone size entropy", "GU8N"),
    ),
    "gldm": (
        ("SmallDependenceEmphasis", "Low dependence emphasis", "SODN"),
        ("LargeDependenceEmphasis", "High dependence emphasis", "IMOQ"),
        ("LowGrayLevelEmphasis", "Low grey level count emphasis", "TL9H", {"note": _BINS}),
        ("HighGrayLevelEmphasis", "High grey level count emphasis", "OAE7", {"note": _BINS}),
        ("SmallDependenceLowGrayLevelEmphasis", "Low dependence low grey level emphasis", "EQ3F", {"note": _BINS}),
        ("SmallDependenceHighGrayLevelEmphasis", "Low dependence high grey level emphasis", "JA6D", {"note": _BINS}),
        ("LargeDependenceLowGrayLevelEmphasis", "High dependence low grey level emphasis", "NBZI", {"note": _BINS}),
        ("LargeDependenceHighGrayLevelEmphasis", "High dependence high grey level emphasis", "9QMG", {"note": _BINS}),
        ("GrayLevelNonUniformity", "Grey level non-uniformity", "FP8K", {"note": _PIXELS}),
        ("DependenceNonUniformity", "Dependence count non-uniformity", "Z87G", {"note": _PIXELS}),
        ("DependenceNonUniformityNormalized", "Normalised dependence count non-uniformity", "OKJI"),
        ("GrayLevelVariance", "Grey level variance", "1PFV"),
        ("DependenceVariance", "Dependence count variance", "DNX2"),
        ("DependenceEntropy", "Dependence count entropy", "FCBV"),
    ),
    "ngtdm": (
        ("Coarseness", "Coarseness", "QCDE", {"needs": LEVELS, "note": "Falls with the number of pixels."}),
        ("Contrast", "Contrast", "65HE", {"needs": LEVELS}),
        ("Busyness", "Busyness", "NQ30", {"needs": LEVELS, "note": _BINS}),
        ("Complexity", "Complexity", "HDEZ"),
        ("Strength", "Strength", "1X9X", {"needs": LEVELS}),
    ),
}

FEATURES: tuple[RegionalFeature, ...] = tuple(
    RegionalFeature(family, *row[:3], **(row[3] if len(row) > 3 else {}))
    for family, rows in _TABLE.items() for row in rows
)
FAMILIES: tuple[str, ...] = tuple(_TABLE)
SHAPE = "shape2D"
