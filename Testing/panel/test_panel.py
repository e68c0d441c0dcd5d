"""The panel as a user has it: choose, click, look, export."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import qt
import slicer

from drawing import with_lesions
from opened import NARROW
from radiomicnet.features.catalogue import CATALOGUE
from radiomicnet.images import phantoms
from radiomicnet.results.result import Verification
from RadiomicNetSegmenterLib.scene import results
from RadiomicNetSegmenterLib.sections import SECTIONS, featureRows

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "RadiomicNetSegmenter" / "RadiomicNetSegmenterLib"


def cell(table, row, column):
    return table.item(row, column).text()


def views():
    """Those of the image; the module's layout and other tests bring views of their own."""
    return [slicer.mrmlScene.GetSingletonNode(name, "vtkMRMLSliceCompositeNode") for name in ("Red", "Green")]


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


def test_the_ui_file_binds_to_parameters_that_exist(module):
    bound = [widget.property("SlicerParameterName") for widget in vars(module.ui).values()]
    from RadiomicNetSegmenterLib.parameters import RadiomicNetSegmenterParameterNode

    assert set(filter(None, bound)) <= set(RadiomicNetSegmenterParameterNode.__annotations__ or
                                           RadiomicNetSegmenterParameterNode._types)
    assert len(set(filter(None, bound))) >= 4


def test_the_research_notice_is_always_visible(module):
    notice = module.holder.findChild(qt.QLabel, "noticeLabel")
    assert "For research use only. Not a medical device." in notice.text
    assert notice.isVisible()


def test_without_an_image_the_button_says_why_it_is_disabled(module):
    assert not module.ui.segmentButton.enabled
    assert "No image is chosen" in module.ui.segmentButton.toolTip
    assert not module.ui.exportButton.enabled
    assert "Segment an image first" in module.ui.exportButton.toolTip


def test_a_stack_is_refused_in_the_panel(module):
    volume = slicer.util.addVolumeFromArray(np.random.default_rng(0).integers(0, 255, (5, 32, 32), np.uint8), name="CT")
    module.ui.inputSelector.setCurrentNode(volume)
    assert "CT holds 5 slices" in module.ui.imageLabel.text
    assert not module.ui.segmentButton.enabled
    assert "CT holds 5 slices" in module.ui.segmentButton.toolTip


def test_the_selector_lists_images_only(module, result, quick):
    quick(result)
    pixels = result.prediction.image.pixels
    module.load(np.dstack([pixels] * 3), "Colour")
    slicer.util.addVolumeFromArray(pixels[None], name="Labels", nodeClassName="vtkMRMLLabelMapVolumeNode")
    module.load(pixels, "Grey")
    module.segment()
    assert module.ui.inputSelector.listed() == ["Choose an image", "Colour", "Grey"]


def test_unsure_of_the_modality_it_says_so_and_asks(module, result, quick, monkeypatch):
    quick(result)
    rng = np.random.default_rng(0)
    half = np.repeat(rng.integers(40, 255, (64, 64, 1), np.uint8), 3, axis=2)
    half[:, :32, 2] = 0
    module.load(half, "Half coloured")
    assert not module.ui.segmentButton.enabled
    assert "Choose one" in module.ui.modelLabel.text
    module.ui.modelComboBox.setCurrentIndex(module.ui.modelComboBox.findData("polyp-endoscopy"))
    assert module.parameters.modelName == "polyp-endoscopy"
    assert module.ui.segmentButton.enabled


def test_a_calibrated_image_is_described_and_measured_in_millimetres(module, result, quick):
    module.load(result.prediction.image.pixels, "Calibrated", spacing=0.25)
    assert "0.25 × 0.25 mm per pixel" in module.ui.imageLabel.text


