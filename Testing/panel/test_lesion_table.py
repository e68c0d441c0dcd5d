"""The table of lesions: what it measures, and what a selected row does."""

from __future__ import annotations

import numpy as np
import pytest
import slicer

from drawing import with_lesions
from radiomicnet.measure.lesions import measure_lesions
from RadiomicNetSegmenterLib.scene import results


@pytest.fixture
def two(result):
    """A result with two lesions."""
    return with_lesions(result, 2)


def cells(module):
    table = module.ui.lesionTable
    return [[table.item(row, column).text() for column in range(table.columnCount)] for row in range(table.rowCount)]


def click(module, row):
    module.ui.lesionTable.selectRow(row)
    module.events()


def opacities(segmentation):
    display = segmentation.GetDisplayNode()
    return [display.GetSegmentOpacity2DOutline(each) for each in segmentation.GetSegmentation().GetSegmentIDs()]


def test_each_segment_has_a_row_with_its_size_in_pixels(module, two, quick):
    quick(two)
    module.load(two.prediction.image.pixels)
    assert not module.ui.lesionTable.isVisible()
    module.segment()
    lesions = two.prediction.lesions
    assert cells(module) == [
        [f"Breast lesion {number}", f"{lesion.longest_pixels:.0f} × {lesion.perpendicular_pixels:.0f} px",
         f"{lesion.area_pixels} px", f"{lesion.mean_probability:.2f}"] for number, lesion in enumerate(lesions, 1)]
    assert "In pixels" in module.ui.lesionLabel.text


def test_a_calibrated_image_is_measured_in_millimetres(module, two, quick):
    quick(two)
    module.load(two.prediction.image.pixels, spacing=0.2)
    module.segment()
    lesion = two.prediction.lesions[0]
    assert cells(module)[0][1:3] == [f"{0.2 * lesion.longest_pixels:.1f} × {0.2 * lesion.perpendicular_pixels:.1f} mm",
                                     f"{0.04 * lesion.area_pixels:.1f} mm²"]
    assert "calibration" in module.ui.lesionLabel.text


def test_a_selected_row_brings_its_segment_out_and_into_the_middle(module, two, quick):
    quick(two)
    volume = module.load(two.prediction.image.pixels)
    view = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSliceNode")
    view.SetOrientationToAxial()
    module.segment()
    segmentation = results.findNodes(volume).segmentation
    assert opacities(segmentation) == [1, 1]
    click(module, 1)
    assert module.parameters.selectedSegment == "Lesion_2"
    faded = opacities(segmentation)
    assert faded[1] == 1 and faded[0] < 0.5
    rows, columns = np.nonzero(two.prediction.labels == 2)
    middle = view.GetSliceToRAS().GetElement(0, 3), view.GetSliceToRAS().GetElement(1, 3)
    assert middle == pytest.approx((-(columns.min() + columns.max()) / 2, -(rows.min() + rows.max()) / 2))
    module.ui.allLesionsButton.click()
    assert opacities(segmentation) == [1, 1]
    assert not module.ui.allLesionsButton.enabled


def test_leaving_the_module_shows_all_segments_alike_again(module, two, quick):
    quick(two)
    volume = module.load(two.prediction.image.pixels)
    module.segment()
    click(module, 0)
    module.holder.exit()
    assert opacities(results.findNodes(volume).segmentation) == [1, 1]
    module.holder.enter()
    assert opacities(results.findNodes(volume).segmentation)[1] < 0.5


def test_the_sizes_follow_an_edit(module, two, quick):
    quick(two)
    volume = module.load(two.prediction.image.pixels)
    module.segment()
    segmentation = results.findNodes(volume).segmentation
    drawn = np.zeros((1, *two.prediction.labels.shape), np.uint8)
    drawn[0, 50:60, 100:130] = 1
    slicer.util.updateSegmentBinaryLabelmapFromArray(drawn, segmentation, "Lesion_2", volume)
    module.wait(lambda: cells(module)[1][2] == "300 px")
    segmentation.GetSegmentation().RemoveSegment("Lesion_1")
    module.wait(lambda: [row[2] for row in cells(module)] == ["300 px"])
    drawn[:] = 0
    slicer.util.updateSegmentBinaryLabelmapFromArray(drawn, segmentation, "Lesion_2", volume)
    module.wait(lambda: cells(module)[0][1] == "empty")


def test_no_lesion_is_said(module, two, quick):
    quick(with_lesions(two, 0))
    module.load(two.prediction.image.pixels)
    module.segment()
    assert not module.ui.lesionTable.isVisible()
    assert module.ui.lesionLabel.text == "No lesion is outlined."


