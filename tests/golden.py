"""Golden files: what something looked like when a person last read it.

`SLUGLINE_UPDATE_GOLDEN=1 python -m pytest …` writes them anew; read the difference as a reviewer would before
committing it.
"""

from __future__ import annotations

import os
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent / "golden"


def check_golden(name: str, actual: str) -> None:
    """Compare `actual` with the file of that name, character by character."""
    path = GOLDEN / name
    if os.environ.get("SLUGLINE_UPDATE_GOLDEN"):
        path.write_text(actual, encoding="utf-8", newline="\n")
    assert path.exists(), f"no golden file {name}; SLUGLINE_UPDATE_GOLDEN=1 writes it"
    assert actual == path.read_bytes().decode("utf-8")
