"""Whether a picture may name the patient in its pixels."""

from __future__ import annotations

import numpy as np
from slicer.i18n import tr as _

from radiomicnet.errors import ImageError
from radiomicnet.images.grid import to_grid

from . import volumes

BURNED_IN_TAG = "0028,0301"
GRID = 512
BRIGHT, FEWEST = 96, 20  # grey level from which, and number from which pixels beside the scan look like writing


def burntIn(volumeNode) -> str:
    """A sentence where DICOM says so, or where bright marks lie beside the scan; else empty.

    Writing inside the scan is not found, so nothing found is no promise.
    """
    if (volumes.dicomValue(volumeNode, BURNED_IN_TAG) or "").upper() == "YES":
        return _("DICOM says that text about the patient is burnt into this picture.")
    try:
        image = volumes.readImage(volumeNode)
    except ImageError:
        return ""
    grid = to_grid(image.rgb, GRID)
    rows, columns = grid.content
    beside = ~grid.mask[:rows, :columns] & (grid.grey[:rows, :columns] >= BRIGHT)
    return _("There are bright marks beside the scan, which may be text.") if np.count_nonzero(beside) >= FEWEST else ""
