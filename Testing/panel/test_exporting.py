"""Exporting as a user does it: what is written is said, nothing is replaced unasked, no name goes out unasked."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import qt
import slicer

from RadiomicNetSegmenterLib import dependencies
from RadiomicNetSegmenterLib.scene import privacy


@pytest.fixture
def segmented(module, result, quick):
    quick(result)
    volume = module.load(result.prediction.image.pixels, "Erika Mustermann")
    module.segment()
    return volume


@pytest.fixture
def user(tmp_path, monkeypatch):
    """Chooses ``folder`` and gives ``answers``; ``asked`` holds the questions."""
    state = SimpleNamespace(folder=tmp_path, asked=[], answers=[])
    monkeypatch.setattr(qt.QFileDialog, "getExistingDirectory", lambda *_: str(state.folder or ""))
    monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay",
                        lambda text, **_: state.asked.append(text) or state.answers.pop(0))
    return state


def files(user):
    return sorted(path.name for path in user.folder.iterdir())


def test_everything_is_written_and_said_without_the_images_name(module, segmented, user):
    assert "breast-ultrasound…" in module.ui.exportNoteLabel.text
    assert "For research use only" in module.ui.exportNoteLabel.text
    assert "burnt into its pixels" in module.ui.exportNoteLabel.text
    module.ui.exportButton.click()
    written = files(user)
    assert len(written) >= 9 and all(name.startswith("breast-ultrasound") for name in written)
    assert f"{len(written)} files written to {user.folder}" in module.ui.exportedLabel.text
    assert "<b>breast-ultrasound</b>" in module.ui.exportedLabel.text
    for name in written:
        assert name.removeprefix("breast-ultrasound") in module.ui.exportedLabel.text
        assert b"Mustermann" not in (user.folder / name).read_bytes()
    assert (user.folder / "breast-ultrasound.html").as_uri() in module.ui.exportedLabel.text
    assert user.asked == []


def test_a_second_export_gets_a_number_and_replaces_nothing(module, segmented, user):
    module.ui.exportButton.click()
    before = {name: (user.folder / name).read_bytes() for name in files(user)}
    module.ui.exportButton.click()
    assert {name: (user.folder / name).read_bytes() for name in before} == before
    assert len(files(user)) == 2 * len(before)


def test_named_after_the_image_it_asks_before_replacing(module, segmented, user):
    for box in (module.ui.mapsExportCheckBox, module.ui.tableExportCheckBox, module.ui.recordExportCheckBox,
                module.ui.pageExportCheckBox, module.ui.labelsExportCheckBox):
        box.click()
    module.ui.exportNamedAfterImageCheckBox.checked = True
    assert "image's name will be in the files" in module.ui.exportNoteLabel.text
    path = user.folder / "Erika Mustermann.seg.nrrd"
    path.write_text("mine")
    user.answers = [False, True]
    module.ui.exportButton.click()
    assert path.read_text() == "mine"
    module.ui.exportButton.click()
    assert path.read_bytes().startswith(b"NRRD")
    assert "Erika Mustermann.seg.nrrd exists already" in user.asked[0]
    assert files(user) == ["Erika Mustermann.seg.nrrd"]


def test_what_is_ticked_is_kept_and_with_nothing_ticked_the_button_says_so(module, segmented, user):
    boxes = [getattr(module.ui, f"{name}ExportCheckBox")
             for name in ("segmentation", "labels", "maps", "table", "record", "page")]
    for box in boxes:
        box.click()
    assert not module.ui.exportButton.enabled
    assert module.ui.exportButton.toolTip == "Tick what to export"
    boxes[3].click()
    module.ui.exportButton.click()
    assert files(user) == ["breast-ultrasound-features.csv"]
    assert module.parameters.exportContents == "table"


def test_a_closed_dialog_writes_nothing(module, segmented, user, tmp_path):
    user.folder = None
    module.ui.exportButton.click()
    assert list(tmp_path.iterdir()) == []
    assert not module.ui.exportedLabel.isVisible()


def test_what_cannot_be_written_is_a_dialog(module, segmented, user, tmp_path, dialogs):
    user.folder = tmp_path / "file"
    user.folder.write_text("not a folder")
    module.ui.exportButton.click()
    assert "cannot be written" in dialogs[0]


def test_marks_beside_the_scan_are_asked_about(module, result, quick, user):
    quick(result)
    pixels = np.zeros((300, 400), np.uint8)
    rows, columns = np.mgrid[:300, :400]
    inside = (rows - 170) ** 2 + (columns - 200) ** 2 < 110 ** 2
    pixels[inside] = np.random.default_rng(0).integers(60, 200, int(inside.sum()))
    clean = module.load(pixels, "clean")
    assert privacy.burntIn(clean) == ""
    pixels[8:20, 8:90:3] = 255  # letters in the corner
    named = module.load(pixels, "named")
    assert "bright marks beside the scan" in privacy.burntIn(named)


def test_a_picture_that_may_name_the_patient_is_exported_after_a_yes_only(module, segmented, user, monkeypatch):
    monkeypatch.setattr(privacy, "burntIn", lambda _volume: "There is writing.")
    user.answers = [False, True]
    module.ui.exportButton.click()
    assert files(user) == []
    module.ui.exportButton.click()
    assert "breast-ultrasound.html" in files(user)
    assert user.asked[0].startswith("There is writing.")


def test_without_the_pages_packages_it_says_what_to_do(module, segmented, user, monkeypatch, dialogs):
    real = dependencies._version
    monkeypatch.setattr(dependencies, "_version", lambda name: None if name == "contourpy" else real(name))
    module.ui.exportButton.click()
    assert "contourpy>=1.0 is not installed" in dialogs[0] and "Set-up" in dialogs[0]
    assert files(user) == []


def test_dicoms_own_word_on_burnt_in_text_is_heeded(module, segmented, monkeypatch):
    segmented.SetAttribute("DICOM.instanceUIDs", "1.2.3")
    database = SimpleNamespace(isOpen=True, instanceValue=lambda uid, tag: {"0028,0301": "YES"}.get(tag, ""))
    monkeypatch.setattr(slicer, "dicomDatabase", database, raising=False)
    assert "burnt into" in privacy.burntIn(segmented)


def test_links_lead_to_files_of_any_name(module, segmented, user, tmp_path):
    user.folder = tmp_path / "a & b <c>"
    user.folder.mkdir()
    module.ui.exportButton.click()
    assert "a &amp; b &lt;c>" in module.ui.exportedLabel.text
    assert Path(tmp_path / "a & b <c>").as_uri() in module.ui.exportedLabel.text
