"""Reads the query language of watches.

    query    := choice
    choice   := demand ("OR" demand)*
    demand   := refusal ("AND"? refusal)*           side by side means AND
    refusal  := "NOT"* nearness
    nearness := primary ("near/N" primary)*
    primary  := word | prefix* | "exact phrase" | field:value | "(" choice ")"

AND, OR and NOT are operators in capitals and words otherwise; near/5 in any case. Fields are those of `NameKind` and
`FactKind`. Whatever is wrong raises `QueryError` with its place. What may look right and mean something else (a sign
of another search engine, an unknown field, a star in the middle) is an error with what would be right, not a guess.

A query must ask for something to be there: words, a name, a source or a desk, on each side of every OR. Otherwise it
would be answered with everything that lacks something.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from bot.core import strings
from bot.core.watch.fault import QueryError
from bot.core.watch.names import Names
from bot.core.watch.query import (
    QUOTES,
    And,
    Fact,
    FactKind,
    Named,
    NameKind,
    Near,
    Not,
    Or,
    Query,
    Spot,
    Term,
    Words,
    all_of,
    any_of,
    fact_value,
    name_value,
    negated,
)
from bot.core.watch.subject import FARTHEST
from bot.core.watch.words import is_spaceless, words

MOST_CHARACTERS = 4_000
"""As many as the longest text field of a form on Discord takes; more cannot be typed there, nor be read by anybody."""
MOST_TERMS = 500
"""Each may be an anchor of its own in the matcher's index."""
DEEPEST = 50
"""Brackets. Reading and matching go as deep into Python's stack, which is shared with whoever asks."""
SHORTEST_STEM = 2
"""Letters before a star; with one, it would be found in every article."""

FIELDS: tuple[str, ...] = (*FactKind, *NameKind)
_EXAMPLES = {
    FactKind.SOURCE: "deadline.com",
    FactKind.DESK: "guilds",
    FactKind.LANG: "en",
    NameKind.GUILD: "wga",
    NameKind.BILL: '"CA AB 412"',
    NameKind.CASE: '"Bartz v. Anthropic"',
    NameKind.PACK: "guilds",
}
_LANGUAGES = {
    "english": "en", "french": "fr", "francais": "fr", "german": "de", "deutsch": "de", "spanish": "es",
    "espanol": "es", "italian": "it", "portuguese": "pt", "dutch": "nl", "polish": "pl", "swedish": "sv",
    "danish": "da", "norwegian": "no", "finnish": "fi", "japanese": "ja", "chinese": "zh", "korean": "ko",
    "russian": "ru", "ukrainian": "uk", "arabic": "ar", "hindi": "hi", "turkish": "tr",
}  # fmt: skip

_QUOTE = QUOTES.pattern
_RUN = re.compile(rf"[^\s()（）{_QUOTE[1:-1]}]+")
_FIELD = re.compile(r"(?P<name>[^\W\d_]+)[:：](?P<value>.*)", re.S)
_NEAR = re.compile(r"near/(?P<within>.*)", re.I | re.S)
_OTHERS_NEAR = re.compile(r"(?:within|w|n|adj|pre)/(?P<within>\d{1,3})", re.I)
_OTHERS_OPERATORS = {"|": "OR", "||": "OR", "&&": "AND"}
_OTHERS_PREFIXES = {"-": "NOT ", "!": "NOT ", "+": ""}


def parse(text: str, names: Names | None = None, desks: Collection[str] | None = None) -> Query:
    """The query that a text writes. Raises `QueryError`.

    With `names` the query's names are resolved, and one that is unknown is an error; without, they stay unresolved and
    match nothing. With `desks` any other desk is an error.
    """
    if len(text) > MOST_CHARACTERS:
        wrong = strings.query.too_long(len(text), MOST_CHARACTERS)
        raise QueryError(text, MOST_CHARACTERS, MOST_CHARACTERS + 1, wrong, strings.query.MAKE_SEVERAL)
    return _Parser(text, _Lexer(text, names, desks).tokens()).query()


def advice(query: Query) -> tuple[str, ...]:
    """What may not mean what was meant, in plain words: `strike or walkout` looks for three words."""
    asked = set(_words_beside_others(query))
    return tuple(strings.query.is_a_word(word) for word in ("and", "or", "not") if word in asked)


def _words_beside_others(query: Query) -> Iterator[str]:
    match query:
        case And() | Or():
            for part in query.parts:
                if isinstance(part, Words) and len(part.words) == 1 and isinstance(query, And):
                    yield part.words[0]
                yield from _words_beside_others(part)
        case Not():
            yield from _words_beside_others(query.part)
        case _:
            return


# --- tokens -------------------------------------------------------------------------------------------------


