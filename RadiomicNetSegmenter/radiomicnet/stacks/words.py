"""Sentences on a volume, the same on the page and on a terminal."""

from __future__ import annotations

import numpy as np

from .run import StackResult


def finding(result: StackResult) -> str:
    """What was found, with its volume."""
    if not result.parts:
        return "No lesion found; this does not exclude one."
    size = f"{result.ml:.3g} ml" if result.ml is not None else f"{int(result.mask.sum()):,} voxels"
    count = len(result.parts)
    return f"One segment of {size}" + (f" in {count} parts." if count > 1 else ".")


def sentences(result: StackResult) -> list[str]:
    """How the segment came about and how far to trust it."""
    made = result.slices
    outlined = [frame for frame in made.frames if frame.area_pixels]
    agreement = [frame.agreement for frame in outlined if frame.agreement is not None]
    unlike = sum(not frame.in_range for frame in made.frames)
    failed = sum(bool(frame.reason) for frame in made.frames)
    parts = [f"Segmented slice by slice across the axis {result.axis}; the probabilities of each slice were averaged "
             "with its two neighbours', so that the segment holds together."]
    if agreement:
        parts.append(f"Outlines of the {len(outlined)} slices that hold it, each on its own, agree with those around "
                     f"by a mean Dice of {np.mean(agreement):.2f}.")
    if result.islands:
        islands = "1 island was" if result.islands == 1 else f"{result.islands} islands were"
        parts.append(f"{islands} left out: too small, too unsure, or outlined in a single slice only.")
    if result.ml is None:
        parts.append("The volume is not calibrated, so its size is given in voxels.")
    if unlike:
        parts.append(f"{unlike} of {len(made.frames)} slices are unusual or unlike the training images, which were "
                     "single images and no slices of volumes.")
    if failed:
        parts.append(f"{failed} of {len(made.frames)} slices could not be segmented; the table gives the reasons.")
    if not made.complete:
        parts.append(f"The run was stopped after {len(made.frames)} of {made.asked} slices.")
    return parts
