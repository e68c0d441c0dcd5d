"""Where a feature mattered, as a map on a scale that is the same to either side of 0."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import slicer

from radiomicnet.features.catalogue import KEYS
from radiomicnet.images.grid import content_shape
from RadiomicNetSegmenterLib.scene import localMap, maps, results, table
from RadiomicNetSegmenterLib.scene.overlay import Overlay


@pytest.fixture
def everywhere(result):
    """(13, a, a) contributions; tile (row, column) of feature k is k + row / 100 - column / 1000."""
    row, column = np.indices([result.prediction.card.input_size // 16] * 2)
    made = np.arange(13)[:, None, None] + row / 100 - column / 1000
    made[3] = -20.0  # the largest of all, below 0
    return made.astype(np.float32)


@pytest.fixture
def shown(result, everywhere, add_volume):
    """Image and result nodes of a model that takes the features of tiles."""
    volume = add_volume(result.prediction.image.pixels)
    local = replace(result, contributions=replace(result.contributions, maps=everywhere))
    results.showPrediction(local.prediction, volume)
    return volume, results.showResult(local, volume)


def test_every_pixel_has_the_value_of_its_tile(shown, everywhere, result):
    volume, nodes = shown
    values = slicer.util.arrayFromVolume(localMap.show(nodes, KEYS[5], volume))[0]
    rows, columns = result.prediction.image.shape
    onGrid = content_shape((rows, columns), result.prediction.card.input_size)
    for row, column in ((0, 0), (rows - 1, columns - 1), (rows // 3, columns // 2), (100, 57)):
        tile = int((row + 0.5) * onGrid[0] / rows) // 16, int((column + 0.5) * onGrid[1] / columns) // 16
        assert values[row, column] == everywhere[(5, *tile)]


def test_the_scale_is_symmetric_and_the_same_for_every_feature(shown):
    volume, nodes = shown
    for key in KEYS[:3]:
        nodes.maps[maps.LOCAL] = node = localMap.show(nodes, key, volume)
        display = node.GetDisplayNode()
        assert (display.GetWindowLevelMin(), display.GetWindowLevelMax()) == (-20, 20)
    assert localMap.limit(nodes) == "20"
    assert slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode").count(node) == 1
    assert len([each for each in nodes.maps if each == maps.LOCAL]) == 1


def test_zero_is_clear_and_the_ends_are_blue_and_orange(shown):
    volume, nodes = shown
    colors = localMap.show(nodes, KEYS[0], volume).GetDisplayNode().GetColorNode()
    found = []
    for index in range(colors.GetNumberOfColors()):
        color = [0.0] * 4
        colors.GetColor(index, color)
        found.append(color)
    middle = len(found) // 2
    assert found[middle][3] == 0
    assert found[0][3] == found[-1][3] == 1
    assert found[0][2] > found[0][0] and found[-1][0] > found[-1][2]
    clear = [place for place, color in enumerate(found) if color[3] == 0]
    assert clear == list(range(clear[0], clear[-1] + 1))
    assert clear[0] + clear[-1] == len(found) - 1  # as much to either side


def test_a_saved_result_knows_it_still(shown):
    volume, _nodes = shown
    again = results.findNodes(volume)
    assert localMap.available(again)
    assert localMap.featureShown(again, "") == table.KEY_BY_LABEL[table.columns(again.table)[table.FEATURE][0]]
    assert localMap.show(again, KEYS[2], volume).GetAttribute(maps.FEATURE) == KEYS[2]


def test_a_model_of_whole_scans_has_no_such_map(result, add_volume):
    volume = add_volume(result.prediction.image.pixels)
    plain = replace(result, contributions=replace(result.contributions, maps=None))
    results.showPrediction(plain.prediction, volume)
    assert not localMap.available(results.showResult(plain, volume))


def test_a_new_run_takes_the_map_of_the_old_one_away(shown, result):
    volume, nodes = shown
    localMap.show(nodes, KEYS[0], volume)
    results.showPrediction(result.prediction, volume)
    assert maps.LOCAL not in results.findNodes(volume).maps


def test_the_view_draws_orange_where_it_raised_and_blue_where_it_lowered(result, everywhere, add_volume, slice_view):
    volume = add_volume(np.full_like(result.prediction.image.pixels, 128))
    made = np.zeros_like(everywhere)
    middle = made.shape[2] // 2
    made[0, :, :middle], made[0, :, middle:] = -1, 1
    local = replace(result, contributions=replace(result.contributions, maps=made))
    results.showPrediction(local.prediction, volume).segmentation.SetDisplayVisibility(False)
    nodes = results.showResult(local, volume)
    Overlay().show(volume, localMap.show(nodes, KEYS[0], volume), 1.0)
    picture = slice_view.picture().astype(int)
    row = picture[picture.shape[0] // 2]
    left, right = row[len(row) // 4], row[3 * len(row) // 4]
    assert left[2] > left[0] + 60 and right[0] > right[2] + 60
