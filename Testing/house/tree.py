"""What the tests of the house read: the repository's files, its CMake lists, its imports."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "RadiomicNetSegmenter"
LIBRARY = MODULE / "RadiomicNetSegmenterLib"
PACKAGE = MODULE / "radiomicnet"
MADE_HERE = {".venv", ".git", "demo-results", "build", "runs", "__pycache__"}
# Which imports of a file: all, also what only a type checker reads; those that may run; those that run on loading it.
EVER, RUNNING, LOADING = "ever", "running", "loading"


def repository_files() -> list[Path]:
    """Files under version control or about to be; from a downloaded archive, all that are not made by a command."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
        paths = [ROOT / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if MADE_HERE.isdisjoint(path.relative_to(ROOT).parts)]
    return sorted(path for path in paths if path.is_file())


def text_of(path: Path) -> str | None:
    """A text file's content, None of a binary one."""
    content = path.read_bytes()
    return None if b"\0" in content else content.decode("utf-8")


def cmake_values(path: Path) -> dict[str, list[str]]:
    """Every ``set(NAME value ...)`` of a CMake file, with the values of earlier ones put in."""
    text = re.sub(r"(?m)^\s*#.*$", "", path.read_text(encoding="utf-8"))
    values: dict[str, list[str]] = {}
    for name, body in re.findall(r"set\((\w+)([^)]*)\)", text):
        filled = re.sub(r"\$\{(\w+)\}", lambda match: " ".join(values.get(match[1], [])), body)
        values[name] = [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|([^\s"]+)', filled)]
    return values


def packaged() -> list[str]:
    """Everything that Slicer is told to package of the module's folder."""
    values = cmake_values(MODULE / "CMakeLists.txt")
    return values["MODULE_PYTHON_SCRIPTS"] + values["MODULE_PYTHON_RESOURCES"]


def imports(path: Path, *, when: str = EVER) -> set[str]:
    """Absolute dotted names that a Python file imports: :data:`EVER`, :data:`RUNNING` or :data:`LOADING`."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    names = set()
    for node in ast.walk(tree) if when == EVER else _read(tree, functions=when == RUNNING):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(path, node)
            names |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return names


def top(names: set[str]) -> set[str]:
    """The packages that dotted names belong to."""
    return {name.partition(".")[0] for name in names}


def dotted(path: Path) -> str:
    """The dotted name of a file in the module's folder."""
    parts = path.relative_to(MODULE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _absolute(path: Path, node: ast.ImportFrom) -> str:
    if node.level == 0:
        return node.module or ""
    package = path.relative_to(MODULE).parent.parts
    base = package[:len(package) - node.level + 1]
    return ".".join((*base, node.module) if node.module else base)


def _read(tree: ast.AST, functions: bool) -> Iterator[ast.AST]:
    """Nodes outside of what only a type checker reads, with those inside of functions or without."""
    for node in ast.iter_child_nodes(tree):
        if not functions and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from _read(node, functions)
