"""What a cohort comes to: counts, and the features' mean and deviation, by model and by batch.

Kept as running sums (Welford 1962, doi 10.1080/00401706.1962.10490022), so that it does not grow with the cohort.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..features.catalogue import KEYS
from ..images.kinds import stem
from ..results.words import NOTICE
from .columns import FAILED, FEATURE

MEASURED = (*(f"{FEATURE}{key}" for key in KEYS), "area_mm2", "expected_dice", "presence")
MOST_REASONS = 20


@dataclass
class Running:
    """Mean and deviation of numbers that come one by one."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        self.count += 1
        step = value - self.mean
        self.mean += step / self.count
        self.squares += step * (value - self.mean)

    @property
    def deviation(self) -> float | None:
        """Of a sample; None of fewer than two numbers."""
        return math.sqrt(self.squares / (self.count - 1)) if self.count > 1 else None


@dataclass
class Group:
    """The images of one model or one batch."""

    counts: Counter[str] = field(default_factory=Counter)
    numbers: dict[str, Running] = field(default_factory=lambda: {name: Running() for name in MEASURED})

    def add(self, row: Mapping[str, Any]) -> None:
        """Count an image that was segmented."""
        self.counts["images"] += 1
        self.counts["outlined" if row["lesions"] else "nothing outlined"] += 1
        self.counts["lesions"] += row["lesions"]
        self.counts["with warnings"] += bool(row.get("warnings"))
        for name in ("novelty", "quality"):
            if row.get(name):
                self.counts[f"{name}: {row[name]}"] += 1
        if row.get("pyradiomics_made"):
            self.counts["PyRadiomics agrees" if row["pyradiomics_agreeing"] == len(KEYS)
                        else "PyRadiomics differs"] += 1
        for name, running in self.numbers.items():
            if row.get(name) is not None:
                running.add(row[name])

    @property
    def doubtful(self) -> int:
        """Images whose outline should be looked at."""
        return self.counts["quality: check"] + self.counts["quality: poor"]

    @property
    def foreign(self) -> int:
        """Images that are unlike those of training."""
        return self.counts["novelty: foreign"] + self.counts["novelty: unusual"]

    def to_dict(self) -> dict[str, Any]:
        """As plain data; numbers that no image has are left out."""
        return {**dict(sorted(self.counts.items())),
                "numbers": {name: {"n": each.count, "mean": each.mean, "std": each.deviation}
                            for name, each in self.numbers.items() if each.count}}


class Summary:
    """Counts rows as they are written."""

    def __init__(self) -> None:
        self.images = self.failed = 0
        self.reasons: Counter[str] = Counter()
        self.models: dict[str, Group] = {}
        self.batches: dict[str, Group] = {}

    def add(self, row: Mapping[str, Any]) -> None:
        """Count an image."""
        self.images += 1
        if row["status"] == FAILED:
            self.failed += 1
            # Files of one fault are counted together, whatever their names.
            path = Path(str(row["path"]).replace("\\", "/"))
            names = "|".join(map(re.escape, (path.name, stem(path))))
            self.reasons[re.sub(rf"(?<!\w)({names})(?!\w)", "…", str(row["reason"]), count=1)] += 1
            return
        self.models.setdefault(row["model"], Group()).add(row)
        if row.get("batch"):
            self.batches.setdefault(row["batch"], Group()).add(row)

    def total(self, name: str) -> int:
        """A count over all models."""
        return sum(group.counts[name] for group in self.models.values())

    def to_json(self, left_out: int) -> str:
        """The summary's file."""
        data = {
            "notice": NOTICE, "images": self.images, "segmented": self.images - self.failed, "failed": self.failed,
            "files_that_are_no_images": left_out,
            "reasons": dict(sorted(self.reasons.items(), key=lambda item: (-item[1], item[0]))[:MOST_REASONS]),
            "models": {name: group.to_dict() for name, group in sorted(self.models.items())},
            "batches": {name: group.to_dict() for name, group in sorted(self.batches.items())}}
        return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
