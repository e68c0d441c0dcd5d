"""GLCM features against IBSI's digital phantom, scikit-image and hand-made images."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.feature import graycomatrix, graycoprops

from radiomicnet.features.glcm import BIN_WIDTH, LEVELS, cooccurrence, glcm_features

GREY = st.tuples(st.integers(2, 24), st.integers(2, 24)).flatmap(lambda shape: arrays(np.uint8, shape))


def to_grey(levels):
    """Grey levels that fall into the given bins."""
    return (levels * BIN_WIDTH).astype(np.uint8)


@pytest.mark.parametrize("key", ["glcm_Contrast", "glcm_Dissimilarity", "glcm_Homogeneity", "glcm_Correlation",
                                 "glcm_JointEntropy"])
def test_ibsis_digital_phantom_is_reproduced_to_the_printed_digits(key, ibsi):
    slices = [glcm_features(to_grey(levels), mask)[key] for levels, mask in zip(ibsi.phantom, ibsi.mask)]
    assert float(f"{np.mean(slices):.3g}") == ibsi.glcm[key]


def test_energy_is_the_root_of_the_phantoms_angular_second_moment(ibsi):
    slices = zip(ibsi.phantom, ibsi.mask)
    moments = [glcm_features(to_grey(levels), mask)["glcm_Energy"] ** 2 for levels, mask in slices]
    assert float(f"{np.mean(moments):.3g}") == ibsi.glcm["glcm_AngularSecondMoment"]


@given(GREY)
def test_matrices_equal_those_of_scikit_image(grey):
    levels = grey // BIN_WIDTH
    theirs = graycomatrix(levels, [1], [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4], LEVELS, symmetric=True, normed=True)
    theirs = {matrix.tobytes() for matrix in np.moveaxis(theirs[:, :, 0, :], -1, 0)}
    ours = {matrix.tobytes() for matrix in cooccurrence(levels, np.ones(grey.shape, bool))}
    assert ours == theirs


@given(GREY)
def test_features_equal_scikit_images_averaged_over_angles(grey):
    matrices = graycomatrix(grey // BIN_WIDTH, [1], [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4], LEVELS, symmetric=True,
                            normed=True)
    ours = glcm_features(grey, np.ones(grey.shape, bool))
    for key, name in {"glcm_Contrast": "contrast", "glcm_Dissimilarity": "dissimilarity",
                      "glcm_Homogeneity": "homogeneity", "glcm_Correlation": "correlation"}.items():
        assert ours[key] == pytest.approx(graycoprops(matrices, name).mean(), rel=1e-9, abs=1e-9)
    assert ours["glcm_Energy"] == pytest.approx(np.sqrt(graycoprops(matrices, "ASM").mean()), rel=1e-9)


def test_a_pair_counts_only_where_both_pixels_lie_inside_the_mask():
    grey = to_grey(np.array([[0, 0, 31], [0, 0, 31], [31, 31, 31]]))
    mask = np.zeros((3, 3), bool)
    mask[:2, :2] = True
    assert glcm_features(grey, mask)["glcm_Contrast"] == 0


def test_angles_at_which_the_mask_holds_no_pair_do_not_count():
    row = to_grey(np.array([[0, 1, 0, 1]]))
    assert len(cooccurrence(row // BIN_WIDTH, np.ones(row.shape, bool))) == 1
    assert glcm_features(row, np.ones(row.shape, bool))["glcm_Contrast"] == 1


def test_a_constant_image_is_perfectly_orderly():
    features = glcm_features(np.full((16, 16), 77, np.uint8), np.ones((16, 16), bool))
    assert features == {"glcm_Contrast": 0, "glcm_Dissimilarity": 0, "glcm_Homogeneity": 1, "glcm_Energy": 1,
                        "glcm_Correlation": 1, "glcm_JointEntropy": 0}


@given(GREY)
def test_transposing_or_mirroring_the_image_changes_nothing(grey):
    mask = np.ones(grey.shape, bool)
    for other in (grey.T, grey[::-1], grey[:, ::-1]):
        assert glcm_features(other, mask.reshape(other.shape)) == pytest.approx(glcm_features(grey, mask), abs=1e-9)
