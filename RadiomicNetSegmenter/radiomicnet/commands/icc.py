"""``python -m radiomicnet icc``: how far two tables of the same images agree, as ICC(A,1) of every column."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("first", type=Path, metavar="TABLE", help="a cohort's CSV or Parquet file")
    parser.add_argument("second", type=Path, metavar="TABLE", help="another of the same cases")
    parser.add_argument("--by", default="", metavar="COLUMN", help="column that pairs the rows (id, else path)")
    parser.add_argument("--columns", nargs="+", metavar="PATTERN",
                        help="columns to compare (feature_*, segment_*, area_*, largest_*)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="table to write, as CSV and as Parquet")


def main(arguments: argparse.Namespace) -> int:
    from ..cohort.agreement import COLUMNS, agreement
    from ..cohort.columns import NUMBER, TEXT, WHOLE
    from ..cohort.tables import read_table, write_columns

    made = agreement(read_table(arguments.first), read_table(arguments.second), arguments.by,
                     arguments.columns or COLUMNS)
    print(f"{made.paired} cases in both tables, {made.alone[0]} and {made.alone[1]} in one only. ICC(A,1), 95 %")
    for name, icc in made.columns.items():
        value = "undefined" if icc.value is None else f"{icc.value:.3f}"
        interval = "" if icc.low is None or icc.high is None else f"{icc.low:.3f} to {icc.high:.3f}"
        print(f"  {name:<48}{value:>10}  {interval:<17} n = {icc.images:<5} {icc.grade}")
    if arguments.out:
        rows = [{"column": name, "icc": icc.value, "low": icc.low, "high": icc.high, "grade": icc.grade,
                 "cases": icc.images} for name, icc in made.columns.items()]
        write_columns(arguments.out.parent, arguments.out.stem,
                      {"column": TEXT, "icc": NUMBER, "low": NUMBER, "high": NUMBER, "grade": TEXT, "cases": WHOLE},
                      rows)
    return 0
