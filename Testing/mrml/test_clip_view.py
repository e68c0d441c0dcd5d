"""What a slice view really draws while a clip is played."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from clipScene import addClip
from radiomicnet.clips.clip import Clip
from radiomicnet.clips.frame import Frame
from radiomicnet.clips.run import ClipResult
from radiomicnet.models import store
from RadiomicNetSegmenterLib.scene import clipResult, clips

SHAPE = (48, 64)
CARD = store.load("breast-ultrasound").card


def test_the_view_draws_the_outline_of_the_frame_that_is_shown_and_of_no_other(slice_view):
    """The node that shows the outlines gets another segmentation with every frame, which the view has to notice."""
    browser, volume = addClip([np.full(SHAPE, 60 + index, np.uint8) for index in range(4)],
                              matrix=np.diag([-1.0, -1.0, 1.0, 1.0]))
    clip = clips.clipOf(volume)
    frames = tuple(frame(clip, index, width) for index, width in ((1, 10), (3, 30)))
    clipResult.showClip(ClipResult(clip, CARD, frames, 2, None, 0, None, 0.0), volume)
    slice_view.composite.SetBackgroundVolumeID(volume.GetID())
    for index, width in ((1, 10), (3, 30), (2, 0), (1, 10), (0, 0)):
        browser.SetSelectedItemNumber(index)
        assert outlined(slice_view.picture()) == pytest.approx(width, abs=1), index


def frame(clip: Clip, index: int, width: int) -> Frame:
    labels = np.zeros(SHAPE, np.uint8)
    labels[10:20, 10:10 + width] = 1
    return Frame(index, clip.axis.values[index], shape=SHAPE, packed=zlib.compress(labels.tobytes()), lesions=1,
                 area_pixels=10 * width, own_area_pixels=10 * width, uncertainty=0.1, presence=0.9)


def outlined(picture: np.ndarray) -> float:
    """Width of what is drawn in the lesion's colour, in pixels of the image."""
    color = np.round(np.array(CARD.target.color) * 255)
    columns = np.nonzero(np.abs(picture.astype(float) - color).max(axis=2) < 40)[1]
    scale = min(size / pixels for size, pixels in zip(picture.shape, SHAPE))
    return np.ptp(columns) / scale if columns.size else 0.0
