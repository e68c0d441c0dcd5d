"""An experiment's file: what it may say, and the sentence for each thing that it may not."""

from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from radiomicnet.errors import TrainingError
from radiomicnet.network.architecture import Architecture
from radiomicnet.training.config import Config, base_of, read_config
from radiomicnet.training.settings import ARCHITECTURE_RULES, LOSS_WEIGHTS, RULES

EXPERIMENTS = Path(__file__).parents[3] / "experiments"
WHOLE = {"name": '"x"', "datasets": '["a"]', "validation_datasets": '["a"]'}


def written(folder, tables="", **settings):
    """A file that is whole but for these settings, given as TOML."""
    path = folder / "x.toml"
    path.write_text("\n".join(f"{key} = {value}" for key, value in {**WHOLE, **settings}.items()) + "\n" + tables)
    return path


def refused(path, *words, **options):
    with pytest.raises(TrainingError) as caught:
        read_config(path, **options)
    for word in words:
        assert word in str(caught.value)
    assert caught.value.remedy.endswith("."), "it does not say what to do"


def test_every_setting_has_a_rule_and_every_rule_a_setting():
    assert list(RULES) == [item.name for item in fields(Config)]
    assert list(ARCHITECTURE_RULES) == [item.name for item in fields(Architecture)]


def test_every_default_keeps_its_rule():
    config = Config("x", ("a",), ("a",))
    for rules, defaults in ((RULES, config), (ARCHITECTURE_RULES, Architecture())):
        for key, rule in rules.items():
            value = getattr(defaults, key)
            assert rule.holds(list(value) if isinstance(value, tuple) else value), key


def test_a_file_with_the_needed_settings_alone_gets_the_defaults(tmp_path):
    assert read_config(written(tmp_path)) == Config("x", ("a",), ("a",))


@pytest.mark.parametrize(("key", "value"), [
    *((key, "nan") for key in RULES if key not in ("loss_weights", "architecture")),
    ("name", '"Breast ultrasound"'), ("name", '"../x"'), ("name", f'"{"x" * 61}"'), ("name", '"x\\n"'),
    ("datasets", '"busi"'), ("datasets", "[]"), ("datasets", "[1]"), ("datasets", '["a", "a"]'),
    ("test_fold", "5"), ("validation_fold", "-2"), ("test_fold", "true"),
    ("split", '"grupped"'),
    ("input_size", "100"), ("input_size", "32"), ("input_size", "256.0"), ("input_size", "4096"),
    ("epochs", "0"), ("epochs", '"30"'), ("batch_size", "0"), ("batch_size", "9" * 500),
    ("seed", "-1"), ("seed", "9" * 30),
    ("learning_rate", "0"), ("learning_rate", "inf"), ("encoder_learning_rate", "-1e-3"), ("gate_learning_rate", "[1]"),
    ("frozen_blocks", "-1"), ("frozen_blocks", "19"), ("average_decay", "1.0"), ("speckle", "9" * 500),
    ("zoom", "[1.4, 0.75]"), ("zoom", "[0, 1]"), ("zoom", "1.0"), ("zoom", "[1, 2, 3]"), ("zoom", '["a", "b"]'),
    ("color", "5.5"), ("crops", "1.5"), ("largest_crop", "0.5"), ("flip_vertical", "1"),
    ("views", '["sideways"]'), ("views", "[]"), ("views", "[[]]"), ("views", '"plain"'),
    ("views", '["plain", "plain"]'),
    ("loss_weights", "3"), ("architecture", '"small"'),
])
def test_a_value_that_cannot_be_is_named_with_what_it_has_to_be(tmp_path, key, value):
    refused(written(tmp_path, **{key: value}), f"x.toml sets {key} to ", RULES[key].words)


@pytest.mark.parametrize(("table", "words"), [
    ('[architecture]\ndriver = "radiomics"', "sets driver"),
    ('[architecture]\nattention = ["self"]', "sets attention"),
    ("[architecture]\nattention = []", "sets attention"),
    ("[architecture]\ndecoder = [96, 64, 48, 32, 16]", "sets decoder"),
    ("[architecture]\nembedding = 0", "sets embedding"),
    ("[architecture]\ndepth = 3", "unknown settings of the architecture: depth"),
    ('[loss_weights]\ndice = "much"', "sets dice"),
    ("[loss_weights]\ndice = -1", "sets dice"),
    ("[loss_weights]\nfocal = 1", "losses that there are not: focal"),
])
def test_a_table_is_held_to_what_there_is(tmp_path, table, words):
    refused(written(tmp_path, table), "x.toml", words)


