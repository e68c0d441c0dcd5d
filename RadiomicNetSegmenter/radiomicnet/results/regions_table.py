"""NAME-regions.csv: PyRadiomics at the image's own resolution, a row per region and feature.

The same rows serve the page and the panel, which can filter them by region, lesion and family.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ..regions.radiomics import RegionalRadiomics

COLUMNS = ("region", "lesion", "pixels", "family", "feature", "ibsi_code", "ibsi_name", "value", "unit", "reason",
           "note")


@dataclass(frozen=True)
class RegionRow:
    """One value as a row; ``lesion`` is None for all lesions together and for the scan, ``value`` with a reason."""

    region: str
    lesion: int | None
    pixels: int
    family: str
    feature: str
    ibsi_code: str
    ibsi_name: str
    value: float | None
    unit: str
    reason: str
    note: str


def region_rows(regional: RegionalRadiomics) -> Iterator[RegionRow]:
    """A row per region and feature, in the order of both; none where the regions were not measured."""
    for region in regional.regions:
        for measured in region.values:
            feature = measured.feature
            yield RegionRow(region.kind, region.label, region.pixels, feature.family, feature.name, feature.ibsi,
                            feature.ibsi_name, measured.value, feature.unit(regional.unit), measured.reason,
                            feature.note)


def write_regions(regional: RegionalRadiomics, path: Path) -> None:
    """Write the rows; numbers have all their digits, what is not there is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in region_rows(regional):
            writer.writerow({name: "" if cell is None else cell for name, cell in asdict(row).items()})
