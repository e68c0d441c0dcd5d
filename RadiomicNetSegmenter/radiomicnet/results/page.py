"""NAME.html: one self-contained page for a person, without scripts and without anything loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from .. import __version__
from ..explain.groups import grouped
from ..explain.usual import Range, usual
from ..features.catalogue import BY_KEY, KEYS
from ..regions.catalogue import FEATURES
from ..regions.radiomics import KINDS
from . import pictures, words
from .check_files import pyradiomics_command
from .explanation_words import apart, between, labels, shapley
from .names import CHECK_IMAGE
from .record_json import residual_percent
from .result import Contributions, Lesion, Prediction, Result, Verification
from .segmentation_nrrd import segment_names
from .stability_table import stability_rows, trained_icc
from .trust_words import trust, urgent

TEMPLATE = "page.html.jinja"

REGIONS = {
    "predicted": "the outlined region",
    "most-probable-1-percent": "the 1 % of pixels that come closest to a lesion, as nothing was outlined",
}


def write_page(result: Result, path: Path, stem: str, files: list[str]) -> None:
    """Write the page; ``files`` are the names of the files it lists as belonging to the result."""
    path.write_text(render(result, stem, files), encoding="utf-8")


def render(result: Result, stem: str, files: list[str]) -> str:
    """The page as text. Everything that is not from the template is escaped, whatever a name may hold."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True,
                              undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["number"] = words.number
    prediction = result.prediction
    view = _view(prediction)
    ranges = usual(result.contributions, prediction)
    return environment.get_template(TEMPLATE).render(
        notice=words.NOTICE,
        version=__version__,
        image=prediction.image,
        card=prediction.card,
        threshold=prediction.threshold,
        finding=words.finding(prediction),
        described=words.described(prediction),
        trust=trust(prediction),
        alarms=urgent(prediction),
        warnings=prediction.image.warnings,
        view=view,
        lesions=list(_lesions(prediction, view)),
        maps=_maps(prediction),
        gates=[SimpleNamespace(level=f"{words.resolution(gate.level)} resolution", gamma=gate.gamma,
                               picture=pictures.colour_map(gate.spatial))
               for gate in prediction.attention],
        scale=pictures.scale(),
        contributions=result.contributions,
        region=REGIONS[result.contributions.region],
        reliance=words.reliance(result.reliance, bool(prediction.lesions)),
        residual_percent=residual_percent(result.contributions),
        bars=list(_bars(result.contributions, ranges)),
        usual=ranges and prediction.card.trust["contributions"],
        apart=apart(result.contributions, ranges),
        groups=[SimpleNamespace(labels=labels(group.keys), several=len(group.keys) > 1,
                                contribution=group.contribution, share=group.share)
                for group in grouped(result.contributions, prediction.card.trust.get("groups", ()))],
        shapley=shapley(result.contributions, result.shapley) if result.shapley else "",
        second=list(_second(result)),
        features=list(_features(result)),
        command=pyradiomics_command(stem) if f"{stem}{CHECK_IMAGE}" in files else None,
        inside=list(stability_rows(result.stability, trained_icc(prediction.card))) if result.stability else [],
        variants=result.stability,
        regions=list(_regions(result)),
        verification=words.verification(result.verification),
        verified=result.verification.made,
        differing=list(_differing(result.verification)),
        seconds=result.seconds,
        files=sorted(files),
    )


def _view(prediction: Prediction) -> SimpleNamespace:
    """The picture with its outline, in SVG units of one column; rows are as high as they are in the patient."""
    geometry = prediction.image.geometry
    aspect = geometry.spacing[1] / geometry.spacing[0] if geometry.calibrated else 1.0
    rows, columns = prediction.image.shape
    return SimpleNamespace(
        width=columns,
        height=rows * aspect,
        top=-0.5 * aspect,
        aspect=aspect,
        mark=max(columns, rows * aspect) / 28,
        picture=pictures.picture(prediction.image.rgb),
        outline=pictures.outline(prediction.labels, prediction.probability, prediction.threshold, aspect),
    )


