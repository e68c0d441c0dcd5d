"""The image's own views: which result and which map lie over which image, and what was there before."""

from __future__ import annotations

import numpy as np
import pytest
import slicer

from opened import views
from radiomicnet.features.catalogue import CATALOGUE
from RadiomicNetSegmenterLib.scene import results


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
