"""What can move, and the value that says it did."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.core.watch.pack import EntryId


class Step(StrEnum):
    """What can happen to a bill or a case, each in about the order in which it does."""

    INTRODUCED = "introduced"
    AMENDED = "amended"
    PASSED_HOUSE = "passed a house"
    PASSED = "passed"  # all the houses that it needs
    SENT = "sent to be signed"
    SIGNED = "signed"
    VETOED = "vetoed"
    LAW = "became law"
    IN_FORCE = "in force"
    DIED = "died"

    FILED = "filed"
    RULED = "ruled on"
    CERTIFIED = "class certified"
    DISMISSED = "dismissed"
    SETTLED = "settled"
    APPEALED = "appealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What the sentence `evidence` says happened. `house` is the one that passed it, in lower case, else None."""

    entry: EntryId
    step: Step
    evidence: str
    house: str | None = None

    @property
    def key(self) -> str:
        """The same for every report of the same move."""
        return f"{self.entry}:{self.step.name.lower()}" + (f":{self.house}" if self.house else "")


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern with the group `verb`. `subject`: it begins with the entry, and the verb speaks of it."""

    step: Step
    pattern: re.Pattern[str]
    subject: bool


ADVERB = (
    r"(?:(?:also|then|now|just|finally|already|formally|officially|overwhelmingly|unanimously|narrowly|quietly|easily"
    r"|recently|subsequently|late|early|today|yesterday|successfully|ultimately|later|swiftly|quickly|again"
    r"|(?:on\s|late\s|early\s|this\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:\s(?:morning|afternoon|evening|night))?"
    r"|this\s(?:week|month|morning|afternoon|evening)),?\s)*"
)
"""Words that may stand inside a verb: "was on Monday unanimously approved"."""
HAS = r"(?:(?:has|have)\s)?"
