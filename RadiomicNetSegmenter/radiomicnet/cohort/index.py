"""index.html: all images of a cohort on one page that sorts and filters by itself, without a server or a network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from .. import __version__, results
from ..features.catalogue import KEYS
from ..results.words import NOTICE
from ..results.writing import replacing
from .columns import GIVEN, SEPARATOR
from .store import writing
from .summary import Summary

PAGE, TEMPLATE, SCRIPT = "index.html", "index.html.jinja", "index.js"
# Only what the page shows and sorts by: the tables hold the rest.
SHOWN = {"path": "path", "frame": "frame", "id": "id", "batch": "batch", "reason": "reason", "model": "model",
         "lesions": "lesions", "quality": "quality", "expected_dice": "dice", "novelty": "novelty",
         "novelty_distance": "distance", "presence": "presence", "pyradiomics_agreeing": "agreeing"}
# Of each batch, or of each model where there are no batches.
HEADS = ("segmented", "outlined", "nothing outlined", "to check", "unlike training", "expected Dice, mean ± std")


def write_index(folder: Path, rows: Iterable[tuple[Mapping[str, Any], Mapping[str, Any] | None]],
                summary: Summary, files: list[str]) -> None:
    """Write the page; rows go through one by one.

    Parameters
    ----------
    folder : pathlib.Path
    rows : iterable of (mapping, mapping or None)
        Cells by column, and the thumbnail as :class:`radiomicnet.cohort.work.Done` has it.
    summary : Summary
        Of the same rows.
    files : list of str
        Names of the files that lie beside the page.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    here = Path(__file__).parent
    environment = Environment(loader=FileSystemLoader([here, Path(results.__file__).parent]), autoescape=True,
                              undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    script = (here / SCRIPT).read_text(encoding="utf-8")
    pieces = environment.get_template(TEMPLATE).generate(
        notice=NOTICE, version=__version__, summary=summary, views=list(_views(summary)), files=files,
        heads=HEADS, groups=list(_groups(summary)), several_models=len(summary.models) > 1,
        batches=sorted(summary.batches), models=sorted(summary.models),
        script=Markup(script), script_hash=_hash(script), rows=(Markup(line) for line in _lines(rows)))
    with writing(folder.name), replacing(folder / PAGE) as part, part.open("w", encoding="utf-8", newline="") as file:
        for piece in pieces:
            file.write(piece.encode("utf-8", "replace").decode("utf-8"))


def _groups(summary: Summary) -> Iterator[tuple[str, list[str]]]:
    """A row per batch, or per model; none where there is a single one."""
    groups = summary.batches or summary.models
    for name, group in sorted(groups.items()) if len(groups) > 1 else ():
        dice = group.numbers["expected_dice"]
        shown = "–" if dice.deviation is None else f"{dice.mean:.2f} ± {dice.deviation:.2f}"
        counts = (group.counts["images"], group.counts["outlined"], group.counts["nothing outlined"],
                  group.doubtful, group.foreign)
        yield name, [*(f"{count:,}" for count in counts), shown]


def _views(summary: Summary) -> Iterator[SimpleNamespace]:
    """What the page can be narrowed to by one click, each with its number of images."""
    def view(key: str, title: str, count: int, note: str = "") -> SimpleNamespace:
        return SimpleNamespace(key=key, title=title, count=count, note=note)

    yield view("all", "images", summary.images)
    yield view("outlined", "outlined", summary.total("outlined"))
    yield view("empty", "nothing outlined", summary.total("nothing outlined"), "this does not exclude a lesion")
    groups = summary.models.values()
    yield view("check", "outlines to check", sum(group.doubtful for group in groups), "a Dice below 0.85 is expected")
    yield view("unlike", "unlike training", sum(group.foreign for group in groups),
               "farther than 95 % of such images")
    yield view("failed", "not segmented", summary.failed, "each with its reason")


def _lines(rows: Iterable[tuple[Mapping[str, Any], Mapping[str, Any] | None]]) -> Iterator[str]:
    """One image per line of a JSON array; nothing in it can end the script element it stands in."""
    comma = ""
    for row, picture in rows:
        data = {short: row[name] for name, short in SHOWN.items() if row.get(name) not in (None, "")}
        data["size"], data["area"] = _size(row)
        data["features"] = len(KEYS)
        given = {name.removeprefix(GIVEN): cell for name, cell in row.items() if name.startswith(GIVEN) and cell}
        if given:
            data["given"] = given
        if row.get("warnings"):
            data["warnings"] = str(row["warnings"]).split(SEPARATOR)
        if row.get("segmentation"):
            data["file"] = quote(row["segmentation"].encode("utf-8", "surrogateescape"))
        if picture:
            data["thumb"] = [picture[name] for name in ("picture", "width", "height", "outline")]
        text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        yield comma + text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        comma = ",\n"


def _size(row: Mapping[str, Any]) -> tuple[str, float | None]:
    """The largest lesion's diameters for people, and all lesions' share of the picture to sort by."""
    if not row.get("lesions"):
        return "", None
    share = row["area_pixels"] / (row["rows"] * row["columns"])
    if row.get("largest_longest_mm") is not None:
        return f"{row['largest_longest_mm']:.1f} × {row['largest_perpendicular_mm']:.1f} mm", share
    return f"{row['largest_longest_pixels']:.0f} × {row['largest_perpendicular_pixels']:.0f} pixels", share


def _hash(script: str) -> str:
    """The one script that the page's security policy lets run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
