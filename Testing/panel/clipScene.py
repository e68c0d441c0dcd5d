"""Clips as Slicer loads them: a sequence of images, and a browser that shows one of them at a time."""

from __future__ import annotations

import numpy as np
import slicer

GEOMETRY = np.diag([-0.2, -0.3, 1.0, 1.0])


def addClip(frames, name: str = "Clip", matrix=GEOMETRY, unit: str = "s"):
    """The browser, and the volume that shows its current frame.

    Parameters
    ----------
    frames : sequence of numpy.ndarray
        (H, W) or (H, W, 3) each.
    name : str
    matrix : numpy.ndarray
        (4, 4) IJK to RAS.
    unit : str
        "s" for a clip that tells the time, 0.04 s a frame; "" for one that counts frames.
    """
    sequence = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSequenceNode", f"{name} images")
    sequence.SetIndexName("time" if unit else "frame")
    sequence.SetIndexUnit(unit)
    for index, pixels in enumerate(frames):
        className = "vtkMRMLVectorVolumeNode" if pixels.ndim == 3 else "vtkMRMLScalarVolumeNode"
        node = slicer.util.addVolumeFromArray(pixels[None], matrix, name, className)
        sequence.SetDataNodeAtValue(node, f"{0.04 * index:.3f}" if unit else str(index))
        slicer.mrmlScene.RemoveNode(node)
    browser = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSequenceBrowserNode", f"{name} browser")
    browser.AddSynchronizedSequenceNode(sequence)
    browser.SetSelectedItemNumber(0)
    slicer.modules.sequences.logic().UpdateProxyNodesFromSequences(browser)
    volume = browser.GetProxyNode(sequence)
    volume.SetName(name)
    return browser, volume
