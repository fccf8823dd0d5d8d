"""Words that turn a statement round: "rose" for "fell", "accept" for "reject", "crewed" for "uncrewed".

Groups of opposite senses, by rough stem. Written from the senses news uses, not from a
thesaurus; a word may sit in several groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from bot.core.desk.wording import stem

_GROUPS = """
increase rise rose risen grow grew growth surge climb jump gain up higher raise boost expand expansion
    improve improvement upward elevate advance accelerate spur strengthen strong strength more most above exceed beat
    maximum best better propel fuel foster
  / decrease fall fell fallen decline drop shrink shrank plunge slump lose loss down lower reduce reduction cut
    contract contraction worsen downward diminish slow hinder weaken weak weakness less least fewer below miss minimum
    worst worse subside curb
accept approve approval support back endorse agree allow permit favour favor legal lawful
  / reject rejection oppose opposition refuse disagree ban block prohibit deny illegal unlawful
begin began start launch open resume continue create install add build
  / end ended stop halt close cancel suspend shut finish abolish destroy remove delete uninstall dismantle
big large huge massive major great tall / small little tiny minor medium slight modest minimalistic
win won victory succeed success successful / lose lost defeat fail failure unsuccessful
positive optimistic good great bright praise welcome happy hope
  / negative pessimistic bad poor grim criticise criticize condemn sad fear
first early before new previous prior past / last late after old next following future
crewed manned / uncrewed unmanned
popular / unpopular
hire recruit employ / fire dismiss lay
reveal unveil show announce disclose publish / hide conceal withhold
single / double triple
day daily / week weekly / month monthly / year yearly annual / decade / century
many most majority all every / few minority none some
always often / never rarely seldom
male man men boy husband father son brother / female woman women girl wife mother daughter sister
north northern / south southern / east eastern / west western
inflation / deflation
profit / loss
import / export
buy bought purchase acquire / sell sold sale
inside indoor / outside outdoor
young / old
left / right
billion / million / thousand / hundred / trillion / dozen
protect defend / harm attack
arrest detain charge jail convict guilty / release free acquit innocent
personal private / public professional official
alive survive live / dead die kill death
easy simple / difficult hard complex
safe / dangerous unsafe risky
quick fast rapid / slow gradual
temporary / permanent forever
federal national / provincial local state
full / empty partial
cheap / expensive
mandatory required compulsory / voluntary optional
confirm admit acknowledge / deny dispute
likely certain / unlikely uncertain
employer / employee
plaintiff / defendant
"""


def _read(groups: str) -> Mapping[str, frozenset[tuple[int, int]]]:
    joined = groups.replace("\n    ", " ").replace("\n  /", " /")
    senses: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for number, line in enumerate(line for line in joined.splitlines() if line.strip()):
        for pole, words in enumerate(line.split("/")):
            for word in words.split():
                senses[stem(word)].add((number, pole))
    return {word: frozenset(poles) for word, poles in senses.items()}


_SENSES = _read(_GROUPS)


def opposed(claimed: Iterable[str], said: Iterable[str]) -> str | None:
    """The first claimed stem of which only the opposite is said, or None. Both arguments are stems."""
    there = set(said)
    poles: dict[int, set[int]] = defaultdict(set)
    for word in there:
        for group, pole in _SENSES.get(word, ()):
            poles[group].add(pole)
    for word in claimed:
        if word in there:
            continue
        for group, pole in _SENSES.get(word, ()):
            if poles.get(group) and pole not in poles[group]:
                return word
    return None
