"""What a clip's result leaves in the scene beside its outlines: table, plot, record; saved, removed, made again."""

from __future__ import annotations

import numpy as np
import pytest
import slicer

from clipScene import COUNT, addClip, drawn, found, pixels, square
from radiomicnet.errors import Cancelled
from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic
from RadiomicNetSegmenterLib.scene import clipPlot, clipRecord, clipResult, clipTable, table


def test_the_table_has_a_row_for_each_frame_that_was_segmented(clip):
    _browser, volume = clip
    nodes = clipResult.showClip(found(volume, {1: square(1), 3: square(3)}, failed=[2]), volume)
    columns = table.columns(nodes.table)
    assert columns["Frame"] == [2, 4]
    assert columns["time (s)"] == [0.04, 0.12]
    assert columns["Area (mm²)"] == pytest.approx([0.06 * (square(index) > 0).sum() for index in (1, 3)])
    assert columns["GLCM contrast"] == [1.0, 3.0]
    assert "Area of the frame alone (pixels)" not in columns
    smoothed = clipResult.showClip(found(volume, {1: square(1)}, smoothing=2), volume)
    assert "Area of the frame alone (pixels)" in table.columns(smoothed.table)


def test_any_measure_can_be_plotted_over_time(clip):
    _browser, volume = clip
    nodes = clipResult.showClip(found(volume, {index: square(index) for index in range(COUNT)}), volume)
    series = nodes.chart.GetNthPlotSeriesNode(0)
    assert (series.GetXColumnName(), series.GetYColumnName()) == ("time (s)", "Area (mm²)")
    columns = table.columns(nodes.table)
    label = nodes.table.GetTable().GetColumnByName(series.GetLabelColumnName())
    assert label.IsA("vtkStringArray")  # numbers would be passed over in silence
    assert label.GetValue(2) == "Frame 3"
    for key in clipTable.plotted():
        clipPlot.choose(volume, key, nodes.content)
        assert series.GetYColumnName() in columns
        assert nodes.chart.GetYAxisTitle() == series.GetYColumnName()
    assert clipPlot.show(volume)


def test_a_measure_that_no_frame_has_is_said_to_be_unknown(clip):
    """What the outlines agree with cannot be told of a single frame."""
    _browser, volume = clip
    nodes = clipResult.showClip(found(volume, {1: square(1)}), volume)
    clipPlot.choose(volume, clipTable.AGREEMENT, nodes.content)
    assert clipTable.column(clipTable.AGREEMENT, nodes.content) not in table.columns(nodes.table)
    assert nodes.chart.GetTitle().endswith(": not known of any frame")
    clipPlot.choose(volume, clipTable.AREA, nodes.content)
    assert nodes.chart.GetTitle().endswith(f"of {volume.GetName()}")


def test_a_clip_that_tells_no_time_is_plotted_over_its_frames():
    _browser, volume = addClip([pixels(index) for index in range(2)], unit="")
    nodes = clipResult.showClip(found(volume, {0: square(0), 1: square(1)}), volume)
    series = nodes.chart.GetNthPlotSeriesNode(0)
    assert (series.GetXColumnName(), series.GetLabelColumnName()) == ("Frame", "")
    assert table.columns(nodes.table)["Frame"] == [1, 2]


