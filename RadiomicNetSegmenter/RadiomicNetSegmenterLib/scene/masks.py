"""Segments as arrays on the pixels of their image, read without adding anything to the scene."""

from __future__ import annotations

import numpy as np
import slicer
import vtk
from vtk.util import numpy_support


def segmentMasks(segmentationNode, volumeNode) -> dict[str, np.ndarray]:
    """(H, W) bool of every segment by its ID, in the segments' order; all False where a segment is empty.

    ``slicer.util.arrayFromSegmentBinaryLabelmap`` would add a node to the scene for each segment and remove it again,
    which everybody who watches the scene would hear of.
    """
    reference = _grid(volumeNode)
    return {segmentId: _mask(segmentationNode, segmentId, reference)
            for segmentId in segmentationNode.GetSegmentation().GetSegmentIDs()}


def center(mask: np.ndarray, volumeNode) -> tuple[float, float, float]:
    """World position of the middle of a mask's bounding box."""
    rows, columns = np.nonzero(mask)
    position = [(columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2, 0.0]
    return toWorld(position, volumeNode)


def toWorld(position, volumeNode) -> tuple[float, float, float]:
    """World position of (column, row, slice) of a volume, pixel centres at whole numbers."""
    world = [0.0, 0.0, 0.0]
    volumeNode.TransformPointToWorld(toLocal(position, volumeNode), world)
    return tuple(world)


def toLocal(position, volumeNode) -> tuple[float, float, float]:
    """The same in the volume's own coordinates, before any parent transform."""
    ijkToRAS = vtk.vtkMatrix4x4()
    volumeNode.GetIJKToRASMatrix(ijkToRAS)
    return tuple(ijkToRAS.MultiplyPoint([*position, 1.0])[:3])


def _grid(volumeNode):
    """The image's grid without its pixels."""
    matrix = vtk.vtkMatrix4x4()
    volumeNode.GetIJKToRASMatrix(matrix)
    grid = slicer.vtkOrientedImageData()
    grid.SetDimensions(volumeNode.GetImageData().GetDimensions())
    grid.SetImageToWorldMatrix(matrix)
    return grid


def _mask(segmentationNode, segmentId: str, grid) -> np.ndarray:
    columns, rows, _slices = grid.GetDimensions()
    labelmap, onGrid = slicer.vtkOrientedImageData(), slicer.vtkOrientedImageData()
    found = (segmentationNode.GetBinaryLabelmapRepresentation(segmentId, labelmap) and labelmap.GetNumberOfPoints()
             and slicer.vtkOrientedImageDataResample.ResampleOrientedImageToReferenceOrientedImage(
                 labelmap, grid, onGrid))
    if not found:
        return np.zeros((rows, columns), bool)
    return numpy_support.vtk_to_numpy(onGrid.GetPointData().GetScalars()).reshape(rows, columns) > 0
