"""The result of an image as files, in whatever selection: every one of them, or none.

The network's own segment and the one that a person has corrected lie in files of their own. What says where a file
comes from is in the file; what says whose picture it is, is in none, unless the name that is given says it.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from slicer.i18n import tr as _

from radiomicnet.errors import OutputError
from radiomicnet.results import names
from radiomicnet.results.maps_nrrd import maps
from radiomicnet.results.provenance import provenance
from radiomicnet.results.result import Prediction, Result
from radiomicnet.results.table_csv import write_table
from radiomicnet.results.words import NOTICE
from radiomicnet.results.write import Writer, write_files

from ..scene import correction, record, results, segmentation
from ..scene.results import ResultNodes
from .nrrdFile import writeImage
from .segmentationFile import writeSegmentation

SEGMENTATION, LABELS, MAPS, TABLE, RECORD, PAGE = "segmentation", "labels", "maps", "table", "record", "page"
CONTENTS = (SEGMENTATION, LABELS, MAPS, TABLE, RECORD, PAGE)
# What a run that was stopped after the outline does not have.
EXPLAINED = frozenset((TABLE, RECORD, PAGE))
CORRECTED_SEGMENTATION = names.CORRECTED + names.SEGMENTATION
CORRECTED_LABELS = names.CORRECTED + names.LABELS


def endings(nodes: ResultNodes, contents: Collection[str]) -> list[str]:
    """Endings of the files that an export of these contents would write."""
    corrected = nodes.corrected is not None
    levels = [key for key in nodes.maps if key.startswith("stride-")]
    of = {
        SEGMENTATION: [names.SEGMENTATION, *([CORRECTED_SEGMENTATION] if corrected else [])],
        LABELS: [names.LABELS, *([CORRECTED_LABELS] if corrected else [])],
        MAPS: [names.PROBABILITY, names.UNCERTAINTY, *(names.attention(level) for level in levels)],
        TABLE: [names.TABLE],
        RECORD: [names.RECORD, *([names.CORRECTION] if corrected else [])],
        PAGE: [names.PAGE],
    }
    return [ending for content in CONTENTS if content in contents for ending in of[content]]


def existing(folder: str | Path, name: str, wanted: Collection[str]) -> list[Path]:
    """The files of these endings that are there already."""
    stem = names.file_stem(name)
    return [path for ending in wanted if (path := Path(folder) / f"{stem}{ending}").exists()]


def freeName(folder: str | Path, name: str, wanted: Collection[str]) -> str:
    """The name, with a number where files of these endings have it already."""
    number, free = 1, name
    while existing(folder, free, wanted):
        number += 1
        free = f"{name}-{number}"
    return free


def export(volumeNode, folder: str | Path, name: str, contents: Collection[str] = CONTENTS,
           overwrite: bool = False) -> tuple[Path, ...]:
    """Write what was found in an image.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
    folder : path-like
        Made where it does not exist.
    name : str
        What the files are named after, and what the page and the record call the image.
    contents : collection of str
        Of :data:`CONTENTS`.
    overwrite : bool
        Whether files of the same names may be replaced.

    Returns
    -------
    tuple of Path
        The files, sorted by name.

    Raises
    ------
    OutputError
        Where there is nothing to write, a file exists, or something cannot be written; nothing has been written then.
    """
    folder, stem, nodes = Path(folder), names.file_stem(name), results.findNodes(volumeNode)
    wanted = endings(nodes, contents)
    prediction = _prediction(nodes, volumeNode)
    result = record.readResult(nodes, volumeNode) if EXPLAINED & set(contents) else None
    if result is None and EXPLAINED & set(contents):
        raise OutputError(_("Ranking, record and page were not computed, because the run was stopped."),
                          _("Segment the image again, or export outlines and maps only."))
    taken = existing(folder, stem, wanted)
    if taken and not overwrite:
        raise OutputError(_("{name} exists already.").format(name=taken[0].name), _("Choose another name."))
    writers = _writers(nodes, volumeNode, prediction)
    if result:
        writers |= _explaining(result, nodes, volumeNode, stem, wanted)
    return write_files({ending: writers[ending] for ending in wanted}, folder, stem)


def _prediction(nodes: ResultNodes, volumeNode) -> Prediction:
    prediction = record.readPrediction(nodes, volumeNode)
    if prediction is None:
        raise OutputError(_("There is nothing to export."), _("Segment the image first."))
    return prediction


def _writers(nodes: ResultNodes, volumeNode, prediction: Prediction) -> dict[str, Writer]:
    """Outlines and maps."""
    geometry, origin = prediction.image.geometry, provenance(prediction)
    writers: dict[str, Writer] = {
        names.SEGMENTATION: partial(writeSegmentation, nodes.segmentation),
        names.LABELS: _image(prediction.labels, geometry, {"RadiomicNet.Content": "lesions", **origin}),
        **{ending: _image(values, geometry, {**keys, **origin}) for ending, values, keys in maps(prediction)},
    }
    if nodes.corrected:
        segmentIDs = list(nodes.corrected.GetSegmentation().GetSegmentIDs())
        labels = segmentation.labels(nodes.corrected, segmentIDs, volumeNode)
        keys = {"RadiomicNet.Content": f"lesions, {correction.ORIGIN}", **origin}
        writers[CORRECTED_SEGMENTATION] = partial(writeSegmentation, nodes.corrected)
        writers[CORRECTED_LABELS] = _image(labels, geometry, keys)
    return writers


def _explaining(result: Result, nodes: ResultNodes, volumeNode, stem: str, wanted: list[str]) -> dict[str, Writer]:
    """Ranking, record and page, which call the image by the name that the files have."""
    from radiomicnet.results.page import write_page  # these import torch, which would delay the start of Slicer
    from radiomicnet.results.record_json import write_record

    prediction = replace(result.prediction, image=replace(result.prediction.image, name=stem))
    result = replace(result, prediction=prediction)
    files = [f"{stem}{ending}" for ending in wanted]
    writers: dict[str, Writer] = {
        names.TABLE: partial(write_table, result),
        names.RECORD: partial(write_record, result, files=files),
        names.PAGE: partial(write_page, result, stem=stem, files=files),
    }
    if nodes.corrected:
        writers[names.CORRECTION] = partial(_writeCorrection, correction.change(nodes, volumeNode))
    return writers


def _image(values, geometry, keys: dict[str, str]) -> Writer:
    return lambda path: writeImage(path, values, geometry, keys)


def _writeCorrection(change: correction.Change, path: Path) -> None:
    """What a person changed, for programs; areas in pixels, ``pixelArea`` in mm²."""
    path.write_text(json.dumps({"notice": NOTICE, **asdict(change)}, indent=1) + "\n", encoding="utf-8")