class _Kind(Enum):
    TERM = auto()
    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    NEAR = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: _Kind
    start: int
    end: int
    term: Term | None = None
    within: int = 0


_OPERATORS = {"AND": _Kind.AND, "OR": _Kind.OR, "NOT": _Kind.NOT}


@dataclass(slots=True)
class _Lexer:
    text: str
    names: Names | None
    desks: Collection[str] | None

    def tokens(self) -> list[_Token]:
        """All tokens and an END. Terms and brackets are counted here, before anything recurses."""
        found: list[_Token] = []
        at, depth, terms = 0, 0, 0
        while at < len(self.text):
            if self.text[at].isspace():
                at += 1
                continue
            token = self._token(at)
            found.append(token)
            at = token.end
            depth += (token.kind is _Kind.OPEN) - (token.kind is _Kind.CLOSE)
            terms += token.kind is _Kind.TERM
            if depth > DEEPEST:
                raise self._error(token.start, at, strings.query.too_deep(DEEPEST), strings.query.FEWER_BRACKETS)
            if terms > MOST_TERMS:
                raise self._error(token.start, at, strings.query.too_many_terms(MOST_TERMS), strings.query.MAKE_SEVERAL)
        found.append(_Token(_Kind.END, at, at))
        return found

    def _token(self, at: int) -> _Token:
        char = self.text[at]
        if char in "(（":
            return _Token(_Kind.OPEN, at, at + 1)
        if char in ")）":
            return _Token(_Kind.CLOSE, at, at + 1)
        if QUOTES.match(char):
            inside, end = self._quoted(at)
            return _Token(_Kind.TERM, at, end, self._phrase(inside, at + 1, end))
        found = _RUN.match(self.text, at)
        assert found is not None  # whatever is no space, bracket or quote
        run, end = found[0], found.end()
        if run in _OPERATORS:
            return _Token(_OPERATORS[run], at, end)
        if near := _NEAR.fullmatch(run):
            return _Token(_Kind.NEAR, at, end, within=self._within(near["within"], at, end))
        if field := _FIELD.fullmatch(run):
            return self._field(field["name"], field["value"], at, end)
        self._refuse_foreign(run, at, end)
        return _Token(_Kind.TERM, at, end, self._phrase(run, at, end))

    def _quoted(self, at: int) -> tuple[str, int]:
        """What stands in the quotation that begins there, and where it ends."""
        close = QUOTES.search(self.text, at + 1)
        if close is None:
            raise self._error(at, at + 1, strings.query.QUOTE_OPEN, strings.query.CLOSE_QUOTE)
        return self.text[at + 1 : close.start()], close.end()

    def _phrase(self, inside: str, at: int, end: int) -> Words:
        """Words in a row, with a star behind the last or without."""
        written = inside.rstrip()
        star = written.find("*")
        prefix = star >= 0
        if prefix and star < len(written) - 1:
            raise self._error(at + star, at + star + 1, strings.query.STAR_INSIDE, strings.query.STAR_WHERE)
        found = words(written)
        if not found and not prefix:
            raise self._error(at, end, strings.query.no_words(inside), strings.query.LEAVE_OUT)
        if prefix:
            joined = len(written) > 1 and unicodedata.category(written[-2])[0] in "LNM"
            if not (joined and found) or (len(found[-1]) < SHORTEST_STEM and not is_spaceless(found[-1])):
                raise self._error(
                    at + star, at + star + 1, strings.query.star_short(SHORTEST_STEM), strings.query.STAR_WHERE
                )
        return Words(found, prefix and not is_spaceless(found[-1]))

    def _within(self, typed: str, at: int, end: int) -> int:
        if re.fullmatch(r"\d{1,3}", typed, re.ASCII) and 1 <= int(typed) <= FARTHEST:
            return int(typed)
        raise self._error(at, end, strings.query.NEAR_WHAT, strings.query.near_range(FARTHEST))

    def _refuse_foreign(self, run: str, at: int, end: int) -> None:
        """What means something elsewhere, and here would be taken for a word or for nothing."""
        if operator := _OTHERS_OPERATORS.get(run):
            raise self._error(at, end, strings.query.not_a_sign(run), strings.query.did_you_mean(operator))
        if near := _OTHERS_NEAR.fullmatch(run):
            raise self._error(
                at, end, strings.query.not_a_sign(run), strings.query.did_you_mean(f"near/{int(near['within'])}")
            )
        if run == "NEAR":
            raise self._error(at, end, strings.query.NEAR_WHAT, strings.query.near_range(FARTHEST))
        before = _OTHERS_PREFIXES.get(run[0])
        rest = run[1:] or (self.text[end : end + 1].strip() and "…")
        if before is not None and rest:
            raise self._error(at, at + 1, strings.query.not_a_sign(run[0]), strings.query.did_you_mean(before + rest))

    # --- fields ---------------------------------------------------------------------------------------------

    def _field(self, typed: str, value: str, at: int, end: int) -> _Token:
        name = typed.lower()
        if name not in FIELDS:
            raise self._unknown_field(name, value, at, at + len(typed) + 1, self.text[at:end])
        start = end - len(value)
        if not value and QUOTES.match(self.text[end : end + 1]):
            start = end + 1
            value, end = self._quoted(end)
        if not value.strip():
            example = _EXAMPLES[FactKind(name) if name in tuple(FactKind) else NameKind(name)]
            raise self._error(at, end, strings.query.value_missing(name), strings.query.value_close(name, example))
        if name in tuple(NameKind):
            return _Token(_Kind.TERM, at, end, self._named(NameKind(name), value, start, start + len(value)))
        return _Token(_Kind.TERM, at, end, self._fact(FactKind(name), value, start, start + len(value)))

    def _unknown_field(self, name: str, value: str, start: int, end: int, run: str) -> QueryError:
        if name == "near" and value.isdecimal():
            return self._error(start, end, strings.query.no_field(name), strings.query.did_you_mean(f"near/{value}"))
        if name in ("http", "https"):
            meant = f"source:{fact_value(FactKind.SOURCE, run) or 'deadline.com'}"
            return self._error(start, end, strings.query.no_field(name), strings.query.did_you_mean(meant))
        aliases = {"site": "source", "outlet": "source", "from": "source", "language": "lang", "union": "guild"}
        close = [aliases[name]] if name in aliases else difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.6)
        right = (
            strings.query.did_you_mean(f"{close[0]}:") if close else strings.query.fields(FIELDS, run.replace(":", " "))
        )
        return self._error(start, end, strings.query.no_field(name), right)

    def _fact(self, kind: FactKind, typed: str, start: int, end: int) -> Fact:
        value = fact_value(kind, typed)
        if kind is FactKind.LANG:
            spelled = _LANGUAGES.get(name_value(typed) or "")
            if spelled or value is None:
                right = strings.query.did_you_mean(f"lang:{spelled}") if spelled else strings.query.LANGUAGE_CODES
                raise self._error(start, end, strings.query.no_language(typed), right)
        if value is None:
            raise self._error(
                start, end, strings.query.no_words(typed), strings.query.value_close(kind, _EXAMPLES[kind])
            )
        if kind is FactKind.DESK and self.desks is not None:
            known = {fact_value(FactKind.DESK, desk): desk for desk in self.desks}
            if value not in known:
                close = difflib.get_close_matches(value, [desk for desk in known if desk], n=1)
                right = (
                    strings.query.did_you_mean(f"desk:{close[0]}") if close else strings.query.desks(sorted(self.desks))
                )
                raise self._error(start, end, strings.query.no_desk(typed), right)
        return Fact(kind, value)

    def _named(self, kind: NameKind, typed: str, start: int, end: int) -> Named:
        name = name_value(typed)
        if name is None:
            raise self._error(
                start, end, strings.query.no_words(typed), strings.query.value_close(kind, _EXAMPLES[kind])
            )
        named = Named(kind, name, at=(start, end))
        if self.names is None:
            return named
        meaning = self.names.meaning(kind, typed.strip())
        if not meaning.entries:
            offered = [f'{kind}:"{other}"' if " " in other else f"{kind}:{other}" for other in meaning.instead]
            right = strings.query.did_you_mean(*offered) if offered else strings.query.SEE_PACKS
            raise self._error(start, end, strings.query.no_name(kind, typed), right)
        return replace(named, entries=meaning.entries)

    def _error(self, start: int, end: int, wrong: str, right: str) -> QueryError:
        return QueryError(self.text, start, end, wrong, right)


