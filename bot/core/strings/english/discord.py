"""What only Discord needs said."""

from __future__ import annotations


def continued(headline: str) -> str:
    return f"{headline}, continued"
