"""How far two tables of the same images agree: two readers, two visits, two scanners. ICC(A,1), column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

import numpy as np

from ..errors import CohortError
from ..regions.icc import Icc, icc_a1
from .columns import FEATURE, INSIDE
from .tables import Table

COLUMNS = (f"{FEATURE}*", f"{INSIDE}*", "area_*", "largest_*")


@dataclass(frozen=True)
class Agreement:
    """The intraclass correlation by column, how many rows were paired, and how many of either table had no partner."""

    columns: dict[str, Icc]
    paired: int
    alone: tuple[int, int]


def agreement(first: Table, second: Table, by: str = "", columns: Sequence[str] = COLUMNS) -> Agreement:
    """Compare two tables.

    Parameters
    ----------
    first, second : Table
    by : str
        Column that says which rows are of the same case; ``id`` where both tables have it everywhere, else ``path``.
    columns : sequence of str
        Patterns of the columns to compare; those that are no numbers in both are passed over.

    Raises
    ------
    CohortError
        Where the rows cannot be paired, or there is nothing to compare.
    """
    by = by or next((name for name in ("id", "path") if _names_rows(first, name) and _names_rows(second, name)), "path")
    places = [_places(table, by) for table in (first, second)]
    shared = [case for case in places[0] if case in places[1]]
    if len(shared) < 2:
        raise CohortError(f"The tables share {len(shared)} values of the column {by}; two at least are needed.",
                          "Name the column that pairs their rows with --by.")
    order = [[place[case] for case in shared] for place in places]
    names = [name for name in first.columns if name in second.columns and name != by
             and any(fnmatch(name, pattern) for pattern in columns)]
    compared: dict[str, Icc] = {}
    for name in names:
        pair = [table.numbers(name) for table in (first, second)]
        if pair[0] is None or pair[1] is None:
            continue
        values = np.column_stack([np.array(column, float)[rows] for column, rows in zip(pair, order)])
        if np.isfinite(values).all(axis=1).any():
            compared[name] = icc_a1(values)
    if not compared:
        raise CohortError("The tables share no column of numbers to compare.", "Name some with --columns.")
    return Agreement(compared, len(shared), (len(places[0]) - len(shared), len(places[1]) - len(shared)))


def _names_rows(table: Table, name: str) -> bool:
    """Whether a column has a value in every row, and none twice."""
    texts = table.texts(name) if name in table.columns else []
    return bool(texts) and all(texts) and len(set(texts)) == len(texts)


def _places(table: Table, by: str) -> dict[str, int]:
    """Row of each case."""
    texts = table.texts(by)
    places = {text: row for row, text in enumerate(texts) if text}
    if len(places) < sum(map(bool, texts)):
        raise CohortError(f"{table.path.name} has two rows of one {by}.",
                          "Name a column without repetitions with --by.")
    return places
