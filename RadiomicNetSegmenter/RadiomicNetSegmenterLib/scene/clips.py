"""A clip of the scene: the frames of the sequence that a volume shows one of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slicer.i18n import tr as _

from radiomicnet.clips.clip import Axis, Clip, Pixels
from radiomicnet.errors import ImageError

from . import volumes


def isClip(volumeNode) -> bool:
    """Whether a volume shows the frame of a sequence, and that is one slice."""
    return volumes.sliceCount(volumeNode) == 1 and volumes.sequenceOf(volumeNode) is not None


def axis(sequence) -> Axis:
    """What the frames of a sequence are counted by."""
    values = tuple(sequence.GetNthIndexValue(index) for index in range(sequence.GetNumberOfDataNodes()))
    return Axis(sequence.GetIndexName(), sequence.GetIndexUnit(), values)


def current(volumeNode) -> int:
    """The frame that a volume shows, from 0 on; -1 where it shows none of them.

    The browser counts the frames of its master sequence, which need not be the one of the images.
    """
    browser, sequence = volumes.browserOf(volumeNode), volumes.sequenceOf(volumeNode)
    if sequence is None or browser.GetSelectedItemNumber() < 0:
        return -1
    value = browser.GetMasterSequenceNode().GetNthIndexValue(browser.GetSelectedItemNumber())
    return sequence.GetItemNumberFromIndexValue(value, False)


def goTo(volumeNode, index: int) -> None:
    """Let the browser show a frame, from 0 on."""
    browser, sequence = volumes.browserOf(volumeNode), volumes.sequenceOf(volumeNode)
    if sequence is not None and 0 <= index < sequence.GetNumberOfDataNodes():
        browser.SetSelectedItemByIndexValue(sequence.GetNthIndexValue(index), False)


def readFrame(sequence, index: int) -> Pixels:
    """Copy one frame's pixels, (H, W) or (H, W, C), or say why there are none; main thread only."""
    node = sequence.GetNthDataNode(index) if index < sequence.GetNumberOfDataNodes() else None
    image = node.GetImageData() if node is not None and node.IsA("vtkMRMLScalarVolumeNode") else None
    if image is None or image.GetNumberOfPoints() == 0 or image.GetPointData().GetScalars() is None:
        return ImageError(_("Frame {number} holds no pixels.").format(number=index + 1))
    if image.GetDimensions()[2] != 1:
        return ImageError(_("Frame {number} holds several slices.").format(number=index + 1))
    array = volumes.pixels(image)
    return array[..., 0] if array.shape[2] == 1 else array


def clipOf(volumeNode) -> Clip:
    """The clip that a volume shows a frame of, read from the scene frame by frame; main thread only.

    Raises
    ------
    ImageError
        Where frames of such a size or kind cannot be segmented, by the one that is shown.
    """
    sequence = volumes.sequenceOf(volumeNode)
    name, geometry, modality = volumes.place(volumeNode)

    def read(indices: Sequence[int]) -> Iterator[Pixels]:
        return (readFrame(sequence, index) for index in indices)

    return Clip(name, axis(sequence), read, geometry, modality, source=name)