@pytest.mark.parametrize(("settings", "words"), [
    ({"validation_datasets": '["b"]'}, "does not name in datasets: b"),
    ({"test_fold": "2", "validation_fold": "2"}, "tests and validates on fold 2"),
    ({"zoom": "[2, 3]", "largest_crop": "1.5"}, "largest_crop"),
])
def test_settings_that_contradict_each_other_are_refused(tmp_path, settings, words):
    refused(written(tmp_path, **settings), words)


def test_losses_that_all_weigh_nothing_are_refused(tmp_path):
    refused(written(tmp_path, "[loss_weights]\n" + "\n".join(f"{name} = 0" for name in LOSS_WEIGHTS)), "every loss")


@pytest.mark.parametrize("needed", [item.name for item in fields(Config)
                                    if item.default is MISSING and item.default_factory is MISSING])
def test_a_missing_setting_is_named(tmp_path, needed):
    path = tmp_path / "x.toml"
    path.write_text("\n".join(f"{key} = {value}" for key, value in WHOLE.items() if key != needed))
    refused(path, f"x.toml lacks a setting: {needed}.")


@pytest.mark.parametrize("seed", [-1, 2**40])
def test_a_seed_from_elsewhere_keeps_the_same_rule(tmp_path, seed):
    refused(written(tmp_path), f"sets seed to {seed}", seed=seed)


def test_a_byte_order_mark_is_no_fault(tmp_path):
    path = written(tmp_path)
    path.write_text(path.read_text(), encoding="utf-8-sig")
    assert read_config(path).name == "x"


@pytest.mark.parametrize(("content", "words"), [
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff", "no text in UTF-8"),
    ('name = "Läsion"'.encode("latin-1"), "no text in UTF-8"),
    (b"name = ", "not valid TOML"),
])
def test_what_is_no_toml_is_refused(tmp_path, content, words):
    (tmp_path / "x.toml").write_bytes(content)
    refused(tmp_path / "x.toml", "x.toml", words)


@pytest.mark.parametrize("base", ["1", '["y.toml"]', '"\\u0000"'])
def test_a_base_that_is_no_file_name_is_refused(tmp_path, base):
    refused(written(tmp_path, base=base), "names no file as its base")


@pytest.mark.parametrize("base", ['"missing.toml"', '""'])
def test_a_base_that_cannot_be_read_is_refused(tmp_path, base):
    refused(written(tmp_path, base=base), "cannot be read")


@pytest.mark.parametrize("loop", [("x",), ("x", "y"), ("x", "y", "z")])
def test_files_that_are_based_on_each_other_in_a_circle_are_refused(tmp_path, loop):
    for name, base in zip(loop, (*loop[1:], loop[0])):
        (tmp_path / f"{name}.toml").write_text(f'base = "{base}.toml"\n')
    refused(tmp_path / "x.toml", "x.toml is a base of itself")
    with pytest.raises(TrainingError, match="base of itself"):
        base_of(tmp_path / "x.toml")


def test_tables_are_laid_over_those_of_every_base_below(tmp_path):
    (tmp_path / "low.toml").write_text("epochs = 3\n[architecture]\nembedding = 8\npresence = false\n")
    (tmp_path / "mid.toml").write_text('base = "low.toml"\n')
    path = written(tmp_path, "[architecture]\nembedding = 16\n", base='"mid.toml"')
    config = read_config(path)
    assert config.epochs == 3 and config.architecture == {"embedding": 16, "presence": False}


@pytest.mark.parametrize("path", [path for path in sorted(EXPERIMENTS.rglob("*.toml"))
                                  if not path.name.endswith(".card.toml") and path.name != "report.toml"],
                         ids=lambda path: path.stem)
def test_every_experiment_of_the_repository_keeps_the_rules(path):
    assert read_config(path, fold=0).name == path.stem
