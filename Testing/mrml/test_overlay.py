"""The map over the image: what the slice view really draws, and the view given back as it was."""

from __future__ import annotations

import numpy as np
import pytest
import slicer

from RadiomicNetSegmenterLib.scene import results
from RadiomicNetSegmenterLib.scene.overlay import Overlay


@pytest.fixture
def pixels(result):
    return result.prediction.image.pixels


@pytest.fixture
def views():
    return [slicer.mrmlScene.GetSingletonNode(name, "vtkMRMLSliceCompositeNode") for name in ("Red", "Green")]


def layers(view):
    return view.GetBackgroundVolumeID(), view.GetForegroundVolumeID(), view.GetForegroundOpacity()


def test_the_map_becomes_the_foreground_of_every_view(add_volume, pixels, result, views):
    volume = add_volume(pixels)
    nodes = results.showPrediction(result.prediction, volume)
    Overlay().show(volume, nodes.maps["probability"], 0.3)
    for view in views:
        assert layers(view) == (volume.GetID(), nodes.maps["probability"].GetID(), 0.3)


def test_the_views_are_given_back_as_they_were(add_volume, pixels, result, views):
    other, volume = add_volume(pixels, "Other"), add_volume(pixels)
    nodes = results.showPrediction(result.prediction, volume)
    views[0].SetBackgroundVolumeID(other.GetID())
    views[0].SetForegroundVolumeID(volume.GetID())
    views[0].SetForegroundOpacity(0.77)
    before = [layers(view) for view in views]
    overlay = Overlay()
    overlay.show(volume, nodes.maps["probability"], 0.3)
    overlay.show(volume, nodes.maps["uncertainty"], 0.6)
    overlay.show(volume, None, 0.6)
    overlay.restore()
    assert [layers(view) for view in views] == before


def test_a_view_that_the_user_changed_meanwhile_stays_so(add_volume, pixels, result, views):
    other, volume = add_volume(pixels, "Other"), add_volume(pixels)
    nodes = results.showPrediction(result.prediction, volume)
    overlay = Overlay()
    overlay.show(volume, nodes.maps["probability"], 0.3)
    views[0].SetBackgroundVolumeID(other.GetID())
    overlay.restore()
    assert views[0].GetBackgroundVolumeID() == other.GetID()


def test_a_view_that_the_user_changed_is_left_alone_until_it_is_claimed(add_volume, pixels, result, views):
    other, volume = add_volume(pixels, "Other"), add_volume(pixels)
    nodes = results.showPrediction(result.prediction, volume)
    overlay = Overlay()
    overlay.show(volume, nodes.maps["probability"], 0.3)
    views[0].SetForegroundVolumeID(other.GetID())
    overlay.show(volume, nodes.maps["uncertainty"], 0.6)
    assert [view.GetForegroundVolumeID() for view in views] == [other.GetID(), nodes.maps["uncertainty"].GetID()]
    overlay.claim()
    overlay.show(volume, nodes.maps["uncertainty"], 0.6)
    assert {view.GetForegroundVolumeID() for view in views} == {nodes.maps["uncertainty"].GetID()}
    overlay.restore()
    assert [view.GetForegroundVolumeID() for view in views] == [other.GetID(), None]


def test_an_opacity_set_in_a_view_stays_until_another_is_set_here(add_volume, pixels, result, views):
    volume = add_volume(pixels)
    nodes = results.showPrediction(result.prediction, volume)
    overlay = Overlay()
    overlay.show(volume, nodes.maps["probability"], 0.3)
    views[0].SetForegroundOpacity(0.9)
    overlay.show(volume, nodes.maps["uncertainty"], 0.3)
    assert [view.GetForegroundOpacity() for view in views] == [0.9, 0.3]
    overlay.show(volume, nodes.maps["uncertainty"], 0.5)
    assert [view.GetForegroundOpacity() for view in views] == [0.5, 0.5]


def test_a_volume_deleted_meanwhile_is_not_put_back(add_volume, pixels, result, views):
    other, volume = add_volume(pixels, "Other"), add_volume(pixels)
    nodes = results.showPrediction(result.prediction, volume)
    views[0].SetBackgroundVolumeID(other.GetID())
    overlay = Overlay()
    overlay.show(volume, nodes.maps["probability"], 0.3)
    slicer.mrmlScene.RemoveNode(other)
    overlay.restore()
    assert views[0].GetBackgroundVolumeID() is None


