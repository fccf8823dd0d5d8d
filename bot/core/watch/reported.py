"""Whether a verb in a sentence reports something done, and done now: hedges, conditions and dates.

Rather silent than wrong: a hedge near the verb that in truth belongs to something else costs a move, never adds one.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.core.watch.move import Shape

RECENT = timedelta(days=45)
"""What a sentence dates further back than this is told as background."""
AHEAD = timedelta(days=1)
"""An outlet west of the reader dates today's news tomorrow."""

NO_REPORT = re.compile(
    r"\?[\"”’')\]]*$|\b(?:false|untrue|incorrect|hoax|debunked|never\shappened|in\san\salternate|imagine|hypothetical\w*"
    r"|fictional|satir\w+)\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:will|would|could|can|may|might|should|must|shall|cannot|to|if|unless|whether|until|yet|not|never|neither|nor"
    r"|no|none|nobody|few|before|once|when|without|instead|nearly|almost|expect\w*|plan\w*|hop(?:e|es|ed|ing)|want\w*"
    r"|urg\w+|ask(?:s|ed|ing)?|pledg\w+|vow\w*|promis\w+|threaten\w*|refus\w+|declin\w+|fail\w*|consider\w*|likely"
    r"|unlikely|possib\w+|potential\w*|poised|ready|predict\w*|rumou?r\w*|mistaken\w*|wrongly|erroneous\w*|claims?"
    r"|claimed|by\sthe\stime|assum\w+|suppos\w+|proposed|pretend\w*|as\sif|as\sthough|wish\w*)\b|n[’']t\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|unless|whether|assuming|provided\sthat|were\sit|should\s(?:he|she|it|they|the|gov\w*))\b"
    r"|^(?:had|were|should)\s",
    re.IGNORECASE,
)
HEDGED_WITHIN = 6
"""Words before the verb among which a hedge takes it back."""
_SUBORDINATE = re.compile(r"\b(?:after|as|since|because|when|once|until|before|while|that|how|why)\b", re.IGNORECASE)
_BORDER = re.compile(
    r"[;:—–]|\s--?\s|,\s(?:which|who|whose|where|while|whereas|but|although|though|after|before|with|as|just|more\sthan"
    r"|following|weeks|months|years|days|an?|the|one|two|three|four|five|less|nearly|almost|about|and)\b"
    r"|\b(?:because|whereas|although|though|which|who|that)\b",
    re.IGNORECASE,
)


def reports(marked: str, found: re.Match[str], shape: Shape, day: date) -> bool:
    at = found.start("verb")
    before = marked[:at]
    lead = marked[: found.start()] if shape.subject else before
    if _CONDITION.search(before) or _HEDGE.search(" ".join(lead.split()[-HEDGED_WITHIN:])):
        return False
    inside = marked[found.start() : at] if shape.subject else ""
    if _ASIDE.sub("", inside) != inside and _HEDGE.search(_ASIDE.sub("", inside)):
        return False
    if _PRESENT.match(found["verb"]) and _SUBORDINATE.search(" ".join(lead.split()[-8:])):
        return False
    if shape.subject and _NO_SUBJECT.search(lead):
        return False
    if not shape.subject and not before.strip():
        return False
    return _is_now(_clause(marked, at), day)


_ASIDE = re.compile(r",[^,]*(?:,[^,]*)*,|\([^()]*\)")
_PRESENT = re.compile(
    r"(?:signs|vetoes|passes|clears|approves|adopts|becomes|dies|takes|goes|heads|moves|sues|files|dismisses|tosses"
    r"|throws|settles|rules|certifies|appeals|rejects|sides|sends|kills|withdraws|grants|denies|awaits|introduces|amends"
    r"|fails|enters|comes|wins|allows|orders|pulls|shelves)\b",
    re.IGNORECASE,
)
# The entry hangs on a preposition: what follows is said of something else.
_NO_SUBJECT = re.compile(
    r"\b(?:of|under|with|for|against|to|than|like|unlike|despite|from|in|by|on|about|over|behind|into|through|beyond"
    r"|around|regarding|concerning|besides|near|via|support(?:s|ed|ing)?|oppos(?:e|es|ed|ing)|back(?:s|ed|ing))"
    r"(?:\s(?:the|a|an|its|this|that|their|his|her|state|federal|landmark|bill|measure|law|legislation|act|[A-Z][\w.’'-]*))"
    r"{0,4}\s?[\"“‘']?$"
)


ADVERBIAL = 4
"""Words before a sentence's first comma that may be no more than its date."""


def _clause(marked: str, at: int) -> str:
    """The text around the verb up to where something else begins."""
    start, end = 0, len(marked)
    for border in _BORDER.finditer(marked):
        if border.end() <= at:
            if len(marked[: border.start()].split()) > ADVERBIAL:  # "Last year, the Senate" is one clause
                start = border.end()
        elif border.start() > at:
            end = border.start()
            break
    return marked[start:end]


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)(?:uary|ruary|ch|il|ust|ember|tember|ober)?\.?"
)
_DATES = (
    re.compile(rf"\b{_MONTH}\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?:,?\s(?P<year>(?:19|20)\d\d))?"),
    re.compile(rf"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?!\w)(?:,?\s(?P<year>(?:19|20)\d\d))?"),
    re.compile(
        rf"\b(?:in|last|since|until|by|next|this|of|early|late|mid)[\s-]{_MONTH}(?!\w)(?!\s\d{{1,2}}\b)"
        r"(?:,?\s(?P<year>(?:19|20)\d\d))?",
    ),
)
_YEAR = re.compile(r"\b(?:in|of|since|by|until|during|from|year|early|late)\s(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
_LATER = re.compile(
    r"\b(?:tomorrow|next\s(?:week|month|year|spring|summer|autumn|fall|winter|session|\w+day)|later\sthis"
    r"|in\sthe\scoming|in\sthe\snext|upcoming)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:(?:months?|years?|decades?)\sago|last\s(?:year|month|session|spring|summer|autumn|fall|winter|term|congress)"
    r"|(?:the\s)?previous(?:ly)?|formerly|earlier\s(?:this|that)\s(?:year|session|spring|summer|autumn|fall|winter)"
    r"|years?\searlier|months?\searlier|originally|back\sin|historically|that\syear)\b",
    re.IGNORECASE,
)


def _is_now(clause: str, day: date) -> bool:
    """Whether nothing in the clause dates it after the article or long before it."""
    if _LATER.search(clause) or _EARLIER.search(clause):
        return False
    if any(int(found["year"]) != day.year for found in _YEAR.finditer(clause)):
        return False
    for shape in _DATES:
        for found in shape.finditer(clause):
            said = _said_day(found, day)
            if said is None or not day - RECENT <= said <= day + AHEAD:
                return False
    return True


def _said_day(found: re.Match[str], day: date) -> date | None:
    """The last such day up to the article's; a month alone is its last day, or the article's where that is in it."""
    groups = found.groupdict()
    month = _MONTHS.index(groups["month"][:3].casefold()) + 1
    number = int(groups["day"]) if groups.get("day") else None
    years = [int(groups["year"])] if groups.get("year") else [day.year, day.year - 1]
    for year in years:
        if number is None and (year, month) == (day.year, day.month):
            return day
        try:
            said = date(year, month, number) if number else date(year + month // 12, month % 12 + 1, 1) - timedelta(1)
        except ValueError:
            return None
        if groups.get("year") or said <= day + AHEAD:
            return said
    return None
