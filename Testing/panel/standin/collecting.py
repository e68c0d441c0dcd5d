"""Skipping the test files of a folder, with the reason, where the stand-in cannot be brought up."""

from __future__ import annotations

import pytest


def installed(name: str, install) -> str:
    """Run ``install``; why it could not, or nothing."""
    try:
        install()
    except ImportError as error:
        return f"needs {name} ({error})"
    return ""


def skippedFile(module_path, parent, missing: str):
    """For ``pytest_pycollect_makemodule``: a file that skips before its imports fail, or None."""
    return _Skipped.from_parent(parent, path=module_path, reason=missing) if missing else None


class _Skipped(pytest.Module):
    def __init__(self, *, reason: str, **keywords) -> None:
        super().__init__(**keywords)
        self._reason = reason

    def collect(self):
        pytest.skip(self._reason)
