"""A scene that is written, closed and read again gives everything back, through MRML's own storage nodes."""

from __future__ import annotations

import numpy as np
import pytest
import slicer

from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic
from RadiomicNetSegmenterLib.scene import correction, maps, record, results, table, volumes


def writeBundle(folder):
    """As File > Save Scene as a .mrb."""
    _giveStorageNodes()
    path = folder / "scene.mrb"
    assert slicer.mrmlScene.WriteToMRB(str(path))
    return lambda: slicer.mrmlScene.ReadFromMRB(str(path))


def writeFiles(folder):
    """As File > Save with a .mrml and a file per node."""
    _giveStorageNodes()
    slicer.mrmlScene.SetRootDirectory(str(folder))
    for node in _storable():
        storage = node.GetStorageNode()
        storage.SetFileName(str(folder / f"{node.GetID()}.{storage.GetDefaultWriteFileExtension()}"))
        assert storage.WriteData(node), node.GetName()
    path = folder / "scene.mrml"
    slicer.mrmlScene.SetURL(str(path))
    assert slicer.mrmlScene.Commit()

    def read():
        slicer.mrmlScene.SetURL(str(path))
        return slicer.mrmlScene.Import()

    return read


def _storable():
    nodes = [slicer.mrmlScene.GetNthNode(index) for index in range(slicer.mrmlScene.GetNumberOfNodes())]
    return [node for node in nodes if node.IsA("vtkMRMLStorableNode") and node.GetSaveWithScene()
            and node.GetStorageNode()]


def _giveStorageNodes():
    """Slicer's own IO gives volumes their storage; here it is made by hand, the rest is each node's default."""
    for index in range(slicer.mrmlScene.GetNumberOfNodes()):
        node = slicer.mrmlScene.GetNthNode(index)
        if not node.IsA("vtkMRMLStorableNode") or node.GetStorageNode() or node.GetSingletonTag():
            continue
        if node.IsA("vtkMRMLVolumeNode"):
            storage = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLNRRDStorageNode")
            node.SetAndObserveStorageNodeID(storage.GetID())
        else:
            node.AddDefaultStorageNode()


@pytest.fixture(params=["grey", "colour"])
def volume(request, add_volume, result):
    pixels = result.prediction.image.pixels
    if request.param == "colour":
        pixels = np.stack([pixels, pixels // 2, 255 - pixels], axis=2)
    matrix = np.diag([-0.2, -0.3, 1.0, 1.0])
    matrix[:3, 3] = 4.0, 5.0, 6.0
    return add_volume(pixels, "Läsion <1>", matrix)


@pytest.mark.parametrize("write", [writeBundle, writeFiles])
def test_a_saved_scene_gives_everything_back(result, volume, tmp_path, write):
    logic = RadiomicNetSegmenterLogic()
    nodes = logic.show(result, volume)
    nodes = correction.begin(volume)
    nodes.corrected.GetSegmentation().GetNthSegment(0).SetName("mine")
    parameters = logic.getParameterNode()
    parameters.inputVolume, parameters.shownMap, parameters.overlayOpacity = volume, "probability", 0.7
    parameters.segmentation, parameters.keepEarlier = nodes.segmentation, True
    before = logic.result(volume)
    description, columns = nodes.segmentation.GetDescription(), table.columns(nodes.table)
    fingerprint = volumes.fingerprint(volume)
    read = write(tmp_path)

    slicer.mrmlScene.Clear(0)
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "in the way")  # takes the ID that the image had
    assert read()

    again = RadiomicNetSegmenterLogic()
    parameters = again.getParameterNode()
    volume = parameters.inputVolume
    assert volume.GetName() == "Läsion <1>"
    assert volumes.fingerprint(volume) == fingerprint
    assert (parameters.shownMap, parameters.overlayOpacity, parameters.keepEarlier) == ("probability", 0.7, True)
    nodes = results.findNodes(volume)
    assert parameters.segmentation is nodes.segmentation
    assert nodes.fingerprint == fingerprint
    assert nodes.segmentation.GetDescription() == description
    for name, values in table.columns(nodes.table).items():  # MRML writes tables with six digits
        wanted = columns.pop(name)
        assert values == (pytest.approx(wanted, rel=1e-5) if isinstance(wanted[0], float) else wanted), name
    assert columns == {}
    assert nodes.corrected.GetSegmentation().GetNthSegment(0).GetName() == "mine"
    assert correction.change(nodes, volume).dice == 1.0
    assert list(nodes.maps) == [gate.level for gate in before.prediction.attention] + [maps.PROBABILITY,
                                                                                       maps.UNCERTAINTY]
    for node in nodes.maps.values():
        display = node.GetDisplayNode()
        assert (display.GetWindow(), display.GetLevel()) == (1.0, 0.5)
        color = [0.0] * 4
        display.GetColorNode().GetColor(0, color)
        assert color[3] == 0
    result = again.result(volume)
    np.testing.assert_array_equal(result.prediction.probability, before.prediction.probability)
    np.testing.assert_array_equal(result.prediction.labels, before.prediction.labels)
    for mine, theirs in zip(result.prediction.attention, before.prediction.attention, strict=True):
        np.testing.assert_array_equal(mine.spatial, theirs.spatial)
        np.testing.assert_array_equal(mine.channel, theirs.channel)
    assert result.contributions == before.contributions
    assert result.verification == before.verification
    assert record.content(nodes.record)["card"]["name"] == before.prediction.card.name
    again.export(volume, tmp_path / "out", "after")
    assert (tmp_path / "out" / "after.html").is_file()


def test_results_that_were_kept_are_told_from_the_current_ones_after_reading(result, volume, tmp_path):
    logic = RadiomicNetSegmenterLogic()
    logic.show(result, volume)
    logic.remember(volume, keepEarlier=True)
    logic.show(result, volume)
    logic.getParameterNode().inputVolume = volume
    read = writeBundle(tmp_path)
    slicer.mrmlScene.Clear(0)
    assert read()
    volume = RadiomicNetSegmenterLogic().getParameterNode().inputVolume
    assert len(slicer.util.getNodesByClass("vtkMRMLSegmentationNode")) == 2
    assert not results.isAside(results.findNodes(volume).segmentation)
