"""Give the repository its address, everywhere it is named.

    python3 tools/address.py https://github.com/OWNER/SlicerNAME

RadiomicNet.json holds it; every other file says the same.
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENTRY = "RadiomicNet.json"
NAMING = ("CMakeLists.txt", "CITATION.cff", "CHANGELOG.md", "README.md", "CONTRIBUTING.md", "RadiomicNet.json",
          "RadiomicNet.s4ext", "mkdocs.yml", "pyproject.toml", ".github/ISSUE_TEMPLATE/config.yml",
          "docs/development/release.md")


def main(new: str, root: Path = ROOT) -> None:
    """Replace owner and name in every file that says them."""
    if not re.fullmatch(r"https://github\.com/[\w.-]+/Slicer[\w-]*", new):
        sys.exit(f"{new} is not like https://github.com/OWNER/SlicerNAME, as the catalogue wants it.")
    entry = json.loads((root / ENTRY).read_text(encoding="utf-8"))
    old = entry["scm_url"].removesuffix(".git").removeprefix("https://github.com/")
    for name in NAMING:
        path = root / name
        text = path.read_text(encoding="utf-8")
        path.write_bytes(text.replace(old, new.removeprefix("https://github.com/")).encode())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
