"""The Python interface as pages, from signatures and docstrings; nothing is imported, so Slicer need not be there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

MODULE = Path(__file__).resolve().parents[2] / "RadiomicNetSegmenter"
LOGIC = "RadiomicNetSegmenterLib/logic.py"
FRAMES_LOGIC = "RadiomicNetSegmenterLib/framesLogic.py"
SEGMENTERS = "RadiomicNetSegmenterLib/segmenters.py"

# What a program needs to segment, to look into a result and to write it.
PUBLIC = {
    "radiomicnet/images/read.py": ["read_image"],
    "radiomicnet/images/array.py": ["image_from_array"],
    "radiomicnet/images/image.py": ["Image", "Geometry"],
    "radiomicnet/models/store.py": ["available", "load", "Model"],
    "radiomicnet/segmenter.py": ["Segmenter"],
    "radiomicnet/run.py": ["run"],
    "radiomicnet/prompts/prompted.py": ["Prompts"],
    "radiomicnet/results/result.py": ["Result", "Prediction", "Contributions", "Contribution"],
    "radiomicnet/results/write.py": ["write_result"],
    "radiomicnet/errors.py": ["RadiomicNetError"],
}


def logic(_present: str) -> str:
    """The page on the logic of the Slicer module."""
    parts = [*_definitions(LOGIC, ["RadiomicNetSegmenterLogic"]), *_definitions(FRAMES_LOGIC, ["FramesLogic"]),
             *_definitions(SEGMENTERS, ["Segmenters"])]
    module = ast.get_docstring(_tree(LOGIC)) or ""
    return "\n".join([f"# Logic in Slicer\n\n<!-- Written by `make docs` from {LOGIC} and what it is made of. -->\n\n"
                      f"{_markdown(module)}\n", *(_class(part) for part in parts)])


def science(_present: str) -> str:
    """The page on the package without Slicer."""
    head = ("# Python package\n\n<!-- Written by `make docs` from the docstrings in radiomicnet. -->\n\n"
            "The science runs without Slicer. Shapes are (rows, columns). Everything that goes wrong for a reason a "
            "person can mend is a `RadiomicNetError` whose text says what is wrong and what to do.\n")
    parts = []
    for name, wanted in PUBLIC.items():
        place = name.removesuffix(".py").replace("/", ".")
        for node in _definitions(name, wanted):
            kind = _class(node) if isinstance(node, ast.ClassDef) else _function(node, "##", place)
            parts.append(kind.replace(f"## {node.name}\n", f"## {node.name}\n\n`from {place} import {node.name}`\n", 1))
    return "\n".join([head, *parts])


def _tree(name: str) -> ast.Module:
    return ast.parse((MODULE / name).read_text(encoding="utf-8"))


def _definitions(name: str, wanted: list[str]) -> list[ast.ClassDef | ast.FunctionDef]:
    found = {node.name: node for node in _tree(name).body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    return [found[one] for one in wanted]


def _class(node: ast.ClassDef | ast.FunctionDef) -> str:
    methods = [child for child in node.body if isinstance(child, ast.FunctionDef) and not child.name.startswith("_")]
    documented = [child for child in methods if ast.get_docstring(child)]
    return "\n".join([f"## {node.name}\n", _markdown(ast.get_docstring(node) or ""), "",
                      *(_function(child, "###") for child in documented)])


def _function(node: ast.FunctionDef, level: str, _place: str = "") -> str:
    names = {decorator.id for decorator in node.decorator_list if isinstance(decorator, ast.Name)}
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    arguments = ast.unparse(node.args).removeprefix("self, ").removeprefix("self").removeprefix("cls, ")
    signature = f"{node.name}{returns}" if "property" in names else f"{node.name}({arguments}){returns}"
    return f"{level} {node.name}\n\n```text\n{signature}\n```\n\n{_markdown(ast.get_docstring(node) or '')}\n"


def _markdown(docstring: str) -> str:
    """A numpydoc docstring as Markdown: sections in bold, their entries as a list, literal blocks as Python."""
    lines = _literal_blocks(docstring)
    out: list[str] = []
    section = ""
    index = 0
    while index < len(lines):
        line = lines[index]
        if index + 1 < len(lines) and re.fullmatch(r"-{3,}", lines[index + 1]):
            section = line
            out.append(f"**{line}**\n")
            index += 2
            continue
        if section and line and not line.startswith(" "):
            name, _, kind = line.partition(" : ")
            out.append(f"- `{name}`" + (f": {_inline(kind)}" if kind else ""))
        elif section and line.startswith("    "):
            out.append(f"  {_inline(line.strip())}")
        else:
            out.append(_inline(line) if not line.startswith("```") and not line.startswith("    ") else line)
        index += 1
    return "\n".join(out).strip()


def _literal_blocks(docstring: str) -> list[str]:
    """Lines, with what follows a ``::`` as a fenced block of Python."""
    lines: list[str] = []
    inside = False
    for line in docstring.splitlines():
        if inside and line and not line.startswith("    "):
            while lines[-1] == "":
                lines.pop()
            lines += ["```", ""]
            inside = False
        lines.append(line.removeprefix("    ") if inside else line.removesuffix(":") if line.endswith("::") else line)
        if line.endswith("::"):
            lines += ["", "```python"]
            inside = True
        elif inside and lines[-2:] == ["```python", ""]:
            lines.pop()
    return [*lines, "```"] if inside else lines


def _inline(text: str) -> str:
    """Roles and double backticks of reStructuredText as code."""
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text).replace("``", "`").replace("|", "\\|") if text else text
