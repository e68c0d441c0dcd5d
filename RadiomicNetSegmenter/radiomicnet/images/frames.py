"""Which frame or slice of a file is segmented. They count from 1, as viewers and DICOM count them."""

from __future__ import annotations

from ..errors import ImageError

SEVERAL_VOLUMES = ("Take one of the volumes out (in Slicer, load the file as a sequence and save one of its volumes), "
                   "and choose a slice of it.")
CHOOSE = ("On the command line, --frame chooses one, and the commands clip and stack take all of them; in Python, "
          "read_image(path, frame=...).")


def choose_frame(name: str, count: int, frame: int | None, clip: bool) -> tuple[int, tuple[str, ...]]:
    """The frame to read.

    Parameters
    ----------
    name : str
        What messages call the file.
    count : int
        How many frames, slices or pages it holds.
    frame : int or None
        The one that was asked for, from 1 on.
    clip : bool
        Whether they follow each other in time: then the first stands for all unless one is asked for. A slice of a
        stack has to be chosen, because the first ones seldom show what the stack was made for.

    Returns
    -------
    int
        From 0 on.
    tuple of str
        A sentence where the choice was not the user's.

    Raises
    ------
    ImageError
        Where there is no such frame, or where a slice has to be chosen.
    """
    if frame is None and count > 1 and not clip:
        raise ImageError(f"{name} holds {count} slices or frames; RadiomicNet segments one 2-D image at a time.",
                         f"Take one slice out, from 1 to {count}. {CHOOSE}")
    if frame is not None and not 1 <= frame <= count:
        there = f"the frames 1 to {count}" if count > 1 else "a single image"
        raise ImageError(f"{name} has no frame {frame}; it holds {there}.", "Choose another frame.")
    if frame is None and count > 1:
        return 0, (f"This is the first of {count} frames; the others were not looked at. {CHOOSE}",)
    return (frame or 1) - 1, ()


def frame_axis(size: tuple[int, ...], name: str) -> int | None:
    """Which axis of a file counts its slices or frames; None where there is a single image.

    Parameters
    ----------
    size : tuple of int
        Columns, rows and whatever follows.
    name : str
        What the message calls the file.

    Raises
    ------
    ImageError
        Where more than one axis does, as in a sequence of volumes: one number cannot choose from it.
    """
    longer = [axis for axis in range(2, len(size)) if size[axis] > 1]
    if len(longer) > 1:
        counts = " × ".join(str(size[axis]) for axis in longer)
        raise ImageError(f"{name} holds several volumes ({counts} images).", SEVERAL_VOLUMES)
    return longer[0] if longer else None


def frame_name(stem: str, index: int, count: int) -> str:
    """What the results of one frame are named after: the file, and the frame where there are several."""
    return f"{stem}-frame-{index + 1:0{len(str(count))}d}" if count > 1 else stem
