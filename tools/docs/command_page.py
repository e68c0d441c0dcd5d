"""The command line as a page, from its own argument parser."""

from __future__ import annotations

import argparse
import importlib

from radiomicnet.__main__ import COMMANDS

INTRODUCTION = """\
# Command line

<!-- Written by `make docs` from the argument parsers in radiomicnet/commands. -->

```sh
python -m radiomicnet COMMAND
```

with the Python of `.venv/bin` after `make demo`, or any Python into which the package was installed. `--help` after a
command says what stands here. The exit status is 0 where all went well, 1 where some images or frames failed, 2 where
the command could not do its work, 130 where it was stopped.

| command | what it does |
|---|---|
"""


def text(_present: str) -> str:
    """The page."""
    rows = "".join(f"| [`{name}`](#{name}) | {summary} |\n" for name, summary in COMMANDS.items())
    return INTRODUCTION + rows + "\n" + "\n".join(_section(name) for name in COMMANDS)


def _section(name: str) -> str:
    module = importlib.import_module(f"radiomicnet.commands.{name}")
    parser = argparse.ArgumentParser(prog=name, add_help=False)
    module.add_arguments(parser)
    summary = (module.__doc__ or "").partition(": ")[2].strip().replace("\n", " ")
    head = f"## {name}\n\n{summary[:1].upper()}{summary[1:]}\n"
    rows = "".join(map(_row, parser._actions))
    return f"{head}\n| option | what it is |\n|---|---|\n{rows}" if rows else head


def _row(action: argparse.Action) -> str:
    names = ", ".join(f"`{option}`" for option in action.option_strings)
    value = _value(action)
    cell = " ".join(filter(None, (names, f"`{value}`" if value else "")))
    notes = [(action.help or "").replace("|", "\\|") % vars(action) if action.help else ""]
    if action.required and action.option_strings:
        notes.append("required")
    return f"| {cell} | {'; '.join(filter(None, notes))} |\n"


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    if action.choices:
        return "{" + ",".join(map(str, action.choices)) + "}"
    name = action.metavar or (action.dest.upper() if action.option_strings else action.dest)
    return f"{name} ..." if action.nargs in ("+", "*") else str(name).replace("|", " or ")
