"""Clips as Slicer loads them: a sequence of images, and a browser that shows one at a time; and their results."""

from __future__ import annotations

import zlib

import numpy as np
import slicer

from radiomicnet.clips.frame import Frame
from radiomicnet.clips.run import ClipResult
from radiomicnet.clips.steady import steadiest, with_agreement
from radiomicnet.features.catalogue import KEYS
from radiomicnet.models import store
from RadiomicNetSegmenterLib.scene import clipResult, clips, masks

GEOMETRY = np.diag([-0.2, -0.3, 1.0, 1.0])
SHAPE = (48, 64)
COUNT = 5


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


def pixels(index):
    """(48, 64) uint8, another picture for every index."""
    return np.random.default_rng(index).integers(0, 255, SHAPE, np.uint8)


def found(volume, labels, smoothing=0, threshold=None, failed=()):
    """A result with these label maps by frame."""
    clip = clips.clipOf(volume)
    frames = [Frame(index, clip.axis.values[index], reason="is black.") if index in failed else frame(
        index, clip.axis.values[index], labels[index]) for index in sorted({*labels, *failed})]
    frames = with_agreement(frames)
    card = store.load("breast-ultrasound").card
    return ClipResult(clip, card, frames, len(frames), threshold, smoothing, steadiest(frames), 1.0)


def frame(index, place, labels):
    area = int((labels > 0).sum())
    return Frame(index, place, shape=SHAPE, packed=zlib.compress(labels.tobytes()), lesions=len(np.unique(labels)) - 1,
                 area_pixels=area, area_mm2=0.06 * area, own_area_pixels=area, uncertainty=0.1 + 0.01 * index,
                 presence=0.9, dice=0.8, features={key: float(index) for key in KEYS})


def square(index, number=1):
    labels = np.zeros(SHAPE, np.uint8)
    labels[10 + index:20, 8:8 + 4 * index + 4] = number
    return labels


def drawn(browser, volume, index):
    """What the browser shows at a frame: mask by ID of the segment."""
    browser.SetSelectedItemNumber(index)
    return masks.segmentMasks(clipResult.find(volume).segmentation, volume)
