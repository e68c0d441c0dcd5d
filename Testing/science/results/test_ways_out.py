"""DICOM SEG, COCO, mask PNG and NIfTI, each opened by a tool that is not RadiomicNet's."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import nibabel
import numpy as np
import pydicom
import pydicom.data
import pytest
import SimpleITK
from PIL import Image as Pillow

from radiomicnet.errors import ImageError, OutputError
from radiomicnet.images.image import Geometry
from radiomicnet.images.read import read_image
from radiomicnet.results.also import FORMATS, also, check_also
from radiomicnet.results.coco import run_lengths, write_coco
from radiomicnet.results.dicom_seg import write_dicom_seg, write_dicom_seg_of_clip
from radiomicnet.results.labels_nifti import write_nifti
from radiomicnet.results.write import write_files

STILL, CLIP, PLACED = "examples_rgb_color.dcm", "examples_ybr_color.dcm", "CT_small.dcm"


def bundled(name):
    """A DICOM file that comes inside pydicom's package."""
    return Path(pydicom.data.get_testdata_file(name, download=False))


@pytest.fixture
def prediction(make_result):
    """``prediction(lesions, shape)``."""
    return lambda lesions=2, shape=(240, 320), **settings: make_result(lesions, shape, **settings).prediction


@pytest.fixture
def highdicom():
    return pytest.importorskip("highdicom")


def test_a_dicom_segmentation_is_read_by_highdicom_to_the_pixel(highdicom, prediction, tmp_path):
    made = prediction(2)
    write_dicom_seg(made, tmp_path / "a.dcm", bundled(STILL))
    read, source = highdicom.seg.segread(tmp_path / "a.dcm"), pydicom.dcmread(bundled(STILL))
    pixels = read.get_pixels_by_source_instance([source.SOPInstanceUID])
    assert pixels.shape == (1, 240, 320, 2)
    for segment in (1, 2):
        assert np.array_equal(pixels[0, ..., segment - 1] > 0, made.labels == segment)


def test_its_terms_and_references_are_there_for_any_dicom_reader(highdicom, prediction, tmp_path):
    made, target = prediction(2), prediction(2).card.target
    write_dicom_seg(made, tmp_path / "a.dcm", bundled(STILL))
    read, source = pydicom.dcmread(tmp_path / "a.dcm"), pydicom.dcmread(bundled(STILL))
    assert read.SOPClassUID == "1.2.840.10008.5.1.4.1.1.66.4" and read.Modality == "SEG"
    assert read.StudyInstanceUID == source.StudyInstanceUID and read.PatientID == source.PatientID
    assert read.SeriesInstanceUID != source.SeriesInstanceUID
    referred = read.ReferencedSeriesSequence[0]
    assert referred.SeriesInstanceUID == source.SeriesInstanceUID
    assert referred.ReferencedInstanceSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID
    assert [item.SegmentLabel for item in read.SegmentSequence] == ["Breast lesion 1", "Breast lesion 2"]
    for item in read.SegmentSequence:
        kind, category = item.SegmentedPropertyTypeCodeSequence[0], item.SegmentedPropertyCategoryCodeSequence[0]
        assert (kind.CodingSchemeDesignator, kind.CodeValue, kind.CodeMeaning) == target.type
        assert (category.CodingSchemeDesignator, category.CodeValue, category.CodeMeaning) == target.category
        assert item.AnatomicRegionSequence[0].CodeValue == target.region[1]
        assert item.SegmentAlgorithmType == "AUTOMATIC" and made.card.name in item.SegmentAlgorithmName
    unpacked = read.pixel_array
    assert np.array_equal(unpacked.any(axis=0), made.labels > 0)


