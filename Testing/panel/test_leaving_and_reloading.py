"""A run goes on while another module is open, and reloading the module stops it."""

from __future__ import annotations

import gc

import pytest
import slicer

from halted import begin, threads
from RadiomicNetSegmenterLib.parameters import RadiomicNetSegmenterParameterNode
from RadiomicNetSegmenterLib.scene import results


def test_leaving_the_module_lets_the_run_finish_without_touching_the_views(module, run, volume, dialogs):
    begin(module, run, volume, shown=False)
    module.holder.exit()
    run.release.set()
    module.wait(lambda: not threads() and results.findNodes(volume).table is not None)
    assert {view.GetForegroundVolumeID() for view in slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")} == {None}
    module.holder.enter()
    assert module.ui.featureTable.rowCount == 13
    assert dialogs == []


def test_reloading_the_module_stops_the_run_and_the_new_panel_works(imported_modules, module, run, volume, dialogs):
    begin(module, run, volume, shown=False)
    old = module.panel
    module.panel.onReload()
    module.events()
    assert module.panel is not old
    assert type(module.panel) is not type(old)
    assert threads() == []
    assert module.parameters.inputVolume is volume
    assert module.ui.segmentButton.text == "Segment"
    assert dialogs == []


def test_reloading_after_the_outline_keeps_it(imported_modules, module, run, volume, dialogs):
    begin(module, run, volume)
    module.panel.onReload()
    module.events()
    assert threads() == []
    assert results.findNodes(volume).segmentation
    assert "stopped" in module.ui.checkLabel.text
    assert dialogs == []


def test_reloading_after_a_set_up_that_failed(imported_modules, module, monkeypatch):
    from RadiomicNetSegmenterLib import widget

    def fail(*_arguments):
        raise RuntimeError("the panel's file is damaged")

    with monkeypatch.context() as patch:
        patch.setattr(widget, "SECTIONS", (*widget.SECTIONS, fail))
        module.panel.cleanup()
        with pytest.raises(RuntimeError, match="damaged"):
            module.holder.reload()
    module.panel.onReload()
    assert "No image is chosen" in module.ui.segmentButton.toolTip


def wrappers() -> int:
    """How many of them somebody holds."""
    gc.collect()
    return sum(type(each) is RadiomicNetSegmenterParameterNode for each in gc.get_objects())


def withoutRemovingItsObserver(self, tag):
    """What Slicer before 5.12 does: the widgets are let go, and an observer stays that holds the wrapper."""
    for signal, slot, _parameter, _write in self._connections.pop(tag):
        signal.disconnect(slot)


@pytest.mark.parametrize("disconnectGui", [RadiomicNetSegmenterParameterNode.disconnectGui,
                                           withoutRemovingItsObserver])
def test_opening_the_module_again_and_again_leaves_nothing_behind(module, disconnectGui, monkeypatch):
    monkeypatch.setattr(RadiomicNetSegmenterParameterNode, "disconnectGui", disconnectGui)
    calls, before = [], wrappers()
    for _time in range(5):
        module.holder.exit()
        module.holder.enter()
    assert wrappers() == before
    monkeypatch.setattr(module.panel.sections[0], "update", calls.append)
    module.parameters.showAreaRange = True
    assert len(calls) == 1
    assert module.ui.areaRangeCheckBox.checked
