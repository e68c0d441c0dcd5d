"""What is said of an explanation beside its numbers: a second method, and features that go together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..features.catalogue import BY_KEY
from .result import Contributions
from .words import Translate, number

if TYPE_CHECKING:
    from ..explain.shapley import Shapley
    from ..explain.usual import Range

# Kendall's tau from which two rankings are called alike, and below which they are not. A convention, chosen here.
ALIKE, UNLIKE = 0.8, 0.5


def shapley(contributions: Contributions, made: Shapley, _: Translate = str) -> str:
    """How far the second way agrees with the first, as a sentence."""
    from ..explain.shapley import agreement_of  # with scipy, which a panel is loaded without

    tau = agreement_of(contributions, made)
    how = (_("all {count:,}") if made.exact else _("{count:,} sampled")).format(count=made.coalitions)
    word = (_("the same ranking") if tau >= ALIKE else _("a similar ranking") if tau >= UNLIKE
            else _("another ranking: do not lean on single ranks"))
    return _("Shapley values over {how} combinations of features give {word} (Kendall's tau {tau:.2f}).").format(
        how=how, word=word, tau=tau)


def apart(contributions: Contributions, ranges: dict[str, Range], _: Translate = str) -> str:
    """Which contributions lie elsewhere than usual, as a sentence; empty where no range is known."""
    from ..explain.usual import unusual  # with numpy, which the words of a range do without

    if not ranges:
        return ""
    found = [item.key for item in contributions.items if unusual(item.contribution, ranges.get(item.key))]
    if not found:
        return _("Here every bar ends where it usually does.")
    return _("Here these end elsewhere: {features}.").format(features="; ".join(
        f"{BY_KEY[key].label} ({between(ranges[key], _)})" for key in found))


def between(ends: Range, _: Translate = str) -> str:
    """A usual range in words."""
    return _("usually {low} to {high}").format(low=number(ends[0], 2, sign=True), high=number(ends[1], 2, sign=True))


def labels(keys: Sequence[str]) -> str:
    """Names of features in a line."""
    return ", ".join(BY_KEY[key].label for key in keys)
