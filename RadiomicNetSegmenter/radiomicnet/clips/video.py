"""Clips in video files, decoded by FFmpeg through PyAV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ImageError
from ..images.array import check_size
from .clip import Axis, Clip, Pixels

if TYPE_CHECKING:
    from av.container import InputContainer

MISSING = ("Video files are read by the Python package av, which is missing.",
           "Install it (python -m pip install av), or save the frames as pictures in a folder and give the folder.")
# A damaged file may be known by its name alone.
ENDINGS = (".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".ogv")
TURNED = "The file asks to be shown turned by {degrees}°. It is segmented as it is stored, without that turn."
STRETCHED = "The video's pixels are not square ({ratio} wide for 1 high); lengths are given in pixels as stored."


def is_video(head: bytes, name: str) -> bool:
    """Whether a file begins as AVI, MP4 or MOV, Matroska or WebM, MPEG or Ogg do, or is called so."""
    return (name.lower().endswith(ENDINGS) or (head[:4] == b"RIFF" and head[8:12] == b"AVI ")
            or head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide")
            or head[:4] in (b"\x1aE\xdf\xa3", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"OggS"))


def open_video(path: Path) -> Clip:
    """A clip of a video's frames as they are stored, with the time of each.

    Every packet is looked at once, undecoded, because headers seldom tell how many frames there are.

    Raises
    ------
    ImageError
        Where it holds no pictures, is damaged, or the package that decodes it is missing.
    """
    with _opened(path) as container:
        stream = container.streams.video[0]
        check_size((stream.codec_context.width, stream.codec_context.height), path.name)
        axis, notes = _axis(container), _notes(stream)

    def read(indices: Sequence[int]) -> Iterator[Pixels]:
        wanted = iter(indices)
        index = next(wanted, None)
        try:
            with _opened(path) as container:
                for number, frame in enumerate(container.decode(video=0)):
                    if number == index:
                        yield frame.to_ndarray(format="rgb24")
                        index = next(wanted, None)
                    if index is None:
                        return
        except ImageError:
            pass  # what is left of the frames says so below
        while index is not None:
            yield ImageError(f"Frame {index + 1} of {path.name} cannot be decoded.")
            index = next(wanted, None)

    return Clip(path.stem, axis, read, warnings=notes, source=path.name)


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    try:
        import av
    except ModuleNotFoundError as error:
        raise ImageError(*MISSING) from error
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise ImageError(f"{path.name} holds no pictures, only sound.", "Give a video.")
            container.streams.video[0].thread_type = "AUTO"
            yield container
    except (av.error.FFmpegError, EOFError) as error:  # its text holds the folder
        raise ImageError(f"{path.name} is damaged, incomplete, or of a kind that FFmpeg does not decode.",
                         "Export or copy it again, as MP4.") from error


def _axis(container: InputContainer) -> Axis:
    """The times of the packets in the order in which their frames are shown, from 0 on."""
    stream = container.streams.video[0]
    packets = [packet for packet in container.demux(stream) if packet.size]
    times = [packet.pts * packet.time_base for packet in packets if packet.pts is not None and packet.time_base]
    if len(times) == len(packets):
        seconds = np.sort(np.array(times, float))
        return Axis.of_seconds((seconds - seconds[:1]).tolist())
    rate = float(stream.average_rate or 0)
    return Axis.of_seconds([k / rate for k in range(len(packets))]) if rate else Axis.of_frames(len(packets))


def _notes(stream: Any) -> tuple[str, ...]:
    notes = []
    ratio = float(stream.sample_aspect_ratio or 1)
    if abs(ratio - 1) > 1e-3:
        notes.append(STRETCHED.format(ratio=f"{ratio:.3g}"))
    degrees = stream.metadata.get("rotate")
    if degrees and degrees != "0":
        notes.append(TURNED.format(degrees=degrees))
    return tuple(notes)
