"""Quotations and who speaks them, as the article says: a name with its role, or unattributed.

No parser and no name recogniser: news attributes direct speech in a handful of shapes ("…," said NAME; NAME, ROLE,
said: "…"; according to NAME), and a shape that is not one of them stays unattributed. Unattributed is shown as
such; a wrong name would be a false statement about a person, so where two readings compete none is taken.

Names are completed from the article itself ("Davis" → "Laura Michelle Davis, an editor with CNET") where exactly one
person of that surname was introduced, and a pronoun is resolved only to the one speaker of the same or the previous
paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.core.desk.names import FUNCTION_WORDS

# Verbs of saying, past and present. A verb that may mean something else ("found", "called") is left out.
VERBS = """
    said say says told tells added adds wrote writes argued argues warned warns claimed claims explained
    explains noted notes stated states insisted insists tweeted posted asked asks replied continued continues
    concluded declared declares remarked recalled recalls admitted admits acknowledged acknowledges announced
    suggested suggests testified quipped joked complained observed observes responded responds emphasized
    emphasised stressed stresses vowed urged urges demanded reiterated commented predicts predicted believes
    insisted countered lamented shouted joked boasted
""".split()
_VERB = r"(?:" + "|".join(sorted(set(VERBS), key=len, reverse=True)) + r")"
_AUX = (
    r"(?:(?:also|later|then|further|reportedly|previously|recently|repeatedly|quickly|once|has|have|had|would"
    r"|went\son\sto|publicly)\s){0,2}"
)

_QUOTED = re.compile(r"“[^“”]{1,1500}(?:”|$)|\"[^\"]{1,1500}(?:\"|$)|‘‘[^’]{1,1500}’’|''[^\"]{1,1500}?''")
_CAPITAL = r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Prof|Gen|Lt|Col|St|Jr|Sr|Rev)\.|(?:[A-Z]\.)+|[A-Z](?:[\w’'-]|\.(?=\w))*)"
_NAME = rf"(?:{_CAPITAL}(?:\s(?:(?:of|the|for|and|de|da|van|von|der|bin|al|la|le|&)\s){{0,2}}{_CAPITAL})*)"
_ROLE_NOUN = (
    r"(?:professor|president|director|executive|officer|analyst|economist|researcher|writer|"
    r"screenwriter|novelist|author|actor|"
    r"actress|singer|musician|artist|comedian|lawyer|attorney|spokes(?:man|woman|person)|senator|"
    r"minister|editor|founder|"
    r"co-founder|chair(?:man|woman|person)?|secretary|judge|boss|chief|CEO|reporter|columnist|"
    r"producer|leader|organi[sz]er)"
)
# "law professor Priyanka Nair", "Canadian singer Grimes": a description in lower case between or before names
_DESCRIBED = rf"(?:(?:{_NAME}\s)?(?:[a-z][\w-]*\s){{0,3}}?{_ROLE_NOUN}\s{_NAME})"
_PRONOUN = r"(?:he|she|they|it|I|we|who)"
_COMMON = (
    r"(?:(?:the|a|an|one|another|his|her|its|their|our|some|many|other|several|two|three|"
    r"(?:more\sthan\s|over\s|about\s)?\d[\d,]*|(?:thousands|hundreds|dozens)\sof)\s"
    r"(?:[\w’'.-]+\s){0,5}?[\w’'-]+)"
)
# After "said": the whole of "a Microsoft human resources official named Adrienne Day"
_COMMON_TO_THE_END = (
    r"(?:(?:the|a|an|one|another|his|her|its|their)\s(?:[\w’'.-]+\s){0,7}?[\w’'-]+"
    r"(?=[,.;:]|\s(?:in|on|at|after|during|who|as|when|while)\b|$))"
)
_CAPITAL_PRONOUNS = frozenset(
    {"He", "She", "They", "It", "I", "We", "Who", "The", "A", "An", "But", "And", "This", "That", "In"}
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A direct quotation: `text[start:end]` includes its quotation marks; `words` is what stands between them.

    `speaker` is the fullest name the article gives, `role` how it describes that speaker; both None: unattributed.
    `mention` is where the speaker is named, `text[mention[0]:mention[1]]`, also when that is only a pronoun.
    """

    start: int
    end: int
    words: str
    speaker: str | None = None
    role: str | None = None
    mention: tuple[int, int] | None = None

    @property
    def credit(self) -> str | None:
        """The speaker as shown: name and role."""
        return credit(self.speaker, self.role)


