"""Usual ranges of contributions: of outlines, and given only for what they were measured on."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiomicnet.explain.usual import FEWEST_IMAGES, fit_usual, unusual, usual
from radiomicnet.features.catalogue import KEYS
from radiomicnet.results.result import Contribution, Contributions

OUTLINED, ELSEWHERE = "predicted", "most-probable-1-percent"


def contributions(values, region=OUTLINED):
    order = np.argsort(-np.abs(values))  # ranked, as they are in a result
    items = tuple(Contribution(rank, KEYS[k], 0.0, 0.0, float(values[k]), 0.0) for rank, k in enumerate(order, start=1))
    return Contributions(items, 0.0, 0.0, region, 0.0, 16)


def prediction(fitted, **changes):
    return SimpleNamespace(**{"card": SimpleNamespace(trust={"contributions": fitted} if fitted else {}),
                              "looked_at": None, "by_hand": False, **changes})


@pytest.fixture(scope="module")
def drawn():
    return np.random.default_rng(0).normal(-0.3, 0.1, (1000, 13)) + np.arange(13)


@pytest.fixture(scope="module")
def fitted(drawn):
    return fit_usual([contributions(values) for values in drawn])


def test_nine_in_ten_contributions_of_a_feature_lie_in_its_range(drawn, fitted):
    for place, key in enumerate(KEYS):
        inside = (drawn[:, place] >= fitted["low"][key]) & (drawn[:, place] <= fitted["high"][key])
        assert inside.mean() == pytest.approx(0.9, abs=0.005)
    assert fitted["n"] == 1000


def test_images_on_which_nothing_was_drawn_do_not_count(drawn):
    some = [contributions(values) for values in drawn[:200]]
    assert fit_usual(some + [contributions(values + 100, ELSEWHERE) for values in drawn]) == fit_usual(some)


def test_few_images_give_no_range(drawn):
    assert fit_usual([contributions(values) for values in drawn[: FEWEST_IMAGES - 1]]) is None
    assert fit_usual([]) is None


@given(st.floats(), st.tuples(st.floats(-1, 0), st.floats(0, 1)))
def test_a_contribution_is_unusual_exactly_where_it_is_a_number_outside_its_range(value, ends):
    assert unusual(value, ends) == (value == value and not ends[0] <= value <= ends[1])
    assert not unusual(value, None)


@pytest.mark.parametrize("change", ["card", "region", "part", "threshold"])
def test_no_range_is_given_for_what_it_was_not_measured_on(drawn, fitted, change):
    asked, of = contributions(drawn[0]), prediction(fitted)
    assert usual(asked, of) == {key: (fitted["low"][key], fitted["high"][key]) for key in KEYS}
    if change == "region":
        asked = contributions(drawn[0], ELSEWHERE)
    else:
        of = {"card": prediction(None), "part": prediction(fitted, looked_at=object()),
              "threshold": prediction(fitted, by_hand=True)}[change]
    assert usual(asked, of) == {}
