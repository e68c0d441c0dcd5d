"""What an ultrasound machine says of its picture in DICOM: how large a pixel is, and where the picture lies.

The element is the Sequence of Ultrasound Regions, PS3.3 C.8.5.5. Everything else on the screen (names, rulers, a
spectrum, the grey bar) has a region of another type or none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .array import SMALLEST_SIDE

if TYPE_CHECKING:
    from pydicom import Dataset

TWO_D = 1  # Region Spatial Format
TISSUE, COLOUR_FLOW = 1, 2  # Region Data Type
CENTIMETRES = 3  # Physical Units X and Y Direction
# Machines round the size of a pixel differently in regions of the same scale.
SAME_SCALE = 1e-3

SLICER_OVERRIDE = ("3D Slicer shows a file of several ultrasound regions at 1 mm a pixel: set the spacing to {:.6g} × "
                   "{:.6g} mm there, in the Volumes module, to see the segmentation on the image.")
OTHER_SIZE = ("The file's ultrasound regions reach beyond the picture, so it was cropped or scaled after it was taken: "
              "lengths are given in pixels.")
OTHER_SCALES = "The file holds pictures of different scales; only the largest one was measured."
NO_SCALE = "The file holds pictures of different scales; lengths are given in pixels."


@dataclass(frozen=True)
class Calibration:
    """What is known of an ultrasound picture.

    Attributes
    ----------
    spacing : tuple of 2 float or None
        Millimetres from column to column and from row to row; None where the file does not say.
    trusted : bool
        Whether lengths may be given in millimetres. False where the spacing is kept because 3D Slicer has it, but
        does not belong to this picture.
    region : numpy.ndarray or None
        (H, W) bool, True where the file says that it shows the body; None where it does not say.
    notes : tuple of str
    """

    spacing: tuple[float, float] | None = None
    trusted: bool = False
    region: np.ndarray | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Region:
    """Columns and rows, the last ones included, and the size of a pixel in mm where it is known."""

    left: int
    top: int
    right: int
    bottom: int
    spacing: tuple[float, float] | None

    @property
    def area(self) -> int:
        return (self.right - self.left + 1) * (self.bottom - self.top + 1)

    def fits(self, shape: tuple[int, int]) -> bool:
        """Inside the picture; some machines count one too far."""
        return self.left >= 0 and self.top >= 0 and self.right <= shape[1] and self.bottom <= shape[0]

    def same_scale(self, other: _Region) -> bool:
        if self.spacing is None or other.spacing is None:
            return self.spacing == other.spacing
        return bool(np.allclose(self.spacing, other.spacing, rtol=SAME_SCALE, atol=0))


def calibration(header: Dataset, shape: tuple[int, int]) -> Calibration:
    """Read the regions of an ultrasound image.

    Only 2-D regions of tissue and colour flow count. Where several of one scale show the body, as side by side, all
    of them are the picture; of several scales the largest region's is taken, if one is the largest.

    Parameters
    ----------
    header : pydicom.Dataset
    shape : tuple of int
        (H, W) of the picture.
    """
    items = header.get("SequenceOfUltrasoundRegions") or []
    regions = [region for region in map(_region, items) if region is not None]
    alone = len(items) == 1
    if not regions:
        return Calibration()
    if not all(region.fits(shape) for region in regions):
        # Slicer takes a single region's word in any case, and the segment shall lie on its image.
        return Calibration(spacing=regions[0].spacing if alone else None, notes=(OTHER_SIZE,))
    scaled = sorted((region for region in regions if region.spacing), key=lambda region: -region.area)
    if not scaled:
        return Calibration(region=_mask(regions, shape))
    largest = scaled[0]
    others = [region for region in scaled if not region.same_scale(largest)]
    if any(region.area == largest.area for region in others):
        return Calibration(region=_mask(regions, shape), notes=(NO_SCALE,))
    shown = [region for region in regions if not region.spacing or region.same_scale(largest)]
    assert largest.spacing is not None
    notes = ((OTHER_SCALES,) if others else ()) + (() if alone else (SLICER_OVERRIDE.format(*largest.spacing),))
    return Calibration(largest.spacing, True, _mask(shown, shape), notes)


def _region(item: Dataset) -> _Region | None:
    """A region that shows the body; None for others, for broken ones, and for ones too small to be a picture."""
    try:
        if item.RegionSpatialFormat != TWO_D or item.RegionDataType not in (TISSUE, COLOUR_FLOW):
            return None
        region = _Region(int(item.RegionLocationMinX0), int(item.RegionLocationMinY0),
                         int(item.RegionLocationMaxX1), int(item.RegionLocationMaxY1), _spacing(item))
    except (AttributeError, TypeError, ValueError):
        return None
    sides = region.right - region.left + 1, region.bottom - region.top + 1
    return region if min(sides) >= SMALLEST_SIDE else None


def _spacing(item: Dataset) -> tuple[float, float] | None:
    units = item.get("PhysicalUnitsXDirection"), item.get("PhysicalUnitsYDirection")
    if units != (CENTIMETRES, CENTIMETRES):
        return None
    across, down = float(item.PhysicalDeltaX) * 10, float(item.PhysicalDeltaY) * 10
    return (across, down) if min(across, down) > 0 and np.isfinite([across, down]).all() else None


def _mask(regions: list[_Region], shape: tuple[int, int]) -> np.ndarray:
    mask = np.zeros(shape, bool)
    for region in regions:
        mask[region.top:region.bottom + 1, region.left:region.right + 1] = True
    return mask
