"""The logic does everything without a widget, and is the same code as the command's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import slicer

from radiomicnet.errors import Cancelled, ImageError, ModelError
from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic
from RadiomicNetSegmenterLib.scene import table

ROOT = Path(__file__).parents[2]


@pytest.fixture
def logic():
    return RadiomicNetSegmenterLogic()


def test_a_volume_is_segmented_as_the_command_segments_the_picture(logic, add_volume, ultrasound_result):
    volume = add_volume(ultrasound_result.prediction.image.pixels, "Phantom")
    nodes = logic.segment(volume)
    commanded = ultrasound_result.prediction
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(nodes.maps["probability"])[0], commanded.probability)
    segments = nodes.segmentation.GetSegmentation()
    assert segments.GetNumberOfSegments() == len(commanded.lesions)
    columns = table.columns(nodes.table)
    assert columns["Network"] == [item.value for item in ultrasound_result.contributions.items]
    assert columns["Contribution"] == pytest.approx(
        [item.contribution for item in ultrasound_result.contributions.items], rel=1e-4, abs=1e-9)


def test_a_colour_volume_goes_to_the_endoscopy_model(logic, add_volume, endoscopy_result):
    volume = add_volume(endoscopy_result.prediction.image.pixels, "Scene")
    stopped = []

    def stop(prediction):
        stopped.append(prediction)
        raise Cancelled

    with pytest.raises(Cancelled):
        logic.compute(logic.readImage(volume), onPrediction=stop)
    assert stopped[0].card.name == "polyp-endoscopy"
    np.testing.assert_array_equal(stopped[0].probability, endoscopy_result.prediction.probability)


def test_a_run_can_be_stopped_at_every_step(logic, add_volume, ultrasound_result):
    image = logic.readImage(add_volume(ultrasound_result.prediction.image.pixels))

    def stop(step, fraction):
        assert 0 <= fraction <= 1
        if step == "features":
            raise Cancelled

    with pytest.raises(Cancelled):
        logic.compute(image, progress=stop)


def test_the_threshold_given_is_the_threshold_used(logic, add_volume, ultrasound_result):
    image = logic.readImage(add_volume(ultrasound_result.prediction.image.pixels))

    def stop(prediction):
        assert prediction.threshold == 0.123
        raise Cancelled

    with pytest.raises(Cancelled):
        logic.compute(image, threshold=0.123, onPrediction=stop)


def test_a_model_is_read_from_disk_once(logic, add_volume, ultrasound_result):
    image = logic.readImage(add_volume(ultrasound_result.prediction.image.pixels))
    assert logic.segmenters.get(image) is logic.segmenters.get(image, "breast-ultrasound")


def test_an_unknown_model_is_refused_and_the_scene_is_as_it_was(logic, add_volume, ultrasound_result):
    volume = add_volume(ultrasound_result.prediction.image.pixels)
    before = slicer.mrmlScene.GetNumberOfNodes()
    with pytest.raises(ModelError, match="no model named"):
        logic.segment(volume, "lung-ct")
    assert slicer.mrmlScene.GetNumberOfNodes() == before


def test_no_volume_is_refused_with_a_sentence(logic):
    with pytest.raises(ImageError, match="No image is chosen"):
        logic.segment(None)


def test_the_parameters_live_in_the_scene(logic):
    parameters = logic.getParameterNode()
    parameters.modelName = "polyp-endoscopy"
    parameters.overlayOpacity = 0.7
    again = RadiomicNetSegmenterLogic().getParameterNode()
    assert (again.modelName, again.overlayOpacity) == ("polyp-endoscopy", 0.7)


HEAVY = "torch torchvision safetensors scipy SimpleITK skimage radiomics PIL slicerio nrrd jinja2 jsonschema pydicom"
PROGRAM = """
import sys
sys.path[:0] = [{panel!r}, {module!r}]
from standin import python
python.install()
from types import ModuleType
for name in ("qt", "ctk"):
    sys.modules[name] = ModuleType(name)
before = set(sys.modules)
import RadiomicNetSegmenter
print(" ".join(sorted(set({heavy!r}.split()) & (set(sys.modules) - before))))
"""


def test_opening_slicer_imports_nothing_that_would_delay_it():
    program = PROGRAM.format(panel=str(ROOT / "Testing" / "panel"), module=str(ROOT / "RadiomicNetSegmenter"),
                             heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == ""
