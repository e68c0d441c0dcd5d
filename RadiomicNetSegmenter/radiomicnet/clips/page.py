"""NAME.html of a clip: what was found, lines over time, and frames to look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from .. import __version__
from ..features.catalogue import CATALOGUE
from ..images.image import Image
from ..results import pictures
from ..results.words import NOTICE, number
from . import words
from .chart import HEIGHT, WIDTH, along, chart
from .frame import Frame
from .run import ClipResult

TEMPLATE = "clip.html.jinja"
THUMBNAILS = 24
LONGEST_SIDE = 360
HOW_TO_OPEN = ("In 3D Slicer, add both .seq.nrrd files as sequences and choose one browser for them in the Sequences "
               "module: outlines and images then play in step.")
NOVELTY = {"unusual": "unusual", "foreign": "unlike the training images"}
ALL_OUTLINES = 0.5  # of a mask as a probability: the outline runs between its pixels

# Title, unit, what of a frame, and the range of its axis where that is fixed.
Quantity = tuple[str, str, Callable[[Frame], float | None], tuple[float, float] | None]


def write_page(result: ClipResult, path: Path, files: list[str]) -> None:
    """Write the page; ``files`` are the names of the files it lists as belonging to the result."""
    path.write_text(render(result, files), encoding="utf-8")


def render(result: ClipResult, files: list[str]) -> str:
    """The page as text. Everything that is not from the templates is escaped, whatever a name may hold."""
    places = [float(frame.place) for frame in result.frames]
    steady = result.steadiest
    axis = result.clip.axis
    return rendered(
        TEMPLATE, name=result.clip.name, card=result.card, finding=words.finding(result),
        sentences=[sentence for sentence in (
            words.steadiest(result), words.stopped(result), words.unlike(result), words.not_segmented(result),
            words.smoothing(result)) if sentence],
        warnings=result.clip.every_warning, charts=charts(result), width=WIDTH, height=HEIGHT,
        along=f"{axis.name} in {axis.unit}" if axis.unit else axis.name,
        ends=_ends(result),
        mark=along(float(steady.place), places) if steady else None, steadiest=steady and steady.index + 1,
        marked_as="the steadiest frame", item="frame", items="frames", how_to_open=HOW_TO_OPEN,
        thumbnails=thumbnails(result, chosen(result)), files=sorted(files), seconds=result.seconds,
        count=len(result.frames))


def _ends(result: ClipResult) -> tuple[Any, Any]:
    """First and last place along the axis; frames by their numbers from 1 on, as everywhere on the page."""
    if not result.frames:
        return "", ""
    first, last = result.frames[0], result.frames[-1]
    return (first.place, last.place) if result.clip.axis.unit else (first.index + 1, last.index + 1)


def rendered(template: str, **values: Any) -> str:
    """A template of this folder, filled; it may use those of the results."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    here = Path(__file__).parent
    environment = Environment(loader=FileSystemLoader([here, here.parent / "results"]), autoescape=True,
                              undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["short"] = short
    return environment.get_template(template).render(notice=NOTICE, version=__version__, **values)


def charts(result: ClipResult) -> list[SimpleNamespace]:
    """Area, uncertainty, agreement and the 13 features; each with whether it is one of the first."""
    calibrated = result.clip.geometry.calibrated
    main: list[Quantity] = [
        ("Area", "mm²" if calibrated else "pixels",
         lambda frame: frame.area_mm2 if calibrated else float(frame.area_pixels), None),
        ("Uncertainty", "bits", lambda frame: frame.uncertainty, (0.0, 1.0)),
        ("Agreement with the neighbours", "Dice", lambda frame: frame.agreement, (0.0, 1.0))]
    features: list[Quantity] = [(feature.label, "", partial(_feature, feature.key), None) for feature in CATALOGUE]
    places = [float(frame.place) for frame in result.frames]
    return [SimpleNamespace(first=place < len(main), **vars(chart(
                title, unit, places, [None if frame.reason else value(frame) for frame in result.frames], fixed)))
            for place, (title, unit, value, fixed) in enumerate([*main, *features])]


def _feature(key: str, frame: Frame) -> float | None:
    return (frame.features or {}).get(key)


def chosen(result: ClipResult) -> list[Frame]:
    """Frames to show: evenly spaced ones, and the steadiest."""
    frames = result.frames
    if not frames:
        return []
    even = {int(place) for place in np.linspace(0, len(frames) - 1, min(THUMBNAILS, len(frames))).round()}
    return [frame for place, frame in enumerate(frames) if place in even or frame is result.steadiest]


def thumbnails(result: ClipResult, frames: Sequence[Frame]) -> list[SimpleNamespace]:
    """Pictures of these frames with their outlines."""
    images = result.clip.frames([frame.index for frame in frames])
    axis = result.clip.axis
    return [thumbnail(image, frame, f"{frame.place} {axis.unit}" if axis.unit else "", frame is result.steadiest)
            for frame, image in zip(frames, images) if isinstance(image, Image)]


def thumbnail(image: Image, frame: Frame, place: str, marked: bool) -> SimpleNamespace:
    """One frame's picture, small, with its outline in the pixels of the frame."""
    rows, columns = image.shape
    outline = ""
    if not frame.reason and frame.area_pixels:
        labels = frame.labels
        outline = pictures.outline(labels, (labels > 0).astype(np.float32), ALL_OUTLINES)
    return SimpleNamespace(number=frame.index + 1, place=place, marked=marked, width=columns, height=rows,
                           picture=pictures.picture(_smaller(image.rgb)), outline=outline,
                           text=frame.reason or ("" if frame.area_pixels else "nothing found"),
                           alarm=frame.warning, novelty=NOVELTY.get(frame.novelty or "", ""))


def short(value: float) -> str:
    """Large numbers with commas, small ones with three digits."""
    return f"{value:,.0f}" if abs(value) >= 1000 else number(value, 3)


def _smaller(rgb: np.ndarray) -> np.ndarray:
    from PIL import Image as Pillow

    picture = Pillow.fromarray(rgb)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return np.asarray(picture)