_OCCASION = re.compile(
    r"\s(?:at|in|on|during|after|before)\s(?:(?:a|an|the|his|her|their|"
    r"its)\s)?(?:\w+\s){0,2}?(?:news|press|statement|interview|email|letter|post|tweet|"
    r"conference|briefing|hearing|call|memo|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b.*$"
)


def credit(speaker: str | None, role: str | None) -> str | None:
    """Name and role in one, without the occasion ("… at a news conference on Monday")."""
    if speaker is None:
        return None
    role = _OCCASION.sub("", role) if role else None
    return f"{speaker}, {role}" if role else speaker


def find_quotes(text: str) -> tuple[Quote, ...]:
    """Every quotation of a text in order. A text with unbalanced marks gives what balances. Never raises."""
    found = [
        Quote(match.start(), match.end(), _inner(match.group()))
        for paragraph in re.finditer(r"[^\n]+", text)
        for match in _QUOTED.finditer(text, paragraph.start(), paragraph.end())
        if _inner(match.group()).strip()
    ]
    people = introduced(text)
    attributed: list[Quote] = []
    for number, quote in enumerate(found):
        before = found[number - 1].end if number else 0
        after = found[number + 1].start if number + 1 < len(found) else len(text)
        mention = _mention(text, quote, before, after)
        if mention is None and attributed and _same_breath(text, attributed[-1], quote):
            attributed.append(
                replace(quote, speaker=attributed[-1].speaker, role=attributed[-1].role, mention=attributed[-1].mention)
            )
            continue
        if mention is None:
            attributed.append(quote)
            continue
        attributed.append(_named(text, quote, mention, people, attributed))
    return tuple(attributed)


def _inner(quoted: str) -> str:
    for opening, closing in (("“", "”"), ("‘‘", "’’"), ("''", "''"), ('"', '"')):
        if quoted.startswith(opening):
            return quoted[len(opening) :].removesuffix(closing)
    return quoted


def find_speaker(sentence: str, people: Sequence[Person]) -> tuple[str, str | None] | None:
    """Who says what a sentence reports without quoting it: (name, role), or None where no shape tells.

    `people` are those the article introduces. A pronoun is nobody.
    """
    for shape in _INDIRECT:
        match = shape.search(sentence[:400])
        if match is None or not _may_speak(match["who"]) or _OTHER_VERB.search(match["who"]):
            continue
        who = match["who"].strip()
        if re.fullmatch(_PRONOUN, who, re.IGNORECASE) or (who in _CAPITAL_PRONOUNS):
            return None
        name, described = _apposed(sentence, match.span("who")) or _apart(who)
        beside = described or _beside(sentence, match.span("who"))
        full = _full_name(name, people)
        return (full.name, described or full.role or beside) if full is not None else (name, beside)
    return None


def beside_speech(text: str) -> Iterator[str]:
    """The stretches of a text in which somebody whom it lets speak may be named, quoted words left out.

    Generous where `find_speaker` is careful: it is for saying of nobody that he was not heard who may have been.
    """
    bare = _QUOTED.sub(lambda quoted: " " * len(quoted.group()), text)
    for speech in _SPEECH.finditer(bare):
        before = bare[max(0, speech.start() - _REACH) : speech.start()]
        yield _SENTENCE_END.split(before)[-1]
        if speech["source"] or text[: speech.start()].rstrip()[-1:] in _SPEAKER_FOLLOWS:
            yield _SENTENCE_END.split(bare[speech.end() : speech.end() + _REACH])[0]


# --- where the speaker is named -----------------------------------------------------------------------------------

