"""The segmentation as a file that other programs open."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import slicer
from slicer.i18n import tr as _

from radiomicnet.errors import OutputError

SUFFIX = ".seg.nrrd"


def segmentationPath(path: str | Path) -> Path:
    """The path with the suffix of a segmentation: ``a`` and ``a.nrrd`` become ``a.seg.nrrd``."""
    path = Path(path)
    if path.name.endswith(SUFFIX):
        return path
    stem = path.name.removesuffix(".nrrd").removesuffix(".seg")
    return path.with_name(stem + SUFFIX)


def exportSegmentation(segmentationNode, path: str | Path, overwrite: bool = False) -> Path:
    """Write a segmentation as .seg.nrrd: names, colours, terminology, tags and the image's own geometry.

    It is written beside its place first and moved there when it is complete.

    Raises
    ------
    OutputError
        Where there is nothing to write, the file exists (and ``overwrite`` is False), or it cannot be written.
    """
    path = segmentationPath(path)
    if segmentationNode is None:
        raise OutputError(_("There is no segmentation to export."), _("Segment an image first."))
    if path.exists() and not overwrite:
        raise OutputError(_("{name} exists already.").format(name=path.name), _("Choose another name."))
    try:
        folder = Path(tempfile.mkdtemp(prefix=".radiomicnet-", dir=path.parent))
    except OSError as error:
        raise _cannotWrite(path, error.strerror) from error
    try:
        draft = folder / path.name
        writeSegmentation(segmentationNode, draft)
        draft.replace(path)
    except (OSError, ValueError) as error:
        raise _cannotWrite(path, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return path


def writeSegmentation(segmentationNode, path: Path) -> None:
    """Write a segmentation to a path with the right suffix; OSError or ValueError where that fails."""
    # Always a new dictionary: exportNode writes the file format into the one it gets.
    if not slicer.util.exportNode(segmentationNode, str(path), {}) or not path.exists():
        raise OSError(_("Slicer reported an error"))


def _cannotWrite(path: Path, reason) -> OutputError:
    return OutputError(_("{name} cannot be written there ({reason}).").format(name=path.name, reason=reason),
                       _("Choose another folder, or make room on the disk."))
