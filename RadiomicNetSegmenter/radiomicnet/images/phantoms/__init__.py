"""Images that RadiomicNet makes itself, with the truth known: for the demonstration, for samples and for tests."""

from __future__ import annotations

from .endoscopy import polyp_endoscopy
from .ultrasound import breast_ultrasound

__all__ = ["breast_ultrasound", "polyp_endoscopy"]