_LATE_SUBJECT = rf"(?P<who>{_DESCRIBED}|{_NAME}|{_PRONOUN}\b|{_COMMON_TO_THE_END}|{_COMMON})"
_SUBJECT = rf"(?P<who>{_DESCRIBED}|{_NAME}|{_PRONOUN}\b|{_COMMON})"
_APPOSITION = r"(?P<role>,\s[^,.;:“”\"]{2,120}(?:,\s[^,.;:“”\"]{2,60})?,)?"
_AFTER = (
    # "…," said NAME[, ROLE]
    re.compile(rf"^[\s,]*{_AUX}(?:{_VERB})(?:\s(?:to|by|in|on)\s)?\s{_LATE_SUBJECT}"),
    # "…," NAME[, ROLE,] said
    re.compile(rf"^[\s,]*{_SUBJECT}{_APPOSITION}\s{_AUX}{_VERB}\b"),
    # "…," according to NAME
    re.compile(rf"^[\s,]*according\sto\s{_SUBJECT}"),
)
_BEFORE = (
    # NAME[, ROLE,] said [in a statement]: "…
    re.compile(
        rf"(?:^|"
        rf"[\s,;—–(]){_SUBJECT}{_APPOSITION}\s{_AUX}{_VERB}(?P<rest>(?:\s[\w’'.-]+){{0,9}}?)(?:\sthat)?\s*[,:]?\s*(?:that\s)?[—–-]?\s*$"
    ),
    # according to NAME[,] "…
    re.compile(rf"(?i:according\sto)\s{_SUBJECT}\s*[,:]?\s*$"),
)
# What reports a stance without quoting it; not used for quotations, which need a verb of saying.
_STANCE = (
    r"(?:(?:is|are|has|have|had|was|were)\s(?:also\s|now\s)?)?(?:call(?:s|ed|ing)?\s(?:for|on)|"
    r"demand(?:s|ed|ing)|urg(?:es|ed|ing)|oppos(?:es|ed|ing)|welcom(?:es|ed|ing)|condemn(?:s|ed|"
    r"ing)|criticis(?:es|ed|ing)|"
    r"criticiz(?:es|ed|ing)|accus(?:es|ed|ing)|reject(?:s|ed|ing)"
    r"|express(?:es|ed|ing)|rais(?:es|ed|ing)\sconcerns?|slam(?:s|med)|blast(?:s|ed)|defend(?:s|"
    r"ed|ing)|den(?:ies|ied)|alleg(?:es|ed|ing)|maintains?|wants?|lobb(?:ies|ied|ying)\s(?:for|against)"
    r"|insist(?:s|ed|ing)|fears?|hopes?|objects?|disputes?|dismiss(?:es|ed)|warn(?:s|ed|ing)|"
    r"argu(?:es|ed|ing)|claim(?:s|ed|ing)|say(?:s|ing)?|said)\b"
)
_SPEECH = re.compile(rf"\b(?:(?P<source>according\sto)|{_VERB}|{_STANCE})\b", re.IGNORECASE)
_SPEAKER_FOLLOWS = frozenset(",”\"’'—–")
"""What stands before a verb of saying whose subject comes after it: “…,” said the union."""
_REACH = 90
"""Characters between a verb of saying and a name that may belong to it."""
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z])|\n")
_INDIRECT = (
    re.compile(
        rf"^(?:(?:In|On|At|After|Earlier|Last|Before|During|Meanwhile|"
        rf"Still)\b[^,“”\"]{{0,120}},\s)?(?P<who>{_DESCRIBED}|{_NAME}|"
        rf"(?i:{_COMMON}))(?:,\s[^,.;:“”\"]{{2,90}},)?\s{_AUX}(?:{_VERB}|{_STANCE})\b"
    ),
    re.compile(rf",\s(?:{_VERB})\s(?P<who>{_DESCRIBED}|{_NAME}|{_COMMON})(?=[,.]|\s(?:in|on|at|of|to)\b|$)"),
    re.compile(rf",\s(?P<who>{_DESCRIBED}|{_NAME}|{_COMMON})\s{_AUX}{_VERB}(?=[,.]|\s(?:in|on|at)\b|$)"),
    re.compile(
        rf"(?i:according\sto)\s(?P<who>{_DESCRIBED}|{_NAME}|{_COMMON})(?=[,.]|\s(?:in|on|at|of|"
        rf"published|released)\b|$)"
    ),
    # "Canadian singer Grimes says …": everything before the first verb of saying, if it is short and has no other verb
    re.compile(rf"^(?P<who>[A-Z][\w’'.&-]*(?:\s[\w’'.&-]+){{0,9}}?)\s{_AUX}(?:{_VERB}|{_STANCE})\b"),
)
_OTHER_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|did|does|who|which|that|"
    r"when|while|after|as|because|to|by|but)\b"
)
_NOT_SPEAKERS = frozenset(["day", "week", "month", "year", "time", "moment", "fact", "case", "way", "place", "thing"])


