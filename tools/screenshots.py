"""Take the pictures in Resources/Screenshots anew: the panel, driven as a user does, beside what the views show.

    .venv/bin/python tools/screenshots.py [NAME ...]

The panel is real Qt without a screen, the slice views are real ones, the images are generated; see
Testing/panel/standin for what is stood in for. The plot is VTK's chart, which Slicer's plot view is made of, and the
table a Qt table, both filled from the nodes that the module's layout shows.

A picture more is a function more in PICTURES: it gets the opened module and leaves it as it shall be shown.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "2")
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "RadiomicNetSegmenter"), str(ROOT / "Testing" / "panel"), str(ROOT / "tools")]
FOLDER = ROOT / "Resources" / "Screenshots"
PANEL_WIDTH, VIEW_WIDTH, VIEW_HEIGHT, TALLEST_VIEW = 400, 900, 820, 1050
MILLIMETRES = 0.08  # of a pixel of the ultrasound phantom, as a scanner writes it


def panel(module) -> None:
    """The polyp scene after one click."""
    module.load(polyp(), "Polyp scene")
    module.segment()
    only(module, "image", "segment", "trust", "lesions", "why")


def ultrasound(module) -> None:
    """The speckle phantom after one click, with its size in millimetres."""
    module.load(breast(), "Breast phantom", MILLIMETRES)
    module.segment()
    only(module, "image", "segment", "trust", "lesions", "why")


def image(module) -> None:
    """Chosen, and what was understood of it; nothing was segmented yet."""
    module.load(polyp(), "Polyp scene")


def clicks(module) -> None:
    """A click on the polyp."""
    from RadiomicNetSegmenterLib.scene import prompts

    volume = module.load(polyp(), "Polyp scene")
    module.segment()
    column, row = found(module)
    module.ui.clickButton.click()
    prompts.find(prompts.CLICKS, volume).AddControlPoint(-column, -row, 0.0)
    module.wait(lambda: module.ui.segmentButton.text == "Cancel")
    module.wait()
    only(module, "segment", "clicks", "lesions")


def lesions(module) -> None:
    """Two lesions, one of them brought out with its diameters, and the range of the area."""
    import numpy as np

    module.load(np.hstack([breast(), breast()[:, ::-1]]), "Two phantoms", MILLIMETRES)
    module.segment()
    module.parameters.shownMap = ""
    module.ui.areaRangeCheckBox.click()
    module.ui.lesionTable.selectRow(0)
    only(module, "segment", "trust", "lesions")


def uncertainty(module) -> None:
    """Another map than attention, chosen from the list."""
    module.load(polyp(), "Polyp scene")
    module.segment()
    module.parameters.shownMap = "uncertainty"
    module.parameters.overlayOpacity = 0.8
    only(module, "why")


def features(module) -> None:
    """A feature selected, and where it mattered."""
    module.load(polyp(), "Polyp scene")
    module.segment()
    module.ui.featureTable.selectRow(1)
    module.ui.whereButton.click()
    only(module, "features")


def nothing(module) -> None:
    """An image without a lesion: an answer, with attention and contributions."""
    module.load(polyp()[300:], "Below the polyp")
    module.segment()
    only(module, "segment", "trust", "lesions", "why")


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
    only(module, "image", "segment", "lesions", "correct", "export")
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        qt.QFileDialog.getExistingDirectory = staticmethod(lambda *_: folder)
        module.holder.exit()
        module.holder.enter()
        module.ui.exportButton.click()


def set_up(module) -> None:
    """What is said where PyTorch and PyRadiomics are missing."""
    from RadiomicNetSegmenterLib import dependencies

    real = dependencies._version
    dependencies._version = lambda name: None if name in ("torch", "pyradiomics") else real(name)
    try:
        module.load(breast(), "Breast phantom")
        module.holder.exit()
        module.holder.enter()
    finally:
        dependencies._version = real
    only(module, "image", "segment", "setUp")


def dark(module) -> None:
    """In a dark theme."""
    from PySide6.QtWidgets import QApplication

    QApplication.instance().setPalette(dark_palette())
    module.load(polyp(), "Polyp scene")
    module.segment()
    only(module, "segment", "trust", "lesions", "features")


def layout(module) -> None:
    """Image, attention, ranked bar plot and table side by side."""
    module.load(polyp(), "Polyp scene")
    module.segment()
    only(module, "image", "segment", "lesions", "why")


PICTURES = {function.__name__: function for function in (
    panel, ultrasound, image, clicks, lesions, uncertainty, features, nothing, corrected, set_up, dark, layout)}


def polyp():
    """(H, W, 3) uint8."""
    from radiomicnet.images import phantoms

    return phantoms.polyp_endoscopy()[0].pixels


def breast():
    """(H, W) uint8."""
    from radiomicnet.images import phantoms

    return phantoms.breast_ultrasound()[0].pixels


def found(module) -> tuple[int, int]:
    """Column and row in the middle of what was outlined."""
    import numpy as np
    import slicer

    rows, columns = np.nonzero(slicer.util.arrayFromVolume(module.parameters.probabilityVolume)[0] > 0.5)
    return int(columns.mean()), int(rows.mean())


def only(module, *names: str) -> None:
    """Close all sections but these; a section that is not in sight stays so."""
    for name, widget in vars(module.ui).items():
        if name.endswith("CollapsibleButton"):
            widget.collapsed = name.removesuffix("CollapsibleButton") not in names
    module.events()


def dark_palette():
    """As Slicer's dark style."""
    from PySide6.QtGui import QColor, QPalette

    palette = QPalette()
    for role, color in ((QPalette.Window, "#353535"), (QPalette.WindowText, "#f0f0f0"), (QPalette.Base, "#232323"),
                        (QPalette.AlternateBase, "#2d2d2d"), (QPalette.Text, "#f0f0f0"), (QPalette.Button, "#353535"),
                        (QPalette.ButtonText, "#f0f0f0"), (QPalette.Highlight, "#2a6cb0"),
                        (QPalette.HighlightedText, "#ffffff"), (QPalette.ToolTipBase, "#353535"),
                        (QPalette.ToolTipText, "#f0f0f0"), (QPalette.Link, "#6cb0ff")):
        palette.setColor(role, QColor(color))
    for role in (QPalette.WindowText, QPalette.Text, QPalette.ButtonText):
        palette.setColor(QPalette.Disabled, role, QColor("#808080"))
    return palette


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
    """One picture: panel on the left, views on the right."""
    from PySide6.QtGui import QColor, QImage, QPainter
    from PySide6.QtWidgets import QApplication
    from screenshot_views import slice_view, views_of_layout

    from opened import OpenedModule
    from standin import application

    application.clearScene()
    light = QApplication.palette()
    module = OpenedModule()
    drive(module)
    height = max(VIEW_HEIGHT, module.holder.layout().totalHeightForWidth(PANEL_WIDTH))  # the panel scrolls in Slicer
    module.holder.resize(PANEL_WIDTH, height)
    module.events()
    view = (views_of_layout if drive is layout else slice_view)(
        VIEW_WIDTH, height if height < TALLEST_VIEW else VIEW_HEIGHT)
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


if __name__ == "__main__":
    main()
