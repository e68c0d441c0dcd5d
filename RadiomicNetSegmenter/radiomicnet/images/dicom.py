"""What ITK does not tell of a DICOM file."""

from __future__ import annotations

from pathlib import Path

TWO_D = 1  # Region Spatial Format, C.8.5.5.1.1
CENTIMETRES = 3  # Physical Units X and Y Direction, DICOM PS3.3 C.8.5.5.1.15


def region_spacing(path: Path) -> tuple[float, float] | None:
    """In-plane spacing in mm, from the calibrated region of an ultrasound image (DICOM PS3.3 C.8.5.5).

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    tuple of 2 float or None
        Millimetres from column to column and from row to row. None where there is not exactly one region, where it
        is not a 2-D one in centimetres (but a spectrum or a curve), or where pydicom is not installed. Slicer takes
        the spacing of ultrasound images from there under the same conditions.
    """
    try:
        import pydicom
    except ImportError:
        return None
    try:
        regions = pydicom.dcmread(path, stop_before_pixels=True, force=True).get("SequenceOfUltrasoundRegions")
        [region] = regions or [None]
        columns, rows = float(region.PhysicalDeltaX), float(region.PhysicalDeltaY)
        measures = (region.RegionSpatialFormat == TWO_D and region.PhysicalUnitsXDirection == CENTIMETRES
                    and region.PhysicalUnitsYDirection == CENTIMETRES)
    except (OSError, AttributeError, TypeError, ValueError, pydicom.errors.InvalidDicomError):
        return None  # none, several, or one that is not whole
    return (columns * 10, rows * 10) if measures and min(columns, rows) > 0 else None