# --- the grammar --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A part of the query and the characters it takes."""

    query: Query
    start: int
    end: int


@dataclass(slots=True)
class _Parser:
    text: str
    tokens: Sequence[_Token]
    at: int = 0
    idle: list[_Parsed] = field(default_factory=list)
    """Sides of an OR that ask for nothing, beside others that do."""

    def query(self) -> Query:
        if self._next().kind is _Kind.END:
            raise self._error(self._next(), strings.query.NOTHING_ASKED, strings.query.ASK_SOMETHING)
        parsed = self._choice()
        if self._next().kind is not _Kind.END:
            raise self._error(self._next(), strings.query.BRACKET_CLOSED, strings.query.OPEN_IT)
        if not _asks(parsed.query):
            raise self._asks_nothing(self.idle[0] if self.idle else parsed)
        return parsed.query

    def _next(self) -> _Token:
        return self.tokens[self.at]

    def _take(self) -> _Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def _choice(self) -> _Parsed:
        sides = [self._demand()]
        while self._next().kind is _Kind.OR:
            self._operand(self._take(), "OR")
            sides.append(self._demand())
        if any(_asks(side.query) for side in sides):
            self.idle += [side for side in sides if not _asks(side.query)]
        return _Parsed(any_of(side.query for side in sides), sides[0].start, sides[-1].end)

    def _demand(self) -> _Parsed:
        parts = [self._refusal()]
        while self._next().kind in (_Kind.AND, _Kind.NOT, _Kind.TERM, _Kind.OPEN):
            if self._next().kind is _Kind.AND:
                self._operand(self._take(), "AND")
            parts.append(self._refusal())
        return _Parsed(all_of(part.query for part in parts), parts[0].start, parts[-1].end)

    def _refusal(self) -> _Parsed:
        start, refused = self._next().start, False
        while self._next().kind is _Kind.NOT:
            self._operand(self._take(), "NOT")
            refused = not refused
        parsed = self._nearness()
        return _Parsed(negated(parsed.query) if refused else parsed.query, start, parsed.end)

    def _nearness(self) -> _Parsed:
        first = self._primary()
        spots, within, last = [first], [], first
        while self._next().kind is _Kind.NEAR:
            near = self._take()
            self._operand(near, f"near/{near.within}")
            last = self._primary()
            spots.append(last)
            within.append(near.within)
        if not within:
            return first
        asked = tuple(self._spot(spot, within[max(0, number - 1)]) for number, spot in enumerate(spots))
        return _Parsed(Near(asked, tuple(within)), first.start, last.end)

    def _spot(self, parsed: _Parsed, within: int) -> Spot:
        parts = parsed.query.parts if isinstance(parsed.query, Or) else (parsed.query,)
        terms = tuple(part for part in parts if isinstance(part, Words | Named))
        if len(terms) < len(parts):
            wrong = strings.query.near_joins(within)
            raise QueryError(self.text, parsed.start, parsed.end, wrong, strings.query.NEAR_TAKES)
        return Spot(terms)

    def _primary(self) -> _Parsed:
        token = self._take()
        match token.kind:
            case _Kind.TERM:
                assert token.term is not None
                return _Parsed(token.term, token.start, token.end)
            case _Kind.OPEN:
                if self._next().kind is _Kind.CLOSE:
                    closed = self._next()
                    raise QueryError(
                        self.text, token.start, closed.end, strings.query.BRACKET_EMPTY, strings.query.FILL_OR_DROP
                    )
                inside = self._choice()
                if self._next().kind is not _Kind.CLOSE:
                    raise self._error(token, strings.query.BRACKET_OPEN, strings.query.CLOSE_IT)
                return _Parsed(inside.query, token.start, self._take().end)
            case _Kind.CLOSE:
                raise self._error(token, strings.query.BRACKET_CLOSED, strings.query.OPEN_IT)
            case _Kind.END:
                raise self._error(token, strings.query.BRACKET_OPEN, strings.query.CLOSE_IT)
            case _:
                operator = f"near/{token.within}" if token.kind is _Kind.NEAR else token.kind.name
                raise self._error(token, strings.query.side_missing(operator), strings.query.complete(operator))

    def _operand(self, operator: _Token, name: str) -> None:
        """Refuses an operator with nothing behind it, with the caret under the operator."""
        beginning = (_Kind.TERM, _Kind.OPEN, _Kind.NOT)
        if self._next().kind not in (beginning if operator.kind is not _Kind.NEAR else beginning[:2]):
            raise self._error(operator, strings.query.side_missing(name), strings.query.complete(name))

    def _asks_nothing(self, parsed: _Parsed) -> QueryError:
        parts = parsed.query.parts if isinstance(parsed.query, And | Or) else (parsed.query,)
        if any(isinstance(part, Fact) for part in parts):
            wrong = strings.query.ONLY_LANGUAGE
        else:
            wrong = strings.query.EITHER_EXCLUDES if parsed in self.idle else strings.query.ONLY_EXCLUDES
        return QueryError(self.text, parsed.start, parsed.end, wrong, strings.query.ADD_POSITIVE)

    def _error(self, token: _Token, wrong: str, right: str) -> QueryError:
        return QueryError(self.text, token.start, token.end, wrong, right)


def _asks(query: Query) -> bool:
    """Whether nothing can be an answer without having something the query names; the same as having an anchor."""
    match query:
        case Words() | Named() | Near():
            return True
        case Fact():
            return query.kind is not FactKind.LANG
        case And():
            return any(_asks(part) for part in query.parts)
        case Or():
            return all(_asks(part) for part in query.parts)
        case Not():
            return False
