"""What part a sentence plays in a news report: what happened, significance, background, position, outlook.

Weighted cue words and grammar, no model: each cue adds or takes away for one role, and the reasons can be read. A
sentence may play several roles; `Roles.main` is the strongest. The cues were written down from reading news prose
and their weights checked against the labelled sentences of `tests/quality/role_labels.jsonl` (held out by article).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.desk.quotes import VERBS


class Role(StrEnum):
    HAPPENED = "what happened"
    SIGNIFICANCE = "significance"
    BACKGROUND = "background"
    POSITION = "position"
    OUTLOOK = "outlook"


@dataclass(frozen=True, slots=True)
class Roles:
    """Strength of each role, 0 and up; about 1 is a clear case."""

    scores: Mapping[Role, float]

    @property
    def main(self) -> Role:
        return max(Role, key=lambda role: self.scores[role])

    def __getitem__(self, role: Role) -> float:
        return self.scores[role]


@dataclass(frozen=True, slots=True)
class _Cue:
    role: Role
    weight: float
    pattern: re.Pattern[str]


def _cue(role: Role, weight: float, pattern: str, *, any_case: bool = True) -> _Cue:
    return _Cue(role, weight, re.compile(pattern, re.IGNORECASE if any_case else 0))


_SAYING = r"(?:" + "|".join(sorted(VERBS, key=len, reverse=True)) + r")"
_LAST_UNIT = r"(?:year|month|week|spring|summer|fall|autumn|winter|decade|century)"

_CUES = (
    # position: somebody says, thinks, wants
    _cue(Role.POSITION, 0.55, rf"\b{_SAYING}\b(?!\s(?:by|to\sbe)\b)"),
    _cue(Role.POSITION, 0.5, r"\baccording to\b"),
    _cue(Role.POSITION, 0.5, r"[“\"][^“”\"]{25,}[”\"]"),
    _cue(
        Role.POSITION,
        0.45,
        r"\b(?:condemn|criticis|criticiz|oppose|support|welcom|praise|slam|blast|defend|reject|"
        r"accus|dismiss|denounc|call(?:s|ed|ing)? (?:for|on)|"
        r"demand|urge|object|alleg|insist|disagree|applaud|dispute|contend|maintain)\w*\b",
    ),
    _cue(
        Role.POSITION,
        0.3,
        r"\b(?:in (?:a|an emailed) (?:statement|letter|tweet|post|interview|memo|press release)|"
        r"spokes(?:man|woman|person)|on (?:twitter|x|instagram))\b",
    ),
    # outlook: what is still to come
    _cue(Role.OUTLOOK, 0.6, r"\b(?:will|won[’']t)\s(?!\w+\s(?:said|say))(?:not\s|be\s|also\s|then\s|now\s)?\w+"),
    _cue(
        Role.OUTLOOK,
        0.5,
        r"\b(?:is|are)\s(?:set|due|scheduled|expected|slated|likely|poised|planning|preparing|"
        r"about)\s(?:to|for|on|in)\b",
    ),
    _cue(Role.OUTLOOK, 0.45, r"\b(?:plans?|intends?|aims?|expects?|hopes?|pledged|promised|vowed)\s(?:to|that)\b"),
    _cue(
        Role.OUTLOOK,
        0.5,
        r"\b(?:deadline|upcoming|forthcoming|next (?:week|month|year|spring|summer|fall|autumn|"
        r"winter|round|step|steps|\w+day)|later this (?:week|month|year)|"
        r"by the end of|in the coming|expires?|takes? effect|hearing|trial date|to be (?:held|"
        r"decided|released|published|heard|announced))\b",
    ),
    _cue(
        Role.OUTLOOK,
        0.35,
        r"\b(?:remains to be seen|whether or not|it is (?:not yet|un)clear|has (?:yet|not yet) to"
        r"|have yet to|unresolved|pending|appeal)\b",
    ),
    # significance: consequence
    _cue(
        Role.SIGNIFICANCE,
        0.6,
        r"\b(?:could|may|might|would|threatens? to|risks?)\s(?:\w+ly\s|also\s|not\s|even\s|well\s"
        r"|soon\s|eventually\s)*(?:be|have|mean|lead|cause|make|affect|replace|"
        r"displace|eliminate|change|reshape|allow|help|hurt|harm|put|set|give|take|cost|become|"
        r"force|leave|open|undermine|erode|create|reduce|increase|pave|impact|lose|see|result|"
        r"threaten|disrupt|automate|spell|bring|end)\b",
    ),
    _cue(
        Role.SIGNIFICANCE,
        0.55,
        r"\b(?:implications?|consequences?|precedents?|rais(?:es?|ed|ing) (?:\w+ )?(?:questions|"
        r"concerns|fears|alarm)|at stake|turning point|landmark|"
        r"milestone|significan(?:t|ce)|means? that|signals?|underscores?|highlights?|comes? (?:as"
        r"|amid|at a time)|wake-up call|far-reaching|unprecedented|"
        r"the first (?:time|such|major|of its kind)|first[- ](?:ever|of-its-kind)|existential|"
        r"sparked|sparking|prompting|tension|pivotal|key issue|key (?:sticking|demand|item)|"
        r"sticking point|crucial|impact(?:s|ed)? (?:on|of)|reignit|test case|set the direction)\b",
    ),
    _cue(
        Role.SIGNIFICANCE,
        0.4,
        r"\b(?:threat|threaten\w*|risk(?:s|ing)?|fear(?:s|ed)?|worr(?:y|ies|ied)|concerns?|danger"
        r"|warn\w*|anxiety|uncertain\w*|livelihoods?|job losses|displace\w*|replac(?:e|ed|es|ing|"
        r"ement)|"
        r"protect(?:s|ed|ion|ions)?|rights|compensat\w*|consent|credit|bargain\w*|wages?|pay|residuals|royalt\w*)\b",
    ),
    _cue(
        Role.SIGNIFICANCE,
        0.3,
        r"\b(?:because|so that|therefore|as a result|makes? it (?:harder|easier|difficult|"
        r"possible)|more (?:likely|difficult|than ever)|increasingly|growing (?:number|concern|"
        r"fear|debate)|broader|wider|debate)\b",
    ),
    # background: what came before
    _cue(
        Role.BACKGROUND,
        0.6,
        r"\b(?:in|since|during|from|back in|until|of)\s(?:(?:early|late|mid)[- ])?(?:19|"
        r"20)\d\d\b",
    ),
    _cue(
        Role.BACKGROUND,
        0.5,
        rf"\b(?:last {_LAST_UNIT}|earlier this {_LAST_UNIT}|(?:\w+|several|a few|"
        rf"a couple of) (?:years|months|weeks|decades) ago|in recent (?:years|months|weeks)|"
        r"in the (?:past|last)|over the (?:past|last)|for (?:years|decades|months|more than)|decades)\b",
    ),
    _cue(
        Role.BACKGROUND,
        0.5,
        r"\b(?:previous(?:ly)?|earlier|formerly|originally|historically|long been|has been|"
        r"have been|had (?:been|already|previously)|had \w+ed|already|once|former|began (?:in|as)"
        r"|"
        r"founded|was (?:established|created|born|founded)|used to|so far|until now|"
        r"following (?:a|the|its|years)|after (?:years|months|weeks|a))\b",
    ),
    _cue(
        Role.BACKGROUND,
        0.25,
        r"\b(?:is|are|was) (?:an?|the|one of the|among the)\s(?:\w+\s){0,4}(?:company|union|guild"
        r"|group|tool|model|law|act|platform|award|agency|body|program|chatbot|association|"
        r"organi[sz]ation|office)\b",
    ),
    _cue(
        Role.BACKGROUND,
        0.3,
        r"\b(?:not the first|isn[’']t the first|one of (?:several|many)|similar|"
        r"other (?:companies|outlets|studios|lawsuits|cases)|joins?|series of|latest (?:in|"
        r"example)|wave of)\b",
    ),
    # what happened: a dated or plain past event
    _cue(
        Role.HAPPENED,
        0.35,
        r"\b(?:on|late|early)\s(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b|"
        r"\b(?:today|yesterday|this (?:week|morning|month)|last (?:week|night|\w+day))\b",
    ),
    _cue(
        Role.HAPPENED,
        0.45,
        r"\b(?:sued|filed|ruled|announced|signed|voted|launched|agreed|struck|fired|laid off|cut|"
        r"won|banned|blocked|approved|passed|published|released|unveiled|removed|refused|"
        r"ordered|reached|settled|pulled|halted|paused|restricted|walked out|went on strike|"
        r"called off|introduced|proposed|rejected|unanimously|posted|listed|added|issued|revealed"
        r"|"
        r"killed|injured|arrested|crashed|collided|resigned|acquired|hit|died|found|sentenced|"
        r"charged|indicted|opened|said (?:on )?(?:Monday|Tuesday|Wednesday|Thursday|Friday|"
        r"Saturday|Sunday))\b",
    ),
    _cue(
        Role.HAPPENED,
        0.3,
        r"\b(?:sues|files|rules|announces|signs|votes|launches|agrees|cuts|wins|bans|blocks|"
        r"approves|passes|unveils|removes|refuses|orders|reaches|settles|is suing|are suing|"
        r"is launching|has (?:\w+ly )?\w+ed|have (?:\w+ly )?\w+ed)\b",
    ),
)


def roles(sentence: str, *, position: int) -> Roles:
    """The roles of a sentence. `position` is its place in the article, from 0: reports begin with what happened."""
    head = sentence[:700]
    scores = dict.fromkeys(Role, 0.0)
    for cue in _CUES:
        if cue.pattern.search(head):
            scores[cue.role] += cue.weight
    scores[Role.HAPPENED] += 0.5 if position == 0 else 0.35 if position == 1 else 0.15 if position <= 3 else 0.0
    if position <= 1:
        scores[Role.BACKGROUND] *= 0.6
        scores[Role.POSITION] *= 0.8
    scores[Role.HAPPENED] += 0.2
    return Roles(scores)
