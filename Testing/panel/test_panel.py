"""The panel as a whole: its sections, its files, and one real run from the image to what is shown."""

from __future__ import annotations

import re
from pathlib import Path

import qt

from opened import NARROW, views
from radiomicnet.features.catalogue import CATALOGUE
from radiomicnet.images import phantoms
from RadiomicNetSegmenterLib.scene import results
from RadiomicNetSegmenterLib.sections import SECTIONS

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "RadiomicNetSegmenter" / "RadiomicNetSegmenterLib"


def test_a_real_ultrasound_run_fills_scene_and_panel(module):
    image, _truth = phantoms.breast_ultrasound()
    volume = module.load(image.pixels, "Ultrasound")
    assert "512 × 400 pixels; grey; uncalibrated" in module.ui.imageLabel.text
    assert module.ui.modelLabel.text.startswith("Chosen: ")
    module.segment()
    nodes = results.findNodes(volume)
    assert nodes.segmentation.GetDescription() == module.ui.resultLabel.text
    assert "lesion" in module.ui.resultLabel.text.lower()
    assert nodes.table.GetNumberOfRows() == module.ui.featureTable.rowCount == len(CATALOGUE)
    assert "PyRadiomics" in module.ui.checkLabel.text
    shown = module.parameters.shownVolume
    assert shown is nodes.maps["stride-16"]
    assert {view.GetForegroundVolumeID() for view in views()} == {shown.GetID()}
    assert {view.GetBackgroundVolumeID() for view in views()} == {volume.GetID()}


def test_each_section_has_a_ui_file_and_each_ui_file_a_section(module):
    files = {path.stem for path in (ROOT / "RadiomicNetSegmenter" / "Resources" / "UI").iterdir()}
    assert [section.UI for section in module.panel.sections] == [cls.UI for cls in SECTIONS]
    assert files == {cls.UI for cls in SECTIONS}


def test_the_panel_fits_400_pixels_of_width(module, result, quick):
    quick(result)
    module.load(result.prediction.image.pixels)
    module.segment()
    assert [section.UI for section in module.panel.sections if section.widget.minimumSizeHint().width() > 360] == []
    module.holder.resize(NARROW, 900)
    module.events()
    assert module.holder.width == NARROW
    assert module.ui.featureTable.horizontalScrollBar().maximum() == 0
    assert module.ui.featureTable.columnWidth(1) >= 70  # "homogeneity" in one line


def test_no_two_sections_name_a_widget_alike(module):
    names = [name for section in module.panel.sections for name in vars(section.ui) if not name.startswith("qt_")]
    assert len(names) == len(set(names))


def test_every_widget_that_the_code_uses_is_in_the_ui_file(module):
    used = {name for path in LIBRARY.rglob("*.py") for name in re.findall(r"self\.ui\.(\w+)", path.read_text("utf-8"))}
    assert used <= vars(module.ui).keys()
    assert len(used) > 10


def test_the_ui_files_bind_each_a_widget_of_its_own_to_parameters_that_exist(module):
    named = [widget.property("SlicerParameterName") for section in module.panel.sections
             for widget in vars(section.ui).values()]
    from RadiomicNetSegmenterLib.parameters import RadiomicNetSegmenterParameterNode

    bound = list(filter(None, named))
    assert set(bound) <= set(RadiomicNetSegmenterParameterNode.__annotations__ or
                             RadiomicNetSegmenterParameterNode._types)
    assert len(bound) >= 4
    assert len(set(bound)) == len(bound)


def test_the_research_notice_is_always_visible(module):
    notice = module.holder.findChild(qt.QLabel, "noticeLabel")
    assert "For research use only. Not a medical device." in notice.text
    assert notice.isVisible()
