"""NAME-stability.csv: how far each feature moves when the outline is drawn a little differently."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from ..features.catalogue import BY_KEY
from ..models.card import ModelCard
from ..regions.icc import Icc, from_json
from ..regions.stability import Stability

COLUMNS = ("key", "feature", "value", "mean", "deviation", "variation_percent", "stable", "icc", "grade", "reason")


@dataclass(frozen=True)
class StabilityRow:
    """One feature as a row.

    ``variation_percent`` is the coefficient of variation for this image, ``stable`` one of ``yes``, ``no`` and
    ``unknown`` after it; ``icc`` and ``grade`` come from the training data, None and empty where they are not known.
    """

    key: str
    feature: str
    value: float
    mean: float | None
    deviation: float | None
    variation_percent: float | None
    stable: str
    icc: float | None
    grade: str
    reason: str

    @property
    def marked(self) -> bool:
        """Whether the number misleads: not stable in this image, or of poor repeatability in the training data."""
        return self.stable == "no" or self.grade == "poor"


def trained_icc(card: ModelCard) -> dict[str, Icc]:
    """ICC by feature key over the model's training images; empty where its card does not hold them."""
    return from_json(card.trust.get("repeatability", {}))


def stability_rows(stability: Stability, trained: Mapping[str, Icc] | None = None) -> Iterator[StabilityRow]:
    """A row per feature, in the order of the stability's items; ``trained`` holds ICC by feature key."""
    for key, item in stability.items.items():
        icc = (trained or {}).get(key)
        yield StabilityRow(
            key, BY_KEY[key].label if key in BY_KEY else key, item.value, item.mean, item.deviation,
            None if item.variation is None else 100 * item.variation,
            {True: "yes", False: "no", None: "unknown"}[item.stable],
            icc.value if icc else None, icc.grade if icc else "", item.reason)


def write_stability(stability: Stability, path: Path, trained: Mapping[str, Icc] | None = None) -> None:
    """Write the rows; numbers have all their digits, what is not there is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in stability_rows(stability, trained):
            writer.writerow({name: "" if cell is None else cell for name, cell in asdict(row).items()})
