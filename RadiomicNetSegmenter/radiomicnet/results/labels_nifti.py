"""NAME-labels.nii.gz: a label map with the geometry of its image."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..images.image import Geometry


def write_nifti(path: Path, labels: np.ndarray, geometry: Geometry) -> None:
    """Write a (K, H, W) uint8 label map, or one slice (H, W), as NIfTI-1.

    Raises
    ------
    OSError
        Where the file cannot be written in full; it is read again for that, since ITK does not tell.
    """
    import SimpleITK as sitk

    volume = sitk.GetImageFromArray(labels if labels.ndim == 3 else labels[None])
    volume.SetSpacing(geometry.spacing)
    volume.SetOrigin(geometry.origin)
    volume.SetDirection(geometry.direction)
    try:
        sitk.WriteImage(volume, str(path), useCompression=True, imageIO="NiftiImageIO")
        whole = np.array_equal(sitk.GetArrayFromImage(sitk.ReadImage(str(path))), sitk.GetArrayFromImage(volume))
    except RuntimeError as error:  # its text holds the folder
        raise OSError("the NIfTI file cannot be written") from error
    if not whole:
        raise OSError("the NIfTI file was not written in full")
