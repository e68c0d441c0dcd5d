"""Write the pictures of the sample data anew: what the Sample Data module shows on its buttons.

    .venv/bin/python tools/thumbnails.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "RadiomicNetSegmenter"))
FOLDER = ROOT / "RadiomicNetSegmenter" / "Resources" / "Icons"
SIZE = (256, 192)


def main() -> None:
    """One for each phantom."""
    from PIL import Image, ImageOps

    from radiomicnet.images import phantoms

    for name, make in (("RadiomicNetUltrasound", phantoms.breast_ultrasound),
                       ("RadiomicNetEndoscopy", phantoms.polyp_endoscopy)):
        path = FOLDER / f"{name}.png"
        ImageOps.fit(Image.fromarray(make()[0].pixels), SIZE, Image.LANCZOS).save(path, optimize=True)
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
