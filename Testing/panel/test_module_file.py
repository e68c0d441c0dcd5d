"""What Slicer loads: the module's words, Reload and Test, and Slicer's own test runner."""

from __future__ import annotations

import pytest
import slicer


def test_the_module_tells_what_it_is(module):
    import RadiomicNetSegmenter

    parent = type("Parent", (), {})()
    RadiomicNetSegmenter.RadiomicNetSegmenter(parent)
    assert parent.categories == ["Segmentation"]
    assert parent.dependencies == []
    assert "research use" in parent.helpText
    assert parent.contributors and parent.acknowledgementText


def test_reload_and_test_passes_on_the_shipped_models(module):
    import RadiomicNetSegmenter

    case = RadiomicNetSegmenter.RadiomicNetSegmenterTest()
    case.runTest()


def test_reload_and_test_without_torch_says_so_and_tests_nothing(module, monkeypatch):
    import RadiomicNetSegmenter
    from RadiomicNetSegmenterLib import dependencies

    said = []
    monkeypatch.setattr(dependencies, "missing", lambda _path: ["torch>=2.2"])
    monkeypatch.setattr(slicer.util, "infoDisplay", said.append)
    case = RadiomicNetSegmenter.RadiomicNetSegmenterTest()
    case.runTest()
    assert "Nothing was tested: torch>=2.2 is not installed" in said[0]
    assert not slicer.util.getNodesByClass("vtkMRMLSegmentationNode")


def test_slicers_test_runner_skips_with_a_reason_where_torch_is_missing(module, monkeypatch):
    import unittest

    import RadiomicNetSegmenter
    from RadiomicNetSegmenterLib import dependencies

    monkeypatch.setattr(dependencies, "missing", lambda _path: ["torch>=2.2"])
    with pytest.raises(unittest.SkipTest, match=r"torch>=2\.2"):
        RadiomicNetSegmenter.RadiomicNetSegmenterTest().setUp()
