"""How much a story weighs: which one leads a digest.

What several independent outlets tell weighs more than what one tells; a surer decision more than a doubtful one; and
within what is about AI and work, writing and the creative trades come first (editorial.md). Time plays no part: a
digest covers a short stretch of it, and among equals the newest leads (`bot.core.selection`).
"""

from __future__ import annotations

import math

from bot.core.desk.lexicon import words
from bot.core.story import Coverage, Member

CREATIVE_LEAD = 0.5
"""A story all of whose titles speak of the creative trades weighs as much more."""

_CREATIVE = frozenset(
    words(
        """actor actors actress actresses aftra animation animator animators art artist artists author
        authors book books comic comics composer composers copyright creative creatives creators
        editor editors fiction film filmmakers guild guilds hollywood illustrator illustrators
        journalism journalist journalists likeness literary movie movies music musician musicians
        narrator narrators newsroom newsrooms novelist novelists performer performers photographer
        photographers playwright playwrights poet poets publisher publishers reporter reporters
        screenplay screenwriter screenwriters script scripts showrunner showrunners singer singers
        songwriter songwriters studio studios television translator translators voice voices wga
        writer writers"""
    )
)


def story_weight(coverage: Coverage) -> float:
    """Above 0, without a unit: only the order counts. Copies and sister outlets are heard once."""
    heard = [member for member in coverage.members if member.copy_of is None]
    voices = {member.article.outlet.owner or member.article.outlet.name for member in heard}
    creative = sum(map(_is_creative, heard)) / len(heard) if heard else 0.0
    return coverage.story.relevance * (1 + math.log2(1 + len(voices))) * (1 + CREATIVE_LEAD * creative)


def _is_creative(member: Member) -> bool:
    return not _CREATIVE.isdisjoint(words(member.article.title))
