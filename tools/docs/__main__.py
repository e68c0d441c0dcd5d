"""Write every page that is generated, then build the documentation's site.

    .venv/bin/python tools/docs           pages, then the site in build/docs
    .venv/bin/python tools/docs --pages   pages only

What can be read off the program is read off it: a page of the reference is the argument parser, the catalogue, a schema
or a docstring in other words. The pages are kept in the repository, so that they can be read there too.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "RadiomicNetSegmenter"), str(ROOT / "Testing" / "house")]

import architecture_drawing  # noqa: E402
import command_page  # noqa: E402
import feature_page  # noqa: E402
import house_drawing  # noqa: E402
import licence_page  # noqa: E402
import python_pages  # noqa: E402
import readme_models  # noqa: E402
import schema_pages  # noqa: E402

# Path in the repository -> what its text is; a function that is given the present text returns it with its part anew.
PAGES = {
    "README.md": readme_models.text,
    "docs/reference/commands.md": command_page.text,
    "docs/reference/features.md": feature_page.text,
    "docs/reference/licences.md": licence_page.text,
    "docs/reference/logic.md": python_pages.logic,
    "docs/reference/python.md": python_pages.science,
    "docs/reference/result-record.md": schema_pages.result,
    "docs/reference/model-card.md": schema_pages.card,
    "docs/explanation/architecture.svg": architecture_drawing.text,
    "docs/development/house.svg": house_drawing.text,
}


def written(name: str) -> str:
    """What a page's text shall be."""
    path = ROOT / name
    return PAGES[name](path.read_text(encoding="utf-8") if path.is_file() else "")


def main(words: list[str]) -> int:
    """Rewrite the pages that changed; then, unless only pages are asked for, build the site."""
    for name in PAGES:
        path, text = ROOT / name, written(name)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            print(f"rewritten: {name}")
    if "--pages" in words:
        return 0
    site = ROOT / "build" / "docs"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", ROOT / "mkdocs.yml",
               "--site-dir", site]
    status = subprocess.run(command).returncode
    print(f"open {(site / 'index.html').relative_to(ROOT)}" if status == 0 else "The site was not built.")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
