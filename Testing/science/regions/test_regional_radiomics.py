"""PyRadiomics in the segment, the ring and the scan: its own values, and what is said where there are none."""

import sys
from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from region_images import disc, textured
from scipy import stats

from radiomicnet.features.catalogue import KEYS
from radiomicnet.images.image import Geometry, Image
from radiomicnet.regions.areas import ring
from radiomicnet.regions.catalogue import FAMILIES, FEATURES, SHAPE
from radiomicnet.regions.inside import features_inside
from radiomicnet.regions.radiomics import SETTING, measure, regional_radiomics


@pytest.fixture(autouse=True)
def pyradiomics():
    return pytest.importorskip("radiomics", reason="PyRadiomics is not installed; set-up said why")


def values(region, family=""):
    return {value.feature.key: value.value for value in region.values if value.feature.family.startswith(family)}


def by_its_own_extractor(grey, mask, spacing=(1.0, 1.0)):
    """PyRadiomics as its documentation calls it, on the whole image."""
    from radiomics.featureextractor import RadiomicsFeatureExtractor

    extractor = RadiomicsFeatureExtractor(minimumROIDimensions=1, minimumROISize=1, **SETTING)
    extractor.disableAllFeatures()
    for family in FAMILIES:
        extractor.enableFeatureClassByName(family)
    image, region = (sitk.GetImageFromArray(np.pad(array, 1)[None]) for array in
                     (grey.astype(float), mask.astype(np.uint8)))
    for each in (image, region):
        each.SetSpacing((*spacing, 1.0))
    return {key.removeprefix("original_"): float(value) for key, value in extractor.execute(image, region).items()
            if key.startswith("original_")}


def test_every_value_is_that_of_pyradiomics_own_extractor_on_the_whole_image(lesion):
    image, mask = lesion
    segment, around, scan = regional_radiomics(image, mask).regions
    theirs = by_its_own_extractor(image.pixels, mask, (0.2, 0.2))
    assert values(segment) == pytest.approx(theirs, rel=1e-9)
    in_ring = by_its_own_extractor(image.pixels, ring(mask, np.ones(mask.shape, bool), (0.2, 0.2)))
    for key, value in values(around).items():
        if not key.startswith((SHAPE, "firstorder_TotalEnergy")):
            assert value == pytest.approx(in_ring[key], rel=1e-9), key
    assert scan.pixels == mask.size and scan["firstorder_Mean"].value == pytest.approx(image.pixels.mean())


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32 - 1), st.floats(0.02, 1))
def test_any_region_has_for_every_feature_a_finite_value_or_a_reason(seed, share):
    rng = np.random.default_rng(seed)
    grey = rng.integers(0, 256, rng.integers(1, 20, 2)).astype(np.uint8) // rng.integers(1, 200)
    measured = measure(grey, rng.random(grey.shape) < share)
    assert [value.feature for value in measured] == list(FEATURES)
    for value in measured:
        assert (value.value is None) == bool(value.reason), value
        assert value.value is None or np.isfinite(value.value)


