"""Clips of the scene: read frame by frame, outlines in step with the images in one browser."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import slicer

from clipScene import COUNT, GEOMETRY, SHAPE, addClip, drawn, found, frame, pixels, square
from radiomicnet.clips.clip import Clip
from radiomicnet.clips.steady import with_agreement
from radiomicnet.errors import ImageError
from RadiomicNetSegmenterLib.scene import clipResult, clips, volumes


def test_a_clip_is_told_from_an_image_and_from_a_volume(clip, add_volume):
    _browser, volume = clip
    stack = slicer.util.addVolumeFromArray(np.stack([pixels(0)] * 3), name="Stack")
    assert [clips.isClip(node) for node in (volume, add_volume(pixels(0)), stack, None)] == [True, False, False, False]


@pytest.mark.parametrize("colour", [False, True])
def test_frames_are_read_to_the_pixel_without_showing_them(colour):
    frames = [np.dstack([pixels(index)] * 3) if colour else pixels(index) for index in range(3)]
    browser, volume = addClip(frames)
    clip = clips.clipOf(volume)
    assert (clip.name, clip.axis.name, clip.axis.unit) == ("Clip", "time", "s")
    assert clip.axis.values == ("0.000", "0.040", "0.080")
    for image, expected in zip(clip.frames(range(3)), frames, strict=True):
        np.testing.assert_array_equal(image.pixels, expected)
        assert image.geometry.spacing[:2] == (0.2, 0.3)
    assert browser.GetSelectedItemNumber() == 0


def test_what_is_read_is_a_copy(clip):
    _browser, volume = clip
    sequence = volumes.sequenceOf(volume)
    read = clips.readFrame(sequence, 1)
    slicer.util.arrayFromVolume(sequence.GetNthDataNode(1))[:] = 0
    np.testing.assert_array_equal(read, pixels(1))


def test_a_frame_without_pixels_and_one_that_is_gone_say_so(clip):
    _browser, volume = clip
    sequence = volumes.sequenceOf(volume)
    sequence.SetDataNodeAtValue(slicer.vtkMRMLScalarVolumeNode(), "0.040")
    assert isinstance(clips.readFrame(sequence, 1), ImageError)
    assert "Frame 99" in str(clips.readFrame(sequence, 98))


def test_a_clip_can_be_opened_while_a_black_frame_is_shown():
    _browser, volume = addClip([np.zeros(SHAPE, np.uint8), pixels(1)])
    first, second = clips.clipOf(volume).frames(range(2))
    assert isinstance(first, ImageError)
    np.testing.assert_array_equal(second.pixels, pixels(1))


def test_outlines_play_in_step_with_the_images(clip):
    browser, volume = clip
    labels = {index: square(index) for index in range(COUNT)}
    nodes = clipResult.showClip(found(volume, labels), volume)
    for index in (3, 0, 4):
        shown = drawn(browser, volume, index)
        np.testing.assert_array_equal(slicer.util.arrayFromVolume(volume)[0], pixels(index))
        assert list(shown) == ["Lesion_1"]
        np.testing.assert_array_equal(shown["Lesion_1"], labels[index] > 0)
    assert browser.IsSynchronizedSequenceNode(nodes.sequence)
    assert browser.GetMasterSequenceNode() is volumes.sequenceOf(volume)
    assert nodes.segmentation is browser.GetProxyNode(nodes.sequence)
    assert nodes.segmentation.GetDisplayNode().GetOpacity2DFill() == 0


def test_frames_that_were_not_run_are_empty_and_not_the_frame_before(clip):
    browser, volume = clip
    clipResult.showClip(found(volume, {1: square(1), 3: square(3)}, failed=[2]), volume)
    assert [len(drawn(browser, volume, index)) for index in (1, 2, 3, 4, 0)] == [1, 0, 1, 0, 0]
    assert clipResult.find(volume).segmentation.GetName() == "Clip outlines"


def test_a_lesion_keeps_its_segment_from_frame_to_frame(clip):
    browser, volume = clip
    both = square(2)
    both[30:40, 30:50] = 2
    clipResult.showClip(found(volume, {0: square(0), 1: both, 2: square(2, number=2)}), volume)
    assert [list(drawn(browser, volume, index)) for index in range(3)] == [
        ["Lesion_1"], ["Lesion_1", "Lesion_2"], ["Lesion_2"]]
    segment = clipResult.find(volume).segmentation.GetSegmentation().GetSegment("Lesion_2")
    assert segment.GetName().endswith(" 2")
    assert segment.HasTag("RadiomicNet.WeightsSHA256")


def test_outlines_lie_under_the_transform_of_the_images_to_the_voxel():
    turn = np.deg2rad(30)
    matrix = np.array([[0, 0.3 * np.sin(turn), np.cos(turn), 5], [0.2, 0, 0, -7],
                       [0, 0.3 * np.cos(turn), -np.sin(turn), 9], [0, 0, 0, 1]])
    browser, volume = addClip([pixels(index) for index in range(2)], matrix=matrix)
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    volume.SetAndObserveTransformNodeID(transform.GetID())
    nodes = clipResult.showClip(found(volume, {0: square(0), 1: square(1)}), volume)
    assert nodes.segmentation.GetTransformNodeID() == transform.GetID()
    np.testing.assert_array_equal(drawn(browser, volume, 1)["Lesion_1"], square(1) > 0)


def test_a_second_run_in_the_same_way_adds_its_frames_and_replaces_its_own(clip):
    browser, volume = clip
    clipResult.showClip(found(volume, {0: square(0), 1: square(1)}), volume)
    before = slicer.mrmlScene.GetNumberOfNodes()
    nodes = clipResult.showClip(found(volume, {1: square(3), 2: square(2)}), volume)
    assert slicer.mrmlScene.GetNumberOfNodes() == before
    assert [frame.index for frame in nodes.content.frames] == [0, 1, 2]
    for index, expected in ((0, square(0)), (1, square(3)), (2, square(2))):
        np.testing.assert_array_equal(drawn(browser, volume, index)["Lesion_1"], expected > 0)
    whole = with_agreement([frame(index, "", labels) for index, labels in enumerate((square(0), square(3), square(2)))])
    assert [each.agreement for each in nodes.content.frames] == [each.agreement for each in whole]


@pytest.mark.parametrize("changed", [{"smoothing": 2}, {"threshold": 0.3}])
def test_a_second_run_in_another_way_replaces_all_of_the_first(clip, changed):
    browser, volume = clip
    clipResult.showClip(found(volume, {0: square(0), 1: square(1)}), volume)
    nodes = clipResult.showClip(found(volume, {2: square(2)}, **changed), volume)
    assert [frame.index for frame in nodes.content.frames] == [2]
    assert [len(drawn(browser, volume, index)) for index in range(3)] == [0, 0, 1]


def test_frames_with_a_gap_between_them_are_not_compared(clip):
    _browser, volume = clip
    clipResult.showClip(found(volume, {0: square(0)}), volume)
    nodes = clipResult.showClip(found(volume, {4: square(4)}), volume)
    assert [frame.agreement for frame in nodes.content.frames] == [None, None]
    assert nodes.content.steadiest is None


def test_a_correction_stays_with_its_frame_when_another_is_shown(clip):
    browser, volume = clip
    nodes = clipResult.showClip(found(volume, {0: square(0), 1: square(1)}), volume)
    browser.SetSelectedItemNumber(1)
    corrected = np.zeros((1, *SHAPE), np.uint8)
    corrected[0, 5:9, 5:30] = 1
    slicer.util.updateSegmentBinaryLabelmapFromArray(corrected, nodes.segmentation, "Lesion_1", volume)
    np.testing.assert_array_equal(drawn(browser, volume, 0)["Lesion_1"], square(0) > 0)
    np.testing.assert_array_equal(drawn(browser, volume, 1)["Lesion_1"], corrected[0] > 0)


def test_going_to_a_frame_moves_the_browser_also_where_another_sequence_leads_it(clip):
    browser, volume = clip
    clips.goTo(volume, 3)
    assert (browser.GetSelectedItemNumber(), clips.current(volume)) == (3, 3)
    leading = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSequenceNode", "Leading")
    for step in range(10):
        leading.SetDataNodeAtValue(slicer.vtkMRMLLinearTransformNode(), f"{0.02 * step:.3f}")
    browser.AddSynchronizedSequenceNode(leading)
    browser.SetAndObserveMasterSequenceNodeID(leading.GetID())
    clips.goTo(volume, 2)
    assert (browser.GetSelectedItemNumber(), clips.current(volume)) == (4, 2)


def test_a_clip_as_short_as_a_frame_has_no_geometry_but_its_own(clip):
    _browser, volume = clip
    clip = clips.clipOf(volume)
    assert isinstance(clip, Clip) and replace(clip, name="x").count == COUNT
    assert clip.geometry.spacing == (0.2, 0.3, 1.0)
    np.testing.assert_allclose(clip.geometry.origin, (0, 0, 0))
    assert GEOMETRY.shape == (4, 4)
