"""The ranked table as a spreadsheet reads it."""

from __future__ import annotations

import csv
import dataclasses

import pytest

from radiomicnet.features.catalogue import BY_KEY
from radiomicnet.results.result import Check, Verification
from radiomicnet.results.table_csv import write_table


def rows_of(result, path):
    write_table(result, path)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_per_feature_in_the_order_of_the_ranks(make_result, tmp_path):
    result = make_result(1)
    rows = rows_of(result, tmp_path / "t.csv")
    assert list(rows[0]) == ["rank", "feature", "contribution", "share_percent", "usual_low", "usual_high",
                             "network_value", "pyradiomics_value", "difference", "agreement", "group",
                             "group_contribution", "group_share_percent", "shapley", "shapley_error", "key", "notice"]
    assert [int(row["rank"]) for row in rows] == list(range(1, 14))
    for row, item in zip(rows, result.contributions.items, strict=True):
        check = result.verification.checks[item.key]
        assert row["feature"] == BY_KEY[item.key].label
        assert float(row["contribution"]) == item.contribution
        assert float(row["network_value"]) == item.value
        assert float(row["pyradiomics_value"]) == check.pyradiomics
        assert float(row["difference"]) == check.difference
        assert row["agreement"] == "agrees"
    assert sum(float(row["share_percent"]) for row in rows) == pytest.approx(100)


def test_a_value_that_differs_says_so_and_one_that_is_no_number_is_empty(make_result, tmp_path):
    result = make_result(1)
    first = result.contributions.items[0].key
    checks = {first: Check(first, 1.0, float("nan"), float("nan"), False)}
    rows = rows_of(dataclasses.replace(result, verification=Verification(True, checks)), tmp_path / "t.csv")
    assert (rows[0]["agreement"], rows[0]["pyradiomics_value"], rows[0]["difference"]) == ("differs", "", "")
    assert rows[1]["agreement"] == "not checked"


def test_without_pyradiomics_every_row_says_not_checked(make_result, tmp_path):
    rows = rows_of(make_result(1, checked=False), tmp_path / "t.csv")
    assert {(row["agreement"], row["pyradiomics_value"]) for row in rows} == {("not checked", "")}
