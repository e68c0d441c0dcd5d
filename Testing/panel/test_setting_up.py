"""Where the network computes, what is missing, and the sample data."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest
import slicer

from RadiomicNetSegmenterLib import dependencies, samples
from RadiomicNetSegmenterLib.logic import RadiomicNetSegmenterLogic
from RadiomicNetSegmenterLib.segmenters import Segmenters

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def without(monkeypatch):
    """Function that makes a package look as if it were not installed."""
    gone = set()
    real = dependencies._version
    monkeypatch.setattr(dependencies, "_version", lambda name: None if name in gone else real(name))
    return gone.update


def enter(module):
    module.holder.exit()
    module.holder.enter()


def test_with_everything_there_the_section_is_closed_and_offers_no_installation(module):
    assert module.ui.setUpCollapsibleButton.collapsed
    assert module.ui.installButton.isHidden()
    assert "PyTorch" in module.ui.packagesLabel.text


def test_missing_torch_opens_the_page_that_says_what_why_how_large_and_where_from(module, without):
    without({"torch"})
    enter(module)
    assert not module.ui.setUpCollapsibleButton.collapsed
    text = module.ui.packagesLabel.text
    for word in ("missing, and needed", "runs the network", "0.8 GB", "Extensions Manager", "Without a network",
                 "pip download", "--no-index"):
        assert word in text
    assert not module.ui.installButton.isHidden()


def test_without_pyradiomics_it_says_so_and_everything_else_works(module, without, result, quick):
    without({"pyradiomics", "pyradiomics-bhklab"})
    enter(module)
    assert "not installed, optional" in module.ui.packagesLabel.text
    assert module.ui.setUpCollapsibleButton.collapsed
    quick(result)
    module.load(result.prediction.image.pixels)
    assert module.ui.segmentButton.enabled


def test_installing_is_asked_for_there_and_a_refusal_is_a_sentence(module, without, dialogs):
    without({"torch"})
    enter(module)
    module.ui.installButton.click()
    assert "Extensions Manager" in dialogs[0]


def test_entering_the_module_imports_and_installs_nothing(module, without, monkeypatch):
    installed = []
    monkeypatch.setattr(slicer.util, "pip_install", installed.append)
    without({"torch", "safetensors", "contourpy"})
    enter(module)
    assert installed == []


def test_the_device_chosen_is_the_device_used(module, result, monkeypatch):
    used = []

    def compute(self, image, modelName="auto", threshold=None, progress=None, onPrediction=None, prompts=None):
        used.append(self.segmenters.device)
        onPrediction(result.prediction)
        return result

    monkeypatch.setattr(RadiomicNetSegmenterLogic, "compute", compute)
    module.load(result.prediction.image.pixels)
    module.segment()
    combo = module.ui.deviceComboBox
    combo.setCurrentIndex(combo.findData("cpu"))
    module.segment()
    assert used == ["auto", "cpu"]
    assert module.parameters.device == "cpu"


def test_a_device_that_is_not_there_is_a_sentence(module, result, dialogs):
    import torch

    if torch.cuda.is_available():
        pytest.skip("needs a computer without a CUDA card")
    module.load(result.prediction.image.pixels)
    module.parameters.device = "cuda"
    module.segment()
    assert "finds no NVIDIA or AMD graphics card" in dialogs[0]


def test_a_card_that_failed_is_told_where_the_device_is_chosen(module, result, quick, monkeypatch):
    quick(result)
    module.load(result.prediction.image.pixels)
    monkeypatch.setattr(Segmenters, "notice", "The graphics card (cuda) failed.")
    module.segment()
    assert module.ui.deviceLabel.text == "The graphics card (cuda) failed."
    assert not module.ui.setUpCollapsibleButton.collapsed


class SampleDataLogic:
    """What of Slicer's own is called, with its rule that all lists are of one length."""

    sources: ClassVar[list] = []

    @classmethod
    def registerCustomSampleDataSource(cls, category="Custom", sampleName=None, uris=None, fileNames=None,
                                       nodeNames=None, customDownloader=None, thumbnailFileName=None):
        assert all(isinstance(value, str) for value in (uris, fileNames, nodeNames, sampleName, category))
        source = ModuleType("source")
        source.sampleName, source.thumbnailFileName, source.customDownloader = (
            sampleName, thumbnailFileName, customDownloader)
        cls.sources.append(source)


def test_both_samples_are_offered_with_thumbnails_and_made_when_clicked(module, monkeypatch):
    from PIL import Image

    SampleDataLogic.sources = []
    sampleData = ModuleType("SampleData")
    sampleData.SampleDataLogic = SampleDataLogic
    monkeypatch.setitem(sys.modules, "SampleData", sampleData)
    samples.register()
    assert len(SampleDataLogic.sources) == 2
    kinds = []
    for source in SampleDataLogic.sources:
        with Image.open(source.thumbnailFileName) as picture:
            assert picture.size == (256, 192)
        node, = source.customDownloader(source)
        kinds.append((node.GetClassName(), module.panel.logic.readImage(node).shape))
    assert kinds[0][0] == "vtkMRMLScalarVolumeNode" and kinds[1][0] == "vtkMRMLVectorVolumeNode"
    assert module.parameters.inputVolume is not None or module.ui.inputSelector.listed()
    for view in slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode"):
        assert view.GetBackgroundVolumeID() == node.GetID()


def test_the_thumbnails_show_the_samples(module):
    import numpy as np
    from PIL import Image, ImageOps

    for name in samples.SAMPLES:
        image, _truth = samples.picture(name)
        with Image.open(samples.thumbnail(name)) as shown:
            wanted = np.asarray(ImageOps.fit(Image.fromarray(image.pixels), shown.size, Image.LANCZOS), float)
            assert np.abs(np.asarray(shown, float) - wanted).mean() < 2


def test_the_example_of_the_logics_docstring_runs(module, tmp_path, monkeypatch, capsys):
    import textwrap

    from RadiomicNetSegmenterLib import logic

    example = logic.__doc__.partition("::\n")[2].partition("\n\nThe computation")[0]
    lines = [line for line in textwrap.dedent(example).splitlines() if line.strip()]
    assert len(lines) == 10
    assert "\n".join(lines) in README.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec("\n".join(lines), {})
    printed = capsys.readouterr().out
    assert "lesion" in printed and "Dice 1.000" in printed
    assert (tmp_path / "results" / "case-1.json").is_file()
