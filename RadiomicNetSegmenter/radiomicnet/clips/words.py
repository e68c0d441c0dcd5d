"""Sentences on a clip, the same on the page and on a terminal."""

from __future__ import annotations

from .run import ClipResult
from .steady import REACH, score


def finding(result: ClipResult) -> str:
    """In how many frames something was outlined."""
    outlined = sum(frame.area_pixels > 0 for frame in result.frames)
    return f"Something was outlined in {outlined} of {len(result.frames)} frames."


def steadiest(result: ClipResult) -> str:
    """Which frame to measure in, and why."""
    frame = result.steadiest
    if frame is None:
        return "No frame is suggested: nothing was outlined, or no two frames could be compared."
    unlike = "" if frame.in_range else " No frame with an outline is like the training images; do not rely on it."
    return (f"The steadiest frame is {frame.index + 1}{_at(result, frame.place)}: its outline agrees with those up to "
            f"{REACH} frames away by a Dice of {frame.agreement:.2f}, and its uncertainty is "
            f"{frame.uncertainty:.2f} (score {score(frame):.2f}).{unlike}")


def stopped(result: ClipResult) -> str:
    """Empty where the run went to its end."""
    return "" if result.complete else (
        f"The run was stopped after {len(result.frames)} of {result.asked} frames; these are complete.")


def smoothing(result: ClipResult) -> str:
    """Whether outlines are those of single frames."""
    if not result.smoothing:
        return "Every outline is that of its frame alone; nothing was smoothed over time."
    return (f"Probabilities were averaged over up to {result.smoothing} frames to either side before an outline was "
            "drawn; the area of each frame's own outline stands beside.")


def not_segmented(result: ClipResult) -> str:
    """How many frames could not be; empty where all could."""
    count = sum(bool(frame.reason) for frame in result.frames)
    frames = "1 frame" if count == 1 else f"{count} frames"
    return f"{frames} could not be segmented; the table gives the reasons." if count else ""


def unlike(result: ClipResult) -> str:
    """How many frames are unlike the training images; empty where none."""
    count = sum(not frame.in_range for frame in result.frames)
    return f"{count} of {len(result.frames)} frames are unusual or unlike the training images." if count else ""


def _at(result: ClipResult, place: str) -> str:
    unit = result.clip.axis.unit
    return f" ({place} {unit})" if unit else ""