def test_dcmqi_reads_it_to_the_pixel_and_misses_nothing(highdicom, prediction, tmp_path):
    """dcmqi places segments in space, which ultrasound and endoscopy have not; so a source that has it stands in."""
    dcmqi = pytest.importorskip("dcmqi")
    made, source = prediction(2, (128, 128)), pydicom.dcmread(bundled(PLACED))
    write_dicom_seg(made, tmp_path / "a.dcm", bundled(PLACED))
    program = shutil.which("segimage2itkimage", path=Path(dcmqi.__file__).parent / "bin")
    run = subprocess.run([program, "--inputDICOM", tmp_path / "a.dcm", "--outputDirectory",
                          tmp_path], capture_output=True, text=True, check=True)
    assert "W:" not in run.stdout + run.stderr and "Failed" not in run.stdout + run.stderr
    told = json.loads((tmp_path / "meta.json").read_text())["segmentAttributes"]
    for number, (attributes,) in enumerate(told, start=1):
        assert attributes["SegmentLabel"] == f"Breast lesion {number}"
        assert attributes["SegmentedPropertyTypeCodeSequence"]["CodeValue"] == made.card.target.type[1]
        color = np.array(attributes["recommendedDisplayRGBValue"]) / 255
        assert np.allclose(color, made.card.target.color, atol=0.02)
        image = SimpleITK.ReadImage(str(tmp_path / f"{number}.nrrd"))
        rows, columns = np.nonzero(made.labels == number)
        drawn = np.argwhere(SimpleITK.GetArrayFromImage(image))
        assert len(drawn) == len(rows)
        middle = image.TransformContinuousIndexToPhysicalPoint([float(each) for each in drawn.mean(axis=0)[::-1]])
        x, y, z = (float(each) for each in source.ImagePositionPatient)
        tall, wide = (float(each) for each in source.PixelSpacing)
        assert np.allclose(middle, [x + columns.mean() * wide, y + rows.mean() * tall, z], atol=1e-3)


@pytest.mark.parametrize("name", [STILL, CLIP])
def test_what_is_not_known_is_said_to_be_empty(highdicom, prediction, tmp_path, name):
    """Attributes that have to be there though they may be empty (type 2)."""
    write_dicom_seg(prediction(1), tmp_path / "a.dcm", bundled(name))
    read = pydicom.dcmread(tmp_path / "a.dcm")
    assert read["ContentCreatorName"].is_empty and read["PatientOrientation"].is_empty
    for item in read.ReferencedSeriesSequence[0].ReferencedInstanceSequence:
        assert "ReferencedFrameNumber" not in item


def test_a_frame_of_a_clip_is_referred_to_by_its_number(highdicom, prediction, tmp_path):
    made, source = prediction(1), pydicom.dcmread(bundled(CLIP))
    write_dicom_seg(made, tmp_path / "a.dcm", bundled(CLIP), frame=7)
    image = pydicom.dcmread(tmp_path / "a.dcm").PerFrameFunctionalGroupsSequence[0].DerivationImageSequence[0]
    assert image.SourceImageSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID
    assert image.SourceImageSequence[0].ReferencedFrameNumber == 7
    pixels = highdicom.seg.segread(tmp_path / "a.dcm").get_pixels_by_source_frame(source.SOPInstanceUID, [7])
    assert np.array_equal(pixels[0, ..., 0] > 0, made.labels > 0)


