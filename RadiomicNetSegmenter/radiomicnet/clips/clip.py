"""A clip: images of one size that follow each other in time, read one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..errors import ImageError
from ..images.array import check_components
from ..images.image import Geometry, Image
from ..images.scaling import check_numbers, scale_of

# Pixels of the sample from which the scale of a clip's intensities is told; all frames take part alike.
SAMPLE = 4_000_000

Pixels = np.ndarray | ImageError
Read = Callable[[Sequence[int]], Iterator[Pixels]]


@dataclass(frozen=True)
class Axis:
    """What the frames are counted by, in the terms of 3D Slicer's sequences.

    Attributes
    ----------
    name, unit : str
        "time" and "s" where the file says when each frame was taken, else "frame" and "".
    values : tuple of str
        One per frame, increasing.
    """

    name: str
    unit: str
    values: tuple[str, ...]

    @classmethod
    def of_frames(cls, count: int) -> Axis:
        """Counted from 0, as Slicer counts the frames of a clip that tells no time."""
        return cls("frame", "", tuple(map(str, range(count))))

    @classmethod
    def of_seconds(cls, seconds: Sequence[float]) -> Axis:
        """Seconds to a millisecond, as Slicer writes them; frames where two would be the same."""
        values = tuple(f"{second:.3f}" for second in seconds)
        return cls("time", "s", values) if len(set(values)) == len(values) else cls.of_frames(len(values))


@dataclass(frozen=True)
class Clip:
    """A clip that can be read.

    Attributes
    ----------
    name : str
        What results are named after; no folder, no ending.
    axis : Axis
        Its values tell how many frames there are.
    read : callable
        From numbers of frames (0 on, increasing) to their arrays, (H, W) or (H, W, C) of any numeric type, or the
        reason why one cannot be read.
    geometry : Geometry
        Of every frame.
    modality : str or None
        As of an image.
    warnings : tuple of str
    region : numpy.ndarray or None
        (H, W) bool, as of an image.
    source : str
        The file's or the folder's name with its ending.
    """

    name: str
    axis: Axis
    read: Read
    geometry: Geometry = field(default_factory=Geometry)
    modality: str | None = None
    warnings: tuple[str, ...] = ()
    region: np.ndarray | None = None
    source: str = ""

    @property
    def count(self) -> int:
        """Number of frames."""
        return len(self.axis.values)

    @cached_property
    def scale(self) -> tuple[Callable[[np.ndarray], np.ndarray], tuple[str, ...]]:
        """What makes every frame's intensities 8 bit, and a sentence where it had to be guessed.

        Of 8-bit clips the first frames tell; all frames of others are read once for it.
        """
        return _scale(self)

    @property
    def every_warning(self) -> tuple[str, ...]:
        """What the user should read of the file, and of its scale of intensities."""
        return self.warnings + self.scale[1]

    def frame_name(self, index: int) -> str:
        """What the results of one frame are named after."""
        return f"{self.name}-frame-{index + 1:0{len(str(self.count))}d}"

    def frames(self, indices: Sequence[int]) -> Iterator[Image | ImageError]:
        """The frames as images, or the reason why one of them is none.

        All of them share one scale of intensities. A frame of one value everywhere, as between two scenes, shows
        nothing that could be segmented.
        """
        scale, _ = self.scale
        shape: tuple[int, ...] | None = None
        for index, array in zip(indices, self.read(indices)):
            if isinstance(array, ImageError):
                yield array
                continue
            shape = shape or array.shape[:2]
            yield self._image(array, scale, index, shape)

    def first_image(self, indices: Sequence[int]) -> Image:
        """The first of these frames that can be read: the choice of a model goes by it.

        Raises
        ------
        ImageError
            Where none can be; tells the first one's reason.
        """
        reason: ImageError | None = None
        for image in self.frames(indices):
            if isinstance(image, Image):
                return image
            reason = reason or image
        raise ImageError(f"No frame of {self.source or self.name} can be segmented. The first one: {reason}")

    def _image(self, array: np.ndarray, scale: Callable[[np.ndarray], np.ndarray], index: int,
               shape: tuple[int, ...]) -> Image | ImageError:
        name = self.frame_name(index)
        if array.shape[:2] != shape:
            return ImageError(f"{name} has another size than the frames before it.")
        try:
            check_components(array.shape[2] if array.ndim == 3 else 1, name)
            check_numbers(array)
        except ImageError as error:
            return error
        pixels = scale(_opaque(array))
        if np.all(pixels == pixels[0, 0]):
            return ImageError(f"{name} shows the same value (or nearly so) in every pixel.")
        return Image(np.array(pixels, order="C"), self.geometry, name, self.modality, self.every_warning,
                     self.region)


def _opaque(array: np.ndarray) -> np.ndarray:
    """(H, W, C) without its opacity, (H, W) where that leaves one component."""
    if array.ndim == 2:
        return array
    colours = array[..., :-1] if array.shape[2] in (2, 4) else array
    return colours[..., 0] if colours.shape[2] == 1 else colours


def _scale(clip: Clip) -> tuple[Callable[[np.ndarray], np.ndarray], tuple[str, ...]]:
    step, parts = 1, []
    for array in clip.read(range(clip.count)):
        if isinstance(array, ImageError):
            continue
        values = _opaque(array).ravel()
        if array.dtype == np.uint8 and values.max() > 1:
            return scale_of(values)
        step = max(1, clip.count * values.size // SAMPLE)
        parts.append(np.concatenate([[values.min(), values.max()], values[::step]]).astype(values.dtype))
    if not parts:
        raise ImageError(f"No frame of {clip.source or clip.name} can be read.", "Check the file, or export it again.")
    sample = np.concatenate(parts)
    return scale_of(sample[np.isfinite(sample)] if sample.dtype.kind == "f" else sample)
