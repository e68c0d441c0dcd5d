"""Which image and which model: what the panel understood, why it chose, and the model's card."""

from __future__ import annotations

import numpy as np
import pytest
import qt
import slicer

from opened import save
from radiomicnet.images import phantoms
from radiomicnet.models import store as models
from RadiomicNetSegmenterLib.scene import results

GREY = np.random.default_rng(0).integers(0, 255, (40, 60), np.uint8)


def load(pixels, name="Loaded"):
    """Load an image without choosing it."""
    className = "vtkMRMLVectorVolumeNode" if pixels.ndim == 3 else "vtkMRMLScalarVolumeNode"
    return slicer.util.addVolumeFromArray(pixels[None], np.diag([-1.0, -1.0, 1.0, 1.0]), name, className)


def test_what_the_weights_may_be_used_for_stands_there_before_the_first_run(module):
    module.load(GREY)
    for name, model in (("auto", "breast-ultrasound"), ("polyp-endoscopy", "polyp-endoscopy")):
        module.parameters.modelName = name
        module.events()
        assert models.load(model).card.license in module.ui.modelLabel.text


def test_the_first_image_that_is_loaded_is_chosen_and_the_second_is_not(module):
    first = load(GREY)
    module.events()
    assert module.parameters.inputVolume is first
    load(GREY, "Second")
    module.events()
    assert module.parameters.inputVolume is first


def test_an_image_that_was_there_before_the_module_is_chosen_on_entering(module):
    module.holder.exit()
    volume = load(GREY)
    module.events()
    module.holder.enter()
    assert module.parameters.inputVolume is volume
    assert "60 × 40 pixels; grey" in module.ui.imageLabel.text


@pytest.mark.parametrize("channels", [3, 4])
def test_a_colour_image_is_chosen_by_its_colours_and_not_by_its_channels(module, channels):
    grey = np.dstack([GREY] * 3 + [np.full_like(GREY, 255)] * (channels - 3))
    module.load(grey)
    assert "color" in module.ui.imageLabel.text
    assert module.ui.modelLabel.text.startswith("Chosen: Breast lesion in ultrasound, because the image is grey.\n")
    module.load(phantoms.polyp_endoscopy()[0].pixels, "Polyp")
    assert "Polyp" in module.ui.modelLabel.text


def test_the_frame_of_a_sequence_is_named(module, monkeypatch):
    logic = slicer.vtkSlicerSequencesLogic()
    logic.SetMRMLScene(slicer.mrmlScene)
    monkeypatch.setattr(slicer.modules, "sequences", type("Module", (), {"logic": lambda self: logic})(), raising=False)
    frames = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSequenceNode", "Frames")
    for index in range(3):
        node = load(np.roll(GREY, index), "Frame")
        frames.SetDataNodeAtValue(node, str(index))
        slicer.mrmlScene.RemoveNode(node)
    browser = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSequenceBrowserNode", "Browser")
    browser.AddSynchronizedSequenceNode(frames)
    browser.SetSelectedItemNumber(0)
    logic.UpdateProxyNodesFromSequences(browser)
    module.ui.inputSelector.setCurrentNode(browser.GetProxyNode(frames))
    assert module.ui.imageLabel.text.endswith("frame 1 of 3")
    browser.SetSelectedItemNumber(2)
    logic.UpdateProxyNodesFromSequences(browser)
    module.events()
    assert module.ui.imageLabel.text.endswith("frame 3 of 3")
    logic.SetMRMLScene(None)


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


def test_an_image_with_the_id_that_a_map_of_an_earlier_scene_had_stands_in_the_selector(module, result, quick,
                                                                                        tmp_path):
    quick(result)
    pixels = result.prediction.image.pixels
    grey = module.load(pixels, "Grey").GetID()
    module.segment()
    save(tmp_path / "grey.mrb")
    slicer.mrmlScene.Clear(0)
    module.load(np.dstack([pixels] * 3), "Colour")
    module.segment()
    assert grey in results.mapNodeIDs()
    module.holder.exit()
    slicer.mrmlScene.Clear(0)
    assert slicer.mrmlScene.ReadFromMRB(str(tmp_path / "grey.mrb"))
    module.holder.enter()
    assert module.parameters.inputVolume.GetID() == grey
    assert module.ui.inputSelector.currentNode() is module.parameters.inputVolume


def test_unsure_of_the_modality_it_says_so_and_asks(module, result, quick):
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


def test_an_image_whose_file_is_gone_is_no_error(module, result, quick):
    quick(result)
    volume = module.load(result.prediction.image.pixels)
    module.segment()
    volume.SetAndObserveImageData(None)
    assert "holds no pixels" in module.ui.imageLabel.text
    assert not module.ui.segmentButton.enabled


def test_the_card_tells_how_good_the_model_is_on_what_and_with_which_limits(module):
    assert not module.ui.cardButton.enabled
    assert "Choose a model" in module.ui.cardButton.toolTip
    module.load(GREY)
    for _again in range(2):  # one window, however often it is asked for
        module.ui.cardButton.click()
        module.events()
    dialogs = [dialog for dialog in module.holder.findChildren(qt.QDialog) if dialog.isVisible()]
    assert len(dialogs) == 1
    text = dialogs[0].findChild(qt.QTextBrowser, "modelCardBrowser").toPlainText()
    card = next(card for card in module.panel.logic.models() if card.name == "breast-ultrasound")
    dice = card.metrics["dice"]
    assert f"{dice['mean']:.3f}" in text
    assert f"{dice['ci95'][0]:.3f} – {dice['ci95'][1]:.3f}" in text
    assert str(dice["n"]) in text
    for part in (card.license, card.limits[0], card.training_data[0]["name"], card.intended_use):
        assert part in text
    dialogs[0].close()