def test_frames_of_a_clip_are_one_file_in_which_each_lesion_keeps_its_segment(highdicom, prediction, tmp_path):
    """highdicom finds every frame by the source's number; pydicom alone unpacks the same bits."""
    source, card = pydicom.dcmread(bundled(CLIP)), prediction(1).card
    random = np.random.default_rng(3)
    labels = {frame: np.zeros((240, 320), np.uint8) for frame in (3, 5, 6, 30)}
    for frame, each in labels.items():
        row, column = random.integers(10, 200, 2)
        each[row:row + 31, column:column + 17] = 1
        if frame > 5:
            each[:9, 3:40] = 4
    write_dicom_seg_of_clip(labels, card, 0.5, tmp_path / "a.dcm", bundled(CLIP))
    read = highdicom.seg.segread(tmp_path / "a.dcm")
    assert [item.SegmentLabel for item in read.SegmentSequence] == ["Breast lesion 1", "Breast lesion 4"]
    pixels = read.get_pixels_by_source_frame(source.SOPInstanceUID, list(labels))
    for place, each in enumerate(labels.values()):
        for segment, number in enumerate((1, 4)):
            assert np.array_equal(pixels[place, ..., segment] > 0, each == number), (place, number)
    plain = pydicom.dcmread(tmp_path / "a.dcm")
    assert plain.pixel_array.shape == (8, 240, 320)
    assert np.array_equal(plain.pixel_array[4:] > 0, np.stack([each == 4 for each in labels.values()]))
    items = plain.PerFrameFunctionalGroupsSequence
    assert [list(item.FrameContentSequence[0].DimensionIndexValues) for item in items] == [
        [segment, place] for segment in (1, 2) for place in (1, 2, 3, 4)]
    images = [item.DerivationImageSequence[0].SourceImageSequence[0] for item in items]
    assert [image.ReferencedFrameNumber for image in images] == [3, 5, 6, 30] * 2
    assert {image.ReferencedSOPClassUID for image in images} == {source.SOPClassUID}


def test_a_clip_in_which_nothing_was_found_has_an_empty_segment_for_every_frame(highdicom, prediction, tmp_path):
    empty = {frame: np.zeros((240, 320), np.uint8) for frame in (1, 2)}
    for name in ("a", "b"):
        write_dicom_seg_of_clip(empty, prediction(1).card, 0.5, tmp_path / f"{name}.dcm", bundled(CLIP))
    read = highdicom.seg.segread(tmp_path / "a.dcm")
    assert read.number_of_segments == 1 and read.NumberOfFrames == 2 and not read.pixel_array.any()
    assert (tmp_path / "a.dcm").read_bytes() == (tmp_path / "b.dcm").read_bytes()


def test_where_nothing_was_found_there_is_an_empty_segment(highdicom, prediction, tmp_path):
    write_dicom_seg(prediction(0), tmp_path / "a.dcm", bundled(STILL))
    read = highdicom.seg.segread(tmp_path / "a.dcm")
    assert read.number_of_segments == 1 and not read.pixel_array.any()


def test_the_same_result_gives_the_same_bytes_in_every_format(highdicom, prediction, tmp_path):
    for folder in ("a", "b"):
        write_files(also(FORMATS, prediction(2), bundled(STILL)), tmp_path / folder, "x")
    names = {path.name for path in (tmp_path / "a").iterdir()}
    assert names == {"x-seg.dcm", "x-coco.json", "x-mask.png", "x-labels.nii.gz"}
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_another_outline_has_another_uid(highdicom, prediction, tmp_path):
    uids = set()
    for lesions in (1, 2):
        write_dicom_seg(prediction(lesions), tmp_path / "a.dcm", bundled(STILL))
        uids.add(pydicom.dcmread(tmp_path / "a.dcm").SOPInstanceUID)
    assert len(uids) == 2


def test_a_source_that_is_no_dicom_or_has_no_uids_is_refused_before_anything_is_computed(tmp_path, make_scene):
    Pillow.fromarray(make_scene(1)[0]).save(tmp_path / "a.png")
    with pytest.raises(ImageError, match=r"a\.png is no DICOM file"):
        check_also(FORMATS, tmp_path / "a.png")
    check_also(("coco", "nifti"), tmp_path / "a.png")
    bare = pydicom.dcmread(bundled(STILL))
    del bare.StudyInstanceUID
    bare.save_as(tmp_path / "bare.dcm")
    with pytest.raises(ImageError, match="lacks StudyInstanceUID"):
        check_also(FORMATS, tmp_path / "bare.dcm")


