"""Take pictures of the panel beside what the views show: those of Slicer's catalogue anew, the others to be looked at.

The first lie in Resources/Screenshots; the others are not part of the repository, which the catalogue wants small.

    .venv/bin/python tools/screenshots.py [NAME ...]

A picture more is a function more in PICTURES: it gets the opened module and leaves it as it shall be shown.
"""

from __future__ import annotations

from panel_frames import ROOT, asked, correct, export, only, refresh, start, take
from panel_views import slice_view, views_of_clip, views_of_layout

CATALOGUE = ("panel", "features", "clip")
FOLDER, OTHERS = ROOT / "Resources" / "Screenshots", ROOT / "build" / "screenshots"
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
    module.ui.inputSelector.setCurrentNode(module.panel.logic.sample("RadiomicNetUltrasound"))
    module.segment()
    correct(module)
    only(module, "image", "segment", "lesions", "correct", "export")
    export(module)


def set_up(module) -> None:
    """What is said where PyTorch and PyRadiomics are missing."""
    from RadiomicNetSegmenterLib import dependencies

    real = dependencies._version
    dependencies._version = lambda name: None if name in ("torch", "pyradiomics") else real(name)
    try:
        module.load(breast(), "Breast phantom")
        refresh(module)
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


def clip(module) -> None:
    """A clip whose view moves over the polyp, after a run over all of its frames."""
    import numpy as np

    from clipScene import addClip

    scene, frames = polyp(), 16
    rows, columns = (side - 6 * frames for side in scene.shape[:2])
    browser, volume = addClip([scene[3 * k:3 * k + rows, 6 * k:6 * k + columns].copy() for k in range(frames)],
                              "Colonoscopy clip", np.diag([-1.0, -1.0, 1.0, 1.0]))
    volume.CreateDefaultDisplayNodes()
    module.ui.inputSelector.setCurrentNode(volume)
    module.ui.framesButton.click()
    module.wait(lambda: module.ui.framesButton.text != "Cancel", seconds=600)
    browser.SetSelectedItemNumber(5)
    only(module, "image", "segment", "clip")


PICTURES = {function.__name__: function for function in (
    panel, ultrasound, image, clicks, lesions, uncertainty, features, nothing, corrected, set_up, dark, layout,
    clip)}


VIEWS = {"layout": views_of_layout, "clip": views_of_clip}


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
    application = start()
    OTHERS.mkdir(parents=True, exist_ok=True)
    for name in asked(PICTURES):
        folder = FOLDER if name in CATALOGUE else OTHERS
        path = take(PICTURES[name], folder / f"{name}.png", VIEWS.get(name, slice_view))
        print(path.relative_to(ROOT))
    application.quit()


if __name__ == "__main__":
    main()
