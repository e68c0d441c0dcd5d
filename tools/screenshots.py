"""Take the pictures in Resources/Screenshots anew: the panel, driven as a user does, beside the slice view.

    .venv/bin/python tools/screenshots.py [NAME ...]

The panel is real Qt without a screen, the images are generated ones; see Testing/panel/standin for what is stood in
for. A picture more is a function more in PICTURES: it gets the opened module and leaves it as it shall be shown.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "2")
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "RadiomicNetSegmenter"), str(ROOT / "Testing" / "panel")]
FOLDER = ROOT / "Resources" / "Screenshots"
PANEL_WIDTH, VIEW_WIDTH, LEAST_HEIGHT = 400, 900, 820


def panel(module) -> None:
    """The polyp scene after one click."""
    from radiomicnet.images import phantoms

    module.load(phantoms.polyp_endoscopy()[0].pixels, "Polyp scene")
    module.segment()


def ultrasound(module) -> None:
    """The speckle phantom after one click."""
    from radiomicnet.images import phantoms

    module.load(phantoms.breast_ultrasound()[0].pixels, "Breast phantom")
    module.segment()


def corrected(module) -> None:
    """A corner of the outline erased by hand, the result exported."""
    import tempfile

    import numpy as np
    import qt
    import slicer

    volume = module.panel.logic.sample("RadiomicNetUltrasound")
    module.ui.inputSelector.setCurrentNode(volume)
    module.segment()
    node = module.panel.logic.correct(volume)
    segmentId = node.GetSegmentation().GetNthSegmentID(0)
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(node, segmentId, volume).astype(np.uint8)
    rows = np.flatnonzero(mask.any(axis=(0, 2)))
    mask[:, : rows[len(rows) // 4]] = 0
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, segmentId, volume)
    for name in ("clicks", "lesions", "why", "features"):
        getattr(module.ui, f"{name}CollapsibleButton").collapsed = True
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        qt.QFileDialog.getExistingDirectory = staticmethod(lambda *_: folder)
        module.holder.exit()
        module.holder.enter()
        module.ui.exportButton.click()


PICTURES = {function.__name__: function for function in (panel, ultrasound, corrected)}


def main() -> None:
    """Write the named pictures, or all."""
    names = sys.argv[1:] or list(PICTURES)
    unknown = set(names) - set(PICTURES)
    if unknown:
        sys.exit(f"No picture is named {', '.join(sorted(unknown))}. There are: {', '.join(PICTURES)}.")
    application = start()
    for name in names:
        path = take(PICTURES[name], FOLDER / f"{name}.png")
        print(path.relative_to(ROOT))
    application.quit()


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


def take(drive, path: Path) -> Path:
    """One picture: panel on the left, slice view on the right."""
    from PySide6.QtGui import QColor, QImage, QPainter

    from opened import OpenedModule
    from standin import application

    application.clearScene()
    module = OpenedModule()
    drive(module)
    height = max(LEAST_HEIGHT, module.holder.layout().totalHeightForWidth(PANEL_WIDTH))  # the panel scrolls in Slicer
    module.holder.resize(PANEL_WIDTH, height)
    module.events()
    view = slice_view((VIEW_WIDTH, height))
    picture = QImage(PANEL_WIDTH + VIEW_WIDTH, height, QImage.Format_RGB888)
    picture.fill(QColor("white"))
    painter = QPainter(picture)
    painter.drawPixmap(0, 0, module.holder.grab())
    painter.drawImage(PANEL_WIDTH, 0, QImage(view.tobytes(), VIEW_WIDTH, height, 3 * VIEW_WIDTH, QImage.Format_RGB888))
    painter.end()
    module.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(str(path))
    return path


def slice_view(size: tuple[int, int]):
    """What the first slice view shows, (height, width, 3) uint8."""
    import slicer

    from standin.camera import sliceViewCamera

    camera = sliceViewCamera()
    shown = slicer.mrmlScene.GetSingletonNode("Red", "vtkMRMLSliceCompositeNode")
    camera.composite.SetBackgroundVolumeID(shown.GetBackgroundVolumeID())
    camera.composite.SetForegroundVolumeID(shown.GetForegroundVolumeID())
    camera.composite.SetForegroundOpacity(shown.GetForegroundOpacity())
    return camera.picture(size)


if __name__ == "__main__":
    main()
