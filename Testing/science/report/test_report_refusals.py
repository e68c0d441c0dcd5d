"""A results page that cannot be made: what is wrong, and nothing half written."""


import json
import re
from pathlib import Path

import pytest
from made_results import PLAN, report

from radiomicnet.__main__ import main
from radiomicnet.errors import TrainingError
from radiomicnet.report.collect import read_evaluation


def test_a_folder_without_evaluations_or_with_another_file_is_refused(results, tmp_path, capsys):
    assert main(["report", "--results", str(tmp_path / "none"), "--plan", str(results / "plan.toml"), "--out",
                 str(tmp_path / "r.md")]) == 2
    assert "holds no evaluation" in capsys.readouterr().err
    (results / "results" / "ours" / "notes.json").write_text("{}")
    assert report(results) == 2
    assert "no evaluation of a fold" in capsys.readouterr().err


@pytest.mark.parametrize("spoil", [
    lambda figures: figures.pop("rows"),
    lambda figures: figures.update(rows=[]),
    lambda figures: figures.pop("parameters"),
    lambda figures: figures["training"].pop("minutes"),
    lambda figures: figures["rows"][0].pop("reliability"),
    lambda figures: figures["rows"][0].pop("group"),
    lambda figures: figures["rows"][0].update(dice=None),
    lambda figures: figures["rows"][-1].pop("empty"),
])
def test_an_evaluation_that_lacks_something_is_named(results, spoil, capsys):
    path = results / "results" / "ours" / "fold-1-seed-2.json"
    figures = json.loads(path.read_text())
    spoil(figures)
    path.write_text(json.dumps(figures))
    assert report(results) == 2
    assert "ours/fold-1-seed-2.json is no evaluation of a fold." in capsys.readouterr().err
    assert not (results / "results.md").exists()


def test_an_evaluation_is_named_without_a_folder_where_none_was_given():
    with pytest.raises(TrainingError, match=r"^none\.json is no evaluation"):
        read_evaluation(Path("none.json"))


@pytest.mark.parametrize(("old", "new", "reason"), [
    ("[[table]]", "[[table", "plan.toml is not valid TOML"),
    ("[[table]]", "[[tabel]]", "plan.toml shows no table"),
    ("[[table]]", "[table]", r"writes \[\[table\]\] otherwise"),
    ('title = "Made lesions"', "", r"needs title in \[\[table\]\] number 1"),
    ('experiment = "ours"\ndataset = "made"', "experiment = 3", "needs experiment and dataset in"),
    ("goal = 0.8", 'goal = "0.8"', "needs goal in"),
    ("[[other]]", '[[ours]]\ntitle = "o"\nprotocol = "p"\npooled = 0\n[[other]]', "needs pooled in"),
    ('reference = "ours"', "", r"needs reference in \[ablation\]"),
    ('title = "Images of elsewhere"', "", r"needs title in \[\[ablation.place\]\] number 2"),
    ('dataset = "made"\ntitle = "Made', 'dataset = "mad"\ntitle = "Made',
     "shows “Made lesions” on lesions of mad, but ours was evaluated on lesions of made"),
    ('dataset = "made"\ntitle = "Images', 'dataset = "mad"\ntitle = "Images',
     "shows “Images of here” on lesions of mad"),
    ('"ours"', '"our"', "Nothing that the plan plan.toml shows was evaluated. .* holds other, ours"),
])
def test_a_plan_that_cannot_be_followed_is_refused_and_nothing_is_written(results, old, new, reason, capsys):
    (results / "plan.toml").write_text(PLAN.replace(old, new))
    assert report(results) == 2
    assert re.search(reason, capsys.readouterr().err)
    assert not (results / "results.md").exists() and not list(results.glob("results/*.svg"))


def test_a_missing_plan_and_one_that_is_no_text_are_refused(results, capsys):
    (results / "plan.toml").write_bytes(b"\xff\xfe")
    assert report(results) == 2
    assert "not UTF-8 text" in capsys.readouterr().err
    (results / "plan.toml").unlink()
    assert report(results) == 2
    assert "plan plan.toml cannot be read" in capsys.readouterr().err


def test_a_recipe_of_the_plan_that_was_not_run_yet_keeps_no_page_from_being_made(results):
    (results / "plan.toml").write_text(PLAN + '[[table]]\nexperiment = "later"\ndataset = "x"\ntitle = "Not yet"\n')
    assert report(results) == 0


@pytest.mark.parametrize(("page", "reason"), [
    ("page", "page is no name for a page"),
    ("plan.toml/page.md", "page.md cannot be written: what was given as the folder is a file"),
    ("taken.md", "taken.md cannot be written: what was given as the folder is a file"),
    ("folder.md", "folder.md is a folder"),
])
def test_a_page_that_cannot_be_written_there_is_refused_and_nothing_is_left(results, page, reason, capsys):
    (results / "taken").write_text("a file where the plots would go")
    (results / "folder.md").mkdir()
    before = sorted(results.rglob("*"))
    assert report(results, page) == 2
    assert reason in capsys.readouterr().err
    assert sorted(results.rglob("*")) == before
