"""What the tests of the documentation read: its pages, their links, anchors and blocks of code."""

from __future__ import annotations

import re
from pathlib import Path

from tree import ROOT, repository_files

FENCE = re.compile(r"(?ms)^( *)```(\w*)\n(.*?)^ *```$")
LINK = re.compile(r"\]\((?!https?://|mailto:)([^)\s]+)\)")
PICTURE = re.compile(r'<img src="([^"]+)"')


def pages() -> list[Path]:
    """Every Markdown page of the repository, templates of GitHub left out."""
    found = [path for path in repository_files() if path.suffix == ".md"]
    return [path for path in found if ".github" not in path.parts]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_without_code(path: Path) -> str:
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", path.read_text(encoding="utf-8")))


def links(path: Path) -> list[str]:
    """Targets inside of the repository, pictures too."""
    return LINK.findall(text_without_code(path)) + PICTURE.findall(path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """Of the headings, as GitHub and the site make them."""
    headings = re.findall(r"(?m)^#+ (.+)$", FENCE.sub("", path.read_text(encoding="utf-8")))
    plain = (re.sub(r"[`*\[\]]|\([^)]*\)", "", heading).strip().lower() for heading in headings)
    return {re.sub(r"[^\w -]", "", heading).replace(" ", "-") for heading in plain}


def blocks(path: Path) -> list[tuple[str, str]]:
    """(language, code) of every fenced block, its indentation taken away."""
    found = FENCE.findall(path.read_text(encoding="utf-8"))
    return [(language, re.sub(rf"(?m)^{indent}", "", code)) for indent, language, code in found]
