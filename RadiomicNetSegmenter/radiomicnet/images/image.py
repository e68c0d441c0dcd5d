"""One 2-D image with its place in the patient, as every part of RadiomicNet hands it on."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Geometry:
    """Where the pixels lie, in the LPS millimetre system of DICOM, ITK and NRRD.

    Attributes
    ----------
    spacing : tuple of 3 float
        Millimetres from one column, row and slice to the next (i, j, k).
    origin : tuple of 3 float
        LPS position of the centre of the first pixel.
    direction : tuple of 9 float
        Direction cosines, row-major; its columns are the i, j and k axes in LPS.
    calibrated : bool
        False where nothing but a default says how large a pixel is; lengths are then given in pixels.
    """

    spacing: tuple[float, float, float] = (1.0, 1.0, 1.0)
    origin: tuple[float, float, float] = (0.0, 0.0, 0.0)
    direction: tuple[float, ...] = IDENTITY
    calibrated: bool = False


@dataclass(frozen=True)
class Image:
    """A 2-D image as 8-bit pixels.

    Attributes
    ----------
    pixels : numpy.ndarray
        (H, W) grey or (H, W, 3) RGB, uint8. Row 0 is the top of the picture. How other types become uint8 is
        defined once, in :mod:`radiomicnet.images.scaling`.
    geometry : Geometry
    name : str
        What results are named after; no folder, no extension.
    modality : str or None
        The file's own DICOM code ("US", "ES", ...), None where the file does not say.
    warnings : tuple of str
        Sentences the user should read (an EXIF rotation not applied, an intensity scale guessed).
    region : numpy.ndarray or None
        (H, W) bool, True where the file itself says that it shows the body; None where it does not say. Features are
        computed inside of it, and there only where :mod:`radiomicnet.images.scan` finds the scan.
    """

    pixels: np.ndarray
    geometry: Geometry = field(default_factory=Geometry)
    name: str = "image"
    modality: str | None = None
    warnings: tuple[str, ...] = ()
    region: np.ndarray | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.pixels.shape[0], self.pixels.shape[1]

    @property
    def rgb(self) -> np.ndarray:
        """The pixels as (H, W, 3) uint8; grey repeated three times."""
        if self.pixels.ndim == 3:
            return self.pixels
        return np.repeat(self.pixels[..., None], 3, axis=2)
