"""Can a sentence stand alone, and how may it be shortened? Light trims at clause borders, never a changed word.

What is cut: a leading connective ("However, "), a bracketed aside, and in a long sentence the tail after a clause
border that only adds (", which …", "; …"). What is never cut: a "but", "unless", "if", an attribution or anything
after a negation begins to matter, because the shorter sentence would say something else.
"""

from __future__ import annotations

import re

from bot.core.desk.names import proper_words

MIN_WORDS = 7
LONG_WORDS = 34
"""Above this a sentence is shortened where a clause border allows it."""
MAX_WORDS = 44
"""Above this it is not shown."""

_CONNECTIVE = re.compile(
    r"^(?:however|meanwhile|moreover|furthermore|in addition|additionally|also|nevertheless|"
    r"nonetheless|still|indeed|in fact|of course|"
    r"for example|for instance|for now|instead|as a result|therefore|thus|then|finally|separately"
    r"|in other words|that said|to be sure|"
    r"on the other hand|by contrast|in contrast|similarly|likewise|unsurprisingly|notably|"
    r"importantly|interestingly|sadly|fortunately|unfortunately)\s?,\s+",
    re.IGNORECASE,
)
_BARE_CONNECTIVE = re.compile(r"^(?:and|but|yet|so|or|nor|plus)\s+(?=\w)", re.IGNORECASE)
_ASIDE = re.compile(r"\s?\((?:[^()]{1,160})\)")
_TAIL = re.compile(r"(?:;\s|,\s(?:which|who|where|as well as|adding that|including)\s|\s[—–]\s|\s--\s|,\swith\s)")
_DATELINE = re.compile(
    r"^(?:[A-Z][A-Z.’'-]+(?:\s[A-Z][A-Z.’'-]+){0,3}(?:,\s[A-Z][\w.]+(?:\s[A-Z\d][\w.]*){0,2}){0,2}"
    r"\s*(?:\([A-Z][\w ]{1,20}\)\s*)?\s?(?:—|–|--|-)\s+"
    r"|\([A-Z][\w ]{1,20}\)\s*(?:—|–|--|-)\s*)"
)

_OPENING = re.compile(
    r"^[\"“‘'(\[]*(?:(?:that|this|he|she|it|there|here|what)[’']s|he|she|they|it|its|it[’']s|his|"
    r"her|hers|their|theirs|him|them|this|these|"
    r"those|that|such|both|neither|either|"
    r"the (?:latter|former|pair|two|three|trio|duo|same|other|others|move|decision|news|statement"
    r"|comments?|remarks?|post|result|idea|"
    r"man|woman|couple|group|document|letter|memo|change|changes|feature|tool|rule|rules|quote|"
    r"number|figure|figures|story|article|piece|book|"
    r"program|programme|system|latest|first|second|third|incident|issue|problem|process|answer|question|reason)|"
    r"another|one (?:for|from|with|by|was|is|has|had|said|says|told|that|which|who)|"
    r"others|some of (?:them|these|those)|one of (?:them|these|those)|there(?:[’']s)?|"
    r"here(?:[’']s)?|then|however|but|and|yet|so|or|nor|"
    r"because|also|too|instead|still|meanwhile|besides|otherwise|nevertheless|nonetheless|"
    r"therefore|thus|hence|rather|similarly|likewise|"
    r"moreover|furthermore|additionally|at the time|at that time|since then|by then|in turn|"
    r"in response|in the meantime|as such|"
    r"(?:later|earlier) (?:in the|that) (?:day|week|month|year)|the (?:next|following|same) (?:day|week|month|year)|"
    r"as (?:shown|seen|pictured)|the (?:most|least) \w+(?=\s(?:is|are|was|were)\b)|"
    r"what[’']s more|which|who|whose|where|"
    r"yes|no,|well,|oh|sure|ok|okay|now,|even so|in that case|"
    r"to do (?:so|that|this)|to that end|for (?:that|this)|in (?:this|that|these|those|doing)|"
    r"at (?:this|that)|of (?:these|those|them)|with (?:this|that|these)|"
    r"as (?:he|she|it|they|this|that)|when (?:he|she|it|they)|if (?:he|she|it|they|that|this|so)|"
    r"after (?:that|this|it|he|she|they)|despite (?:this|that)|"
    r"while (?:he|she|it|they|this|that)|although (?:he|she|it|they|this|that)|though (?:he|she|it|they|this|that)|"
    r"according to (?:him|her|them|it|the (?:report|study|post|document|complaint|"
    r"article))\b(?!\s(?:by|from|of)))(?![\w’'-])",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r",\s(?:however|though|too|either|instead|meanwhile)[.!]$|^(?:photos?|video|gallery|watch)\b", re.IGNORECASE
)
_POINTS_BACK = re.compile(
    r"\b(?:at|on|by|before|after|until|since|from) that (?:date|day|point|moment|night|week|month)\b"
)
_QUOTED = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)")
_PERSONAL = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.IGNORECASE)
_FIRST_PERSON = re.compile(
    r"\b(?:I|I[’'](?:m|ve|d|ll)|[Mm]e|[Mm]y|[Ww]e|[Ww]e[’'](?:re|ve|d|ll)|us|[Oo]urs?|[Yy]ou|"
    r"[Yy]ou[’'](?:re|ve|d|ll)|[Yy]our|[Ll]et[’']s)\b"
)
_NO_STATEMENT = re.compile(
    r"[?]\s*[\"”’')]*$|^(?:here[’']s|see|click|watch|listen|read|check|find|learn|get|try|imagine"
    r"|consider|think|let|note|remember|call|look|take|stay|want|ever|spoiler)\b\s",
    re.IGNORECASE,
)
_VERBISH = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|must|should|do|"
    r"does|did|says?|said|[a-z]{2,}ed(?! by)|"
    r"(?:sue|want|plan|need|face|make|take|get|use|seek|call|hope|warn|fear|lose|win|cut|put|set|"
    r"let|say|go|come|keep|hold|write|wrote|won|lost|made|took|got|"
    r"gave|went|came|kept|held|told|found|left|met|ran|saw|began|grew|rose|fell|struck|sought|"
    r"brought|bought|built|paid|sent|spent|led|drew|threw|broke|spoke|chose)s?)\b"
)
_NEGATIVE = re.compile(
    r"\b(?:not|never|no|neither|without|unless|except|only|but|if|although|though|despite|while|whether)\b|n[’']t\b",
    re.IGNORECASE,
)


