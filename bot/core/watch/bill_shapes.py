"""How sentences say that a bill moved: shapes over a marked sentence, with the bill as subject or as object."""

from __future__ import annotations

import re
from functools import cache

from bot.core.watch.marking import OTHER, THIS
from bot.core.watch.move import ADVERB, HAS, Shape, Step

# After the entry: an aside in brackets or commas, with no other bill in it.
_APPOSED = rf"(?:\s\([^(){THIS}{OTHER}]{{1,80}}\))?(?:,\s[^;:!?{THIS}{OTHER}]{{1,220}},)?,?\s"
_WAS = r"(?:(?:was|has\sbeen|gets|got|were|have\sbeen)\s)"
# Between a verb and its object: a few words that leave the object what it is.
_ODD = (
    r"letters?|petitions?|statements?|pledges?|deals?|contracts?|agreements?|accords?|briefs?|orders?|memos?|declarations?"
    r"|treaty|treaties|support\w*|oppos\w*|against|urging|calling|called|back(?:s|ing|ed)|amend\w*|versions?|companions?"
    r"|repeals?\w*|similar|alternatives?|successors?|counterparts?|rivals?|like|unlike|than|instead|rather|off|on|onto|up|for"
    r"|about|to|from|with|without|over|under|after|before|while|because|that|which|who|whose|if|when|until|unless|how|why"
    r"|what|whether|but|is|are|was|were|be|been|has|have|had|will|would|could|may|might|said|says|did|does|not|never|no|and"
    r"|nor|or|by|of|in|into|as|at|out|down|another|different|other|replacement|weaker|stronger"
)
_ITEM = rf"(?:(?:bills?|laws?|acts?|measures?|legislation|proposals?|statutes?|packages?|including|{OTHER})[,:—–]?)"
_WORD = rf"(?>(?!(?:{_ODD})\b)[\"“‘]?[^\W_][\w.&’'$%-]*[\"”]?\s)"  # atomic: a word is not cut in two
_LISTED = rf"(?:and|,)\s(?=(?:the\s|its\s|California’s\s)?[{THIS}{OTHER}])"
_OF_BILLS = r"(?:of\s(?=(?:\w+\s){0,3}(?:bills|laws|measures)\b))"
_GAP = rf"(?:(?:{_LISTED}|{_OF_BILLS}|(?>{_ITEM}\s)|{_WORD})){{0,12}}?"
# After the object: the sentence goes on with something that does not make it part of a longer name.
_THEN = (
    r"(?=$|[.,;:!?)\]\"”’—–]|\s(?:\(|[—–-]|into|on|in|last|this|late|early|today|yesterday|and|or|but|by|with|that|which|as"
    r"|at|after|before|while|amid|over|despite|to|bill|law|legislation|measure|earlier|unanimously|overwhelmingly|narrowly"
    r"|hours|minutes|days|just|from|through|during|following|because|since|under|without|saying|citing|calling|making"
    r"|becoming|requiring|sending|where|\d|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|for\s(?:the|a)\s(?:second|third|first)))"
)
_OBJECT = rf"{_GAP}[\"“‘']?{THIS}{_THEN}"
_HOUSE = (
    r"(?:(?:the|full|entire|California|state|State|US|U\.S\.|Republican-controlled|Democratic-controlled"
    r"|[A-Z][\w.’'-]*)\s){0,4}"
    r"(?P<house>Senate|Assembly|House(?:\sof\s(?:Representatives|Delegates|Commons|Lords))?|Commons|Lords"
    r"|European\sParliament|Council\sof\sthe\sEuropean\sUnion|lower\s(?:house|chamber)|upper\s(?:house|chamber))"
    r"(?![\w’'-])(?!\s(?:(?:[A-Z][\w’'-]*|and|on|for|of|&|judiciary|appropriations|privacy|labor|finance|rules),?\s){0,7}"
    r"(?:[Cc]ommittee|[Pp]anel|[Ss]ubcommittee))"
)
_BOTH = (
    r"(?:both\s(?:houses|chambers)|(?:the\s)?(?:state\s|California\s|[A-Z]\w+\s)?(?:Legislature|Congress|legislature))"
)
_DESK = (
    r"(?:(?:the\s)?(?:governor|president|Gov\.\s[\w.\s]{2,24}?|Governor\s[\w.\s]{2,24}?|[A-Z]\w+(?:\s[A-Z]\w+)?)"
    r"(?:[’']s?\s(?:desk|signature))?)"
)


