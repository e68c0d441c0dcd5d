"""A clip in memory: the phantom's lesion moves, fades and comes back."""

from __future__ import annotations

import numpy as np
import pytest

from radiomicnet.clips.clip import Axis, Clip
from radiomicnet.images.image import Geometry
from radiomicnet.images.phantoms import breast_ultrasound


@pytest.fixture(scope="session")
def moving():
    """(6, H, W) uint8; frame 3 is black."""
    pixels = breast_ultrasound()[0].pixels[::2, ::2]
    frames = np.stack([np.roll(pixels, 3 * step, axis=1) for step in range(6)])
    frames[2] = 0
    return frames


@pytest.fixture
def clip_of_frames():
    """``clip_of_frames(array, name)``: a clip of an array's frames."""
    def make(frames, name="clip", geometry=None):
        return Clip(name, Axis.of_seconds([k / 25 for k in range(len(frames))]),
                    lambda indices: (frames[k] for k in indices), geometry or Geometry(), source=f"{name}.mp4")
    return make
