"""What is said of an explanation beside its numbers: a second method, and features that go together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..features.catalogue import BY_KEY
from .result import Contributions

if TYPE_CHECKING:
    from ..explain.shapley import Shapley

# Kendall's tau from which two rankings are called alike, and below which they are not. A convention, chosen here.
ALIKE, UNLIKE = 0.8, 0.5


def shapley(contributions: Contributions, made: Shapley) -> str:
    """How far the second way agrees with the first, as a sentence."""
    from ..explain.shapley import agreement_of  # with torch, which a panel is loaded without

    tau = agreement_of(contributions, made)
    how = f"all {made.coalitions:,}" if made.exact else f"{made.coalitions:,} sampled"
    word = ("the same ranking" if tau >= ALIKE else "a similar ranking" if tau >= UNLIKE
            else "another ranking: do not lean on single ranks")
    return f"Shapley values over {how} coalitions give {word} (Kendall's tau {tau:.2f})."


def labels(keys: Sequence[str]) -> str:
    """Names of features in a line."""
    return ", ".join(BY_KEY[key].label for key in keys)