def test_the_outline_appears_before_the_ranking(module, result, monkeypatch):
    import threading

    from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic

    go_on = threading.Event()

    def compute(self, image, modelName="auto", threshold=None, progress=None, onPrediction=None, prompts=None):
        onPrediction(result.prediction)
        progress("contributions", 0.2)
        assert go_on.wait(60)
        return result

    monkeypatch.setattr(RadiomicNetSegmenterLogic, "compute", compute)
    volume = module.load(result.prediction.image.pixels)
    module.ui.segmentButton.click()
    module.wait(lambda: results.findNodes(volume).segmentation is not None and module.ui.progressBar.value == 20)
    assert module.ui.segmentButton.text == "Cancel"
    assert module.ui.progressBar.isVisible()
    assert module.ui.progressBar.format == "Contributions … %p %"
    assert results.findNodes(volume).table is None
    assert "follow" in module.ui.checkLabel.text
    go_on.set()
    module.wait()
    assert results.findNodes(volume).table.GetNumberOfRows() == len(CATALOGUE)
    assert not module.ui.progressBar.isVisible()


def test_no_lesion_is_a_result_too(module, result, quick):
    quick(with_lesions(result, 0))
    module.load(result.prediction.image.pixels)
    module.segment()
    assert module.ui.resultLabel.text == "No lesion found; this does not exclude one."
    assert module.ui.featureTable.rowCount == len(CATALOGUE)
    assert module.ui.exportButton.enabled and module.ui.correctButton.enabled


def test_the_table_shows_rank_contribution_and_both_values(module, result, quick):
    quick(result)
    module.load(result.prediction.image.pixels)
    module.segment()
    table = module.ui.featureTable
    assert [table.horizontalHeaderItem(i).text() for i in range(table.columnCount)] == [
        "#", "Feature", "Share", "Network", "Segment", "PyRad."]
    first = result.contributions.items[0]
    assert (cell(table, 0, 0), cell(table, 0, 1)) == ("1", featureRows.SHORT[first.key])
    assert cell(table, 0, 2).startswith("+" if first.contribution >= 0 else "−")
    assert f"{first.share:.0f} %" in cell(table, 0, 2)
    if result.verification.made:
        assert [cell(table, row, 5) for row in range(table.rowCount)] == ["✓ agrees"] * len(CATALOGUE)
    formula = next(feature.formula for feature in CATALOGUE if feature.key == first.key)
    assert formula.replace("<", "&lt;").split("(")[0] in table.item(0, 1).toolTip()


def test_without_pyradiomics_the_panel_says_how_to_make_the_check(module, result, quick):
    reason = "PyRadiomics is not installed. Install it to make the check."
    quick(replace(result, verification=Verification(False, reason=reason)))
    module.load(result.prediction.image.pixels)
    module.segment()
    assert reason in module.ui.checkLabel.text
    assert {cell(module.ui.featureTable, row, 5) for row in range(len(CATALOGUE))} == {"– not checked"}


def test_level_and_opacity_follow_the_user_and_survive_a_second_run(module, result, quick):
    quick(result)
    volume = module.load(result.prediction.image.pixels)
    module.segment()
    module.ui.mapComboBox.setCurrentIndex(module.ui.mapComboBox.findData("uncertainty"))
    module.ui.opacitySlider.value = 0.8
    uncertainty = results.findNodes(volume).maps["uncertainty"].GetID()
    for _again in range(2):
        assert {(view.GetForegroundVolumeID(), view.GetForegroundOpacity()) for view in views()} == {(uncertainty, 0.8)}
        module.segment()
    module.ui.mapComboBox.setCurrentIndex(module.ui.mapComboBox.findData(""))
    assert {view.GetForegroundVolumeID() for view in views()} == {None}


def test_leaving_gives_the_views_back_and_entering_shows_the_result_again(module, result, quick):
    quick(result)
    other = slicer.util.addVolumeFromArray(result.prediction.image.pixels[None], name="Other")
    for view in views():
        view.SetBackgroundVolumeID(other.GetID())
    volume = module.load(result.prediction.image.pixels)
    module.segment()
    module.holder.exit()
    assert {(view.GetBackgroundVolumeID(), view.GetForegroundVolumeID()) for view in views()} == {(other.GetID(), None)}
    module.holder.enter()
    assert {view.GetBackgroundVolumeID() for view in views()} == {volume.GetID()}
    assert module.ui.featureTable.rowCount == len(CATALOGUE)