def test_coco_is_read_by_its_own_library_to_the_pixel(prediction, tmp_path):
    coco = pytest.importorskip("pycocotools.coco")
    made = prediction(3)
    write_coco(made, tmp_path / "a.json", "scan.png")
    read = coco.COCO(str(tmp_path / "a.json"))
    assert read.loadImgs(1)[0]["file_name"] == "scan.png"
    annotations = read.loadAnns(read.getAnnIds(imgIds=1))
    assert len(annotations) == len(made.lesions) == 3
    for annotation, lesion in zip(annotations, made.lesions):
        mask = read.annToMask(annotation).astype(bool)
        assert np.array_equal(mask, made.labels == lesion.label) and annotation["area"] == mask.sum()
        left, top, width, height = (int(value) for value in annotation["bbox"])
        assert mask[top:top + height, left:left + width].sum() == mask.sum()
        assert mask[top].any() and mask[top + height - 1].any() and mask[:, left].any()
    assert read.loadCats(1)[0]["name"] == "Breast lesion"


def test_an_image_without_a_lesion_is_coco_too(prediction, tmp_path):
    coco = pytest.importorskip("pycocotools.coco")
    write_coco(prediction(0), tmp_path / "a.json", "scan.png")
    assert coco.COCO(str(tmp_path / "a.json")).getAnnIds() == []


@pytest.mark.parametrize("mask", [[[1, 0], [1, 1]], [[0, 0], [0, 0]], [[1, 1], [1, 1]], [[0, 1], [0, 0]]])
def test_run_lengths_are_those_of_cocos_own_encoder(mask):
    code = pytest.importorskip("pycocotools.mask")
    mask = np.array(mask, bool)
    packed = code.frPyObjects({"size": list(mask.shape), "counts": run_lengths(mask)}, *mask.shape)
    assert packed == code.encode(np.asfortranarray(mask.astype(np.uint8)))


def test_the_mask_is_a_png_of_0_and_255(prediction, tmp_path):
    made = prediction(2)
    write_files(also(("coco",), made, Path("scan.png")), tmp_path, "scan")
    picture = Pillow.open(tmp_path / "scan-mask.png")
    assert picture.mode == "L" and np.array_equal(np.asarray(picture) == 255, made.labels > 0)
    assert set(np.unique(picture)) == {0, 255}


def test_nifti_is_read_by_nibabel_with_the_geometry_to_the_voxel(prediction, tmp_path, oblique):
    made = prediction(2, geometry=oblique)
    write_files(also(("nifti",), made, Path("scan.nrrd")), tmp_path, "scan")
    read = nibabel.load(tmp_path / "scan-labels.nii.gz")
    assert np.array_equal(np.asarray(read.dataobj)[..., 0], made.labels.T)
    lps = np.eye(4)
    lps[:3, :3] = np.reshape(oblique.direction, (3, 3)) * oblique.spacing
    lps[:3, 3] = oblique.origin
    assert read.affine == pytest.approx(np.diag([-1, -1, 1, 1]) @ lps, abs=1e-5)
    assert read_image(tmp_path / "scan-labels.nii.gz").geometry.spacing == pytest.approx(oblique.spacing, rel=1e-6)


def test_a_label_map_in_three_dimensions_is_one_too(tmp_path):
    labels = np.random.default_rng(0).integers(0, 3, (4, 20, 30)).astype(np.uint8)
    write_nifti(tmp_path / "a.nii.gz", labels, Geometry((0.5, 0.25, 2), calibrated=True))
    read = nibabel.load(tmp_path / "a.nii.gz")
    assert np.array_equal(np.asarray(read.dataobj), labels.T)
    assert np.allclose(read.header.get_zooms(), (0.5, 0.25, 2))


def test_a_folder_that_is_gone_is_a_sentence(prediction, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="is a file"):
        write_files(also(("nifti", "coco"), prediction(1), Path("a.png")), tmp_path / "file", "a")