def _lesions(prediction: Prediction, view: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """Rows of the size table, and where to draw the diameters and the number."""
    for name, lesion in zip(segment_names(prediction), prediction.lesions, strict=True):
        lines = [[(column, row * view.aspect) for column, row in ends]
                 for ends in (lesion.longest_ends, lesion.perpendicular_ends)]
        # The number stands at one end of the longest diameter, but never cut off by the border of the picture.
        mark = np.clip(lines[0][0], view.mark / 2, (view.width - view.mark / 2, view.height - view.mark / 2))
        yield SimpleNamespace(name=name, number=lesion.label, lines=lines, mark=mark,
                              probability=lesion.mean_probability, **vars(_size(lesion)))


def _size(lesion: Lesion) -> SimpleNamespace:
    if lesion.longest_mm is None:
        return SimpleNamespace(longest=f"{lesion.longest_pixels:.0f} px", area=f"{lesion.area_pixels:,} px",
                               perpendicular=f"{lesion.perpendicular_pixels:.0f} px")
    return SimpleNamespace(longest=f"{lesion.longest_mm:.1f} mm", area=f"{lesion.area_mm2:,.1f} mm²",
                           perpendicular=f"{lesion.perpendicular_mm:.1f} mm")


def _maps(prediction: Prediction) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(title="Probability", picture=pictures.colour_map(prediction.probability),
                        text=f"Of a lesion at every pixel. {words.drawn_at(prediction)}"),
        SimpleNamespace(title="Uncertainty", picture=pictures.colour_map(prediction.uncertainty),
                        text="1 where the network is as undecided as a coin, 0 where it is sure, which may be wrong."),
    ]


def _bars(contributions: Contributions, ranges: dict[str, Range]) -> Iterator[SimpleNamespace]:
    """Ranked bars, each on its usual range where that is known; extents are -1..1, the longest filling its side."""
    ends = [abs(end) for each in ranges.values() for end in each]
    sizes = [abs(item.contribution) for item in contributions.items if np.isfinite(item.contribution)]
    largest = max((*sizes, *ends), default=0.0) or 1.0
    for item in contributions.items:
        feature = BY_KEY[item.key]
        yield SimpleNamespace(rank=item.rank, label=feature.label, meaning=feature.meaning,
                              extent=item.contribution / largest if np.isfinite(item.contribution) else 0.0,
                              band=[end / largest for end in ranges[item.key]] if item.key in ranges else None,
                              usually=between(ranges[item.key]) if item.key in ranges else "",
                              contribution=item.contribution, share=item.share)


def _second(result: Result) -> Iterator[SimpleNamespace]:
    """Rows of contributions beside Shapley values, where there are any."""
    if result.shapley is None:
        return
    made = result.shapley
    for item in result.contributions.items:
        k = KEYS.index(item.key)
        yield SimpleNamespace(rank=item.rank, label=BY_KEY[item.key].label, contribution=item.contribution,
                              place=made.ranks[k], value=made.values[k], error=made.error[k])


def _differing(made: Verification) -> Iterator[str]:
    """A sentence for each value that PyRadiomics gives otherwise."""
    for key, check in made.checks.items():
        if not check.agrees:
            yield f"{BY_KEY[key].label}: {check.explanation}"
    for tile in made.tiles:
        for key, check in tile.checks.items():
            if not check.agrees:
                yield f"{BY_KEY[key].label} of the tile in row {tile.row}, column {tile.column}: {check.explanation}"


def _features(result: Result) -> Iterator[SimpleNamespace]:
    """Rows of the table beside PyRadiomics."""
    for item in result.contributions.items:
        check = result.verification.checks.get(item.key)
        feature = BY_KEY[item.key]
        yield SimpleNamespace(
            rank=item.rank, label=feature.label, formula=feature.formula, counterpart=feature.pyradiomics,
            value=item.value, reference=item.reference, pyradiomics=check and check.pyradiomics,
            difference=check and check.difference, agreement=words.agreement(check))


def _regions(result: Result) -> Iterator[SimpleNamespace]:
    """A row per PyRadiomics feature with its values in segment, ring and scan, families together."""
    if result.regions is None:
        return
    together = {region.kind: region for region in result.regions.regions if region.label is None}
    columns = [[value.value for value in together[kind].values] if kind in together else None for kind in KINDS]
    for index, feature in enumerate(FEATURES):
        yield SimpleNamespace(family=feature.family, name=feature.name, ibsi=feature.ibsi, note=feature.note,
                              values=[column[index] if column else None for column in columns])
