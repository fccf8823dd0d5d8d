"""Outlets that told the operator that they do not want to be quoted.

Applied whenever an article is read from the store and never written into it: the list holds at once for all that was
stored before, and an outlet taken off it can be quoted again.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core import strings
from bot.core.catalogue import on_host


@dataclass(frozen=True, slots=True)
class OptOut:
    """`hosts` in lower case; what is below one of them is meant too."""

    hosts: frozenset[str] = frozenset()

    def reason(self, url: str) -> str | None:
        """Why an article at this address is linked by title only; None where its outlet is not on the list."""
        return strings.judging.OPTED_OUT if on_host(url, self.hosts) else None


NOBODY = OptOut()
"""No outlet opted out."""
