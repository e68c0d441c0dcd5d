"""One image of a cohort from its file to its row: what every process and every machine does.

It reads and returns; the one who asked for it writes. So nothing is half-written where a process ends early, and two
answers for one image, as a cluster may give, leave one result.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import CohortError, ModelError, RadiomicNetError
from .columns import FAILED, cells, lesion_cells
from .settings import Settings, versions
from .source import Item
from .thumbnail import small_outline, thumbnail

if TYPE_CHECKING:
    from ..images.image import Image
    from ..results.result import Result
    from ..segmenters import Segmenters

BLOCK = 1 << 20  # bytes read at once


@dataclass(frozen=True)
class Task:
    """One image to be done.

    Attributes
    ----------
    item : Item
    model : str
        A name, a folder that the worker sees, or ``auto``.
    settings : Settings
    known : str
        Key of the result that is there already; empty where there is none.
    there : bool
        Whether the one who asks sees the file.
    """

    item: Item
    model: str
    settings: Settings
    known: str = ""
    there: bool = True


@dataclass(frozen=True)
class Done:
    """What came of one image, as plain data.

    Attributes
    ----------
    key : str
        SHA-256 of the file's content, its place in the cohort and the settings: the same key, the same result.
    row : dict
        Cells by column, see :mod:`.columns`; those of the item itself are not among them.
    lesions : list of dict
        Cells by column of the table of lesions.
    picture : dict or None
        ``picture``, ``width``, ``height`` and ``outline`` of the thumbnail; None where the image could not be read.
    segmentation : bytes or None
        The content of the segmentation's file.
    lasting : bool
        False for a failure that another try may not have (memory, a process that ended).
    """

    key: str
    row: dict[str, Any]
    lesions: list[dict[str, Any]] = field(default_factory=list)
    picture: dict[str, Any] | None = None
    segmentation: bytes | None = None
    lasting: bool = True


def process(task: Task) -> Done | None:
    """Segment one image, unless its result is there already.

    Returns
    -------
    Done or None
        None where the result of that key is the one that is known.

    Raises
    ------
    ModelError
        Where this process has no such model, or one with other weights.
    CohortError
        Where this machine does not see the file that the one who asks sees.
    """
    if task.there and not os.path.exists(task.item.file):
        raise CohortError(f"A worker does not see {task.item.file.name}, which is there where the cohort was started.",
                          "Give the workers the images at the same place, on a disk that all of them share.")
    content = _sha256(task.item.file)
    key = _key(task, content)
    if key == task.known:
        return None
    image: Image | None = None
    try:
        from ..images.read import read_image

        image = read_image(task.item.file, task.item.frame)
        return _segmented(task, key, content, image)
    except ModelError:
        raise
    except RadiomicNetError as error:
        return failed(key, str(error), content, image)
    except MemoryError:
        return failed(key, "There was not enough memory for this image.", content, lasting=False)
    except Exception as error:  # a fault of ours on one image in ten thousand shall not cost the others
        text = str(error).replace(str(task.item.file.parent), "").strip() or "no message"
        return failed(key, f"RadiomicNet failed on this image ({type(error).__name__}: {text}). Please report this.",
                      content, image)


def failed(key: str, reason: str, content: str = "", image: Image | None = None, lasting: bool = True) -> Done:
    """The row of an image that could not be segmented."""
    picture = None if image is None else {**thumbnail(image), "outline": ""}
    row: dict[str, Any] = {"status": FAILED, "reason": reason, "file_sha256": content}
    return Done(key, {**row, **_versions()}, picture=picture, lasting=lasting)


def _segmented(task: Task, key: str, content: str, image: Image) -> Done:
    from ..run import run

    segmenter = _segmenters(task).choose(image)
    expected = task.settings.weights.get(segmenter.card.name)
    if segmenter.card.weights_sha256 != expected:
        raise ModelError(f"A worker has other weights of model {segmenter.card.name} than the one who asks.",
                         "Install the same RadiomicNet and the same models everywhere.")
    result = run(segmenter, image, task.settings.threshold)
    prediction = result.prediction
    picture = {**thumbnail(image), "outline": small_outline(prediction)}
    row = {**cells(result), "file_sha256": content, **_versions()}
    return Done(key, row, lesion_cells(prediction), picture, _segmentation(result))


def _segmentation(result: Result) -> bytes:
    from ..results.segmentation_nrrd import write_segmentation

    with tempfile.TemporaryDirectory(prefix="radiomicnet-") as folder:
        path = Path(folder, "segmentation.seg.nrrd")
        write_segmentation(result.prediction, path)
        return path.read_bytes()


_held = threading.local()


def _segmenters(task: Task) -> Segmenters:
    """This thread's, since a segmenter serves one at a time; it computes with one core, the others have theirs."""
    import SimpleITK as sitk
    import torch

    from ..segmenters import Segmenters

    if not hasattr(_held, "segmenters"):
        torch.set_num_threads(1)
        sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
        _held.segmenters = {}
    name = (task.model, task.settings.device)
    if name not in _held.segmenters:
        _held.segmenters[name] = Segmenters(*name)
    segmenters: Segmenters = _held.segmenters[name]
    return segmenters


def _versions() -> dict[str, str | None]:
    return {f"version_{name}": number for name, number in versions().items()}


def _sha256(path: Path) -> str:
    """Of a file's content; empty where it cannot be read, which reading the image then explains."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            for block in iter(lambda: file.read(BLOCK), b""):
                digest.update(block)
    except (OSError, ValueError):
        return ""
    return digest.hexdigest()


def _key(task: Task, content: str) -> str:
    known = [task.item.digest, task.item.model, content, task.settings.digest]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()
