"""Rewrite the lists of RadiomicNetSegmenter/CMakeLists.txt from the folder.

    python3 tools/package_lists.py

Slicer packages the files that are listed and no other; one that is forgotten is missing on every user's machine.
"""

import re
import sys
from pathlib import Path

MODULE = Path(__file__).resolve().parents[1] / "RadiomicNetSegmenter"
NOT_PACKAGED = {"CMakeLists.txt"}


def packaged_files(module: Path) -> "tuple[list[str], list[str]]":
    """Scripts and resources of a scripted module's folder, relative to it, sorted, folder by folder."""
    paths = [path.relative_to(module) for path in module.rglob("*") if path.is_file()]
    paths = [path for path in paths if path.name not in NOT_PACKAGED and not is_litter(path)]
    names = [path.as_posix() for path in sorted(paths, key=lambda path: (path.parent.as_posix(), path.name))]
    return [name for name in names if name.endswith(".py")], [name for name in names if not name.endswith(".py")]


def is_litter(path: Path) -> bool:
    """Whether Python, an editor or a system made this file."""
    hidden = any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    return hidden or path.name.endswith((".pyc", "~"))


def with_list(text: str, variable: str, names: "list[str]") -> str:
    """The text of a CMake file with ``set(variable ...)`` holding these names."""
    lines = "".join(f"  {name}\n" for name in names)
    old, new = rf"(?m)^set\({variable}\n[^)]*\)", f"set({variable}\n{lines}  )"
    text, found = re.subn(old, lambda _: new, text)
    if found != 1:
        sys.exit(f"There is no single set({variable} ...) in the CMake file.")
    return text


def main() -> None:
    """Rewrite both lists."""
    cmake = MODULE / "CMakeLists.txt"
    text = cmake.read_text(encoding="utf-8")
    for variable, names in zip(("MODULE_PYTHON_SCRIPTS", "MODULE_PYTHON_RESOURCES"), packaged_files(MODULE)):
        text = with_list(text, variable, names)
    cmake.write_bytes(text.encode())


if __name__ == "__main__":
    main()