@cache
def bill_shapes() -> tuple[Shape, ...]:
    subject, obj = [], []
    said = {
        Step.INTRODUCED: rf"(?P<verb>(?:was|has\sbeen)\s{ADVERB}(?:introduced|reintroduced|tabled))\b",
        Step.AMENDED: rf"(?P<verb>(?:was|has\sbeen)\s{ADVERB}amended)\b",
        Step.PASSED: (
            rf"(?P<verb>{HAS}{ADVERB}(?:passed|passes|cleared|clears)|{_WAS}{ADVERB}(?:passed|approved|adopted)\sby)\s"
            rf"{_BOTH}\b"
        ),
        Step.PASSED_HOUSE: (
            rf"(?P<verb>{HAS}{ADVERB}(?:passed|passes|cleared|clears)(?:\sout\sof)?|{_WAS}{ADVERB}(?:passed|approved"
            rf"|adopted)(?:\s\w+ly)?\s(?:by|in)|{HAS}{ADVERB}(?:won|wins)\s(?:final\s)?(?:approval|passage)\s(?:in|from))\s"
            rf"{_HOUSE}"
        ),
        Step.SENT: (
            rf"(?P<verb>{ADVERB}(?:heads|goes|headed|went|moves|was\ssent|has\sbeen\ssent|is\s(?:now\s)?(?:headed|heading))"
            rf"\s{ADVERB}(?:to|on\sto))\s{_DESK}(?<!the\sSenate)(?=[.,;]|$|\s(?:for|who|where|and|after|on|with|by|to))"
            rf"|(?P<verb2>{ADVERB}(?:awaits|is\s(?:now\s)?awaiting|{HAS}reached|sits\son|{HAS}landed\son|is\s(?:now\s)?on))"
            r"\s(?:[\w.]+\s){0,3}[\w.]+[’']s?\s(?:desk|signature)"
        ),
        Step.SIGNED: (
            rf"(?P<verb>{_WAS}?{ADVERB}signed)\s?(?=into\slaw|by\b|[.,;]|$|on\b|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|this|in\b)"
            r"|(?P<verb2>(?:has\s)?(?:received|received|won|got)\s(?:the\s)?(?:Royal\sAssent|royal\sassent"
            r"|governor[’']s\ssignature))"
        ),
        Step.VETOED: rf"(?P<verb>{_WAS}?{ADVERB}vetoed)\b",
        Step.LAW: (
            rf"(?P<verb>{HAS}{ADVERB}(?:became|becomes|become)\s(?:the\s)?(?:\w+\s)?law|is\snow\s(?:the\s)?law"
            rf"|(?:was|has\sbeen)\s{ADVERB}enacted)\b"
        ),
        Step.IN_FORCE: (
            rf"(?P<verb>(?:{HAS}{ADVERB}(?:took|taken|went\sinto|gone\sinto|came\sinto|come\sinto|entered\sinto)\s"
            rf"(?:effect|force)|is\snow\sin\s(?:effect|force)|(?:takes|goes\sinto|comes\sinto|enters\sinto)\s(?:effect|force)"
            r"\stoday))\b"
        ),
        Step.DIED: (
            rf"(?P<verb>{HAS}{ADVERB}(?:died|dies|lapsed)|{_WAS}{ADVERB}(?:withdrawn|pulled|shelved|killed|defeated"
            rf"|voted\sdown|scrapped|rejected)|{HAS}{ADVERB}(?:failed|fails)(?=\s(?:in|to\spass|to\sadvance|on\b|[.,]|$)))"
            r"(?![\w-])"
        ),
    }
    for step, pattern in said.items():
        for half in _halves(pattern):
            subject.append(Shape(step, re.compile(rf"{THIS}{_APPOSED}{ADVERB}{half}"), True))
            if step not in (Step.INTRODUCED, Step.AMENDED):
                which = rf"{THIS},?\s(?:which|that)\s{ADVERB}{half}"
                subject.append(Shape(step, re.compile(which), True))
    done = {
        Step.INTRODUCED: r"(?P<verb>introduced|reintroduced|introduces|reintroduces|tabled)",
        Step.AMENDED: r"(?P<verb>amended)",
        Step.SIGNED: r"(?P<verb>signed|signs)(?:\sinto\slaw)?",
        Step.VETOED: r"(?P<verb>vetoed|vetoes)",
        Step.LAW: r"(?P<verb>enacted)",
        Step.DIED: r"(?P<verb>withdrew|withdraws|shelved|pulled|killed|scrapped)",
        Step.PASSED: rf"{_BOTH}\s{HAS}{ADVERB}(?P<verb>passed|passes|approved|approves|adopted)",
        Step.PASSED_HOUSE: (
            rf"{_HOUSE}\s{HAS}{ADVERB}(?P<verb>passed|passes|approved|approves|adopted|adopts"
            r"|voted\s(?:[\w–-]+\s){0,3}to\s(?:pass|approve|adopt))"
        ),
    }
    for step, pattern in done.items():
        obj.append(Shape(step, re.compile(rf"{pattern}\s{_OBJECT}"), False))
    rejected = rf"{_HOUSE}\s{HAS}{ADVERB}(?P<verb>rejected|rejects|voted\sdown|defeated)\s{_OBJECT}"
    sent = (
        rf"(?P<verb>sent|sends)\s{_GAP}[\"“‘']?{THIS}\s(?:on\s)?to\s{_DESK}(?=[.,;]|$|\s(?:for|who|where|and|after|on))"
    )
    obj.append(Shape(Step.DIED, re.compile(rejected), False))
    obj.append(Shape(Step.SENT, re.compile(sent), False))
    return (*subject, *obj)


def _halves(pattern: str) -> tuple[str, ...]:
    """A pattern names its verb once; where it has two, `verb2` begins the second."""
    if "(?P<verb2>" not in pattern:
        return (pattern,)
    first, second = pattern.split("|(?P<verb2>")
    return (first, "(?P<verb>" + second)
