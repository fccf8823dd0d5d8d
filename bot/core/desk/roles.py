"""What part a sentence plays in a news report: what happened, significance, background, position, outlook.

Named cues (wording, tense, quotation marks, place in the article) and a logistic weight a cue and role, fitted on
labelled sentences by `python -m tests.quality train-roles`, which writes `role_weights.py`. Each role has a strength
of its own: a sentence may play several. No model is loaded, and the cues that fired can be shown as reasons.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.desk.quotes import VERBS
from bot.core.desk.role_weights import BIAS, WEIGHTS

READ_LIMIT = 700
"""Characters of a sentence that are looked at."""


class Role(StrEnum):
    HAPPENED = "what happened"
    SIGNIFICANCE = "significance"
    BACKGROUND = "background"
    POSITION = "position"
    OUTLOOK = "outlook"


@dataclass(frozen=True, slots=True)
class Roles:
    """Strength of each role, 0 to 1; from 0.5 the sentence rather plays it than not. `cues` are those that fired."""

    scores: Mapping[Role, float]
    cues: tuple[str, ...] = ()

    @property
    def main(self) -> Role:
        return max(Role, key=lambda role: self.scores[role])

    def __getitem__(self, role: Role) -> float:
        return self.scores[role]


def _cue(pattern: str, *, any_case: bool = True) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE if any_case else 0)


_SAYING = r"(?:" + "|".join(sorted(set(VERBS), key=len, reverse=True)) + r")"
_IRREGULAR = (
    r"was|were|had|did|said|told|made|took|got|gave|went|came|kept|held|found|left|met|ran|saw|"
    r"began|grew|rose|fell|struck|sought|brought|bought|built|paid|sent|spent|led|drew|threw|"
    r"broke|spoke|chose|won|lost|wrote|cut|put|set|hit|became|knew|felt|stood|sold|shut|drove|"
    r"flew|fought"
)

_CUES: Mapping[str, re.Pattern[str]] = {
    "attribution beside a quotation": _cue(rf"[,”\"]\s*(?:[\w’'.-]+\s){{0,6}}?(?:{_SAYING})\b"),
    "verb of saying": _cue(rf"\b(?:{_SAYING})\b"),
    "says that": _cue(rf"\b(?:{_SAYING})\s(?:that|it|he|she|they|the|there|its|his|her|[A-Z]\w+)\b", any_case=False),
    "according to": _cue(r"\baccording to\b"),
    "long quotation": _cue(r"[“\"][^“”\"]{25,}[”\"]?", any_case=False),
    "short quotation": _cue(r"[“\"][^“”\"]{2,25}[”\"]", any_case=False),
    "opens with a quotation": _cue(r"^[“\"'‘]", any_case=False),
    "ends with a quotation": _cue(r"[”\"'’]$", any_case=False),
    "takes a stance": _cue(
        r"\b(?:condemn|criticis|criticiz|oppos|support|welcom|prais|slam|"
        r"blast|defend|reject|accus|dismiss|denounc|call(?:s|ed|ing)? (?:for|on)|demand|urg|object|"
        r"alleg|insist|disagree|applaud|disput|contend|maintain|described?|calls? it|worr|believ|hope"
        r"|fear|want|need|should|must|claim|argu|deny|denied)\w*\b"
    ),
    "statement or post": _cue(
        r"\b(?:statement|letter|tweet|post(?:ed)?|interview|memo|"
        r"press release|spokes\w+|twitter|linkedin|testimony|email)\b"
    ),
    "first person": _cue(r"\b(?:I|we|our|my|us|I’m|I'm|we're|we’re|I've|I’ve)\b", any_case=False),
    "will": _cue(r"\b(?:will|won[’']t|[’']ll)\b"),
    "is set to": _cue(
        r"\b(?:is|are|was|were)\s(?:\w+ly\s)?(?:set|due|scheduled|expected|slated|"
        r"likely|poised|planning|preparing|about|still to be|looking)\b"
    ),
    "plans to": _cue(
        r"\b(?:plans?|intends?|aims?|expects?|hopes?|pledg\w+|promis\w+|vow\w+|"
        r"ask(?:s|ing) the court|seek(?:s|ing)?|appeal)\b"
    ),
    "time to come": _cue(
        r"\b(?:deadline|upcoming|forthcoming|next (?:week|month|year|spring|"
        r"summer|fall|autumn|winter|round|step|\w+day)|later this|by the end of|in the coming|"
        r"expir\w+|takes? effect|hearing|by (?:20\d\d|January|February|March|April|May|June|July|"
        "August|September|October|November|December)|on (?:January|February|March|April|May|June|"
        r"July|August|September|October|November|December) \d+)\b"
    ),
    "pending": _cue(
        r"\b(?:remains to be seen|whether|unclear|yet to|unresolved|pending|"
        r"still to be|subject to|if approved)\b"
    ),
    "may or could": _cue(r"\b(?:could|may|might|would)\b"),
    "could have an effect": _cue(
        r"\b(?:could|may|might|would|threatens? to|risks?)\s(?:\w+ly\s|"
        r"also\s|not\s|even\s|well\s)*(?:be|have|mean|lead|cause|make|affect|replace|allow|help|hurt|"
        r"harm|set|give|take|cost|become|force|leave|open|undermine|erode|create|reduce|increase|lose"
        r"|see|result|view)\b"
    ),
    "words of weight": _cue(
        r"\b(?:implications?|consequences?|precedents?|rais(?:es?|ed|"
        r"ing) (?:\w+ )?(?:questions|concerns|fears)|at stake|landmark|milestone|significan\w+|"
        r"noteworthy|means? that|the .{3,60} mean\b|signal(?:s|led|ling) (?:a|that|the)|"
        r"underscor\w+|highlights?|comes? (?:as|"
        r"amid|at a time|during)|unprecedented|first (?:time|such|major|ruling|city)|first[- ](?:ever"
        r"|of-its-kind)|existential|looms?|threat|key|crucial|largest|ever|increasingly|more broadly|"
        r"pressure|similar threat|delicate|affects?|stolen|disproportionately)\b"
    ),
    "work and worry": _cue(
        r"\b(?:fear\w*|worr\w+|concerns?|danger\w*|anxiety|uncertain\w*|"
        r"livelihoods?|jobs?|displac\w+|replac\w+|protections?|rights|compensat\w+|credit|wages?|pay|"
        r"residuals|royalt\w+|workers)\b"
    ),
    "opens with a contrast": _cue(r"^(?:But|However|Yet|Still|Although|While|Despite|Though)\b", any_case=False),
    "a year": _cue(r"\b(?:19|20)\d\d\b", any_case=False),
    "in a year": _cue(
        r"\b(?:in|since|during|from|back in|until|of|to)\s(?:\w+\s)?(?:(?:early|"
        r"late|mid)[- ])?(?:19|20)\d\d\b"
    ),
    "in a month": _cue(
        r"\b(?:In|Since|last|back in|this|On)\s(?:January|February|March|April|"
        r"May|June|July|August|September|October|November|December|summer|spring|fall|winter|year)\b"
    ),
    "ago": _cue(
        r"\b(?:ago|in recent (?:years|months|weeks)|in the past|over the (?:past|last)|"
        r"for (?:years|decades|months)|decades|last (?:month|year|week|summer|fall)|earlier this)\b"
    ),
    "before": _cue(
        r"\b(?:previous\w*|earlier|formerly|originally|historically|long been|already"
        r"|once|former|began|founded|established|created|born|used to|so far|until now|"
        r"first time weighing|isn[’']t the first|not the only)\b"
    ),
    "following": _cue(r"\b(?:following|after|wake of|in response|stems?|since then)\b"),
    "has done": _cue(
        r"\b(?:has|have)\s(?:\w+ly\s|also\s|already\s|long\s)?(?:been|\w+ed|made|"
        r"taken|seen|become|had|gone|come|grown|begun|led|lost|won|given|drawn|held|found|sought|set|"
        r"shut|put)\b"
    ),
    "had done": _cue(
        r"\bhad\s(?:\w+ly\s|already\s|also\s)?(?:been|\w+ed|made|taken|seen|become|"
        r"had|gone|come|grown|begun|led|lost|won|given|called)\b"
    ),
    "is a": _cue(r"\b(?:is|are|was|were)\s(?:an?|the|one of|among|part of|based|owned|owned by|named|known)\b"),
    "a state": _cue(
        r"\b(?:is|are|has|have|owns?|covers?|requires?|represents?|includes?|provides?|"
        r"regulates?|remains?|live|exists?|involves?|accounted?)\b",
        any_case=False,
    ),
    "a rule or definition": _cue(
        r"\b(?:which (?:is|are|was|has|owns|represents|covers|requires)"
        r"|known as|refers to|stands for|a practice|current rules|the guidelines|under (?:the|"
        r"current)|the law|typically|usually|generally|routinely|majority|average|estimated|"
        r"estimate)\b"
    ),
    "one of several": _cue(
        r"\b(?:not the first|one of (?:several|many)|similar|"
        r"other (?:companies|outlets|studios|lawsuits|cases)|another|series of|latest|wave of|joins?|"
        r"also)\b"
    ),
    "this week": _cue(
        r"\b(?:on|late|early)\s(?:Monday|Tuesday|Wednesday|Thursday|Friday|"
        r"Saturday|Sunday)\b|\b(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b|"
        r"\b(?:today|yesterday|this (?:week|morning|month)|tonight|now)\b"
    ),
    "an event, past": _cue(
        r"\b(?:sued|filed|ruled|announced|signed|voted|launched|agreed|struck"
        r"|fired|laid off|won|banned|blocked|approved|passed|published|released|unveiled|removed|"
        r"refused|ordered|reached|settled|pulled|halted|paused|restricted|walked out|introduced|"
        r"proposed|posted|listed|added|issued|revealed|killed|injured|arrested|crashed|hit|died|"
        r"sentenced|charged|convicted|fined|opened|deleted|sent|deemed|fired|raised|overtook|taken|"
        r"shared|obtained|wrote|set up|derailed|recorded|landed|accused)\b"
    ),
    "an event, present": _cue(
        r"\b(?:sues|files|rules|announces|signs|votes|launches|agrees|cuts"
        r"|wins|bans|blocks|approves|passes|unveils|removes|refuses|orders|reaches|settles|is suing|"
        r"are suing|is launching|says|raises|is asking|are asking)\b"
    ),
    "past tense": _cue(rf"\b(?:{_IRREGULAR}|[a-z]{{3,}}ed)\b", any_case=False),
    "opens with a pronoun": _cue(r"^(?:He|She|They|It|His|Her|Their|This|These)\b", any_case=False),
    "opens with an article": _cue(r"^(?:The|A|An)\b", any_case=False),
    "a number": _cue(r"\d", any_case=False),
    "a sum": _cue(r"[$£€]\s?\d", any_case=False),
    "a question": _cue(r"\?", any_case=False),
    "told or wrote": _cue(
        r"\b(?:told|tells|told\s(?:the\s)?[A-Z]\w+|in an interview|tweeted|wrote|writes)\b", any_case=False
    ),
}


def cues(sentence: str, position: int) -> tuple[str, ...]:
    """The names of the cues of a sentence at `position` (from 0) in its article, in the table's order."""
    head = sentence[:READ_LIMIT]
    words = len(head.split())
    place = "1st" if position == 0 else "2nd" if position == 1 else "3rd or 4th" if position < 4 else "5th to 8th"
    length = "short" if words < 10 else "middling" if words < 28 else "long"
    return (
        *(name for name, pattern in _CUES.items() if pattern.search(head)),
        f"place: {place if position < 8 else 'later'}",
        f"length: {length}",
    )


def roles(sentence: str, *, position: int) -> Roles:
    """The roles of a sentence. `position` is its place in the article, from 0: reports begin with what happened."""
    found = cues(sentence, position)
    sums = [bias + sum(WEIGHTS[cue][at] for cue in found if cue in WEIGHTS) for at, bias in enumerate(BIAS)]
    return Roles(
        scores={role: 1 / (1 + math.exp(-total)) for role, total in zip(Role, sums, strict=True)},
        cues=found,
    )
