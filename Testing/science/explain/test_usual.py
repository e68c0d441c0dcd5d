"""Usual ranges of contributions: from images held out, of outlines, and only for what they were measured on."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiomicnet.explain.usual import FEWEST_IMAGES, fit_usual, unusual, usual
from radiomicnet.features.catalogue import KEYS
from radiomicnet.results.result import Contribution, Contributions


def row(values, region="predicted"):
    return {"contributions": dict(zip(KEYS, values)), "region": region}


def contributions(values, region="predicted"):
    items = tuple(Contribution(rank, key, 0.0, 0.0, float(value), 0.0)
                  for rank, (key, value) in enumerate(zip(KEYS, values), start=1))
    return Contributions(items, 0.0, 0.0, region, 0.0, 16)


def prediction(fitted, looked_at=None):
    return SimpleNamespace(card=SimpleNamespace(trust={"contributions": fitted} if fitted else {}), looked_at=looked_at)


@pytest.fixture(scope="module")
def drawn():
    return np.random.default_rng(0).normal(-0.3, 0.1, (1000, 13))


def test_nine_in_ten_contributions_of_a_feature_lie_in_its_range(drawn):
    fitted = fit_usual([row(values) for values in drawn])
    for place, key in enumerate(KEYS):
        inside = (drawn[:, place] >= fitted["low"][key]) & (drawn[:, place] <= fitted["high"][key])
        assert inside.mean() == pytest.approx(0.9, abs=0.005)
    assert fitted["n"] == 1000 and fitted["coverage"] == 0.9


def test_images_on_which_nothing_was_drawn_or_explained_do_not_count(drawn):
    rows = [row(values) for values in drawn[:200]]
    others = [row(values + 100, "most-probable-1-percent") for values in drawn] + [{"dice": 0.5}]
    assert fit_usual(rows + others) == fit_usual(rows)


def test_few_images_give_no_range(drawn):
    assert fit_usual([row(values) for values in drawn[: FEWEST_IMAGES - 1]]) is None
    assert fit_usual([]) is None


@given(st.lists(st.floats(-2, 2), min_size=13, max_size=13))
def test_a_feature_is_unusual_exactly_where_its_contribution_lies_outside(drawn, values):
    fitted = fit_usual([row(each) for each in drawn])
    made = contributions(values)
    told = unusual(made, usual(made, prediction(fitted)))
    assert set(told) == {key for key, value in zip(KEYS, values)
                         if value < fitted["low"][key] or value > fitted["high"][key]}
    assert list(told) == [item.key for item in made.items if item.key in told]


@pytest.mark.parametrize("change", ["card", "region", "part"])
def test_no_range_is_given_for_what_it_was_not_measured_on(drawn, change):
    fitted = fit_usual([row(values) for values in drawn])
    asked, of = contributions(drawn[0]), prediction(fitted)
    assert len(usual(asked, of)) == 13
    if change == "card":
        of = prediction(None)
    elif change == "region":
        asked = replace(asked, region="most-probable-1-percent")
    else:
        of = prediction(fitted, looked_at=object())
    assert usual(asked, of) == {} and unusual(asked, usual(asked, of)) == ()
