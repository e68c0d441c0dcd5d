"""``python -m radiomicnet report``: the results page from evaluations that lie in the repository."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--results", type=Path, default=Path("experiments/results"), metavar="DIR",
                        help="folder of EXPERIMENT/*.json, as evaluate writes them (experiments/results)")
    parser.add_argument("--plan", type=Path, default=Path("experiments/report.toml"), metavar="FILE",
                        help="what is shown, in which words (experiments/report.toml)")
    parser.add_argument("--out", type=Path, default=Path("docs/results.md"), metavar="FILE",
                        help="page to write, its plots in a folder of its name (docs/results.md)")


def main(arguments: argparse.Namespace) -> int:
    from ..report.page import write_report

    for path in write_report(arguments.results, arguments.plan, arguments.out):
        print(path)
    return 0