def test_a_saved_scene_gives_clip_and_outlines_back(clip, tmp_path):
    browser, volume = clip
    nodes = clipResult.showClip(found(volume, {1: square(1), 3: square(3)}, failed=[2]), volume)
    record = nodes.content
    for index in range(slicer.mrmlScene.GetNumberOfNodes()):
        node = slicer.mrmlScene.GetNthNode(index)
        if node.IsA("vtkMRMLStorableNode") and not node.GetStorageNode() and not node.GetSingletonTag():
            node.AddDefaultStorageNode()
    path = str(tmp_path / "scene.mrb")
    assert slicer.mrmlScene.WriteToMRB(path)
    slicer.mrmlScene.Clear(0)
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "in the way")
    assert slicer.mrmlScene.ReadFromMRB(path)

    browser = slicer.util.getNodesByClass("vtkMRMLSequenceBrowserNode")[0]
    volume = browser.GetProxyNode(browser.GetMasterSequenceNode())
    nodes = clipResult.find(volume)
    assert nodes.content == record
    assert [len(drawn(browser, volume, index)) for index in (1, 2, 3, 4, 0)] == [1, 0, 1, 0, 0]
    np.testing.assert_array_equal(drawn(browser, volume, 3)["Lesion_1"], square(3) > 0)
    assert table.columns(nodes.table)["Frame"] == [2, 4]
    assert nodes.chart.GetNthPlotSeriesNode(0).GetTableNode() is nodes.table
    nodes = clipResult.showClip(found(volume, {2: square(2)}), volume)
    assert [frame.index for frame in nodes.content.frames] == [1, 2, 3]


def test_a_result_whose_outlines_were_deleted_is_none_and_can_be_made_again(clip):
    browser, volume = clip
    nodes = clipResult.showClip(found(volume, {1: square(1)}), volume)
    slicer.mrmlScene.RemoveNode(nodes.sequence)
    assert clipResult.find(volume).content is None
    clipResult.showClip(found(volume, {2: square(2)}), volume)
    assert [len(drawn(browser, volume, index)) for index in range(3)] == [0, 0, 1]


def test_removing_a_result_leaves_the_clip_as_it_was(clip):
    browser, volume = clip
    before = slicer.mrmlScene.GetNumberOfNodes()
    clipResult.showClip(found(volume, {1: square(1)}), volume)
    clipResult.remove(volume)
    assert slicer.mrmlScene.GetNumberOfNodes() == before
    assert browser.GetNumberOfSynchronizedSequenceNodes() == 0


def test_two_clips_have_a_result_each(clip):
    _browser, first = clip
    _other, second = addClip([pixels(9), pixels(8)], "Second")
    clipResult.showClip(found(first, {0: square(0)}), first)
    clipResult.showClip(found(second, {1: square(1)}), second)
    assert [frame.index for frame in clipResult.find(first).content.frames] == [0]
    assert [frame.index for frame in clipResult.find(second).content.frames] == [1]
    assert {owner for owner, _node in clipResult.segmentations()} == {first.GetID(), second.GetID()}


def test_a_clip_that_is_gone_is_refused_and_nothing_is_written(clip):
    browser, volume = clip
    result = found(volume, {1: square(1)})
    slicer.mrmlScene.RemoveNode(browser)
    before = slicer.mrmlScene.GetNumberOfNodes()
    with pytest.raises(RuntimeError, match="no longer in the scene"):
        clipResult.showClip(result, volume)
    assert slicer.mrmlScene.GetNumberOfNodes() == before


def test_a_record_of_another_version_is_none(scene):
    node = scene.AddNewNodeByClass("vtkMRMLTextNode")
    for text in ("", "{", "[]", '{"format": "radiomicnet-clip-scene-1", "record": {"model": 1}}', '{"format": "x"}'):
        node.SetText(text)
        assert clipRecord.read(node) is None


def test_the_logic_segments_a_clip_as_the_command_does_and_keeps_what_is_done(ultrasound_result):
    picture = ultrasound_result.prediction.image.pixels
    browser, volume = addClip([picture, np.zeros_like(picture), picture[:, ::-1].copy()])
    logic = RadiomicNetSegmenterLogic()
    nodes = logic.segmentClip(volume)
    outlined = drawn(browser, volume, 0)
    assert np.mean(np.logical_or.reduce(list(outlined.values())) != (ultrasound_result.prediction.labels > 0)) < 1e-3
    assert "same value" in nodes.content.frame(1).reason
    assert nodes.content.steadiest.index in (0, 2)

    def stop(done, total):
        assert total == 3
        if done == 1:
            raise Cancelled

    stopped = logic.computeClip(logic.readClip(volume), progress=stop)
    assert (len(stopped.frames), stopped.complete) == (1, False)
