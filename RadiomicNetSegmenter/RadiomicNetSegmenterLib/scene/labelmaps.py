"""Label maps as MRML keeps them, no larger than what is drawn in them: a clip has hundreds."""

from __future__ import annotations

import numpy as np
import slicer
import vtk
from vtk.util import numpy_support


def cropped(labels: np.ndarray, volumeNode):
    """The part of a label map that holds anything, on the voxels of a volume; None where nothing is drawn.

    Parameters
    ----------
    labels : numpy.ndarray
        (K, J, I) uint8, 0 for the background.
    volumeNode : vtkMRMLVolumeNode
        Of the same size.

    Returns
    -------
    vtkOrientedImageData or None
    """
    box = [_ends(labels.any(axis=others)) for others in ((1, 2), (0, 2), (0, 1))]
    if None in box:
        return None
    (k0, k1), (j0, j1), (i0, i1) = box
    matrix = vtk.vtkMatrix4x4()
    volumeNode.GetIJKToRASMatrix(matrix)
    image = slicer.vtkOrientedImageData()
    image.SetExtent(i0, i1, j0, j1, k0, k1)
    image.AllocateScalars(vtk.VTK_UNSIGNED_CHAR, 1)
    part = labels[k0:k1 + 1, j0:j1 + 1, i0:i1 + 1]
    numpy_support.vtk_to_numpy(image.GetPointData().GetScalars())[:] = part.ravel()
    image.SetImageToWorldMatrix(matrix)
    return image


def _ends(filled: np.ndarray) -> tuple[int, int] | None:
    places = np.flatnonzero(filled)
    return (int(places[0]), int(places[-1])) if places.size else None
