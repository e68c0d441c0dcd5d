"""Pictures of the panel: real Qt without a screen, driven as a user does, beside what the slice views show.

The slice views are real ones, the images are generated; see Testing/panel/standin for what is stood in for. The plot is
VTK's chart, which Slicer's plot view is made of, and the table a Qt table, both filled from the nodes that the module's
layout shows.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from panel_views import slice_view

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "2")
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "RadiomicNetSegmenter"), str(ROOT / "Testing" / "panel")]
PANEL_WIDTH, VIEW_WIDTH, VIEW_HEIGHT, TALLEST_VIEW = 400, 900, 820, 1050


def asked(pictures: dict) -> list[str]:
    """The pictures that the command line names, or all."""
    unknown = set(sys.argv[1:]) - set(pictures)
    if unknown:
        sys.exit(f"No picture is named {', '.join(sorted(unknown))}. There are: {', '.join(pictures)}.")
    return sys.argv[1:] or list(pictures)


def start():
    """Bring up Qt and what stands in for Slicer."""
    from PySide6.QtWidgets import QApplication

    from standin import application, python, pythonqt, widgets
    from standin.camera import sliceViewCamera

    for part in (python, pythonqt, widgets):
        part.install()
    qt_application = QApplication(["Slicer"])
    application.start()
    sliceViewCamera()  # a legend is drawn in the views that are there when it is made
    return qt_application


def take(drive, path: Path, views=slice_view) -> Path:
    """One picture: panel on the left, views on the right; ``drive`` leaves the opened module as it is shown."""
    from PySide6.QtGui import QColor, QImage, QPainter
    from PySide6.QtWidgets import QApplication

    from opened import OpenedModule
    from standin import application

    application.clearScene()
    light = QApplication.palette()
    module = OpenedModule()
    drive(module)
    height = max(VIEW_HEIGHT, module.holder.layout().totalHeightForWidth(PANEL_WIDTH))  # the panel scrolls in Slicer
    module.holder.resize(PANEL_WIDTH, height)
    module.events()
    view = views(VIEW_WIDTH, height if height < TALLEST_VIEW else VIEW_HEIGHT)
    picture = QImage(PANEL_WIDTH + VIEW_WIDTH, height, QImage.Format_RGB888)
    picture.fill(QColor("white"))
    painter = QPainter(picture)
    painter.drawPixmap(0, 0, module.holder.grab())
    painter.drawImage(PANEL_WIDTH, 0, view)
    painter.end()
    module.close()
    QApplication.instance().setPalette(light)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(str(path))
    return path


def only(module, *names: str) -> None:
    """Close all sections but these; a section that is not in sight stays so."""
    for name, widget in vars(module.ui).items():
        if name.endswith("CollapsibleButton"):
            widget.collapsed = name.removesuffix("CollapsibleButton") not in names
    module.events()


def correct(module) -> None:
    """Rub out the top of the outline, as by hand in the Segment Editor."""
    import numpy as np
    import slicer

    volume = module.ui.inputSelector.currentNode()
    node = module.panel.logic.correct(volume)
    name = node.GetSegmentation().GetNthSegmentID(0)
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(node, name, volume).astype(np.uint8)
    rows = np.flatnonzero(mask.any(axis=(0, 2)))
    mask[:, : rows[len(rows) // 4]] = 0
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, name, volume)
    refresh(module)


def export(module) -> None:
    """Export into a folder that is gone afterwards."""
    import qt

    with tempfile.TemporaryDirectory(prefix="results-") as folder:
        qt.QFileDialog.getExistingDirectory = staticmethod(lambda *_: folder)
        refresh(module)
        module.ui.exportButton.click()
        module.events()


def refresh(module) -> None:
    """Leave the module and enter it again, as a user does who was in another one."""
    module.holder.exit()
    module.holder.enter()
