"""Draw the PNG icons from Resources/RadiomicNet.svg, 128 x 128 pixels, with Qt.

    .venv/bin/python tools/draw_icon.py
"""

from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).resolve().parents[1]
SIZE = 128
ICONS = (ROOT / "Resources" / "RadiomicNet.png",
         ROOT / "RadiomicNetSegmenter" / "Resources" / "Icons" / "RadiomicNetSegmenter.png")


def main() -> None:
    """Draw once, save at every place."""
    image = QImage(SIZE, SIZE, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(ROOT / "Resources" / "RadiomicNet.svg")).render(painter, QRectF(0, 0, SIZE, SIZE))
    painter.end()
    for path in ICONS:
        if not image.save(str(path)):
            raise SystemExit(f"{path} cannot be written.")


if __name__ == "__main__":
    main()
