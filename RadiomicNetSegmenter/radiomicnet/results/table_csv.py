"""NAME-features.csv: the ranked features beside PyRadiomics."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from ..explain.groups import grouped
from ..explain.usual import usual
from ..features.catalogue import BY_KEY, KEYS
from .result import Result
from .words import NOTICE, agreement

COLUMNS = ("rank", "feature", "contribution", "share_percent", "usual_low", "usual_high", "network_value",
           "pyradiomics_value", "difference", "agreement", "group", "group_contribution", "group_share_percent",
           "shapley", "shapley_error", "key", "notice")


def write_table(result: Result, path: Path) -> None:
    """Write a row per feature, most important first.

    ``contribution`` is signed and in logits, ``share_percent`` of the sum of the absolute contributions,
    ``usual_low`` and ``usual_high`` the range of the contribution in nine in ten training images. Numbers have all
    their digits; ``group`` is the rank of the group of features that say nearly the same, with the sum of its
    contributions. A number that is not defined, was not asked for or not checked is an empty cell. The notice is a
    column, so that the file stays a plain table.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        groups = {key: group for group in grouped(result.contributions, result.prediction.card.trust.get("groups", ()))
                  for key in group.keys}
        ranges, second = usual(result.contributions, result.prediction), result.shapley
        for item in result.contributions.items:
            check = result.verification.checks.get(item.key)
            group, place = groups.get(item.key), KEYS.index(item.key)
            low, high = ranges.get(item.key, (None, None))
            writer.writerow([
                item.rank, BY_KEY[item.key].label, _cell(item.contribution), _cell(item.share), _cell(low), _cell(high),
                _cell(item.value), _cell(check.pyradiomics if check else None),
                _cell(check.difference if check else None),
                agreement(check), group.rank if group else "", _cell(group.contribution if group else None),
                _cell(group.share if group else None), _cell(second.values[place] if second else None),
                _cell(second.error[place] if second else None), item.key, NOTICE])


def _cell(value: float | None) -> str:
    return "" if value is None or not math.isfinite(value) else repr(float(value))