@pytest.mark.parametrize("leave", ["exit", "cleanup"])
def test_leaving_an_rgba_image_gives_the_views_back_and_takes_the_copy_along(module, result, quick, leave):
    quick(result)
    other = slicer.util.addVolumeFromArray(result.prediction.image.pixels[None], name="Other")
    for view in views():
        view.SetBackgroundVolumeID(other.GetID())
    pixels = result.prediction.image.pixels
    module.load(np.dstack([pixels] * 3 + [np.full_like(pixels, 255)]), "RGBA")
    module.segment()
    getattr(module.holder if leave == "exit" else module.panel, leave)()
    assert {(view.GetBackgroundVolumeID(), view.GetForegroundVolumeID()) for view in views()} == {(other.GetID(), None)}
    assert [node.GetName() for node in slicer.util.getNodesByClass("vtkMRMLVectorVolumeNode")] == ["RGBA"]


def test_in_a_new_scene_the_first_result_is_brought_into_view(module, result, quick, monkeypatch):
    quick(result)
    fits = []
    monkeypatch.setattr(slicer.util, "setSliceViewerLayers", lambda fit: fits.append(fit))
    for count in (1, 2):  # the image gets the same ID both times
        module.load(result.prediction.image.pixels)
        module.segment()
        assert len(fits) == count
        slicer.mrmlScene.Clear(0)


def test_an_image_whose_file_is_gone_is_no_error(module, result, quick):
    quick(result)
    volume = module.load(result.prediction.image.pixels)
    module.segment()
    volume.SetAndObserveImageData(None)
    assert "holds no pixels" in module.ui.imageLabel.text
    assert not module.ui.segmentButton.enabled


def test_another_image_shows_its_own_result(module, result, quick):
    quick(result)
    first = module.load(result.prediction.image.pixels, "First")
    module.segment()
    module.load(result.prediction.image.pixels, "Second")
    assert module.ui.resultLabel.text == "Nothing segmented yet."
    assert not module.ui.exportButton.enabled
    module.ui.inputSelector.setCurrentNode(first)
    assert module.ui.featureTable.rowCount == len(CATALOGUE)


def test_the_outline_of_another_image_is_not_drawn_on_this_one(module, result, quick):
    quick(result)
    nodes = []
    for name in ("First", "Second"):
        nodes.append(module.load(result.prediction.image.pixels, name))
        module.segment()
    shown = [results.findNodes(node).segmentation.GetDisplayVisibility() for node in nodes]
    assert shown == [0, 1]
    module.ui.inputSelector.setCurrentNode(nodes[0])
    shown = [results.findNodes(node).segmentation.GetDisplayVisibility() for node in nodes]
    assert shown == [1, 0]


@pytest.fixture
def sequence(module, result):
    """A sequence of two frames; the browser, and the volume that shows its current frame."""
    logic = slicer.vtkSlicerSequencesLogic()
    logic.SetMRMLScene(slicer.mrmlScene)
    frames = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSequenceNode", "Frames")
    pixels = result.prediction.image.pixels
    for index, frame in enumerate((pixels, pixels[:, ::-1].copy())):
        node = slicer.util.addVolumeFromArray(frame[None], np.diag([-1.0, -1.0, 1.0, 1.0]), "Frame")
        frames.SetDataNodeAtValue(node, str(index))
        slicer.mrmlScene.RemoveNode(node)
    browser = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSequenceBrowserNode", "Browser")
    browser.AddSynchronizedSequenceNode(frames)
    logic.UpdateProxyNodesFromSequences(browser)
    volume = browser.GetProxyNode(frames)
    module.ui.inputSelector.setCurrentNode(volume)
    yield browser, volume
    logic.SetMRMLScene(None)


def test_what_belongs_to_one_frame_is_hidden_on_another_and_shown_on_return(module, sequence, result, quick):
    quick(result)
    browser, volume = sequence
    module.segment()
    nodes = results.findNodes(volume)

    def shown():
        return (nodes.segmentation.GetDisplayVisibility(), {view.GetForegroundVolumeID() for view in views()},
                module.ui.featureTable.isVisible(), module.ui.exportButton.enabled)

    attention = nodes.maps["stride-16"].GetID()
    assert shown() == (1, {attention}, True, True)
    browser.SetSelectedItemNumber(1)
    module.events()
    assert shown() == (0, {None}, False, False)
    assert {view.GetBackgroundVolumeID() for view in views()} == {volume.GetID()}
    assert "another frame" in module.ui.resultLabel.text
    assert module.parameters.segmentation is None
    browser.SetSelectedItemNumber(0)
    module.events()
    assert shown() == (1, {attention}, True, True)
    browser.SetSelectedItemNumber(1)
    module.segment()
    assert shown() == (1, {attention}, True, True)


