"""ICC(A,1) against published values and against data whose correlation is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from radiomicnet.regions.icc import Icc, icc_a1

# Shrout and Fleiss 1979, table 2: six targets, four judges; ICC(2,1) is printed as .29 in table 4.
SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])


def test_shrout_and_fleiss_published_value_is_reproduced():
    icc = icc_a1(SHROUT_FLEISS)
    assert round(icc.value, 2) == 0.29
    assert (icc.images, icc.measurements, icc.grade) == (6, 4, "poor")


def test_the_interval_is_the_one_that_the_r_package_psych_prints_for_these_data():
    icc = icc_a1(SHROUT_FLEISS)
    assert (round(icc.low, 3), round(icc.high, 2)) == (0.019, 0.76)


def test_data_of_known_variances_have_their_correlation():
    rng = np.random.default_rng(0)
    n, k = 4000, 60
    table = rng.normal(0, 2, (n, 1)) + rng.normal(0, 1, (1, k)) + rng.normal(0, 1, (n, k))
    columns = table.mean(axis=0).var(ddof=1)
    assert icc_a1(table).value == pytest.approx(4 / (4 + columns + 1), abs=0.01)


@given(arrays(float, st.tuples(st.integers(2, 12), st.integers(2, 6)), elements=st.integers(-50, 50).map(float)),
       st.floats(0.1, 1e4), st.floats(-1e6, 1e6))
def test_unit_and_origin_of_the_feature_do_not_matter(table, scale, offset):
    plain, moved = icc_a1(table), icc_a1(scale * table + offset)
    if plain.value is not None:
        assert plain.value <= 1 + 1e-12
        assert moved.value == pytest.approx(plain.value, abs=1e-4)


def test_a_constant_difference_between_measurements_lowers_agreement():
    images = np.arange(10.0)[:, None]
    assert icc_a1(images + np.zeros(4)).value == pytest.approx(1)
    assert icc_a1(images + np.array([0, 3, 6, 9])).value < 0.5


@pytest.mark.parametrize(("value", "grade"), [(-0.1, "poor"), (0.49, "poor"), (0.5, "moderate"), (0.75, "good"),
                                              (0.9, "excellent"), (1.0, "excellent"), (None, "unknown")])
def test_words_change_at_a_half_three_quarters_and_nine_tenths(value, grade):
    assert Icc(value, None, None, 10, 10).grade == grade


def test_images_that_lack_a_measurement_are_left_out_and_counted():
    table = np.vstack([SHROUT_FLEISS, [1, np.nan, 3, 4]])
    assert icc_a1(table) == icc_a1(SHROUT_FLEISS)


@pytest.mark.parametrize("table", [np.ones((5, 3)), np.ones((1, 3)), np.full((5, 3), np.nan), np.ones((5, 1))])
def test_where_nothing_differs_or_too_little_is_left_there_is_no_value(table):
    assert icc_a1(table).value is None and icc_a1(table).grade == "unknown"
