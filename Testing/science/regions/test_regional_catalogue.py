"""The list of PyRadiomics' features: complete, and each code that of the feature it stands for."""

import numpy as np
import pytest
from ibsi_phantom import INTENSITY, MASK, PHANTOM, TEXTURE

from radiomicnet.regions.catalogue import FAMILIES, FEATURES, SHAPE

pytest.importorskip("radiomics", reason="PyRadiomics is not installed; set-up said why")


def test_every_feature_of_pyradiomics_that_is_not_deprecated_is_listed_once():
    from radiomics import getFeatureClasses

    classes = getFeatureClasses()
    theirs = {f"{family}_{name}" for family in FAMILIES
              for name, deprecated in classes[family].getFeatureNames().items() if not deprecated}
    assert {feature.key for feature in FEATURES} == theirs and len(FEATURES) == len(theirs)


def test_codes_are_unique_and_shape_which_ibsi_defines_in_3_d_only_has_none():
    codes = [feature.ibsi for feature in FEATURES if feature.ibsi]
    assert len(codes) == len(set(codes))
    assert {feature.key for feature in FEATURES if not feature.ibsi and feature.family != SHAPE} == {
        "firstorder_TotalEnergy", "glcm_MCC"}
    assert all(bool(feature.ibsi) == bool(feature.ibsi_name) for feature in FEATURES)


def test_every_texture_feature_with_a_code_has_the_value_that_ibsi_prints_for_that_code():
    from radiomicnet.regions.radiomics import measure

    slices = [measure((levels * 8).astype(np.uint8), mask) for levels, mask in zip(PHANTOM, MASK)]
    ours = {}
    for column in zip(*slices):
        feature = column[0].feature
        if feature.ibsi in TEXTURE:
            ours[feature.ibsi] = float(f"{np.mean([each.value for each in column]):.3g}")
    listed = {feature.ibsi for feature in FEATURES if feature.ibsi and feature.family not in ("firstorder", SHAPE)}
    assert set(ours) == listed
    assert ours == {code: TEXTURE[code] for code in ours}


def test_every_intensity_feature_with_a_code_has_the_value_that_ibsi_prints_for_that_code():
    from radiomicnet.regions.radiomics import measure

    levels, mask = PHANTOM.reshape(16, 5).astype(np.uint8), MASK.reshape(16, 5)
    plain, binned = ({value.feature.ibsi: value.value for value in measure(grey, mask, families=["firstorder"])}
                     for grey in (levels, levels * 8))
    ours = {**plain, "IPH6": plain["IPH6"] - 3, "TLU2": binned["TLU2"], "BJ5W": binned["BJ5W"]}
    assert {code: float(f"{value:.3g}") for code, value in ours.items() if code} == INTENSITY
