"""Sentences on the frames of a clip and the slices of a volume."""

from __future__ import annotations

from slicer.i18n import tr as _

from radiomicnet.clips.frame import Frame
from radiomicnet.clips.steady import REACH


def progress(run) -> str:
    """How far a run has come, and how long the rest will take."""
    if not run.total:
        return _("Loading the model …")
    done = _("{done} of {total}").format(done=run.done, total=run.total)
    left = run.secondsLeft
    return done if left is None else _("{done}, {time} left").format(done=done, time=_duration(left))


def finding(record, ofClip: bool) -> str:
    """What was found in all frames or slices together."""
    if record is None:
        return _("No frame is segmented yet.") if ofClip else _("No slice is segmented yet.")
    if not ofClip:
        return " ".join(record.said)
    outlined = sum(frame.area_pixels > 0 for frame in record.frames)
    parts = [_("Something was outlined in {outlined} of {done} frames.").format(
        outlined=outlined, done=len(record.frames))]
    if len(record.frames) < record.count:
        parts.append(_("{count} frames were not segmented and are empty.").format(
            count=record.count - len(record.frames)))
    failed = [frame for frame in record.frames if frame.reason]
    if failed:
        parts.append(_("{count} could not be segmented; frame {number}: {reason}").format(
            count=len(failed), number=failed[0].index + 1, reason=failed[0].reason))
    unlike = sum(not frame.in_range for frame in record.frames)
    if unlike:
        parts.append(_("{count} are unlike the training images.").format(count=unlike))
    if record.smoothing:
        parts.append(_("Smoothed over {count} frames to either side.").format(count=record.smoothing))
    return " ".join(parts)


def shown(frame: Frame | None) -> str:
    """What was found in the frame that is shown."""
    if frame is None:
        return _("This frame: not segmented.")
    if frame.reason:
        return _("This frame: {reason}").format(reason=frame.reason)
    if not frame.area_pixels:
        return _("This frame: nothing outlined.")
    area = (_("{area:.1f} mm²").format(area=frame.area_mm2) if frame.area_mm2 is not None
            else _("{count} pixels").format(count=f"{frame.area_pixels:,}"))
    return _("This frame: {area}, uncertainty {uncertainty:.2f}.").format(area=area, uncertainty=frame.uncertainty)


def goTo(frame: Frame, ofClip: bool) -> str:
    """What the button says."""
    if ofClip:
        return _("Go to the steadiest frame ({number})").format(number=frame.index + 1)
    return _("Go to the largest section (slice {number})").format(number=frame.index + 1)


def why(frame: Frame, ofClip: bool) -> str:
    """Why this frame is suggested."""
    if not ofClip:
        return _("The slice in which the segment is largest")
    unlike = "" if frame.in_range else _(" No frame with an outline is like the training images; do not rely on it.")
    return _("A good frame to measure in: its outline agrees with those up to {reach} frames away by a Dice of "
             "{agreement:.2f}, and its uncertainty is {uncertainty:.2f}.").format(
        reach=REACH, agreement=frame.agreement, uncertainty=frame.uncertainty) + unlike


def _duration(seconds: float) -> str:
    if seconds < 60:
        return _("about {count} s").format(count=max(1, round(seconds)))
    if seconds < 3600:
        return _("about {count} min").format(count=round(seconds / 60))
    return _("about {hours} h {minutes} min").format(hours=int(seconds // 3600), minutes=round(seconds % 3600 / 60))