def _mention(text: str, quote: Quote, before: int, after: int) -> tuple[int, int] | None:
    clause, clause_start = _lead(text, quote, before)
    tail = text[quote.end : min(after, quote.end + 260)].split("\n")[0]
    # A quotation that ends another's sentence is that sentence's: who is named next begins a new one.
    closes = quote.words.rstrip(" '’").endswith((".", "!", "?")) and bool(re.search(r"\w", clause))
    if _ends_clause(quote.words) and not closes:
        for shape in _AFTER:
            match = shape.match(tail)
            if match and _may_speak(match["who"]):
                start, end = match.span("who")
                return quote.end + start, quote.end + end
    for shape in _BEFORE:
        last = None
        for match in shape.finditer(clause):
            last = match
        if last and _may_speak(last["who"]):
            start, end = last.span("who")
            return clause_start + start, clause_start + end
    return None


def _lead(text: str, quote: Quote, before: int) -> tuple[str, int]:
    """What stands before the quotation in its own sentence, and where that starts."""
    lead_start = max(before, quote.start - 260)
    lead = text[lead_start : quote.start]
    lead_start += len(lead) - len(lead.split("\n")[-1])
    lead = lead.split("\n")[-1]
    sentence = max((lead.rfind(stop) for stop in (". ", "! ", "? ", ".” ")), default=-1)
    # A stop after an initial or a title ends no sentence.
    if sentence >= 0 and re.search(r"(?:\b[A-Z]|Mr|Mrs|Ms|Dr|Jr|Sr|St|Sen|Rep|Gov)$", lead[:sentence]):
        sentence = max((lead.rfind(stop, 0, sentence) for stop in (". ", "! ", "? ")), default=-1)
    clause = lead[sentence + 1 :] if sentence >= 0 else lead
    return clause, lead_start + len(lead) - len(clause)


def _ends_clause(words: str) -> bool:
    """Whether a speaker may follow: speech before "said" ends in a comma, a stop or a dash."""
    return bool(re.search(r"[,.!?…—–-]['’\"”\s]*$", words)) or len(words.split()) > 3


def _may_speak(who: str) -> bool:
    last = who.split()[-1].strip("’'.,").casefold()
    dangling = (
        last in FUNCTION_WORDS and not re.fullmatch(_PRONOUN, who, re.IGNORECASE) and last not in ("others", "some")
    )
    return last not in _NOT_SPEAKERS and not dangling and len(who) <= 120


def _same_breath(text: str, earlier: Quote, quote: Quote) -> bool:
    """“…,” said NAME. “…” — the second half of one speech: nothing but the attribution stands between."""
    between = text[earlier.end : quote.start]
    if "\n" in between or earlier.mention is None or len(between) > 200:
        return False
    if earlier.mention[0] < earlier.start:  # the name came first: only if the quotes touch
        return not between.strip(" ,.")
    rest = text[earlier.mention[1] : quote.start]
    return bool(
        re.fullmatch(
            rf"(?:,\s[^.“”\"]{{1,140}})?[^.“”\"]{{0,60}}[.,:]?\s*(?:(?:{_PRONOUN}\s)?{_VERB}[^.“”\"]{{0,20}}[,:.]\s*)?",
            rest,
        )
    )


# --- who that is --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """A full name as introduced, and the description beside it, if any."""

    name: str
    role: str | None
    at: int


_FULL = r"(?:[A-Z][\w’'-]+|[A-Z]\.)(?:\s(?:[A-Z]\.|[A-Z][\w’'-]+|de|da|van|von|der|bin|al|la)){1,3}"
_INTRODUCED = re.compile(
    rf"\b(?P<name>{_FULL})(?:,\s(?P<role>(?:an?|the|who|chief|president|director|head|co-?\w+|founder|professor|CEO|"
    r"editor|general|executive|vice|senior|secretary|chair\w*|lead|partner|spokes\w+|analyst|author|managing)"
    r"\b[^,.;:“”\"()\n]{2,90}))?"
)
_TITLED = re.compile(
    rf"\b(?P<role>(?:[A-Z][\w&.’'-]+\s){{0,4}}(?:chief executive|president|CEO|chair(?:man|woman|"
    rf"person)?|director|secretary|senator|Sen\.|Rep\.|Gov\.|"
    rf"governor|minister|judge|Judge|spokes(?:man|woman|person)|analyst|professor|Professor|editor"
    rf"|writer|screenwriter|actor|author|"
    rf"researcher|founder|economist|President|Chair|Secretary|Senator))\s(?P<name>{_FULL})"
)
_NOT_NAMES = frozenset(
    """
    The A An In On At But And For This That These Those It He She They We When After Before While As If Monday
    Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August
    September October November December New North South United Los San White Supreme High
""".split()
)