def test_an_edit_that_waits_when_the_scene_is_closed_is_forgotten(module, two, quick):
    quick(two)
    volume = module.load(two.prediction.image.pixels)
    module.segment()
    results.findNodes(volume).segmentation.GetSegmentation().AddEmptySegment("mine", "Mine")
    slicer.mrmlScene.Clear(0)
    module.wait(lambda: True)
    assert module.ui.lesionTable.rowCount == 0 or not module.ui.lesionTable.isVisible()


def test_the_rows_fit_the_panel(module, two, quick):
    quick(two)
    module.load(two.prediction.image.pixels, spacing=0.2)
    module.segment()
    assert module.ui.lesionTable.horizontalScrollBar().maximum() == 0


def lines():
    from RadiomicNetSegmenterLib.scene import diameters

    return [node for node in slicer.util.getNodesByClass("vtkMRMLMarkupsLineNode")
            if node.GetAttribute(results.KIND) == diameters.KIND]


def ends(node):
    return [tuple(node.GetNthControlPointPositionWorld(index)) for index in range(node.GetNumberOfControlPoints())]


def test_the_diameters_of_the_largest_lesion_are_drawn_where_they_were_measured(module, two, quick):
    quick(two)
    volume = module.load(two.prediction.image.pixels, spacing=0.2)
    module.segment()
    longest, perpendicular = lines()
    image, made = module.panel.logic.readImage(volume), two.prediction
    lesion = measure_lesions(made.labels, made.probability, image.geometry)[0]
    assert ends(longest) == [pytest.approx((-0.2 * column, -0.2 * row, 0)) for column, row in lesion.longest_ends]
    assert ends(perpendicular) == [pytest.approx((-0.2 * column, -0.2 * row, 0))
                                   for column, row in lesion.perpendicular_ends]
    assert longest.GetNthControlPointLabel(0) == f"{lesion.longest_mm:.1f} mm"
    assert longest.GetLocked()
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    folders = {hierarchy.GetItemParent(hierarchy.GetItemByDataNode(node))
               for node in (longest, results.findNodes(volume).segmentation)}
    assert len(folders) == 1


def test_without_calibration_the_diameters_are_labelled_in_pixels(module, two, quick):
    quick(two)
    module.load(two.prediction.image.pixels)
    module.segment()
    assert lines()[0].GetNthControlPointLabel(0) == f"{two.prediction.lesions[0].longest_pixels:.0f} px"
    assert not lines()[0].GetDisplayNode().GetPropertiesLabelVisibility()


def test_the_diameters_follow_the_selected_lesion_and_go_on_request(module, two, quick):
    quick(two)
    module.load(two.prediction.image.pixels)
    module.segment()
    before = ends(lines()[0])
    click(module, 1)
    assert ends(lines()[0]) != before
    assert len(lines()) == 2
    module.ui.diametersCheckBox.click()
    assert lines() == []
    module.ui.diametersCheckBox.click()
    assert len(lines()) == 2
    module.holder.exit()
    assert lines() == []


def test_the_diameters_follow_the_image_under_a_transform(module, two, quick):
    import vtk

    quick(two)
    volume = module.load(two.prediction.image.pixels)
    module.segment()
    before = ends(lines()[0])[0]
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    moved = vtk.vtkMatrix4x4()
    moved.SetElement(0, 3, 10.0)
    transform.SetMatrixTransformToParent(moved)
    volume.SetAndObserveTransformNodeID(transform.GetID())
    module.events()
    assert ends(lines()[0])[0] == pytest.approx((before[0] + 10, before[1], before[2]))


def test_drawing_the_diameters_leaves_the_clicks_their_place(module, two, quick):
    from RadiomicNetSegmenterLib.scene import placing, prompts

    quick(two)
    volume = module.load(two.prediction.image.pixels)
    module.ui.clickButton.click()
    module.segment()
    assert len(lines()) == 2
    assert placing.isPlacing(prompts.find(prompts.CLICKS, volume))
    assert slicer.modules.markups.logic().GetActiveListID() == prompts.find(prompts.CLICKS, volume).GetID()


def test_no_lesion_has_no_diameters(module, result, quick):
    quick(with_lesions(result, 0))
    module.load(result.prediction.image.pixels)
    module.segment()
    assert lines() == []
    assert not module.ui.diametersCheckBox.enabled
    assert module.ui.diametersCheckBox.toolTip == "No lesion is outlined"
