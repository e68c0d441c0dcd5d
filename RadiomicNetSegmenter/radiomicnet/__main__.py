"""The command line: ``python -m radiomicnet COMMAND``."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys

from . import __version__
from .errors import RadiomicNetError

COMMANDS = {
    "segment": "segment images and explain what was drawn",
    "clip": "segment every frame of a clip or video",
    "stack": "segment a 3-D volume slice by slice",
    "cohort": "segment many images into one table",
    "harmonise": "take scanner effects out of a cohort's table (ComBat)",
    "icc": "measure how far two tables of the same images agree",
    "demo": "segment two images that this program generates",
    "train": "train a model from an experiment's file",
    "finish": "make a model of a finished training",
    "evaluate": "measure a model on images whose truth is known",
    "report": "make the results page of evaluations",
    "bench": "measure how long each step takes here",
}


def main(words: list[str] | None = None) -> int:
    """Run one command; the exit status tells whether all of it went well."""
    parser = argparse.ArgumentParser(
        prog="radiomicnet", description="Segmentation that shows why. For research use only."
    )
    parser.add_argument("--version", action="version", version=f"RadiomicNet {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    modules = {name: importlib.import_module(f".commands.{name}", __package__) for name in COMMANDS}
    for name, help_text in COMMANDS.items():
        modules[name].add_arguments(commands.add_parser(name, help=help_text, description=modules[name].__doc__))
    arguments = parser.parse_args(words)
    _make_streams_forgiving()
    try:
        status = modules[arguments.command].main(arguments)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # whoever read the output has gone, as `head` does; what Python still holds goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except RadiomicNetError as error:
        print(f"radiomicnet: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        print(f"radiomicnet: The Python package {error.name} is missing. Install it and try again.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("radiomicnet: stopped; results written so far are complete.", file=sys.stderr)
        return 130


def _make_streams_forgiving() -> None:
    """A terminal without × and − shows ? for them, and a line reaches a pipe when it is written."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace", line_buffering=True)


if __name__ == "__main__":
    sys.exit(main())