def test_layers_that_the_user_changed_stay_until_the_next_run(module, result, quick):
    quick(result)
    volume = module.load(result.prediction.image.pixels)
    module.segment()
    attention = results.findNodes(volume).maps["stride-16"].GetID()
    other = slicer.util.addVolumeFromArray(result.prediction.image.pixels[None], name="Other")
    red, green = views()
    red.SetBackgroundVolumeID(other.GetID())
    red.SetForegroundVolumeID(None)
    module.ui.opacitySlider.value = 0.7
    module.ui.modelComboBox.setCurrentIndex(module.ui.modelComboBox.findData("breast-ultrasound"))
    assert (red.GetBackgroundVolumeID(), red.GetForegroundVolumeID()) == (other.GetID(), None)
    assert (green.GetForegroundVolumeID(), green.GetForegroundOpacity()) == (attention, 0.7)
    module.segment()
    assert (red.GetBackgroundVolumeID(), red.GetForegroundVolumeID()) == (volume.GetID(), attention)
    module.holder.exit()
    assert red.GetBackgroundVolumeID() == other.GetID()


def test_the_threshold_is_the_models_own_unless_the_user_sets_it(module, result, monkeypatch):
    from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic

    asked = []

    def compute(self, image, modelName="auto", threshold=None, progress=None, onPrediction=None, prompts=None):
        asked.append(threshold)
        onPrediction(result.prediction)
        return result

    monkeypatch.setattr(RadiomicNetSegmenterLogic, "compute", compute)
    module.load(result.prediction.image.pixels)
    assert not module.ui.thresholdSlider.enabled
    module.segment()
    module.ui.modelThresholdCheckBox.checked = False
    module.ui.thresholdSlider.value = 0.25
    module.segment()
    assert asked == [None, 0.25]


def test_a_threshold_outside_of_0_to_1_is_refused(module):
    with pytest.raises(ValueError, match="within"):
        module.parameters.threshold = 1.5


def test_reload_and_test_passes_on_the_shipped_models(module):
    import RadiomicNetSegmenter

    case = RadiomicNetSegmenter.RadiomicNetSegmenterTest()
    case.runTest()


def test_the_module_tells_what_it_is(module):
    import RadiomicNetSegmenter

    parent = type("Parent", (), {})()
    RadiomicNetSegmenter.RadiomicNetSegmenter(parent)
    assert parent.categories == ["Segmentation"]
    assert parent.dependencies == []
    assert "research use" in parent.helpText
    assert parent.contributors and parent.acknowledgementText


def test_reload_and_test_without_torch_says_so_and_tests_nothing(module, monkeypatch):
    import RadiomicNetSegmenter
    from RadiomicNetSegmenterLib import dependencies

    said = []
    monkeypatch.setattr(dependencies, "missing", lambda _path: ["torch>=2.2"])
    monkeypatch.setattr(slicer.util, "infoDisplay", said.append)
    case = RadiomicNetSegmenter.RadiomicNetSegmenterTest()
    case.runTest()
    assert "Nothing was tested: torch>=2.2 is not installed" in said[0]
    assert not slicer.util.getNodesByClass("vtkMRMLSegmentationNode")


def test_slicers_test_runner_skips_with_a_reason_where_torch_is_missing(module, monkeypatch):
    import unittest

    import RadiomicNetSegmenter
    from RadiomicNetSegmenterLib import dependencies

    monkeypatch.setattr(dependencies, "missing", lambda _path: ["torch>=2.2"])
    with pytest.raises(unittest.SkipTest, match=r"torch>=2\.2"):
        RadiomicNetSegmenter.RadiomicNetSegmenterTest().setUp()
