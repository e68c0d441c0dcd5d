"""Arrays as NRRD files by Slicer's own writer, which is there wherever Slicer is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import slicer
import vtk
from vtk.util import numpy_support

from radiomicnet.images.image import Geometry
from radiomicnet.results.nrrd_file import ijk_to_lps, plain


def writeImage(path: Path, values: np.ndarray, geometry: Geometry, keys: dict[str, str]) -> None:
    """Write an (H, W) array as a one-slice image, with key/value pairs for its provenance.

    Raises
    ------
    OSError
        Where the file cannot be written.
    """
    node = slicer.vtkMRMLScalarVolumeNode()  # never in the scene
    image = vtk.vtkImageData()
    image.SetDimensions(values.shape[1], values.shape[0], 1)
    image.GetPointData().SetScalars(numpy_support.numpy_to_vtk(np.ascontiguousarray(values).ravel(), deep=True))
    node.SetAndObserveImageData(image)
    ijkToRAS = np.diag([-1.0, -1.0, 1.0, 1.0]) @ ijk_to_lps(geometry)
    matrix = vtk.vtkMatrix4x4()
    matrix.DeepCopy(ijkToRAS.ravel().tolist())
    node.SetIJKToRASMatrix(matrix)
    for key, value in keys.items():
        node.SetAttribute(key, plain(value))
    storage = slicer.vtkMRMLNRRDStorageNode()
    storage.SetFileName(str(path))
    storage.SetUseCompression(True)
    if not storage.WriteData(node) or not path.exists():
        raise OSError(f"{path.name} could not be written")
