"""How much a story weighs: which one leads a digest.

What several independent outlets tell weighs more than what one tells; a surer decision more than a doubtful one; and
within what is about AI and work, writing and the creative trades come first (editorial.md).
"""

from __future__ import annotations

import math

from bot.core.story import Coverage


def story_weight(coverage: Coverage) -> float:
    """Above 0, without a unit: only the order counts. Copies and sister outlets are heard once."""
    voices = {
        member.article.outlet.owner or member.article.outlet.name
        for member in coverage.members
        if member.copy_of is None
    }
    return coverage.story.relevance * (1 + math.log2(1 + len(voices)))
