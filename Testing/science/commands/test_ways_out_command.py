"""``segment --also`` and ``stack --also``, as a user types them."""

from __future__ import annotations

import argparse
import json

import nibabel
import numpy as np
import pydicom.data
import pytest
import SimpleITK as sitk

from radiomicnet.commands import segment, stack


@pytest.fixture
def call(small_model_folder, tmp_path):
    """Run a command in this process; the exit status."""
    def run(command, *words):
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        return command.main(parser.parse_args(["--model", str(small_model_folder / "small"), "--out",
                                               str(tmp_path / "out"), *map(str, words)]))
    return run


def names(folder):
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_a_frame_of_a_dicom_clip_is_given_in_every_format_and_the_record_names_them(call, tmp_path):
    pytest.importorskip("highdicom")
    path = pydicom.data.get_testdata_file("examples_ybr_color.dcm", download=False)
    assert call(segment, path, "--frame", 3, "--also", "dicom-seg,coco,nifti", "--threshold", 0.5) == 0
    stem = "examples_ybr_color-frame-03"
    made = {f"{stem}{ending}" for ending in ("-seg.dcm", "-coco.json", "-mask.png", "-labels.nii.gz")}
    assert made <= names(tmp_path / "out")
    assert made <= set(json.loads((tmp_path / "out" / f"{stem}.json").read_text())["files"])
    read = pydicom.dcmread(tmp_path / "out" / f"{stem}-seg.dcm")
    derived = read.PerFrameFunctionalGroupsSequence[0].DerivationImageSequence[0]
    assert derived.SourceImageSequence[0].ReferencedFrameNumber == 3
    call(segment, path, "--frame", 3, "--threshold", 0.5)
    assert not made & names(tmp_path / "out")  # a later result leaves nothing of the earlier


def test_a_picture_cannot_be_referred_to_by_dicom_and_says_so_before_anything_is_written(
        call, tmp_path, phantom, capsys):
    sitk.WriteImage(sitk.GetImageFromArray(phantom[0].pixels), str(tmp_path / "a.png"))
    assert call(segment, tmp_path / "a.png", "--also", "dicom-seg") == 1
    assert "a.png is no DICOM file" in capsys.readouterr().err and names(tmp_path / "out") == set()


def test_an_unknown_format_is_refused_with_those_there_are(call, tmp_path, capsys):
    with pytest.raises(SystemExit):
        call(segment, tmp_path / "a.png", "--also", "coco,jpeg2000")
    assert "jpeg2000 is none of dicom-seg, coco, nifti" in capsys.readouterr().err


def test_a_stack_is_given_as_nifti_on_its_own_grid(call, tmp_path, phantom, capsys):
    volume = sitk.GetImageFromArray(np.stack([phantom[0].pixels[::3, ::3]] * 3))
    volume.SetSpacing((0.3, 0.2, 1.25))
    volume.SetOrigin((4, 5, 6))
    sitk.WriteImage(volume, str(tmp_path / "v.nrrd"))
    assert call(stack, tmp_path / "v.nrrd", "--also", "nifti") == 0
    assert names(tmp_path / "out") == {"v.seg.nrrd", "v-slices.csv", "v-stack.json", "v-stack.html", "v-labels.nii.gz"}
    read = nibabel.load(tmp_path / "out" / "v-labels.nii.gz")
    assert read.shape == volume.GetSize() and np.allclose(read.header.get_zooms(), (0.3, 0.2, 1.25))
    written = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "out" / "v.seg.nrrd")))
    assert np.array_equal(np.asarray(read.dataobj).T, written)
    assert "open v-stack.html first" in capsys.readouterr().out
