"""``python -m radiomicnet harmonise``: take scanner effects out of a cohort's table (ComBat), in added columns."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", type=Path, metavar="TABLE", help="a cohort's CSV or Parquet file")
    parser.add_argument("--batch", required=True, metavar="COLUMN", help="column with each row's scanner or site")
    parser.add_argument("--columns", nargs="+", metavar="PATTERN",
                        help="columns to harmonise, each pattern by itself (feature_* and segment_*)")
    parser.add_argument("--fit", default="", metavar="COLUMN=VALUE", help="rows to fit on (all)")
    parser.add_argument("--preserve", nargs="+", default=[], metavar="COLUMN",
                        help="columns whose own effect stays, such as a diagnosis")
    parser.add_argument("--out", type=Path, metavar="FILE",
                        help="table to write, as CSV and as Parquet (TABLE-harmonised beside the table)")


def main(arguments: argparse.Namespace) -> int:
    from ..cohort.columns import NUMBER
    from ..cohort.harmonise import BLOCKS, harmonise
    from ..cohort.tables import CSV, read_table, typed, write_columns

    table = read_table(arguments.table)
    made = harmonise(table, arguments.batch, arguments.columns or BLOCKS, arguments.fit, arguments.preserve)
    out = arguments.out or arguments.table.with_name(f"{arguments.table.stem}-harmonised")
    before = {name: typed(table.columns[name]) for name in table.columns if name not in made.columns}
    columns = {**{name: kind for name, (kind, _) in before.items()}, **dict.fromkeys(made.columns, NUMBER)}
    cells = {**{name: column for name, (_, column) in before.items()}, **made.columns}
    write_columns(out.parent, out.name.removesuffix(out.suffix) if out.suffix in (CSV, ".parquet") else out.name,
                  columns, (dict(zip(cells, row)) for row in zip(*cells.values())))
    for pattern, (raw, harmonised) in made.between.items():
        print(f"{pattern}: of the variance, {raw:.1%} lay between batches and {harmonised:.1%} does now "
              "(mean over columns).")
    for note in made.notes:
        print(f"  Note: {note}")
    print(f"{len(made.columns)} columns added, named harmonised_….")
    return 0
