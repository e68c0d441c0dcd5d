"""Features that say nearly the same get their credit together."""

from __future__ import annotations

import pytest

from radiomicnet.explain.groups import grouped
from radiomicnet.features.catalogue import KEYS
from radiomicnet.results.result import Contribution, Contributions


def contributions(values):
    total = sum(map(abs, values))
    items = tuple(Contribution(rank, key, 0.0, 0.0, value, 100 * abs(value) / total)
                  for rank, (key, value) in enumerate(zip(KEYS, values), start=1))
    return Contributions(items, sum(values), 0.0, "predicted", 0.0, 16)


def test_a_group_contributes_the_sum_of_its_members_so_that_opposites_cancel():
    made = contributions([3.0, -2.5, 1.0, 0.5, *[0.0] * 9])
    groups = grouped(made, [[KEYS[0], KEYS[1]], [KEYS[2], KEYS[3]], *([key] for key in KEYS[4:])])
    assert [group.rank for group in groups] == list(range(1, 12))
    first, second = groups[:2]
    assert first.keys == (KEYS[2], KEYS[3]) and first.contribution == pytest.approx(1.5)
    assert first.share == pytest.approx(75) and second.contribution == pytest.approx(0.5)
    assert second.keys == (KEYS[0], KEYS[1]) and second.share == pytest.approx(25)


def test_groups_add_up_to_what_the_features_do():
    made = contributions([0.1 * (k - 6) for k in range(13)])
    groups = grouped(made, [KEYS[:5], KEYS[5:7], KEYS[7:]])
    assert sum(group.contribution for group in groups) == pytest.approx(made.change)
    assert sum(group.share for group in groups) == pytest.approx(100)


def test_a_card_without_groups_gives_none():
    assert grouped(contributions([1.0] * 13), ()) == ()