def test_first_order_values_are_scipys(lesion):
    image, mask = lesion
    inside = image.pixels[mask].astype(float)
    segment = regional_radiomics(image, mask, ["segment"], ["firstorder"]).regions[0]
    assert segment["firstorder_Skewness"].value == pytest.approx(stats.skew(inside))
    assert segment["firstorder_Kurtosis"].value == pytest.approx(stats.kurtosis(inside, fisher=False))
    counts = np.bincount(image.pixels[mask] // 8)
    assert segment["firstorder_Entropy"].value == pytest.approx(stats.entropy(counts, base=2))


def test_shape_is_in_millimetres_where_calibrated_and_agrees_with_scikit_image(lesion):
    from skimage.measure import regionprops

    image, mask = lesion
    made = regional_radiomics(image, mask, ["segment"], [SHAPE])
    props = regionprops(mask.astype(int), spacing=(0.2, 0.2))[0]
    segment = made.regions[0]
    assert made.unit == "mm" and made.spacing == (0.2, 0.2)
    assert segment["shape2D_PixelSurface"].value == pytest.approx(props.area)
    assert segment["shape2D_MaximumDiameter"].value == pytest.approx(props.feret_diameter_max, abs=0.2)
    assert segment["shape2D_MajorAxisLength"].value == pytest.approx(props.axis_major_length, rel=1e-3)
    plain = regional_radiomics(replace(image, geometry=Geometry()), mask, ["segment"], [SHAPE])
    assert plain.unit == "pixel"
    assert plain.regions[0]["shape2D_PixelSurface"].value == mask.sum()


def test_the_features_that_the_catalogue_shares_with_pyradiomics_are_equal_inside_the_segment(lesion):
    image, mask = lesion
    ours = features_inside(image, mask)
    assert tuple(ours) == KEYS
    segment = values(regional_radiomics(image, mask, ["segment"], ["firstorder", "glcm"]).regions[0])
    for mine, theirs in {"glcm_Contrast": "glcm_Contrast", "glcm_Dissimilarity": "glcm_DifferenceAverage",
                         "glcm_Homogeneity": "glcm_Idm", "glcm_Correlation": "glcm_Correlation",
                         "glcm_JointEntropy": "glcm_JointEntropy", "firstorder_Mean": "firstorder_Mean",
                         "firstorder_Skewness": "firstorder_Skewness",
                         "firstorder_Kurtosis": "firstorder_Kurtosis"}.items():
        assert ours[mine] == pytest.approx(segment[theirs], rel=1e-9), mine


def test_several_lesions_are_measured_together_and_each_by_itself():
    grey = textured()
    labels = np.zeros(grey.shape, np.uint8)
    labels[disc(grey.shape, 60, 50, 20)] = 1
    labels[disc(grey.shape, 60, 95, 15)] = 2
    made = regional_radiomics(Image(grey), labels, families=["firstorder", SHAPE])
    assert [(region.kind, region.label) for region in made.regions] == [
        ("segment", None), ("ring", None), ("segment", 1), ("ring", 1), ("segment", 2), ("ring", 2), ("scan", None)]
    both, rings, first, ring_1, second, ring_2, _ = made.regions
    assert both.pixels == first.pixels + second.pixels == (labels > 0).sum()
    assert rings.pixels <= ring_1.pixels + ring_2.pixels
    assert both["shape2D_Perimeter"].value is None and "2 separate parts" in both["shape2D_Perimeter"].reason
    assert first["shape2D_Perimeter"].value > second["shape2D_Perimeter"].value
    assert first["firstorder_Mean"].value == pytest.approx(grey[labels == 1].mean())


def test_a_ring_stays_out_of_the_other_lesion_and_out_of_the_surround(lesion):
    image, mask = lesion
    grey = image.pixels.copy()
    grey[:, 125:] = 0  # a black surround that ends with a step just beside the lesion
    labels = mask.astype(np.uint8)
    labels[85:100, 50:58] = 2
    ring_1 = next(region for region in regional_radiomics(Image(grey), labels, families=["firstorder"]).regions
                  if (region.kind, region.label) == ("ring", 1))
    assert ring_1["firstorder_Minimum"].value > 0
    free = (labels == 0) & (np.arange(grey.shape[1]) < 124)
    assert ring_1.pixels == pytest.approx(ring(mask, free).sum(), rel=0.05)


def test_shape_of_ring_and_scan_is_withheld_with_the_reason(lesion):
    image, mask = lesion
    _, around, scan = regional_radiomics(image, mask, families=[SHAPE]).regions
    for region in (around, scan):
        assert {value.reason for value in region.values} == {"Shape is given for segments only."}


def test_one_grey_level_leaves_what_is_nought_by_nought_without_a_value():
    flat = Image(np.full((60, 60), 90, np.uint8))
    segment = regional_radiomics(flat, disc((60, 60), 30, 30, 12), ["segment"]).regions[0]
    for key in ("firstorder_Skewness", "glcm_Correlation", "ngtdm_Coarseness", "ngtdm_Busyness"):
        assert segment[key].value is None and "do not differ" in segment[key].reason
    assert segment["glcm_Contrast"].value == 0 and segment["firstorder_Mean"].value == 90


def test_nothing_drawn_gives_reasons_and_a_measured_scan(lesion):
    image, mask = lesion
    segment, around, scan = regional_radiomics(image, np.zeros_like(mask), families=["firstorder"]).regions
    assert segment.pixels == around.pixels == 0
    assert {value.reason for value in (*segment.values, *around.values)} == {"The region is empty."}
    assert scan["firstorder_Mean"].value == pytest.approx(image.pixels.mean())


def test_a_full_mask_of_a_saturated_uint8_image_has_the_right_contrast():
    """PyRadiomics refuses full masks, and overflows on uint8 under NumPy 2."""
    grey = np.random.default_rng(3).integers(0, 256, (32, 32)).astype(np.uint8)
    full = np.ones(grey.shape, bool)
    segment = regional_radiomics(Image(grey), full, ["segment"], ["glcm"]).regions[0]
    assert segment["glcm_Contrast"].value == pytest.approx(features_inside(Image(grey), full)["glcm_Contrast"])


def test_a_failing_family_does_not_take_the_others_with_it(lesion, monkeypatch):
    from radiomics import glszm

    def fails(self):
        raise RuntimeError("out of memory")

    monkeypatch.setattr(glszm.RadiomicsGLSZM, "execute", fails)
    image, mask = lesion
    segment = regional_radiomics(image, mask, ["segment"]).regions[0]
    assert "out of memory" in segment["glszm_ZonePercentage"].reason
    assert segment["glrlm_RunPercentage"].value > 0


def test_without_pyradiomics_it_is_said_how_to_get_it(lesion, monkeypatch):
    monkeypatch.setitem(sys.modules, "radiomics", None)
    made = regional_radiomics(*lesion)
    assert not made.made and made.regions == () and "pip install" in made.reason


def test_a_segment_of_another_size_is_refused(lesion):
    with pytest.raises(ValueError, match="its image"):
        regional_radiomics(lesion[0], np.ones((4, 4), bool))


def test_an_edited_segment_is_measured_without_measuring_the_scan_again(lesion):
    image, mask = lesion
    assert [region.kind for region in regional_radiomics(image, mask, ["segment", "ring"]).regions] == [
        "segment", "ring"]