def test_an_rgba_image_is_shown_by_an_rgb_copy_that_goes_again(add_volume, pixels, result, views):
    volume = add_volume(np.dstack([pixels, pixels, pixels, np.full_like(pixels, 255)]))
    nodes = results.showPrediction(result.prediction, volume)
    count = slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLVectorVolumeNode")
    overlay = Overlay()
    for key in ("probability", "uncertainty"):
        overlay.show(volume, nodes.maps[key], 0.3)
    background = slicer.mrmlScene.GetNodeByID(views[0].GetBackgroundVolumeID())
    assert background is not volume
    assert background.GetImageData().GetNumberOfScalarComponents() == 3
    assert background.GetHideFromEditors()
    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLVectorVolumeNode") == count + 1
    overlay.restore()
    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLVectorVolumeNode") == count


def test_the_legend_belongs_to_the_map_that_is_shown(add_volume, pixels, result):
    volume = add_volume(pixels)
    nodes = results.showPrediction(result.prediction, volume)
    overlay = Overlay()
    overlay.show(volume, nodes.maps["probability"], 0.3, "Probability")
    overlay.show(volume, nodes.maps["uncertainty"], 0.3, "Uncertainty")
    overlay.show(volume, nodes.maps["uncertainty"], 0.4, "Uncertainty")
    legends = slicer.util.getNodesByClass("vtkMRMLColorLegendDisplayNode")
    assert sorted((legend.GetTitleText(), bool(legend.GetVisibility())) for legend in legends) == [
        ("Probability", False), ("Uncertainty", True)]
    overlay.restore()
    assert not any(legend.GetVisibility() for legend in legends)


@pytest.mark.parametrize("components", [1, 3, 4])
def test_the_view_draws_image_attention_and_outline(add_volume, pixels, result, slice_view, components):
    stacked = np.dstack([pixels] * 3 + [np.full_like(pixels, 255)])[..., :components]
    volume = add_volume(pixels if components == 1 else stacked)
    nodes = results.showPrediction(result.prediction, volume)
    nodes.segmentation.SetDisplayVisibility(False)
    overlay = Overlay()
    overlay.show(volume, None, 0.5)
    plain = slice_view.picture()
    assert np.abs(plain[..., 0].astype(int) - plain[..., 1]).max() <= 2  # a grey picture, not a black one
    assert plain.mean() > 40

    overlay.show(volume, nodes.maps["probability"], 0.5)
    blended = slice_view.picture()
    # Probability is 0.9 in the lesions and 0.01 elsewhere: yellow there, the image as it was here.
    assert 0.02 < (difference(blended, plain) > 30).mean() < 0.15
    assert (difference(blended, plain) <= 2).mean() > 0.8
    assert (blended[..., 1].astype(int) - blended[..., 2]).max() > 60

    nodes.segmentation.SetDisplayVisibility(True)
    outlined = slice_view.picture()
    changed = difference(outlined, blended) > 30
    assert 0 < changed.mean() < 0.05  # an outline, not an area


def difference(first, second):
    return np.abs(first.astype(int) - second.astype(int)).max(axis=2)


def test_the_picture_is_upright_and_the_outline_lies_on_the_lesion(add_volume, result, slice_view):
    """A bright square at the top left of the array is drawn there, and outlined there."""
    labels = result.prediction.labels
    pixels = np.where(labels == 1, 255, 40).astype(np.uint8)
    volume = add_volume(pixels)
    results.showPrediction(result.prediction, volume)
    Overlay().show(volume, None, 0)
    picture = slice_view.picture()
    color = np.round(np.array(result.prediction.card.target.color) * 255)
    rows, columns = np.nonzero(np.abs(picture.astype(float) - color).max(axis=2) < 30)
    scale = min(picture.shape[0] / labels.shape[0], picture.shape[1] / labels.shape[1])
    top = (picture.shape[0] - scale * labels.shape[0]) / 2
    left = (picture.shape[1] - scale * labels.shape[1]) / 2
    truth = np.nonzero(labels)
    assert (rows.min() - top) / scale == pytest.approx(truth[0].min(), abs=4)
    assert (rows.max() - top) / scale == pytest.approx(truth[0].max(), abs=4)
    assert (columns.min() - left) / scale == pytest.approx(truth[1].min(), abs=4)
    assert (columns.max() - left) / scale == pytest.approx(truth[1].max(), abs=4)
