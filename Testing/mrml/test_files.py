"""What an export writes, held to other programs' readers (pynrrd, slicerio) and to what the scene holds."""

from __future__ import annotations

import csv
import json
import re

import numpy as np
import pytest
import slicer

from radiomicnet.errors import OutputError
from radiomicnet.results.words import NOTICE
from RadiomicNetSegmenterLib.files import export
from RadiomicNetSegmenterLib.scene import correction, results

nrrd = pytest.importorskip("nrrd")

MATRIX = np.array([[0.0, -0.2, 0.0, 1.0], [0.0, 0.0, -1.0, 2.0], [0.3, 0.0, 0.0, 3.0], [0.0, 0.0, 0.0, 1.0]])


@pytest.fixture
def volume(add_volume, result):
    return add_volume(result.prediction.image.pixels, "Erika Mustermann 1960", MATRIX)


@pytest.fixture
def nodes(result, volume):
    results.showPrediction(result.prediction, volume)
    return results.showResult(result, volume)


@pytest.fixture
def corrected(nodes, volume):
    nodes = correction.begin(volume)
    segmentId = nodes.corrected.GetSegmentation().GetNthSegmentID(0)
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(nodes.corrected, segmentId, volume)
    mask[0, 40:50] = 0
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, nodes.corrected, segmentId, volume)
    return nodes


def test_every_file_of_a_result_is_written_and_says_what_it_is_for(nodes, volume, tmp_path):
    paths = export.export(volume, tmp_path / "new", "case 7")
    assert [path.name for path in paths] == sorted([
        "case 7.seg.nrrd", "case 7-labels.nrrd", "case 7-probability.nrrd", "case 7-uncertainty.nrrd",
        *(f"case 7-attention-{level}.nrrd" for level in nodes.maps if level.startswith("stride")),
        "case 7-features.csv", "case 7.json", "case 7.html"])
    for path in paths:
        assert NOTICE.encode() in path.read_bytes(), path.name


def test_maps_and_labels_lie_on_the_image(nodes, volume, result, tmp_path):
    export.export(volume, tmp_path, "a", [export.LABELS, export.MAPS])
    prediction = result.prediction
    for ending, wanted in (("labels", prediction.labels), ("probability", prediction.probability),
                           ("attention-stride-8", next(g.spatial for g in prediction.attention
                                                       if g.level == "stride-8"))):
        values, header = nrrd.read(str(tmp_path / f"a-{ending}.nrrd"))
        np.testing.assert_array_equal(values[:, :, 0].T, wanted)
        assert values.dtype == wanted.dtype
        toRAS = {"right-anterior-superior": np.eye(3), "left-posterior-superior": np.diag([-1.0, -1.0, 1.0])}
        ras = toRAS[header["space"]]
        np.testing.assert_allclose(ras @ header["space directions"].T, MATRIX[:3, :3], atol=1e-12)
        np.testing.assert_allclose(ras @ header["space origin"], MATRIX[:3, 3], atol=1e-12)
        assert header["RadiomicNet.Model"] == prediction.card.name


def test_no_file_tells_the_images_name_unless_asked(nodes, volume, tmp_path):
    for path in export.export(volume, tmp_path, "case"):
        content = path.read_bytes()
        text = re.sub(rb"base64,[^\"]+", b"", content)
        assert b"Mustermann" not in content and not re.search(rb"(?<![\d.])1960(?![\d.])", text), path.name
    named = export.export(volume, tmp_path, volume.GetName())
    assert all(path.name.startswith("Erika Mustermann 1960") for path in named)
    assert "Mustermann" in (tmp_path / "Erika Mustermann 1960.json").read_text(encoding="utf-8")


def test_table_record_and_page_tell_the_same_result(nodes, volume, result, tmp_path):
    export.export(volume, tmp_path, "a", [export.TABLE, export.RECORD, export.PAGE])
    rows = list(csv.DictReader((tmp_path / "a-features.csv").read_text(encoding="utf-8").splitlines()))
    items = result.contributions.items
    assert [float(row["contribution"]) for row in rows] == [item.contribution for item in items]
    record = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert [item["feature"] for item in record["contributions"]["items"]] == [item.key for item in items]
    assert len(record["finding"]["lesions"]) == len(result.prediction.lesions)
    assert record["files"] == ["a-features.csv", "a.html", "a.json"]
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert record["finding"]["statement"] in page
    assert "a-check-image" not in page


def test_what_a_person_corrected_lies_beside_what_the_network_drew(corrected, volume, result, tmp_path):
    export.export(volume, tmp_path, "a", [export.SEGMENTATION, export.LABELS, export.RECORD])
    machine, _ = nrrd.read(str(tmp_path / "a-labels.nrrd"))
    person, header = nrrd.read(str(tmp_path / "a-corrected-labels.nrrd"))
    assert (machine > 0).sum() == (result.prediction.labels > 0).sum()
    assert (machine > 0).sum() - (person > 0).sum() == 10 * 60
    assert "corrected by hand" in header["RadiomicNet.Content"]
    assert b"corrected by hand" in (tmp_path / "a-corrected.seg.nrrd").read_bytes()
    assert b"corrected by hand" not in (tmp_path / "a.seg.nrrd").read_bytes()
    change = json.loads((tmp_path / "a-correction.json").read_text())
    assert (change["removed"], change["added"]) == (600, 0)


def test_nothing_is_overwritten_unasked_and_then_only_what_is_exported(nodes, volume, tmp_path):
    (tmp_path / "a.json").write_text("mine")
    (tmp_path / "a-check-image.nrrd").write_text("mine too")
    with pytest.raises(OutputError, match=r"a\.json exists already"):
        export.export(volume, tmp_path, "a")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-check-image.nrrd", "a.json"]
    export.export(volume, tmp_path, "a", [export.RECORD], overwrite=True)
    assert (tmp_path / "a.json").read_text(encoding="utf-8").startswith("{")
    assert (tmp_path / "a-check-image.nrrd").read_text() == "mine too"
    wanted = export.endings(nodes, [export.RECORD])
    assert export.freeName(tmp_path, "a", wanted) == "a-2"
    assert export.freeName(tmp_path, "b", wanted) == "b"


def test_where_one_file_fails_none_is_left(nodes, volume, tmp_path, monkeypatch):
    monkeypatch.setattr(slicer.util, "exportNode", lambda *_: False)
    with pytest.raises(OutputError, match="cannot be written"):
        export.export(volume, tmp_path / "new", "a")
    assert list(tmp_path.iterdir()) == []


def test_after_a_stopped_run_outlines_and_maps_are_exported(result, volume, tmp_path):
    results.showPrediction(result.prediction, volume)
    assert export.export(volume, tmp_path, "a", [export.SEGMENTATION, export.MAPS])
    with pytest.raises(OutputError, match="were not computed"):
        export.export(volume, tmp_path, "b")


def test_an_image_that_was_not_segmented_is_refused_with_a_sentence(volume, tmp_path):
    with pytest.raises(OutputError, match="nothing to export"):
        export.export(volume, tmp_path, "a", [export.MAPS])