def trim(sentence: str) -> str:
    """The sentence without dateline, leading connective and asides, shorter where it is long, white space tidied."""
    text = " ".join(sentence.split())
    text = re.sub(r"\s+(?=[,.;:!?](?:\s|$))", "", text)
    text = _DATELINE.sub("", text)
    shorter = _CONNECTIVE.sub("", text, count=1)
    if shorter != text:
        text = shorter[:1].upper() + shorter[1:]
    text = _outside_quotes(_ASIDE, text)
    if len(text.split()) > LONG_WORDS:
        text = _without_tail(text)
    return text.strip()


def stands_alone(text: str, *, standfirst: bool = False) -> bool:
    """Whether a reader who has seen nothing else understands who and what the (trimmed) sentence speaks of.

    A `standfirst` (the line an outlet's feed gives as summary) may do without a full stop.
    """
    words = text.split()
    if not MIN_WORDS <= len(words) <= MAX_WORDS:
        return False
    if opens_unresolved(text) or _NO_STATEMENT.search(text) or _DANGLING.search(text) or _BARE_CONNECTIVE.match(text):
        return False
    if not (text[0].isupper() or text[0].isdigit() or text[0] in "\"“‘$£€'’") or not balanced(text):
        return False
    if not standfirst and not re.search(r"[.!?][\"”’')\]]*$", text):
        return False
    outside = _QUOTED.sub(" ", text)
    if _POINTS_BACK.search(outside) or _FIRST_PERSON.search(outside) or not _VERBISH.search(outside):
        return False
    pronoun = _PERSONAL.search(outside)
    return not (pronoun and not _named_before(text, outside, pronoun.start()))


def opens_unresolved(text: str) -> bool:
    """Whether it opens with a word that points to an earlier sentence."""
    return bool(_OPENING.match(text)) or bool(_BARE_CONNECTIVE.match(text))


def _named_before(text: str, outside: str, at: int) -> bool:
    lead = outside[:at]
    if proper_words(lead):
        return True
    first = lead.split(" ", 1)[0]
    # A name that opens the sentence ("Krishna said he …"), or a person described ("The judge said she …").
    if re.match(r"[A-Z][a-z]+$", first) and first.casefold() not in (
        "the",
        "a",
        "an",
        "in",
        "on",
        "at",
        "when",
        "if",
        "as",
        "for",
    ):
        return True
    return bool(
        re.match(
            r"(?:an?|one|the)\s(?:[\w-]+\s){0,4}?(?:man|woman|judge|artist|author|actor|comedian|"
            r"writer|photographer|senator|minister|"
            r"president|director|professor|worker|journalist|lawyer|spokes\w+|singer|student|"
            r"player|driver|teacher|chief)\b",
            lead,
            re.IGNORECASE,
        )
    )


def balanced(text: str) -> bool:
    """Whether quotation marks and brackets close."""
    return (
        text.count("“") == text.count("”")
        and text.count('"') % 2 == 0
        and text.count("(") == text.count(")")
        and text.count("[") == text.count("]")
    )


def _outside_quotes(pattern: re.Pattern[str], text: str) -> str:
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    pieces: list[str] = []
    at = 0
    for match in pattern.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in quoted):
            continue
        pieces.append(text[at : match.start()])
        at = match.end()
    return "".join([*pieces, text[at:]])


def _without_tail(text: str) -> str:
    """Cut the last adding clause, if the rest stays a full sentence and the clause says no "but"."""
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    for match in reversed(list(_TAIL.finditer(text))):
        if any(start < match.end() and match.start() < end for start, end in quoted):
            continue
        head, tail = text[: match.start()], text[match.end() :]
        if len(head.split()) < 12 or len(tail.split()) < 4 or _NEGATIVE.search(tail):
            continue
        if re.search(r"[—–]|--", head) or re.search(r"\s[—–]\s|,\s(?:said|says|told|according)\b", tail):
            continue  # one half of a pair of dashes, or the attribution
        candidate = head.rstrip(" ,;") + "."
        if len(candidate.split()) <= MAX_WORDS and balanced(candidate):
            return candidate
    return text
