"""What a new version of a story says that the one before did not, for whoever reviews it again."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.analysis import Analysis
from bot.core.wording import wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Sentences that are new and sentences that are gone, as they stand or stood; outlets that are heard for the first
    time."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    outlets: tuple[str, ...]


def changed(before: Analysis, now: Analysis) -> Changed:
    """`before` as it was last left by its editors, `now` as it came in."""
    was = {wording(claim.text): claim.text for claim in before.claims()}
    is_ = {wording(claim.text): claim.text for claim in now.claims()}
    known = {source.outlet for source in before.sources}
    return Changed(
        new=tuple(text for key, text in is_.items() if key not in was),
        gone=tuple(text for key, text in was.items() if key not in is_),
        outlets=tuple(dict.fromkeys(source.outlet for source in now.sources if source.outlet not in known)),
    )
