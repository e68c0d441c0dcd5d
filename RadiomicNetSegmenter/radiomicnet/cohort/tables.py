"""A cohort's tables as CSV and Parquet: written row by row, read as columns."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from ..errors import CohortError
from ..results.writing import replacing
from .columns import NUMBER, TEXT, TRUTH, WHOLE
from .store import writing

ROWS_AT_ONCE = 500  # of a Parquet file are held in memory
CSV, PARQUET = ".csv", ".parquet"


class Tables:
    """``NAME.csv`` and ``NAME.parquet`` of the same rows; both are there in the end, or neither is touched.

    A cell that is not defined is empty in CSV and null in Parquet. Numbers have all their digits. Without pyarrow
    there is no Parquet file; :func:`parquet_missing` says so.

    Parameters
    ----------
    folder : pathlib.Path
    name : str
    columns : mapping of str to str
        Types by name, of :mod:`.columns`.
    """

    def __init__(self, folder: Path, name: str, columns: Mapping[str, str]) -> None:
        self.columns = dict(columns)
        self._place = folder / name
        self._stack = ExitStack()
        self._rows: list[Mapping[str, Any]] = []
        self._parquet: Any = None

    def __enter__(self) -> Tables:
        with writing(self._place.parent.name), ExitStack() as stack:
            part = stack.enter_context(replacing(self._place.with_name(self._place.name + CSV)))
            file = stack.enter_context(part.open("w", encoding="utf-8", newline=""))
            self._csv = csv.writer(file, lineterminator="\n")
            self._csv.writerow(self.columns)
            if not parquet_missing():
                import pyarrow.parquet as pq

                part = stack.enter_context(replacing(self._place.with_name(self._place.name + PARQUET)))
                self._parquet = stack.enter_context(pq.ParquetWriter(part, _schema(self.columns)))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        with writing(self._place.parent.name):
            if kind is None:
                try:
                    self._flush()
                except BaseException as fault:
                    self._stack.__exit__(type(fault), fault, fault.__traceback__)
                    raise
            self._stack.__exit__(kind, error, trace)

    def add(self, row: Mapping[str, Any]) -> None:
        """Write a row; columns that it lacks are empty."""
        with writing(self._place.parent.name):
            self._csv.writerow([_cell(row.get(name)) for name in self.columns])
            if self._parquet is not None:
                self._rows.append({name: row.get(name) for name in self.columns})
                if len(self._rows) == ROWS_AT_ONCE:
                    self._flush()

    def _flush(self) -> None:
        if self._parquet is not None and self._rows:
            import pyarrow as pa

            self._parquet.write_table(pa.Table.from_pylist(self._rows, _schema(self.columns)))
        self._rows = []


def parquet_missing() -> str:
    """A sentence where Parquet files cannot be written or read here; else empty."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        return "The Python package pyarrow is missing, so there is no Parquet file beside the CSV file."
    return ""


class Table:
    """A table read whole: its cells by column, empty ones None.

    Attributes
    ----------
    path : pathlib.Path
    columns : dict of str to list
        Text from CSV; text, numbers and truths from Parquet.
    """

    def __init__(self, path: Path, columns: dict[str, list[Any]]) -> None:
        self.path, self.columns = path, columns

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), []))

    def texts(self, name: str) -> list[str]:
        """A column as text, empty where there is nothing.

        Raises
        ------
        CohortError
            Where there is no such column.
        """
        if name not in self.columns:
            shown = ", ".join(list(self.columns)[:12])
            raise CohortError(f"{self.path.name} has no column {name}.", f"It has {shown} …")
        return ["" if value is None else str(value) for value in self.columns[name]]

    def numbers(self, name: str) -> list[float] | None:
        """A column as numbers, NaN where there is none; None where it holds anything else."""
        try:
            return [float("nan") if value in (None, "") else float(value) for value in self.columns[name]]
        except (TypeError, ValueError):
            return None


def read_table(path: Path) -> Table:
    """Read a CSV or a Parquet file.

    Raises
    ------
    CohortError
        Where it is not there, or cannot be read as a table.
    """
    if not path.is_file():
        raise CohortError(f"There is no table {path.name or path}.", "Give the CSV or Parquet file of a cohort.")
    try:
        return Table(path, _parquet(path) if path.suffix == PARQUET else _csv(path))
    except (OSError, ValueError, csv.Error) as error:
        raise CohortError(f"{path.name} cannot be read as a table ({str(error).splitlines()[0]}).",
                          "Give the CSV or Parquet file of a cohort.") from error


def write_columns(folder: Path, name: str, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a whole table."""
    with Tables(folder, name, columns) as tables:
        for row in rows:
            tables.add(row)


def typed(column: Iterable[Any]) -> tuple[str, list[Any]]:
    """A column's narrowest type that holds every cell, and the cells in it; a table read from CSV is text."""
    cells = [None if cell == "" else cell for cell in column]
    for kind, read in ((WHOLE, _whole), (NUMBER, float), (TRUTH, _truth)):
        try:
            return kind, [None if cell is None else read(cell) for cell in cells]
        except (KeyError, TypeError, ValueError):
            continue
    return TEXT, [None if cell is None else str(cell) for cell in cells]


def _whole(cell: Any) -> int:
    if isinstance(cell, bool | float):
        raise ValueError
    text = str(cell)
    if str(int(text)) != text:  # 007 is a name, not a number
        raise ValueError
    return int(text)


def _truth(cell: Any) -> bool:
    return cell if isinstance(cell, bool) else {"true": True, "false": False}[str(cell)]


def _csv(path: Path) -> dict[str, list[Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        header = next(reader, [])
        rows = [row for row in reader if row]
    if len(set(header)) < len(header) or not header:
        raise ValueError("its first line does not name its columns")
    if any(len(row) != len(header) for row in rows):
        raise ValueError("its rows are not all as long as its first line")
    return {name: [row[place] or None for row in rows] for place, name in enumerate(header)}


def _parquet(path: Path) -> dict[str, list[Any]]:
    if missing := parquet_missing():
        raise ValueError(missing)
    import pyarrow.parquet as pq

    return dict(pq.read_table(path).to_pydict())


def _schema(columns: Mapping[str, str]) -> Any:
    import pyarrow as pa

    kinds = {TEXT: pa.string(), WHOLE: pa.int64(), NUMBER: pa.float64(), TRUTH: pa.bool_()}
    return pa.schema([(name, kinds[kind]) for name, kind in columns.items()])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)
