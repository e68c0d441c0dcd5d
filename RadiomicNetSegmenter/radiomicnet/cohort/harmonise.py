"""ComBat: what a scanner adds to every feature, and stretches it by, taken out of a cohort's table.

Johnson et al. 2007, doi 10.1093/biostatistics/kxj037, for images Fortin et al. 2018, doi
10.1016/j.neuroimage.2017.11.024; computed by neuroHarmonize (Pomponio et al. 2020, doi
10.1016/j.neuroimage.2019.116450). The scanners' effects may be fitted on chosen rows, so that rows kept for a test have
no say in them, and are then taken out of all.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

import numpy as np

from ..errors import CohortError
from .columns import FEATURE, INSIDE, TEXT, TRUTH
from .tables import Table, typed

LEAST_ROWS = 20  # of a batch: two numbers are fitted per feature and batch, and fewer rows give chance for them
BLOCKS = (f"{FEATURE}*", f"{INSIDE}*")
ADDED = "harmonised_"
IN_MILLIMETRES = f"{INSIDE}shape2D_"


@dataclass(frozen=True)
class Harmonised:
    """New columns, a value per row of the table and None where there is none.

    Attributes
    ----------
    columns : dict of str to list
        By name, each ``harmonised_`` and the name of its source.
    between : dict of str to tuple of float
        For every pattern of columns, the mean share of their variance that lay between batches before and after, 0..1.
    notes : tuple of str
        What was left out.
    """

    columns: dict[str, list[float | None]]
    between: dict[str, tuple[float, float]]
    notes: tuple[str, ...]


def harmonise(table: Table, batch: str, blocks: Sequence[str] = BLOCKS, fit: str = "",
              preserve: Sequence[str] = ()) -> Harmonised:
    """Take the batches' effects out of a table's columns.

    Parameters
    ----------
    table : Table
    batch : str
        Column with each row's batch: a scanner, a site.
    blocks : sequence of str
        Patterns of column names. The columns of one pattern are harmonised together, on the rows that have all of
        them.
    fit : str
        ``COLUMN=VALUE``: the rows that the effects are fitted on; all where empty.
    preserve : sequence of str
        Columns whose own effect is to stay, such as a diagnosis that is not equally common everywhere. Rows without
        one of them are left out.

    Raises
    ------
    CohortError
        Where neuroHarmonize is missing, a column is not there, there is one batch only, or a batch has fewer than
        :data:`LEAST_ROWS` rows to fit on.
    """
    batches = np.array(table.texts(batch), dtype=object)
    fitted_on = _chosen(table, fit)
    kept = {name: typed(table.texts(name)) for name in preserve}
    usable = batches != ""
    for _, cells in kept.values():
        usable &= np.array([cell is not None for cell in cells])
    added: dict[str, list[float | None]] = {}
    between: dict[str, tuple[float, float]] = {}
    notes: list[str] = []
    for pattern in blocks:
        names, values = _block(table, pattern, notes)
        rows = usable & np.isfinite(values).all(axis=1)
        fitting = rows & fitted_on
        _check_batches(Counter(batches[fitting]), batch, pattern)
        strange = rows & ~np.isin(batches, np.unique(batches[fitting].astype(str)))
        if strange.any():
            notes.append(f"{strange.sum()} rows are of a batch that no row to fit on has; their cells are empty.")
        rows &= ~strange
        varying = _varying(values, batches, fitting)
        if not varying.all():
            notes.append("Left out, as they are the same in all of a batch: "
                         f"{', '.join(np.array(names)[~varying])}.")
        names, values = [name for name, good in zip(names, varying) if good], values[:, varying]
        new = _combat(values, batches, fitting, rows, _numbers(kept, rows))
        between[pattern] = _between(values[rows], batches[rows]), _between(new[rows], batches[rows])
        for name, column in zip(names, new.T):
            added[f"{ADDED}{name}"] = [float(value) if there else None for value, there in zip(column, rows)]
    return Harmonised(added, between, tuple(dict.fromkeys(notes)))


def _chosen(table: Table, fit: str) -> np.ndarray:
    """(n,) bool of the rows to fit on."""
    if not fit:
        return np.ones(len(table), bool)
    column, equals, value = fit.partition("=")
    if not equals:
        raise CohortError(f"{fit} does not say which rows to fit on.", "Write COLUMN=VALUE, such as given_fold=0.")
    return np.array([text == value for text in table.texts(column)], bool)


def _block(table: Table, pattern: str, notes: list[str]) -> tuple[list[str], np.ndarray]:
    """Names and (n, columns) numbers of the columns of a pattern, NaN where a cell is empty."""
    found = {name: table.numbers(name) for name in table.columns if fnmatch(name, pattern)}
    numbers = {name: column for name, column in found.items()
               if column is not None and np.isfinite(column).any() and not name.startswith(ADDED)}
    sizes = [name for name in numbers if name.startswith(IN_MILLIMETRES)]
    if sizes and "calibrated" in table.columns and len({text for text in table.texts("calibrated") if text}) > 1:
        notes.append("Left out, as some images are measured in mm and others in pixels: the features of shape.")
        numbers = {name: column for name, column in numbers.items() if name not in sizes}
    if not numbers:
        raise CohortError(f"{table.path.name} has no column of numbers named like {pattern}.",
                          "Name others with --columns.")
    return list(numbers), np.array([numbers[name] for name in numbers], float).T


def _check_batches(counts: Counter[Any], column: str, pattern: str) -> None:
    if len(counts) < 2:
        raise CohortError(f"The column {column} holds {len(counts) or 'no'} batch{' only' if counts else ''} among the "
                          f"rows to fit on that have all of {pattern}.", "ComBat compares batches; it needs two.")
    batch, least = min(counts.items(), key=lambda item: (item[1], item[0]))
    if least < LEAST_ROWS:
        raise CohortError(f"Batch {batch} has {least} rows to fit on that have all of {pattern}; under {LEAST_ROWS} "
                          "rows a batch ComBat would take chance for the scanner.",
                          "Leave the batch out, join batches that belong together, or choose others with --columns.")


def _varying(values: np.ndarray, batches: np.ndarray, fitting: np.ndarray) -> np.ndarray:
    """(columns,) bool: not constant in any batch."""
    groups = [values[fitting & (batches == batch)] for batch in sorted(set(batches[fitting]))]
    spread: np.ndarray = np.all([np.ptp(group, axis=0) > 1e-9 * np.abs(group).max(axis=0) for group in groups], axis=0)
    return spread


def _numbers(kept: dict[str, tuple[str, list[Any]]], rows: np.ndarray) -> dict[str, np.ndarray]:
    """Columns that are to keep their effect as numbers: those that are, and a column of 0 and 1 for all but one of the
    values of those that are words."""
    columns: dict[str, np.ndarray] = {}
    for name, (kind, cells) in kept.items():
        if kind in (TEXT, TRUTH):
            words = sorted({str(cell) for cell, there in zip(cells, rows) if there})
            for word in words[1:]:
                columns[f"{name}={word}"] = np.array([str(cell) == word for cell in cells], float)
        else:
            columns[name] = np.array([np.nan if cell is None else float(cell) for cell in cells])
    return columns


def _combat(values: np.ndarray, batches: np.ndarray, fitting: np.ndarray, rows: np.ndarray,
            covariates: dict[str, np.ndarray]) -> np.ndarray:
    """(n, columns), NaN in rows that are not to be harmonised."""
    try:
        import pandas as pd
        from neuroHarmonize import harmonizationApply, harmonizationLearn
    except ModuleNotFoundError as error:
        raise CohortError(f"Harmonising needs the Python package {error.name}, which is missing.",
                          "Install neuroHarmonize and neuroCombat.") from error
    frame = pd.DataFrame({"SITE": batches, **covariates})
    new = np.full(values.shape, np.nan)
    # It prints what it does, and its design matrix is of a class of NumPy's that is on its way out.
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(action="ignore"):
        model, _ = harmonizationLearn(values[fitting], frame[fitting])
        new[rows] = harmonizationApply(values[rows], frame[rows], model)
    if not np.isfinite(new[rows]).all():
        raise CohortError("ComBat finds no answer: a column to preserve says the same as the batches.",
                          "Leave it out of --preserve.")
    return new


def _between(values: np.ndarray, batches: np.ndarray) -> float:
    """Mean over columns of the share of the variance that lies between batches (eta squared)."""
    total = ((values - values.mean(axis=0)) ** 2).sum(axis=0)
    groups = [values[batches == batch] for batch in set(batches)]
    parts = sum(len(group) * (group.mean(axis=0) - values.mean(axis=0)) ** 2 for group in groups)
    return float(np.mean(parts / total))
