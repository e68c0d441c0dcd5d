"""The contributions computed a second way on request: beside the first, saved with the scene, stopped when told to."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import slicer

from halted import threads
from radiomicnet.errors import ModelError
from radiomicnet.explain.shapley import Shapley
from radiomicnet.features.catalogue import KEYS
from radiomicnet.segmenter import Segmenter
from RadiomicNetSegmenterLib.scene import held, results

SAMPLED, EVERY = 0, 1


@pytest.fixture
def result(ultrasound_result):
    """As it was computed, so that both ways explain the same."""
    return ultrasound_result


@pytest.fixture
def halted(monkeypatch):
    """Shapley values that halt until released, asking again and again whether they are to stop."""
    release, asked = threading.Event(), []

    def shapley(self, prediction, every=False, steps=None, progress=None):
        asked.append(every)
        for _attempt in range(6000):
            progress(0.25)
            if release.wait(0.01):
                break
        return Shapley(np.linspace(1, 0.1, len(KEYS)), np.zeros(len(KEYS)), 8192 if every else 448)

    monkeypatch.setattr(Segmenter, "shapley", shapley)
    yield release, asked
    release.set()


def check(module, way=SAMPLED):
    module.ui.wayComboBox.setCurrentIndex(way)
    module.ui.shapleyButton.click()


def finished(module):
    return module.ui.shapleyButton.text == "Check the ranking"


def column(module, place):
    table = module.ui.shapleyTable
    return [table.item(row, place).text() for row in range(table.rowCount)]


def test_before_a_result_there_is_nothing_to_check_and_the_button_says_so(module):
    assert not module.ui.shapleyButton.enabled
    assert "Segment an image first" in module.ui.shapleyButton.toolTip
    assert not module.ui.shapleyTable.isVisibleTo(module.panel.parent)


def test_the_sampled_values_stand_beside_the_contributions_with_their_agreement(module, segmented, result, dialogs):
    check(module)
    module.wait(lambda: finished(module))
    assert dialogs == []
    made = held.shapley(results.findNodes(segmented))
    assert made.values.sum() == pytest.approx(result.contributions.change, abs=1e-3)
    assert "sampled combinations of features give" in module.ui.agreementLabel.text
    assert "Kendall's tau" in module.ui.agreementLabel.text
    assert column(module, 0) == [str(rank) for rank in range(1, len(KEYS) + 1)]
    assert column(module, 4) == [str(made.ranks[KEYS.index(item.key)]) for item in result.contributions.items]
    assert all("±" in text for text in column(module, 3))


def test_they_are_part_of_the_result_that_is_saved_and_exported(module, segmented, tmp_path):
    check(module)
    module.wait(lambda: finished(module))
    made = module.panel.logic.result(segmented).shapley
    assert np.array_equal(made.values, held.shapley(results.findNodes(segmented)).values)
    module.panel.logic.export(segmented, tmp_path, "case")
    pages = list(tmp_path.rglob("*.html"))
    assert pages and "sampled combinations of features give" in pages[0].read_text(encoding="utf-8")


def test_a_new_run_takes_them_away_because_they_were_of_the_one_before(module, segmented, halted):
    release, _asked = halted
    release.set()
    check(module)
    module.wait(lambda: finished(module))
    assert module.ui.shapleyTable.isVisibleTo(module.panel.parent)
    module.segment()
    assert held.shapley(results.findNodes(segmented)) is None
    assert not module.ui.shapleyTable.isVisibleTo(module.panel.parent)


def test_all_combinations_are_asked_for_only_where_they_are_chosen(module, segmented, halted):
    release, asked = halted
    release.set()
    assert "minutes" in module.ui.wayComboBox.itemText(EVERY)
    for way in (SAMPLED, EVERY):
        check(module, way)
        module.wait(lambda: finished(module))
    assert asked == [False, True]
    assert "all 8,192 combinations" in module.ui.agreementLabel.text
    assert not any("±" in text for text in column(module, 3))


def test_it_shows_how_far_it_is_and_can_be_stopped_with_nothing_kept(module, segmented, halted, dialogs):
    check(module, EVERY)
    module.wait(lambda: module.ui.shapleyBar.value == 25)
    assert module.ui.shapleyButton.text == "Cancel" and not module.ui.wayComboBox.enabled
    module.ui.shapleyButton.click()
    module.wait(lambda: finished(module))
    assert held.shapley(results.findNodes(segmented)) is None
    assert (threads(), dialogs) == ([], [])
    assert not module.ui.shapleyBar.isVisibleTo(module.panel.parent)


@pytest.mark.parametrize("act", ["another image", "closed scene", "left module", "new run"])
def test_whatever_takes_its_result_away_stops_it(module, segmented, result, halted, dialogs, act):
    check(module)
    module.wait(lambda: module.ui.shapleyBar.value == 25)
    if act == "another image":
        module.load(result.prediction.image.pixels[::-1].copy(), "Other")
    elif act == "closed scene":
        slicer.mrmlScene.Clear(0)
    elif act == "left module":
        module.holder.exit()
    else:
        module.segment()
    module.events()
    assert (threads(), dialogs) == ([], [])


def test_an_outline_at_another_threshold_is_not_compared_with_what_was_explained(module, segmented):
    module.panel.logic.drawAt(segmented, 0.2)
    module.panel.logic.getParameterNode().parameterNode.Modified()
    module.events()
    assert not module.ui.shapleyButton.enabled
    assert "another threshold" in module.ui.shapleyButton.toolTip


def test_a_model_that_is_no_longer_the_same_is_said(module, segmented, monkeypatch, dialogs):
    def refuse(self, result, every=False, progress=None):
        raise ModelError("The model has changed since this image was segmented.", "Segment it again.")

    monkeypatch.setattr(type(module.panel.logic), "computeShapley", refuse)
    check(module)
    module.wait(lambda: finished(module))
    assert dialogs == ["The model has changed since this image was segmented. Segment it again."]
    assert threads() == []


def test_nothing_is_cut_off_at_400_pixels(module, segmented, monkeypatch):
    made = Shapley(np.linspace(-1.234, 1.1, len(KEYS)), np.full(len(KEYS), 0.012), 448)
    monkeypatch.setattr(Segmenter, "shapley", lambda *_arguments, **_named: made)
    module.ui.shapleyCollapsibleButton.collapsed = False
    check(module)
    module.wait(lambda: finished(module))
    module.events()
    table = module.ui.shapleyTable
    assert sum(table.columnWidth(place) for place in range(table.columnCount)) <= table.viewport().width() + 1
    assert table.columnWidth(1) > table.fontMetrics().horizontalAdvance("Dissimilarity")