def introduced(text: str) -> tuple[Person, ...]:
    """People named in full, in order, with the role the article gives beside the name. Reads 16,000 characters."""
    head = text[:16_000]
    titled = {match.start("name"): match for match in _TITLED.finditer(head)}
    people: list[Person] = []
    for match in _INTRODUCED.finditer(head):
        name = match["name"]
        if name.split()[0] in _NOT_NAMES:
            continue
        role = match["role"]
        before = titled.get(match.start("name"))
        if role is not None:
            role = role.strip()
        elif before is not None:
            role = before["role"].strip()
        people.append(Person(re.sub(r"[’']s$", "", name), role, match.start("name")))
    return tuple(people)


def _named(
    text: str, quote: Quote, mention: tuple[int, int], people: Sequence[Person], earlier: Sequence[Quote]
) -> Quote:
    who = text[mention[0] : mention[1]].strip()
    first = who.split()[0]
    if re.fullmatch(_PRONOUN, who, re.IGNORECASE):
        antecedent = _antecedent(text, quote, who.casefold(), earlier)
        if antecedent is None:
            return replace(quote, mention=mention)
        return replace(quote, speaker=antecedent.speaker, role=antecedent.role, mention=mention)
    if first in _CAPITAL_PRONOUNS and len(who.split()) == 1:
        return replace(quote, mention=mention)
    name, described = _apposed(text, mention) or _apart(who)
    full = _full_name(name, people)
    if full is not None:
        name, role = full.name, described or full.role or _beside(text, mention)
    else:
        role = described or _beside(text, mention)
    return replace(quote, speaker=name, role=role, mention=mention)


_APPOSED = re.compile(
    rf"^(?P<role>(?:the|an?|its|his|her|their)\s.*\b{_ROLE_NOUN}),\s(?P<name>{_FULL})"
    r"(?=[,.;:”\"]|\s(?:in|on|at|as|when|while|after)\b|$)"
)
_WHOSE = re.compile(r"^(?:its|his|her|their)\s")


def _apposed(text: str, mention: tuple[int, int]) -> tuple[str, str] | None:
    """Name and description where the description comes first: "said its chief economist, Miles Dunmore"."""
    match = _APPOSED.match(text[mention[0] : mention[1] + 80])
    if match is None or match.end("role") != mention[1] - mention[0]:
        return None
    return match["name"], _WHOSE.sub("", match["role"])


_DESCRIPTION = re.compile(rf"^(?P<role>(?:{_NAME}\s)?(?:[a-z][\w-]*\s){{0,3}}?{_ROLE_NOUN})\s(?P<name>{_NAME})$")


def _apart(who: str) -> tuple[str, str | None]:
    """Name and description of "law professor Priyanka Nair"; the whole and None where it is but a name."""
    match = _DESCRIPTION.match(who)
    return (match["name"], match["role"]) if match else (who, None)


def _full_name(who: str, people: Sequence[Person]) -> Person | None:
    """The one person meant: by the full name, or by a surname only one introduced person has."""
    bare = re.sub(r"^(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Prof)\.?\s|[’']s$", "", who)
    fits = [person for person in people if person.name == bare or person.name.split()[-1] == bare]
    names = {person.name for person in fits}
    if len(names) != 1:
        return None
    return next((person for person in fits if person.role), fits[0])


def _beside(text: str, mention: tuple[int, int]) -> str | None:
    """A description right after the name: ", an editor with CNET,"."""
    after = text[mention[1] : mention[1] + 140]
    match = re.match(
        r",\s((?:an?|the|who\sis|chief|president|director|head|co-?\w+|founder|professor|CEO|"
        r"editor|general|executive|vice|senior|"
        r"secretary|chair\w*|lead|partner|spokes\w+|analyst|author|managing)\b[^,.;:“”\"()\n]{2,90})[,.]",
        after,
    )
    return match[1].strip() if match else None


def _antecedent(text: str, quote: Quote, pronoun: str, earlier: Sequence[Quote]) -> Quote | None:
    """The last attributed speaker, if a person in this or the previous paragraph and nobody else is named since."""
    if pronoun not in ("he", "she"):
        return None
    last = next((q for q in reversed(earlier) if q.speaker is not None and q.mention is not None), None)
    if last is None or last.mention is None or " " not in (last.speaker or ""):
        return None
    between = text[last.mention[1] : quote.start]
    if between.count("\n") > 2 or any(person.name != last.speaker for person in introduced(between)):
        return None
    return last
