"""Where the real feeds, labelled news and hostile input live; tests that use them skip where they are absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("SLUGLINE_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def shared(path: str) -> Path:
    """A file or folder of the shared data; skips the calling test where it is absent."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"shared data absent: {path}")
    return found
