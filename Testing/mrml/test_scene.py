"""A result in the scene: outline, maps, table, and what happens when it is made again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import slicer
import vtk
from vtk.util import numpy_support

from drawing import with_lesions
from radiomicnet.features.catalogue import BY_KEY, CATALOGUE
from radiomicnet.results.result import Verification
from RadiomicNetSegmenterLib.scene import maps, results, table, volumes


@pytest.fixture
def volume(add_volume, result):
    matrix = np.diag([-0.2, -0.3, 1.0, 1.0])
    matrix[:3, 3] = 4.0, 5.0, 6.0
    return add_volume(result.prediction.image.pixels, "Phantom", matrix)


@pytest.fixture
def prediction(result):
    return result.prediction


def show(result, volume):
    results.showPrediction(result.prediction, volume)
    return results.showResult(result, volume)


def nodeIDs():
    return {slicer.mrmlScene.GetNthNode(index).GetID() for index in range(slicer.mrmlScene.GetNumberOfNodes())}


def test_each_lesion_is_a_segment_of_exactly_its_pixels(prediction, volume):
    segmentation = results.showPrediction(prediction, volume).segmentation
    segments = segmentation.GetSegmentation()
    names = [segments.GetSegment(segmentId).GetName() for segmentId in segments.GetSegmentIDs()]
    assert names == ["Breast lesion 1", "Breast lesion 2"]
    for label, segmentId in enumerate(segments.GetSegmentIDs(), 1):
        mask = slicer.util.arrayFromSegmentBinaryLabelmap(segmentation, segmentId, volume)
        np.testing.assert_array_equal(mask[0] > 0, prediction.labels == label)


def test_segments_carry_colour_terminology_and_provenance(prediction, volume):
    segments = results.showPrediction(prediction, volume).segmentation.GetSegmentation()
    segment = segments.GetSegment(segments.GetNthSegmentID(0))
    assert segment.GetColor() == pytest.approx(prediction.card.target.color)
    entry = slicer.vtkSlicerTerminologyEntry()
    terminologies = slicer.vtkSlicerTerminologiesModuleLogic()
    assert terminologies.DeserializeTerminologyEntry(segment.GetTerminology(), entry)
    assert entry.GetTypeObject().GetCodeValue() == prediction.card.target.type[1]
    assert entry.GetRegionObject().GetCodeMeaning() == prediction.card.target.region[2]
    tag = vtk.reference("")
    for key, value in (("RadiomicNet.Model", prediction.card.name),
                       ("RadiomicNet.WeightsSHA256", prediction.card.weights_sha256)):
        assert segment.GetTag(key, tag)
        assert tag.get() == value


def test_an_image_without_a_lesion_gives_an_empty_segmentation(empty_result, volume):
    segmentation = results.showPrediction(empty_result.prediction, volume).segmentation
    assert segmentation.GetSegmentation().GetNumberOfSegments() == 0
    assert "does not exclude" in segmentation.GetDescription()


def test_the_outline_leaves_what_is_under_it_visible(prediction, volume):
    display = results.showPrediction(prediction, volume).segmentation.GetDisplayNode()
    assert display.GetOpacity2DFill() == 0
    assert display.GetVisibility2DOutline()


def test_maps_hold_the_values_in_the_geometry_of_the_image(prediction, volume):
    nodes = results.showPrediction(prediction, volume)
    assert list(nodes.maps) == [*(gate.level for gate in prediction.attention), "probability", "uncertainty"]
    wanted = dict(zip(nodes.maps, [*(gate.spatial for gate in prediction.attention), prediction.probability,
                                   prediction.uncertainty]))
    for key, node in nodes.maps.items():
        np.testing.assert_array_equal(slicer.util.arrayFromVolume(node)[0], wanted[key])
        matrices = vtk.vtkMatrix4x4(), vtk.vtkMatrix4x4()
        node.GetIJKToRASMatrix(matrices[0])
        volume.GetIJKToRASMatrix(matrices[1])
        assert [matrices[0].GetElement(i, j) for i in range(4) for j in range(4)] == [
            matrices[1].GetElement(i, j) for i in range(4) for j in range(4)]


def test_maps_are_shown_on_a_fixed_scale(prediction, volume):
    for node in results.showPrediction(prediction, volume).maps.values():
        display = node.GetDisplayNode()
        assert not display.GetAutoWindowLevel()
        assert (display.GetWindowLevelMin(), display.GetWindowLevelMax()) == (0, 1)
        assert display.GetColorNode().GetName() in ("RadiomicNet Viridis", "RadiomicNet Inferno")


def test_only_the_low_end_of_a_colour_table_is_clear(prediction, volume):
    color = [0.0] * 4
    for node in results.showPrediction(prediction, volume).maps.values():
        colors = node.GetDisplayNode().GetColorNode()
        clear = []
        for index in range(colors.GetNumberOfColors()):
            colors.GetColor(index, color)
            clear.append(color[3] == 0)
        assert clear == sorted(clear, reverse=True)
        assert sum(clear) / len(clear) == pytest.approx(maps.CLEAR_BELOW, abs=0.01)


def test_the_colour_tables_are_made_once(prediction, volume, add_volume):
    results.showPrediction(prediction, volume)
    results.showPrediction(prediction, add_volume(prediction.image.pixels, "Other"))
    names = [node.GetName() for node in slicer.util.getNodesByClass("vtkMRMLColorTableNode")]
    assert sorted(name for name in names if name.startswith("RadiomicNet")) == [
        "RadiomicNet Inferno", "RadiomicNet Viridis"]


def test_a_result_knows_the_pixels_it_was_made_from(prediction, volume):
    made = results.showPrediction(prediction, volume).fingerprint
    assert results.findNodes(volume).fingerprint == made == volumes.fingerprint(volume)
    array = slicer.util.arrayFromVolume(volume)
    array[0, 0, 0] ^= 1
    slicer.util.arrayFromVolumeModified(volume)
    assert volumes.fingerprint(volume) != made
    array[0, 0, 0] ^= 1
    assert volumes.fingerprint(volume) == made
    volume.SetSpacing(0.5, 0.5, 1.0)
    assert volumes.fingerprint(volume) != made


def test_the_coarsest_level_is_that_of_the_deepest_gate(prediction, volume):
    nodes = results.showPrediction(prediction, volume)
    assert maps.coarsestLevel(nodes.maps) == prediction.attention[0].level
    assert maps.coarsestLevel({}) is None


def test_results_lie_under_the_transform_of_the_image(prediction, volume):
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    volume.SetAndObserveTransformNodeID(transform.GetID())
    nodes = results.showPrediction(prediction, volume)
    for node in (nodes.segmentation, *nodes.maps.values()):
        assert node.GetParentTransformNode() is transform
    segmentId = nodes.segmentation.GetSegmentation().GetNthSegmentID(0)
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(nodes.segmentation, segmentId, volume)
    np.testing.assert_array_equal(mask[0] > 0, prediction.labels == 1)


def test_the_table_ranks_all_features_under_named_headers(result, volume):
    ranges = {"low": dict.fromkeys(BY_KEY, -1.0), "high": dict.fromkeys(BY_KEY, 2.0), "n": 200}
    card = replace(result.prediction.card, trust={**result.prediction.card.trust, "contributions": ranges})
    node = show(replace(result, prediction=replace(result.prediction, card=card)), volume).table
    columns = table.columns(node)
    assert list(columns) == ["Rank", "Feature", "Contribution", "Share %", "Usual low", "Usual high", "Network",
                             "Training mean", "PyRadiomics", "Difference", "Agreement"]
    assert set(columns["Usual low"]) == {-1.0} and set(columns["Usual high"]) == {2.0}
    assert columns["Rank"] == list(range(1, len(CATALOGUE) + 1))
    assert columns["Feature"] == [BY_KEY[item.key].label for item in result.contributions.items]
    assert columns["Network"] == [item.value for item in result.contributions.items]
    assert sum(columns["Share %"]) == pytest.approx(100)
    assert node.GetUseColumnTitleAsColumnHeader()
    assert node.GetLocked()


def test_a_run_without_usual_ranges_after_one_with_them_leaves_none_in_the_table(result, volume):
    node = show(result, volume).table
    by_hand = replace(result, prediction=replace(result.prediction, by_hand=True))
    table.write(node, by_hand)
    assert not {"Usual low", "Usual high"} & set(table.columns(node))


def test_without_pyradiomics_the_table_says_so(result, volume):
    unchecked = replace(result, verification=Verification(False, reason="PyRadiomics is not installed."))
    node = show(unchecked, volume).table
    assert set(table.columns(node)["Agreement"]) == {"– not checked"}
    assert set(table.columns(node)["PyRadiomics"]) == {""}
    assert "not installed" in node.GetDescription()


def test_values_inside_the_segment_are_a_column_that_is_replaced(result, volume):
    node = show(result, volume).table
    for factor in (1.0, 2.0):
        values = {item.key: factor * item.rank for item in result.contributions.items}
        table.writeInside(node, values, "Segment: all of it")
        assert [float(value) for value in table.columns(node)["In segment"]] == [factor * rank for rank in range(1, 14)]
    assert list(table.columns(node)).count("In segment") == 1
    assert node.GetAttribute(table.INSIDE_OF) == "Segment: all of it"
    table.writeInside(node, {}, "The segment is empty.")
    assert set(table.columns(node)["In segment"]) == {""}
    assert node.GetLocked()
    assert "In segment" not in table.columns(show(result, volume).table)  # of another prediction


def test_running_again_replaces_instead_of_piling_up(result, volume):
    first = show(result, volume)
    before = nodeIDs()
    second = show(with_lesions(result, 1), volume)
    assert nodeIDs() == before
    assert second.segmentation is first.segmentation
    segments = second.segmentation.GetSegmentation()
    assert [segments.GetSegment(i).GetName() for i in segments.GetSegmentIDs()] == ["Breast lesion"]


def test_a_segment_that_the_user_added_stays(prediction, volume):
    nodes = results.showPrediction(prediction, volume)
    nodes.segmentation.GetSegmentation().AddEmptySegment("mine", "Mine")
    results.showPrediction(prediction, volume)
    assert "mine" in nodes.segmentation.GetSegmentation().GetSegmentIDs()
    assert nodes.segmentation.GetSegmentation().GetNumberOfSegments() == 3


def test_a_new_prediction_empties_the_table_of_the_old_one(result, volume):
    nodes = show(result, volume)
    results.showPrediction(result.prediction, volume)
    assert table.columns(nodes.table) == {}


def test_another_model_leaves_no_map_of_the_first(prediction, volume):
    results.showPrediction(prediction, volume)
    fewer = replace(prediction, attention=prediction.attention[:2])
    nodes = results.showPrediction(fewer, volume)
    assert results.findNodes(volume).maps.keys() == nodes.maps.keys()
    assert len(nodes.maps) == 4


def test_another_image_has_its_own_nodes(result, volume, add_volume):
    first = show(result, volume)
    other = add_volume(result.prediction.image.pixels, "Other")
    second = show(result, other)
    assert first.segmentation is not second.segmentation
    assert results.findNodes(volume).segmentation is first.segmentation


def test_an_oblique_geometry_puts_each_pixel_where_the_image_has_it(prediction, add_volume):
    matrix = np.array([[0.0, -0.2, 0.0, 1.0], [0.0, 0.0, -1.0, 2.0], [0.3, 0.0, 0.0, 3.0], [0.0, 0.0, 0.0, 1.0]])
    volume = add_volume(prediction.image.pixels, "Oblique", matrix)
    segmentation = results.showPrediction(prediction, volume).segmentation
    labelmap = segmentation.GetSegmentation().GetNthSegment(0).GetRepresentation("Binary labelmap")
    imageToWorld = vtk.vtkMatrix4x4()
    labelmap.GetImageToWorldMatrix(imageToWorld)
    written = np.array([[imageToWorld.GetElement(i, j) for j in range(4)] for i in range(4)])
    np.testing.assert_allclose(written, matrix, atol=1e-12)
    assert numpy_support.vtk_to_numpy(labelmap.GetPointData().GetScalars()).max() == 2
