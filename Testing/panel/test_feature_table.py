"""The table of features, the feature that is selected in it, and the values inside the segment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import slicer

from radiomicnet.features.catalogue import BY_KEY, CATALOGUE
from radiomicnet.results.result import Check, Reliance, Verification
from radiomicnet.results.words import number
from RadiomicNetSegmenterLib.scene import maps, results, table
from RadiomicNetSegmenterLib.sections import featureRows


def texts(module, column):
    return [module.ui.featureTable.item(row, column).text() for row in range(module.ui.featureTable.rowCount)]


def run(module, result, spacing=1.0):
    volume = module.load(result.prediction.image.pixels, spacing=spacing)
    module.segment()
    return volume


@pytest.fixture
def local(result):
    """A result that knows what each tile contributed."""
    tiles = result.prediction.card.input_size // 16
    everywhere = np.random.default_rng(0).normal(scale=0.01, size=(13, tiles, tiles)).astype(np.float32)
    return replace(result, contributions=replace(result.contributions, maps=everywhere))


def cell(table, row, column):
    return table.item(row, column).text()


def test_the_table_shows_rank_contribution_and_both_values(module, result, quick):
    quick(result)
    run(module, result)
    table = module.ui.featureTable
    assert [table.horizontalHeaderItem(i).text() for i in range(table.columnCount)] == [
        "#", "Feature", "Share", "Network", "Segment", "PyRad."]
    first = result.contributions.items[0]
    assert (cell(table, 0, 0), cell(table, 0, 1)) == ("1", featureRows.SHORT[first.key])
    assert cell(table, 0, 2).lstrip("*").startswith("+" if first.contribution >= 0 else "−")
    assert f"{first.share:.0f} %" in cell(table, 0, 2)
    if result.verification.made:
        assert [cell(table, row, 5) for row in range(table.rowCount)] == ["✓ agrees"] * len(CATALOGUE)
    formula = next(feature.formula for feature in CATALOGUE if feature.key == first.key)
    assert formula.replace("<", "&lt;").split("(")[0] in table.item(0, 1).toolTip()


def test_a_contribution_that_is_another_than_usual_stands_out_and_is_said_to(module, result, quick):
    first, *others = (item.key for item in result.contributions.items)
    usual = {"low": {first: 9.0, **dict.fromkeys(others, -9.0)}, "high": {first: 9.5, **dict.fromkeys(others, 9.0)},
             "n": 1234}
    card = replace(result.prediction.card, trust={**result.prediction.card.trust, "contributions": usual})
    quick(replace(result, prediction=replace(result.prediction, card=card)))
    run(module, result)
    shares = [module.ui.featureTable.item(row, 2) for row in range(len(CATALOGUE))]
    assert [share.text().startswith("*") for share in shares] == [True] + [False] * 12
    assert "(usually +9.0 to +9.5)" in shares[0].toolTip() and "(usually −9.0 to +9.0)" in shares[1].toolTip()
    assert "That is unusual: " in module.ui.featureLabel.text  # the first is selected
    module.ui.featureTable.selectRow(1)
    module.wait(lambda: "That is usual: " in module.ui.featureLabel.text)


def test_a_card_that_knows_no_usual_contributions_makes_none_stand_out(module, result, quick):
    card = replace(result.prediction.card, trust={})
    quick(replace(result, prediction=replace(result.prediction, card=card)))
    run(module, result)
    shares = [module.ui.featureTable.item(row, 2) for row in range(len(CATALOGUE))]
    assert not any("*" in share.text() or "usual" in share.toolTip() for share in shares)
    assert "usual" not in module.ui.featureLabel.text


def test_without_pyradiomics_the_panel_says_how_to_make_the_check(module, result, quick):
    reason = "PyRadiomics is not installed. Install it to make the check."
    quick(replace(result, verification=Verification(False, reason=reason)))
    run(module, result)
    assert reason in module.ui.checkLabel.text
    assert {cell(module.ui.featureTable, row, 5) for row in range(len(CATALOGUE))} == {"– not checked"}


def test_nothing_is_cut_off_at_400_pixels(module, result, quick):
    quick(result)
    run(module, result)
    module.wait(lambda: module.ui.insideLabel.text != "")
    widget = module.ui.featureTable
    assert widget.horizontalScrollBar().maximum() == 0
    for column in range(widget.columnCount):
        assert widget.columnWidth(column) >= widget.sizeHintForColumn(column) or column == 1
    words = max((word for text in texts(module, 1) for word in text.split("-")[0].split()), key=len)
    assert widget.columnWidth(1) > widget.fontMetrics().horizontalAdvance(words)


def test_a_selected_row_says_in_plain_language_what_the_feature_means(module, result, quick):
    quick(result)
    run(module, result)
    items = result.contributions.items
    assert module.ui.featureTable.selectedItems()[0].row() == 0  # the one that contributed most
    for place in (4, 9):
        module.ui.featureTable.selectRow(place)
        assert module.parameters.selectedFeature == items[place].key
        said = module.ui.featureLabel.text
        assert BY_KEY[items[place].key].meaning in said and BY_KEY[items[place].key].label in said
        assert ("raised" if items[place].contribution >= 0 else "lowered") in said
        assert f"{items[place].share:.1f} %" in said
        assert "in the training images" in said


def test_agreement_is_a_mark_and_a_word_and_a_disagreement_is_explained(module, result, quick):
    key = result.contributions.items[2].key
    checks = {each.key: Check(each.key, each.value, each.value, 0.0, True) for each in result.contributions.items}
    checks[key] = Check(key, 2.0, 3.0, -1.0, False, "Discretisation: the bins are not the same.")
    quick(replace(result, verification=Verification(True, checks, version="3.0.1")))
    run(module, result)
    assert texts(module, 5) == ["✗ differs" if row == 2 else "✓ agrees" for row in range(13)]
    module.ui.featureTable.selectRow(2)
    assert "Discretisation" in module.ui.featureLabel.text
    assert "PyRadiomics: 3.000, ✗ differs (difference −1.0)" in module.ui.featureLabel.text


def test_the_values_inside_the_segment_stand_beside_those_of_the_image(module, result, quick):
    quick(result)
    volume = run(module, result)
    module.wait(lambda: module.ui.insideLabel.text != "")
    assert "Segment: Breast lesion, by " in module.ui.insideLabel.text
    from radiomicnet.regions.beside import beside_whole

    wanted = beside_whole(result.prediction.image, result.prediction.labels > 0, result.prediction.card.input_size)
    columns = table.columns(results.findNodes(volume).table)
    assert [float(value) for value in columns[table.INSIDE]] == pytest.approx(
        [wanted.values[item.key] for item in result.contributions.items])
    assert "–" not in texts(module, 4)


def test_the_values_inside_follow_an_edit(module, result, quick):
    quick(result)
    volume = run(module, result)
    module.wait(lambda: module.ui.insideLabel.text != "")
    mean = [item.key for item in result.contributions.items].index("firstorder_Mean")

    def inside():
        return table.columns(results.findNodes(volume).table)[table.INSIDE][mean]

    before = inside()
    segmentation = results.findNodes(volume).segmentation
    drawn = np.zeros((1, *result.prediction.labels.shape), np.uint8)
    drawn[0, 100:260, 30:200] = 1
    slicer.util.updateSegmentBinaryLabelmapFromArray(drawn, segmentation, "Lesion_1", volume)
    module.wait(lambda: inside() != before)
    wanted = result.prediction.image.pixels[100:260, 30:200].mean()
    assert float(inside()) == pytest.approx(wanted, rel=0.03)  # on the network's pixels, which are not the image's
    drawn[:] = 0
    slicer.util.updateSegmentBinaryLabelmapFromArray(drawn, segmentation, "Lesion_1", volume)
    module.wait(lambda: module.ui.insideLabel.text == "The segment is empty.")
    assert set(texts(module, 4)) == {"–"}


def test_closing_the_scene_while_the_segment_is_measured_leaves_no_thread(module, result, quick):
    import threading

    quick(result)
    run(module, result)
    slicer.mrmlScene.Clear(0)
    module.events()
    assert not [thread for thread in threading.enumerate() if thread.name == "RadiomicNet"]
    assert module.ui.featureTable.rowCount == 0


def test_how_much_hung_on_the_features_is_said(module, result, quick):
    quick(replace(result, reliance=Reliance(0.97, 0.5)))
    run(module, result)
    assert module.ui.relianceLabel.text.startswith("Without the features' values the outline would be 97 % the same")
    quick(replace(result, reliance=None))
    module.segment()
    assert not module.ui.relianceLabel.isVisible()


def test_where_a_feature_mattered_is_a_layer_of_the_selected_row(module, local, quick):
    quick(local)
    volume = run(module, local)
    assert module.ui.whereButton.enabled
    assert "± 0.0" in module.ui.whereButton.text
    module.ui.whereButton.click()
    node = results.findNodes(volume).maps[maps.LOCAL]
    view = slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")[0]
    assert view.GetForegroundVolumeID() == node.GetID()
    assert node.GetAttribute(maps.FEATURE) == local.contributions.items[0].key
    module.ui.featureTable.selectRow(3)
    key = local.contributions.items[3].key
    assert node.GetAttribute(maps.FEATURE) == key
    assert f"Where {BY_KEY[key].label} mattered" == module.ui.mapComboBox.currentText
    module.ui.whereButton.click()
    assert view.GetForegroundVolumeID() == results.findNodes(volume).maps["stride-16"].GetID()


def test_a_model_of_whole_scans_says_why_there_is_no_place(module, result, quick):
    quick(replace(result, contributions=replace(result.contributions, maps=None)))
    run(module, result)
    assert not module.ui.whereButton.enabled
    assert "whole image only" in module.ui.whereButton.toolTip


def test_short_names_are_told_apart_and_the_full_ones_are_in_the_tooltips(module, result, quick):
    quick(result)
    run(module, result)
    assert len(set(texts(module, 1))) == len(CATALOGUE)
    labels = [BY_KEY[item.key].label for item in result.contributions.items]
    for row, label in enumerate(labels):
        toolTip = module.ui.featureTable.item(row, 1).toolTip()
        assert label in toolTip and "Formula" in toolTip


def test_features_that_say_nearly_the_same_are_counted_together(module, result, quick):
    groups = [["glcm_Contrast", "glcm_Dissimilarity"], ["firstorder_Mean"]]
    made = result.prediction
    quick(replace(result, prediction=replace(made, card=replace(made.card, trust={"groups": groups}))))
    module.load(made.image.pixels)
    module.segment()
    together = sum(item.contribution for item in result.contributions.items if item.key in groups[0])
    said = module.ui.groupsLabel.text
    assert said.count("\n") == 1  # the group of one is not said
    assert "Contrast" in said and "Dissimilarity" in said
    assert f"{number(together, 2, sign=True)} logits" in said
