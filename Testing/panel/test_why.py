"""Maps by key, level by level, and the layout, as a user has them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import slicer
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from layouts import fourViews
from RadiomicNetSegmenterLib.scene import layout, results

FOUR_UP = slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView


@pytest.fixture
def layoutNode(scene):
    """The layout of a window that shows four views; the map's slice view has its layers, as its logic gives it."""
    composite = slicer.vtkMRMLSliceCompositeNode()
    composite.SetLayoutName(layout.MAP_VIEW)
    composite.SetSingletonTag(layout.MAP_VIEW)
    composite = scene.AddNode(composite)
    with fourViews(scene) as node:
        yield node
    scene.RemoveNode(composite)


@pytest.fixture
def shown(module, result, quick):
    """The nodes of a result, after a run; without contributions of tiles, so that the maps are those of the network."""
    quick(replace(result, contributions=replace(result.contributions, maps=None)))
    volume = module.load(result.prediction.image.pixels)
    module.segment()
    return results.findNodes(volume)


def foreground(tag="Red"):
    return slicer.mrmlScene.GetSingletonNode(tag, "vtkMRMLSliceCompositeNode").GetForegroundVolumeID()


def press(module, key, modifier=Qt.NoModifier):
    module.holder.activateWindow()
    QTest.keyClick(module.holder, key, modifier)
    module.events()


def test_keys_switch_between_the_maps_and_off_and_on(module, shown):
    order = [node.GetID() for node in shown.maps.values()]
    assert foreground() == order[0]
    press(module, Qt.Key_M)
    assert foreground() == order[1]
    press(module, Qt.Key_M, Qt.ShiftModifier)
    press(module, Qt.Key_M, Qt.ShiftModifier)
    assert foreground() == order[-1]
    press(module, Qt.Key_O)
    assert foreground() is None
    press(module, Qt.Key_O)
    assert foreground() == order[-1]


def test_the_keys_sleep_while_another_module_is_open(module, shown):
    module.holder.exit()
    module.holder.hide()
    wished = module.parameters.shownMap
    press(module, Qt.Key_M)
    assert module.parameters.shownMap == wished


def test_each_level_has_its_gamma_and_its_channels(module, shown, result):
    table = module.ui.attentionTable
    gates = result.prediction.attention
    assert [(table.item(row, 0).text(), table.item(row, 1).text()) for row in range(table.rowCount)] == [
        (gate.level.replace("stride-", "1/"), f"{gate.gamma:.2f}") for gate in gates]
    assert f"{len(gates[1].channel)} channels" in table.item(1, 2).toolTip()
    table.selectRow(1)
    assert foreground() == shown.maps[gates[1].level].GetID()
    assert module.ui.mapComboBox.currentData == gates[1].level


def test_the_bars_are_as_high_as_the_weights(module, shown, result):
    icon = module.ui.attentionTable.item(0, 2).icon()
    picture = icon.pixmap(icon.availableSizes()[0]).toImage()
    dark = np.array([[picture.pixelColor(x, y).red() < 128 for x in range(picture.width())]
                     for y in range(picture.height())])
    weights = np.sort(result.prediction.attention[0].channel)[::-1]
    assert dark.mean() == pytest.approx(weights.mean(), abs=0.05)
    heights = dark.sum(axis=0)
    assert (np.diff(heights) <= 0).all()  # from the highest to the lowest


def test_image_map_plot_and_table_stand_side_by_side_after_a_run(module, layoutNode, result, quick):
    quick(result)
    volume = module.load(result.prediction.image.pixels)
    assert layoutNode.GetViewArrangement() == FOUR_UP  # nothing to show yet
    module.segment()
    assert layoutNode.GetViewArrangement() == layout.ID
    nodes = results.findNodes(volume)
    assert foreground(layout.IMAGE_VIEW) is None
    assert foreground(layout.MAP_VIEW) == nodes.maps["stride-16"].GetID()
    view = slicer.mrmlScene.GetSingletonNode(layout.TABLE_VIEW, "vtkMRMLTableViewNode")
    assert view.GetTableNode() is nodes.table
    module.holder.exit()
    assert layoutNode.GetViewArrangement() == FOUR_UP
    module.holder.enter()
    assert layoutNode.GetViewArrangement() == layout.ID


def test_unchecking_gives_the_layout_back_and_the_map_to_every_view(module, layoutNode, shown):
    module.ui.layoutCheckBox.checked = False
    assert layoutNode.GetViewArrangement() == FOUR_UP
    assert foreground() == shown.maps["stride-16"].GetID()
    module.ui.layoutCheckBox.checked = True
    assert layoutNode.GetViewArrangement() == layout.ID


def test_a_layout_that_the_user_chose_is_left_alone(module, layoutNode, shown):
    layoutNode.SetViewArrangement(slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView)
    module.segment()
    assert layoutNode.GetViewArrangement() == slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView
    assert not module.ui.layoutCheckBox.checked
    module.holder.exit()
    assert layoutNode.GetViewArrangement() == slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView
