"""What names a saga for longer than the join window lasts: a bill, or a court case.

Joining knows the story before this one while it is in memory. A bill's next vote may come months later; what then ties
the stories together is its number. A strike has no such name, and likeness alone would tie any two strikes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from bot.core.article import Article

REACH = timedelta(days=400)
"""A bill's number comes again in the next session: stories further apart are not tied by it."""
ALIKE = 0.4
"""Least cosine of an article's vector and one of the earlier story that has the same name in it."""
READ = 600
"""Characters of text after the title in which a name counts: further down it is mentioned in passing."""

_KINDS = {
    "ab": "Assembly Bill",
    "sb": "Senate Bill",
    "hb": "House Bill",
    "hf": "House File",
    "sf": "Senate File",
    "hr": "House Resolution",
}
_SPELLED = {spelled.casefold(): short for short, spelled in _KINDS.items()}
_BILL = re.compile(
    r"\b(?P<short>(?:[AHS]\.?[BFR]\.?)|" + "|".join(map(re.escape, _KINDS.values())) + r")\s?(?P<number>\d{1,5})\b"
)
_CASE = re.compile(r"\b(?P<one>[A-Z][\w-]+) v(?:s?\.?|ersus) (?P<other>[A-Z][\w-]+)")


def saga_names(article: Article) -> Mapping[str, tuple[str, ...]]:
    """The bills and cases an article is about, each with the phrases under which others may speak of it."""
    text = f"{article.title[:READ]} . {article.text[:READ]}"
    names: dict[str, tuple[str, ...]] = {}
    for match in _BILL.finditer(text):
        short = match["short"].replace(".", "").casefold()
        short, number = _SPELLED.get(short, short), match["number"]
        spelled = (f"{_KINDS[short]} {number}",) if short in _KINDS else ()
        names[f"{short} {number}"] = (f"{short} {number}", f"{' '.join(short)} {number}", *spelled)
    for match in _CASE.finditer(text):
        one, other = match["one"].casefold(), match["other"].casefold()
        names[f"{one} v {other}"] = (f"{one} v {other}", f"{one} vs {other}")
    return names
