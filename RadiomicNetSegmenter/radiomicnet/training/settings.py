"""What each setting of an experiment may be, as one table."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from ..errors import TrainingError
from ..network.architecture import IMAGE, LOCAL, NONE, WHOLE
from ..network.encoder import STAGES
from ..network.gate import CHANNEL, SPATIAL
from ..network.radiomicnet import LEVELS
from ..network.views import VIEWS

FOLDS = 5
GROUPED, RANDOM = "grouped", "random"
BILINEAR, BICUBIC = "bilinear", "bicubic"
MIDDLE, CORNER = "middle", "corner"
# In place of a fold: nothing is held out.
NO_FOLD = -1
LOSS_WEIGHTS = {"bce": 1.0, "dice": 1.0, "boundary": 0.2, "consistency": 0.1, "deep": 0.4, "presence": 0.2}
# Beyond it the order of the images could no longer be drawn from seed and epoch.
LARGEST_SEED = 2**32 - 1
# TOML knows infinity and numbers of any length.
ABSURD = 1e9


class Rule(NamedTuple):
    """What a value has to be: in words that end a sentence, and as a question to it."""

    words: str
    holds: Callable[[Any], bool]


def _whole(low: int, high: float = ABSURD) -> Rule:
    words = f"a whole number from {low}" + (" on" if high == ABSURD else f" to {high}")
    return Rule(words, lambda value: type(value) is int and low <= value <= high)


def _number(low: float, high: float = ABSURD) -> Rule:
    words = f"a number from {low:g}" + (" on" if high == ABSURD else f" to {high:g}")
    return Rule(words, lambda value: _is_number(value) and low <= value <= high)


def _one_of(names: Collection[str]) -> Rule:
    return Rule(f"one of {_listed(names)}", lambda value: isinstance(value, str) and value in names)


def _some_of(names: Collection[str]) -> Rule:
    return Rule(f"a list of some of {_listed(names)}, each once",
                lambda value: _are_names(value) and set(value) <= set(names))


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) <= ABSURD


def _are_names(value: Any) -> bool:
    return (isinstance(value, list) and bool(value) and all(isinstance(item, str) and item for item in value)
            and len(set(value)) == len(value))


def _is_range(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)) and 0 < value[0] <= value[1]


def _are_widths(value: Any) -> bool:
    return isinstance(value, list) and 1 <= len(value) <= len(LEVELS) and all(map(_whole(1).holds, value))


def _listed(names: Collection[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


FLAG = Rule("true or false", lambda value: isinstance(value, bool))
NAMES = Rule('a list of names, each once, as ["busi"]', _are_names)
TABLE = Rule("a table of settings", lambda value: isinstance(value, dict))
# Augmentation of a strength beyond 5 leaves nothing of a picture.
WEIGHT, SHARE, STRENGTH = _number(0), _number(0, 1), _number(0, 5)
FOLD = _whole(NO_FOLD, FOLDS - 1)
RATE = Rule("a number above 0", lambda value: _is_number(value) and value > 0)

RULES: dict[str, Rule] = {
    # as in the card's schema
    "name": Rule("lower-case letters and digits in words joined by hyphens, of 60 characters at most",
                 lambda value: isinstance(value, str) and len(value) <= 60
                 and re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", value) is not None),
    "datasets": NAMES,
    "validation_datasets": NAMES,
    "test_fold": FOLD,
    "validation_fold": FOLD,
    "split": _one_of((GROUPED, RANDOM)),
    "input_size": Rule("a multiple of 32 from 64 to 2048",
                       lambda value: _whole(64, 2048).holds(value) and value % 32 == 0),
    "epochs": _whole(1),
    "batch_size": _whole(1),
    "seed": _whole(0, LARGEST_SEED),
    "learning_rate": RATE,
    "encoder_learning_rate": RATE,
    "gate_learning_rate": RATE,
    "frozen_blocks": _whole(0, 1 + sum(repeats for _, _, repeats, _ in STAGES)),
    "from_chance": FLAG,
    "weight_decay": WEIGHT,
    "warm_up_epochs": WEIGHT,
    "average_decay": Rule("a number from 0 to below 1", lambda value: _is_number(value) and 0 <= value < 1),
    "positive_weight": RATE,
    "loss_weights": TABLE,
    "rotation": _number(0, 180),
    "zoom": Rule("two numbers above 0, the smaller one first", _is_range),
    "crops": SHARE,
    "largest_crop": _number(1),
    "flip_vertical": FLAG,
    "speckle": STRENGTH,
    "color": STRENGTH,
    "depth_gain": STRENGTH,
    "contrast": STRENGTH,
    "shadow": SHARE,
    "blur": SHARE,
    "callipers": SHARE,
    "words": SHARE,
    "clean_features": FLAG,
    "interpolation": _one_of((BILINEAR, BICUBIC)),
    "placement": _one_of((MIDDLE, CORNER)),
    "shuffle_features": FLAG,
    "feature_selection": WEIGHT,
    "views": _some_of(VIEWS),
    "architecture": TABLE,
}
ARCHITECTURE_RULES: dict[str, Rule] = {
    "decoder": Rule(f"a list of 1 to {len(LEVELS)} whole numbers from 1 on", _are_widths),
    "embedding": _whole(1),
    "driver": _one_of((LOCAL, WHOLE, IMAGE, NONE)),
    "attention": _some_of((CHANNEL, SPATIAL)),
    "learnable_gate": FLAG,
    "presence": FLAG,
}


def check(name: str, values: Mapping[str, Any]) -> None:
    """Hold the settings that a file gives to the table.

    Parameters
    ----------
    name : str
        Of the file, for the sentence.
    values : mapping
        As TOML has them: lists, not tuples.

    Raises
    ------
    TrainingError
        With the first setting that is unknown or is not what it has to be.
    """
    _hold(name, values, RULES, "has unknown settings")
    _hold(name, values.get("architecture", {}), ARCHITECTURE_RULES, "has unknown settings of the architecture")
    _hold(name, values.get("loss_weights", {}), dict.fromkeys(LOSS_WEIGHTS, WEIGHT),
          "weighs losses that there are not")


def _hold(name: str, values: Mapping[str, Any], rules: Mapping[str, Rule], unknown: str) -> None:
    others = sorted(set(values) - set(rules))
    if others:
        raise TrainingError(f"{name} {unknown}: {', '.join(others)}.", f"There are {', '.join(rules)}.")
    for key, value in values.items():
        if not rules[key].holds(value):
            shown = json.dumps(value, ensure_ascii=False, default=str)
            raise TrainingError(f"{name} sets {key} to {shown if len(shown) <= 60 else shown[:59] + '…'}.",
                                f"It has to be {rules[key].words}.")
