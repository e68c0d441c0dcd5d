"""What mkdocs cannot do by itself: links out of docs/ lead to the repository, and the results page is there or not."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)\s#]+)")


def on_config(config):
    """Put the results page behind the limits, where evaluations have made one."""
    if (ROOT / "docs" / "results.md").is_file():
        explanation = next(entry["Explanation"] for entry in config["nav"] if "Explanation" in entry)
        explanation.append({"Results": "results.md"})
    return config


def on_page_markdown(markdown: str, page, config, files) -> str:
    """Let links to files outside of docs/ lead to them in the repository."""
    folder = Path(page.file.abs_src_path).parent

    def target(match: re.Match) -> str:
        path = (folder / match[1]).resolve()
        if path.is_relative_to(ROOT / "docs") or not path.exists():
            return match[1]
        return f"{config['repo_url']}/blob/main/{path.relative_to(ROOT).as_posix()}"

    return LINK.sub(target, markdown)
